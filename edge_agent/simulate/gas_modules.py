"""Single-gas modules as their makers' documents describe them: what stands in which register.

`Cn10`: the Chinese 10-register module (public protocol note of a 6-in-1 module, docs/domain.md 4.1
GP1). Function 03, registers 0..9. `Pt495`: PemTech PT495 (Ultra1000) manual rev 5.11, pages 33-34,
registers 40001..40007 (0..6 on the wire). Its status byte has three bits: bit 0 alarm, bit 1
calibration, bit 2 fault (bit map and worked example of page 34; the sentence above the map says
"position 3" for calibration, counting from one end unsaid). It has **no bit for warming up**: after
power-on it answers with a healthy status while the reading still settles.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, Protocol

from msgspec import Meta, Struct

from edge_agent.simulate.dice import dice
from edge_agent.simulate.modbus_server import Code, ModbusError

SAMPLE_S = 0.5  # the module measures twice a second; between two samples its registers stand still

# What a module can be made to suffer itself; faults of the wire are the gateway's (gas_gateway.py).
Ailment = Literal[
    "sensor_fault",
    "overrange",
    "frozen",
    "warmup",
    "calibration",
    "inhibit",
    "wrong_unit",
    "wrong_gas",
    "other_device",
    "status",
]


class Ramp(Struct, frozen=True, kw_only=True):
    """The gas in front of the sensor: from one level to another over a time, in the natural unit."""

    start: float
    end: float
    from_s: float
    over_s: float = 0.0

    def at(self, now_s: float) -> float:
        """The level at monotonic second `now_s`."""
        if self.over_s <= 0 or now_s >= self.from_s + self.over_s:
            return self.end
        return self.start + (self.end - self.start) * max(0.0, now_s - self.from_s) / self.over_s


class Spec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One module on the bus. Levels, range and set points in the natural unit of the gas.

    CH4 in %LEL, O2 in %vol, wind in m/s, others in ppm. `low` and `high` are the module's own alarm set points.
    """

    unit: Annotated[int, Meta(ge=1, le=247)]
    type: Literal[
        "cn10",
        "pt495",
        "midas",
        "x6000",
        "xnx",
        "xrl",
        "xcd",
        "gmp252",
        "oi7032",
        "toc635",
        "ai8",
        "sen0657",
        "fsxcs",
        "fsxcs_tenths",
        "wn90lp",
    ]
    gas: str
    channel: Annotated[int, Meta(ge=1, le=999)] = 1  # of a device that has several behind one unit
    level: float
    range: Annotated[float, Meta(gt=0)]
    low: float
    high: float
    decimals: Annotated[int, Meta(ge=0, le=3)] = 1
    measured_in: Literal["ppm", "%LEL", "%vol", "mg/m3"] = "ppm"  # for a device that says its unit freely
    noise: float = 0.0  # standard deviation of the reading


