"""A weather station as its maker's page describes it: DFRobot SEN0657, ultrasonic, RS485, function 03.

Register table of wiki.dfrobot.com/sen0657/docs/21686: 01F4 wind speed x 10, 01F5 wind force, 01F6 direction in
eight gears, 01F7 direction in degrees, 01F8 humidity x 10, 01F9 temperature x 10 (signed), 01FD pressure in
hPa, 01FE and 01FF light, 0201 rain x 10. Between them lie registers of other variants (noise, dust): a
question that touches one is refused with exception 02. An element that has died reads 0.
"""

from typing import ClassVar

from edge_agent.simulate.gas_modules import Sensor
from edge_agent.simulate.modbus_server import Code, ModbusError

FIRST, LAST = 0x01F4, 0x0201
BEAUFORT_MPS = (0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7)


class Sen0657:
    """One station; the sensor's "gas" is the wind, its level in m/s."""

    wind_scale = 10
    also: ClassVar[dict[int, int]] = {}  # what this variant measures beside

    def __init__(self, sensor: Sensor) -> None:
        """Raises ValueError for anything that is not wind."""
        if sensor.spec.gas != "wind":
            raise ValueError(f"unit {sensor.spec.unit}: a weather station measures wind, not {sensor.spec.gas!r}")
        self.sensor = sensor

    def registers(self, now_s: float) -> list[int | None]:
        """Everything from address 0 on; None where this variant has no register."""
        wind_mps = self.sensor.reading(self.sensor.seen_at_s(now_s))
        dead = self.sensor.ailing("sensor_fault", now_s)
        told = {
            0x01F4: round(wind_mps * self.wind_scale),
            0x01F5: sum(wind_mps >= force for force in BEAUFORT_MPS),
            0x01F6: 1,
            0x01F7: 45,
            0x01F8: 612,
            0x01F9: 187,
            0x01FD: 1013,
            0x01FE: 0,
            0x01FF: 5000,
            0x0201: 0,
            **self.also,
        }
        shown = {address: 0 if dead else min(value, 0xFFFF) for address, value in told.items()}
        return [shown.get(address) for address in range(LAST + 1)]

    def write(self, address: int, value: int) -> str:  # noqa: ARG002 - refused whatever it says
        """Address and speed can be set; a box that guards must never do it."""
        raise ModbusError(Code.ILLEGAL_ADDRESS)


class FsxcsN01(Sen0657):
    """Renke RS-FSXCS-N01 with dust and noise: wind x 100; 01FA noise x 10 (dB), 01FB PM2.5, 01FC PM10 (ug/m3)."""

    wind_scale = 100
    also: ClassVar[dict[int, int]] = {0x01FA: 563, 0x01FB: 35, 0x01FC: 71}


class FsxcsN01Tenths(FsxcsN01):
    """The same from another delivery: its wind is x 10."""

    wind_scale = 10


class Wn90lp(Sen0657):
    """Ecowitt WN90LP, function 03: the registers of the maker's WS90 Modbus RTU V1.0.6.

    0160 device code, 0161 baud rate, 0162 address, 0163-0164 id, 0165 light, 0166 UV index, 0167 temperature
    x 10 + 400, 0168 humidity, 0169 wind x 10, 016A gust x 10, 016B direction, 016C rain, 016D pressure x 10 (hPa),
    016E rain counter. What is not measured is 0xFFFF.
    """

    def registers(self, now_s: float) -> list[int | None]:
        """Everything from address 0 on; None where there is no register."""
        wind = round(self.sensor.reading(self.sensor.seen_at_s(now_s)) * 10)
        measured = [1767, 13, 662, 60, wind, wind + 10, 150, 0, 10010, 18]
        if self.sensor.ailing("sensor_fault", now_s):
            measured = [0xFFFF] * len(measured)
        told = [0x90, 2, 0x90, 0x1234, 0x5678, *(min(value, 0xFFFF) for value in measured)]
        return [None] * 0x0160 + told
