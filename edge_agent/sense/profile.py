"""What a gas detector says on the wire: the shape of `firmware_configs/gas/<vendor>_<model>.toml`.

A profile is data: which registers to read, where value, unit, decimals, gas, range, status, age and
heartbeat lie in them, and what each code means. A new detector is a new file (docs/domain.md 4.1).
Codes that a file does not list are faults of the reading, never "fine".
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.observation import Quality
from edge_agent.domain.words import NOTHING, Words
from edge_agent.field import toml_file
from edge_agent.settings.fault import BadSettings, Fault

Address = Annotated[int, Meta(ge=0, le=0xFFFF)]
Shift = Annotated[int, Meta(ge=0, le=15)]
Bits = Annotated[int, Meta(ge=1, le=16)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Unit = Literal["ppm", "%LEL", "%vol", "mg/m3"]

GAS_FOLDER = Path("firmware_configs") / "gas"


class Block(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One read: holding (3) or input (4) registers from a 0-based address."""

    function: Literal[3, 4]
    address: Address
    count: Annotated[int, Meta(ge=1, le=125)]  # the most that one Modbus answer carries


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`bits` bits of one register, from bit `shift` up."""

    register: Address
    shift: Shift = 0
    bits: Bits = 16


class Decimals(Field, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Decimal places as told on the wire, in every reply."""

    codes: dict[int, Annotated[int, Meta(ge=0, le=6)]]


class Value(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The measured number. 32-bit types take two registers; `order` names their bytes.

    `hex_digits`: 20.9 travels as 0x0209; `byte_pair`: 20.9 as the bytes 20 and 9 (tenths).
    """

    register: Address
    type: Literal["u16", "s16", "u32", "s32", "f32", "hex_digits", "byte_pair"]
    order: Literal["ABCD", "CDAB", "BADC", "DCBA"] = "ABCD"
    scale: Annotated[float, Meta(gt=0)] = 1.0
    decimals: Decimals | None = None


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
    """One status bit that, when set, lowers the quality or is the detector's own alarm."""

    register: Address
    bit: Shift
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


class GasProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One detector family, as its file says."""

    schema: Literal[1]
    title: Words
    source: Annotated[str, Meta(min_length=1)]
    blocks: Annotated[tuple[Block, ...], Meta(min_length=1)]
    value: Value
    unit: UnitField | Unit
    full_scale: FullScale | Annotated[float, Meta(gt=0)]
    gas: GasField | None = None
    status: Status | None = None
    flags: tuple[Flag, ...] = ()
    age: Age | None = None
    heartbeat: Heartbeat | None = None
    min_poll_s: Seconds = 0.0
    warmup_s: Seconds = 0.0


def load(root: Path, name: str) -> GasProfile:
    """The profile `<root>/firmware_configs/gas/<name>.toml`; raises BadSettings with every fault."""
    profile = toml_file.read(root, GAS_FOLDER, name, GasProfile)
    faults = tuple(_contradictions(str(GAS_FOLDER / f"{name}.toml"), profile))
    if faults:
        raise BadSettings(faults)
    return profile


def _contradictions(file: str, profile: GasProfile) -> Iterator[Fault]:
    """What the types cannot say: registers that are not read, and a detector that cannot say it is ill."""
    read = {b.address + i for b in profile.blocks for i in range(b.count)}
    for key, register in _used(profile):
        if register not in read:
            problem = Words(f"寄存器 {register} 未被读取", f"register {register} is not read")
            remedy = Words("扩大 [[blocks]] 或改正地址", "extend [[blocks]] or mend the address")
            yield Fault(file=file, key=key, problem=problem, remedy=remedy)
    for key, part in _fields(profile):
        if part.shift + part.bits > 16:  # noqa: PLR2004 (a register has 16 bits)
            last = part.shift + part.bits - 1
            problem = Words(f"寄存器只有 16 位，却用到第 {last} 位", f"uses bit {last} of a 16-bit register")
            yield Fault(
                file=file, key=key, problem=problem, remedy=Words("改正 shift 或 bits", "mend shift or bits")
            )
    if profile.status is None and not any(flag.quality is not Quality.GOOD for flag in profile.flags):
        problem = Words("无法区分故障与测量值", "nothing tells a fault from a measurement")
        remedy = Words("给出 [status] 或带 quality 的 [[flags]]", "give [status] or [[flags]] with a quality")
        yield Fault(file=file, key="status", problem=problem, remedy=remedy)


def _used(profile: GasProfile) -> Iterator[tuple[str, int]]:
    words = 2 if profile.value.type in ("u32", "s32", "f32") else 1
    for offset in range(words):
        yield "value.register", profile.value.register + offset
    for key, part in _fields(profile):
        yield f"{key}.register", part.register
    for flag in profile.flags:
        yield "flags.register", flag.register


def _fields(profile: GasProfile) -> Iterator[tuple[str, Field]]:
    named = {
        "value.decimals": profile.value.decimals,
        "unit": profile.unit,
        "gas": profile.gas,
        "full_scale": profile.full_scale,
        "status": profile.status,
        "age": profile.age,
        "heartbeat": profile.heartbeat,
    }
    for key, part in named.items():
        if isinstance(part, Field):
            yield key, part