class Sensor:
    """One sensor: the level in front of it, its noise, and what ails it."""

    def __init__(self, spec: Spec, *, seed: int, started_s: float, warmup_s: float) -> None:
        """Powered on at monotonic second `started_s`, warm `warmup_s` later."""
        self.spec = spec
        self.ramp = Ramp(start=spec.level, end=spec.level, from_s=started_s)
        self._seed = seed
        self._started_s = started_s
        self._warm_at_s = started_s + warmup_s
        self._ailment: tuple[Ailment, float, float] | None = None  # kind, since, until
        self._frozen = self.ramp  # what stood before a frozen sensor when it froze
        self.status = 1  # what "status" forces

    def approach(self, level: float, over_s: float, now_s: float) -> None:
        """Let the level go to `level` over `over_s` seconds."""
        self.ramp = Ramp(start=self.ramp.at(now_s), end=level, from_s=now_s, over_s=over_s)

    def ail(self, kind: Ailment, now_s: float, until_s: float) -> None:
        """Suffer `kind` until `until_s`."""
        self._ailment = (kind, now_s, until_s)
        self._frozen = self.ramp

    def heal(self) -> None:
        """Nothing ails it any more, and it is warm."""
        self._ailment = None
        self._warm_at_s = self._started_s

    def ailing(self, kind: Ailment, now_s: float) -> bool:
        """Whether it suffers `kind` now."""
        return self._ailment is not None and self._ailment[0] == kind and now_s < self._ailment[2]

    def warming(self, now_s: float) -> bool:
        """Whether it has not settled since power-on."""
        return now_s < self._warm_at_s or self.ailing("warmup", now_s)

    def settle_left(self, now_s: float) -> float:
        """1 at the beginning of the warm-up, 0 at its end."""
        start_s, end_s = self._started_s, self._warm_at_s
        if self._ailment is not None and self.ailing("warmup", now_s):
            _, start_s, end_s = self._ailment
        if not now_s < end_s or end_s == float("inf"):
            return 1.0 if self.warming(now_s) else 0.0
        return (end_s - now_s) / (end_s - start_s)

    def seen_at_s(self, now_s: float) -> float:
        """The second whose world the sensor shows: now, or for a frozen one when it froze."""
        if self._ailment is not None and self.ailing("frozen", now_s):
            return self._ailment[1]
        return now_s

    def reading(self, now_s: float) -> float:
        """What it measures: level plus noise, held between two samples; beyond the range if it must be."""
        if self.ailing("overrange", now_s):
            return self.spec.range * 1.1
        sample = int((now_s - self._started_s) / SAMPLE_S)
        spread = max(-2.0, min(2.0, dice(self._seed, self.spec.unit, sample).gauss(0.0, 1.0)))
        ramp = self._frozen if self.ailing("frozen", now_s) else self.ramp
        return max(0.0, ramp.at(now_s) + spread * self.spec.noise)

    def wobble(self, now_s: float) -> int:
        """The last digits of the raw converter, which never stand quite still; -8..8."""
        sample = int((now_s - self._started_s) / SAMPLE_S)
        return dice(self._seed, self.spec.unit, "adc", sample).randint(-8, 8)


class Module(Protocol):
    """What the gateway finds behind one unit id."""

    sensor: Sensor

    def registers(self, now_s: float) -> Sequence[int | None] | dict[tuple[int, int], int]:
        """All holding registers from address 0 on (None where there is none), or all by function and address."""

    def write(self, address: int, value: int) -> str:
        """Write one register; returns what that did, or raises ModbusError."""


class Cn10:
    """The Chinese 10-register module. Its warm-up reads value 0: an all-zero reply is not clean air."""

    DECIMALS = {0: 0, 1: 4, 2: 8, 3: 12}  # noqa: RUF012 - the note's code for 0..3 decimals
    GAS = {"co": 5, "co2": 6, "ch4": 11, "h2s": 52, "nh3": 63, "ph3": 69, "so2": 72}  # noqa: RUF012
    PPM, LEL, CELSIUS = 0, 2, 10  # unit codes of bits 15..12

    def __init__(self, sensor: Sensor) -> None:
        """Raises ValueError for a gas that the note has no code for."""
        if sensor.spec.gas not in self.GAS:
            raise ValueError(f"unit {sensor.spec.unit}: a cn10 module has no code for {sensor.spec.gas!r}")
        self.sensor = sensor

    def registers(self, now_s: float) -> list[int]:
        """0 unit and decimals, 1 value, 2 3 set points, 4 range, 5 status, 6 ADC, 7 °C, 8 gas, 9 RH."""
        spec, seen_s = self.sensor.spec, self.sensor.seen_at_s(now_s)
        reading = self.sensor.reading(seen_s)
        status = self._status(now_s, reading)
        silent = status in {0x00, 0x03}  # warming up, sensor fault: the value register reads 0
        value = 0 if silent else min(reading, spec.range)
        unit = self.LEL if spec.gas == "ch4" else self.PPM
        unit = self.CELSIUS if self.sensor.ailing("wrong_unit", now_s) else unit
        gas = self.GAS[spec.gas] + self.sensor.ailing("wrong_gas", now_s)
        return [
            unit << 12 | self.DECIMALS[spec.decimals] << 8,
            *(_digits(number, spec) for number in (value, spec.low, spec.high, spec.range)),
            status,
            400 + round(2600 * min(reading / spec.range, 1.0)) + self.sensor.wobble(seen_s),
            500 + 215,  # (x - 500) / 10 = 21.5 °C
            gas << 8,
            452,  # / 10 = 45.2 % RH
        ]

    def _status(self, now_s: float, reading: float) -> int:
        spec, sensor = self.sensor.spec, self.sensor
        ranked = (
            (sensor.ailing("status", now_s), sensor.status),
            (sensor.ailing("sensor_fault", now_s), 0x03),
            (sensor.warming(now_s), 0x00),
            (sensor.ailing("calibration", now_s), 0x09),
            (reading > spec.range, 0x08),
            (reading >= spec.high, 0x06),
            (reading >= spec.low, 0x05),
        )
        return next((status for holds, status in ranked if holds), 0x01)

    def write(self, address: int, value: int) -> str:  # noqa: ARG002 - refused whatever it says
        """The note describes reading only."""
        raise ModbusError(Code.ILLEGAL_FUNCTION)


