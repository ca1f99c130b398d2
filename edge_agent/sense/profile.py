"""What a gas detector says on the wire: the shape of `firmware_configs/gas/<vendor>_<model>.toml`.

A profile is data: which registers to read, where value, unit, decimals, gas, range, status, age and
heartbeat lie in them, and what each code means. A new detector is a new file (firmware_configs/README.md).
Codes that a file does not list are faults of the reading, never "fine".
"""

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.observation import Quality
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site_sensors import GaugeUnit

Address = Annotated[int, Meta(ge=0, le=0xFFFF)]
Shift = Annotated[int, Meta(ge=0, le=15)]
Bits = Annotated[int, Meta(ge=1, le=16)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Unit = Literal["ppm", "%LEL", "%vol", "mg/m3"] | GaugeUnit
Step = Annotated[int, Meta(ge=0, le=1000)]  # registers from one channel's to the next one's
Milliamperes = Annotated[float, Meta(ge=0, le=30)]

SITE = "site"  # not on the wire and not of the family: site.toml says it of each detector

GAS_FOLDER = Path("firmware_configs") / "gas"


class Block(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One read: holding (3) or input (4) registers from a 0-based address."""

    function: Literal[3, 4]
    address: Address
    count: Annotated[int, Meta(ge=1, le=125)]  # the most that one Modbus answer carries
    step: Step = 0


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`bits` bits of one register, from bit `shift` up; in a device of several channels, that of channel 1."""

    register: Address
    shift: Shift = 0
    bits: Bits = 16
    step: Step = 0


class Decimals(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Decimal places as told on the wire, in every reply."""

    codes: dict[int, Annotated[int, Meta(ge=0, le=6)]]


class Value(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The measured number: as sent x `scale` + `offset`. 32-bit types take two registers; `order`: their bytes.

    `hex_digits`: 20.9 travels as 0x0209; `byte_pair`: 20.9 as the bytes 20 and 9 (tenths).
    """

    register: Address
    type: Literal["u16", "s16", "u32", "s32", "f32", "hex_digits", "byte_pair"]
    order: Literal["ABCD", "CDAB", "BADC", "DCBA"] = "ABCD"
    scale: Annotated[float, Meta(gt=0)] = 1.0
    offset: float = 0.0
    decimals: Decimals | None = None
    step: Step = 0

    @property
    def registers(self) -> int:
        """How many it takes."""
        return 2 if self.type in ("u32", "s32", "f32") else 1


class UnitCode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit, and by what the number is multiplied to be in it (ppb: 0.001 ppm)."""

    unit: Unit
    factor: Annotated[float, Meta(gt=0)] = 1.0


class UnitField(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The unit as told on the wire, in every reply."""

    codes: dict[int, UnitCode]


class GasField(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The gas as told on the wire: each code and the gas ids of site.toml that it may stand for."""

    codes: dict[int, tuple[str, ...]]


class FullScale(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The range: a register scaled like the value, or by code in the unit of the reading."""

    codes: dict[int, Annotated[float, Meta(gt=0)]] | None = None


class Meaning(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a status code says about the number beside it."""

    quality: Quality
    says: Words = NOTHING  # beyond what the quality says by itself
    alarm: bool = False


class Status(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A status register whose value is one code; a code that is not listed is a fault."""

    codes: dict[int, Meaning]


class Flag(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One status bit that, when set, lowers the quality or is the detector's own alarm.

    `only_with_bit`: it means this only while that bit of the same register is 1 (else it is part of a count).
    """

    register: Address
    bit: Shift
    only_with_bit: Shift | None = None
    step: Step = 0
    says: Words
    quality: Quality = Quality.GOOD
    alarm: bool = False
    when: Literal[0, 1] = 1


class Age(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gateway's own account of how old its value is."""

    unit_s: Annotated[float, Meta(gt=0)] = 1.0


class Heartbeat(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bits that must change at least this often, or the detector repeats itself."""

    within_s: Annotated[float, Meta(gt=0)]


class Alive(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field that lies in this range in a device of this family that works: its type code, its supply voltage."""

    least: Annotated[int, Meta(ge=0, le=0xFFFF)]
    most: Annotated[int, Meta(ge=0, le=0xFFFF)]
    says: Words


class Latching(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether its alarm stays until somebody resets it at the detector, as told on the wire."""

    codes: dict[int, bool]


class Current(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A current that is no measurement: what the transmitter says by it (2 mA: inhibited)."""

    from_ma: Milliamperes
    to_ma: Milliamperes
    quality: Quality
    says: Words


class Loop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A 4-20 mA loop: the value, scaled, is a current in mA; the rest is NAMUR NE43.

    At or below `fault_to_ma` and from `fault_from_ma` on it is a fault, below `under_to_ma` under range, above
    `over_from_ma` over range. `most_ma`: the most that the input module can show; there it may be any more.
    """

    zero_ma: Milliamperes
    full_ma: Milliamperes
    fault_to_ma: Milliamperes
    under_to_ma: Milliamperes
    over_from_ma: Milliamperes
    fault_from_ma: Milliamperes
    most_ma: Milliamperes | None = None
    currents: tuple[Current, ...] = ()


class GasProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One detector family, as its file says; or a transmitter of any other figure, in its unit."""

    schema: Literal[1]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    blocks: Annotated[tuple[Block, ...], Meta(min_length=1)]
    value: Value
    unit: UnitField | Unit | Literal["site"]
    full_scale: FullScale | Annotated[float, Meta(gt=0)] | Literal["site"]
    range_from: float = 0.0  # where the range begins; "site" of full_scale: as site.toml says
    channels: Annotated[int, Meta(ge=2, le=999)] | None = None
    gas: GasField | None = None
    gases: tuple[str, ...] = ()  # what the family measures, where the wire does not say which
    loop: Loop | None = None
    alive: tuple[Alive, ...] = ()
    latching: Latching | bool = False
    status: Status | None = None
    flags: tuple[Flag, ...] = ()
    age: Age | None = None
    heartbeat: Heartbeat | None = None
    min_poll_s: Seconds = 0.0
    warmup_s: Seconds = 0.0
