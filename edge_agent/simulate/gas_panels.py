"""Devices of several channels behind one unit id, as their makers' documents describe them.

`Oi7032`: Otis OI-7032 receiver, 32 radio channels (docs/domain.md 4.1 GP5; 0-based addresses). `Toc635`: IGD
TOC-635 Plus panel, manual SL-014 v1.6, pp. 32-33: function 04, 30,001 + concentration, 33,001 + status bits.
`Ai8`: Waveshare Modbus RTU Analog Input 8CH: function 04 inputs in microamperes, function 03 0x1000 ranges.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from edge_agent.simulate.gas_modules import Sensor
from edge_agent.simulate.gas_transmitters import float_words
from edge_agent.simulate.modbus_server import Code, ModbusError

Registers = dict[tuple[int, int], int]  # by function and address


class Panel(ABC):
    """What they have in common: sensors by channel."""

    def __init__(self, sensors: Mapping[int, Sensor]) -> None:
        """Channels count from 1."""
        self.sensors = dict(sensors)
        self.sensor = next(iter(self.sensors.values()))

    def registers(self, now_s: float) -> Registers:
        """All channels' registers, by function and address."""
        found = self.empty()
        for channel, sensor in self.sensors.items():
            found |= self.channel(channel - 1, sensor, now_s)
        return {key: word & 0xFFFF for key, word in found.items()}

    @abstractmethod
    def empty(self) -> Registers:
        """What stands in the registers of channels that nothing is wired to."""

    @abstractmethod
    def channel(self, at: int, sensor: Sensor, now_s: float) -> Registers:
        """The registers of one channel, counted from 0."""

    def write(self, address: int, value: int) -> str:  # noqa: ARG002 - refused whatever it says
        """A box that guards must never write."""
        raise ModbusError(Code.ILLEGAL_ADDRESS)


class Oi7032(Panel):
    """A frozen or silent radio is seen by the seconds since its last message alone: the value stays."""

    GAS = {"h2s": 0, "so2": 1, "o2": 2, "co": 3, "cl2": 4, "lel": 6, "ch4": 6, "nh3": 10, "h2": 11}  # noqa: RUF012
    NORMAL, INHIBIT, CALIBRATION = 0, 2, 4

    def empty(self) -> Registers:
        """32 channels that are off: everything reads 0, and nothing was heard for long."""
        spans = ((0x0000, 32), (0x0020, 64), (0x0060, 32), (0x0080, 64), (0x00E0, 32), (0x0100, 32), (0x0120, 32))
        zero = {(3, first + at): 0 for first, count in spans for at in range(count)}
        return zero | {(3, 0x00C0 + at): 0xFFFF for at in range(32)}

    def channel(self, at: int, sensor: Sensor, now_s: float) -> Registers:
        """Reading, mode, battery, seconds since the last message, gas, fault."""
        seen_s = sensor.seen_at_s(now_s)
        fault = 9 if sensor.ailing("sensor_fault", now_s) else 0  # sensor radio time-out
        reading, battery = float_words(min(sensor.reading(seen_s), sensor.spec.range * 1.1)), float_words(3.6)
        gas = self.GAS[sensor.spec.gas] + (1 if sensor.ailing("wrong_gas", now_s) else 0)
        mode = self.CALIBRATION if sensor.ailing("calibration", now_s) else self.NORMAL
        if sensor.ailing("inhibit", now_s) or sensor.warming(now_s):
            mode = self.INHIBIT
        return {
            (3, 0x0020 + 2 * at): reading[0],
            (3, 0x0021 + 2 * at): reading[1],
            (3, 0x0060 + at): sensor.status if sensor.ailing("status", now_s) else mode,
            (3, 0x0080 + 2 * at): battery[0],
            (3, 0x0081 + 2 * at): battery[1],
            (3, 0x00C0 + at): min(0xFFFF, round(now_s - seen_s)),
            (3, 0x0100 + at): gas,
            (3, 0x0120 + at): fault,
        }


class Toc635(Panel):
    """Concentrations in tenths of a per cent from -10 to 110 %LEL; what is not fitted reads 0: -10 %LEL."""

    def empty(self) -> Registers:
        """999 channels, none fitted, all disabled."""
        volts = {(4, first + at): 0 for first in (0, 1000) for at in range(999)}
        return volts | {(4, 3000 + at): 1 << 4 for at in range(999)}

    def channel(self, at: int, sensor: Sensor, now_s: float) -> Registers:
        """Concentration and status bits."""
        spec = sensor.spec
        level = sensor.reading(sensor.seen_at_s(now_s))
        fault = sensor.ailing("sensor_fault", now_s)
        status = (level >= spec.low) | (level >= spec.high) << 1 | fault << 3 | fault << 5
        status |= (sensor.ailing("inhibit", now_s) or sensor.ailing("calibration", now_s)) << 4
        status |= (level > spec.range) << 7
        if sensor.ailing("status", now_s):
            status = sensor.status
        return {
            (4, at): 0 if fault else round(min(max(level + 10, 0), 120) * 10),
            (4, 1000 + at): 100,
            (4, 3000 + at): status,
        }


class Ai8(Panel):
    """Currents of transmitters that keep to NAMUR NE43 and say 2 mA while inhibited; it shows 20 mA at most."""

    MICROAMPERES_0_20, VOLTS = 2, 0
    BROKEN_UA, INHIBITED_UA = 0, 2000
    MOST_UA = 20_000

    def empty(self) -> Registers:
        """Eight inputs set to 0-20 mA with nothing wired: no current."""
        return {(4, at): self.BROKEN_UA for at in range(8)} | {
            (3, 0x1000 + at): self.MICROAMPERES_0_20 for at in range(8)
        }

    def channel(self, at: int, sensor: Sensor, now_s: float) -> Registers:
        """The current of one transmitter."""
        level = sensor.reading(sensor.seen_at_s(now_s))
        current = round(4000 + 16_000 * level / sensor.spec.range)
        if sensor.ailing("sensor_fault", now_s):
            current = 3500  # NE43: failure information, downscale
        if sensor.ailing("inhibit", now_s) or sensor.ailing("calibration", now_s) or sensor.warming(now_s):
            current = self.INHIBITED_UA
        if sensor.ailing("status", now_s):
            current = sensor.status * 100  # "status" forces a current in tenths of a milliampere
        kind = self.VOLTS if sensor.ailing("wrong_unit", now_s) else self.MICROAMPERES_0_20
        return {(4, at): min(current, self.MOST_UA), (3, 0x1000 + at): kind}