class Pt495:
    """PemTech PT495. For oxygen both alarms act on the falling edge, as the maker's manuals say."""

    TYPE = {"h2s": 1, "ch4": 2, "so2": 3, "co": 4, "o2": 5, "h2": 6}  # noqa: RUF012 - 2 is LEL
    ALARM, CALIBRATION, FAULT = 0x01, 0x02, 0x04
    SETTLES_BY = 0.6  # how far the reading is off at power-on, in the natural unit

    def __init__(self, sensor: Sensor) -> None:
        """Raises ValueError for a gas that the manual has no type code for."""
        if sensor.spec.gas not in self.TYPE:
            raise ValueError(f"unit {sensor.spec.unit}: a PT495 has no type code for {sensor.spec.gas!r}")
        self.sensor = sensor

    def registers(self, now_s: float) -> list[int]:
        """40001 value, 40002 type and status, 40003 40005 set points, 40004 40006 latching, 40007 reset."""
        spec, seen_s = self.sensor.spec, self.sensor.seen_at_s(now_s)
        reading = self.sensor.reading(seen_s) - self.SETTLES_BY * self.sensor.settle_left(now_s)
        fault = self.sensor.ailing("sensor_fault", now_s)
        value = 0 if fault else max(0.0, min(reading, spec.range))
        return [
            _digits(value, spec),
            (self.TYPE[spec.gas] + self.sensor.ailing("wrong_gas", now_s)) << 8
            | self._status(now_s, reading, fault=fault),
            _digits(spec.low, spec),
            0,
            _digits(spec.high, spec),
            0,
            0,
        ]

    def _status(self, now_s: float, reading: float, *, fault: bool) -> int:
        spec = self.sensor.spec
        if self.sensor.ailing("status", now_s):
            return self.sensor.status
        if fault:
            return self.FAULT
        if self.sensor.ailing("calibration", now_s) or self.sensor.ailing("inhibit", now_s):
            return self.CALIBRATION
        first = reading <= spec.low if spec.gas == "o2" else reading >= spec.low
        return self.ALARM if first else 0

    def write(self, address: int, value: int) -> str:
        """Only 40007 = 1: reset of the alarm relays. A box that guards must never do it."""
        if address != 6:  # noqa: PLR2004 - 40007
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        if value != 1:
            raise ModbusError(Code.ILLEGAL_VALUE)
        return "alarm relays reset"


TYPES: dict[str, type[Cn10] | type[Pt495]] = {"cn10": Cn10, "pt495": Pt495}

# Levels of clean air; set points as such modules are delivered (docs/domain.md 2.2, fixed detectors).
USUAL = (
    Spec(unit=1, type="cn10", gas="ch4", level=0.8, range=100, low=25, high=50, noise=0.1),
    Spec(unit=2, type="pt495", gas="o2", level=20.9, range=25, low=19.5, high=18.0, noise=0.04),
    Spec(unit=3, type="cn10", gas="h2s", level=0.3, range=100, low=7, high=14, noise=0.1),
    Spec(unit=4, type="cn10", gas="co", level=2, range=1000, low=17, high=35, decimals=0, noise=0.5),
    Spec(unit=20, type="sen0657", gas="wind", level=2.0, range=40, low=0, high=0, noise=0.2),
)


def _digits(number: float, spec: Spec) -> int:
    """A number as the register's integer: the value times ten to the decimals, never negative."""
    return min(0xFFFF, max(0, round(number * 10.0**spec.decimals)))
