"""Transmitters of one gas each, as their makers' manuals describe them.

`Xnx`: Honeywell XNX technical manual, appendix B.2, pp. 185-187: 40001..40011. `Xrl`: Honeywell Sensepoint XRL
manual 3017M5023, appendix G, pp. 57-59: 40101..40111. `Xcd`: its older kin. `X6000`: the Chinese 0x6000 module
(docs/domain.md 4.1 GP2). `Gmp252`: Vaisala GMP252 user guide M211897EN, appendix A. None of them is ever written
to by a box that guards.
"""

import math
import struct
from abc import ABC, abstractmethod

from edge_agent.simulate.gas_modules import Sensor
from edge_agent.simulate.modbus_server import Code, ModbusError

Words = dict[int, int]


def float_words(number: float) -> tuple[int, int]:
    """A binary32 float as two registers, most significant first."""
    high, low = struct.unpack(">HH", struct.pack(">f", number))
    return high, low


class Transmitter(ABC):
    """What they have in common: one sensor, a table of holding registers."""

    def __init__(self, sensor: Sensor) -> None:
        """Whatever the sensor measures."""
        self.sensor = sensor

    @abstractmethod
    def table(self, now_s: float) -> Words:
        """The holding registers by address."""

    def registers(self, now_s: float) -> dict[tuple[int, int], int]:
        """By function and address."""
        return {(3, address): word & 0xFFFF for address, word in self.table(now_s).items()}

    def write(self, address: int, value: int) -> str:  # noqa: ARG002 - refused whatever it says
        """A box that guards must never write."""
        raise ModbusError(Code.ILLEGAL_ADDRESS)

    def shown(self, now_s: float) -> float:
        """What stands in the register: no more than the range."""
        return min(self.sensor.reading(self.sensor.seen_at_s(now_s)), self.sensor.spec.range * 1.1)


class Honeywell(Transmitter):
    """The register block that XNX and XRL share, at another address and with other codes."""

    BASE, ID = 0, 0
    UNITS: dict[str, int] = {}  # noqa: RUF012
    NORMAL, WARMUP, INHIBIT = 1, 2, 3
    CALIBRATION = 12
    FAULT_BIT = 6
    BEAT_S = 5.0

    def table(self, now_s: float) -> Words:
        """ID, ID, float, fault number, alarms and faults, state, heartbeat, days left, unit."""
        sensor, spec, base = self.sensor, self.sensor.spec, self.BASE
        state = self._state(now_s)
        level = self.held(state, self.shown(now_s))
        fault = sensor.ailing("sensor_fault", now_s)
        identity = (self.ID + sensor.ailing("other_device", now_s)) << 8 | spec.unit
        flags = (level >= spec.low) | (level >= spec.high) << 1 | fault << self.FAULT_BIT
        unit = 0 if sensor.ailing("wrong_unit", now_s) else self.UNITS[spec.measured_in]
        values = (identity, identity, *float_words(level), 1103 * fault, flags, state)
        rest = (int(sensor.seen_at_s(now_s) / self.BEAT_S) & 0xFFFF, *float_words(300.0), unit)
        return dict(enumerate((*values, *rest), start=base))

    def _state(self, now_s: float) -> int:
        sensor = self.sensor
        if sensor.ailing("status", now_s):
            return sensor.status
        if sensor.warming(now_s):
            return self.WARMUP
        if sensor.ailing("inhibit", now_s):
            return self.INHIBIT
        return self.CALIBRATION if sensor.ailing("calibration", now_s) else self.NORMAL

    @abstractmethod
    def held(self, state: int, level: float) -> float:
        """What the concentration register shows in a state."""


class Xnx(Honeywell):
    """Its concentration is forced to zero during inhibit."""

    BASE, ID = 0, 0x24
    UNITS = {"mg/m3": 1, "%vol": 3, "ppm": 4, "%LEL": 5}  # noqa: RUF012

    def held(self, state: int, level: float) -> float:
        """Zero in inhibit: the manual's own words."""
        return 0.0 if state == self.INHIBIT else level


class Xrl(Honeywell):
    """Its concentration is forced to the last reading during inhibit."""

    BASE, ID = 100, 0x26
    UNITS = {"%LEL": 1, "mg/m3": 3, "%vol": 5, "ppm": 6}  # noqa: RUF012

    def __init__(self, sensor: Sensor) -> None:
        """Nothing was read yet."""
        super().__init__(sensor)
        self._last = 0.0

    def held(self, state: int, level: float) -> float:
        """The last reading before the inhibit."""
        if state != self.INHIBIT:
            self._last = level
        return self._last


class Xcd(Xrl):
    """XCD RFD technical manual, A.2, p. 75: 40001..40011, fault at bit 5, no heartbeat (40008 is reserved)."""

    BASE, ID = 0, 0x25
    UNITS = {"mg/m3": 1, "%vol": 3, "ppm": 4, "%LEL": 5}  # noqa: RUF012
    FAULT_BIT = 5

    def table(self, now_s: float) -> Words:
        """As the XRL's, with nothing in the reserved register."""
        return super().table(now_s) | {self.BASE + 7: 0}


class X6000(Transmitter):
    """0x6000 alarm word, 0x6001 value, 0x6006 run state; whole numbers, decimals fixed by the model."""

    READY = 1 << 15

    def table(self, now_s: float) -> Words:
        """Registers 0x6000..0x6006; while warming up, 0x6000 counts tenths of a second down."""
        sensor, spec = self.sensor, self.sensor.spec
        level = sensor.reading(sensor.seen_at_s(now_s))
        warming = sensor.warming(now_s)
        word = 0x0125 if warming else self.READY | self._alarms(level, now_s)
        state = 0 if warming else 0x0101 if sensor.ailing("calibration", now_s) else 1
        if sensor.ailing("status", now_s):
            state = sensor.status
        value = 0 if warming or sensor.ailing("sensor_fault", now_s) else round(min(level, spec.range))
        return {0x6000: word, 0x6001: value, 0x6002: 0, 0x6003: 0, 0x6004: 0, 0x6005: 0, 0x6006: state}

    def _alarms(self, level: float, now_s: float) -> int:
        spec = self.sensor.spec
        lost = self.sensor.ailing("sensor_fault", now_s) << 5
        return (level >= spec.low) | (level >= spec.high) << 1 | (level > spec.range) << 4 | lost


class Gmp252(Transmitter):
    """Registers are numbered from 1; floats travel with the least significant word first."""

    def table(self, now_s: float) -> Words:
        """0 CO2 as a float, 0x0101 CO2 / 10, 0x0800 device status, 0x0801 CO2 status, 0x0803 error code."""
        sensor = self.sensor
        warming, fault = sensor.warming(now_s), sensor.ailing("sensor_fault", now_s)
        level = self.shown(now_s)
        high, low = float_words(math.nan if warming or fault else level)
        status = 2 * fault | 4 * sensor.ailing("calibration", now_s)
        errors = 0x2000 * fault  # sensor heater
        return {
            0x0000: low,
            0x0001: high,
            0x0101: round(level / 10),
            0x0800: status,
            0x0801: 256 if warming else 0,
            0x0803: errors,
            0x0804: 0,
        }
