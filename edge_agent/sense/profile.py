"""What a gas detector says on the wire: the shape of `firmware_configs/gas/<vendor>_<model>.toml`.

A profile is data: which registers to read, where value, unit, decimals, gas, range, status, age and
heartbeat lie in them, and what each code means. A new detector is a new file (firmware_configs/README.md).
Codes that a file does not list are faults of the reading, never "fine".
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.observation import Quality, has_number
from edge_agent.domain.words import NOTHING, Words
from edge_agent.field import toml_file
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.site_sensors import GaugeUnit

Address = Annotated[int, Meta(ge=0, le=0xFFFF)]
Shift = Annotated[int, Meta(ge=0, le=15)]
Bits = Annotated[int, Meta(ge=1, le=16)]
Seconds = Annotated[float, Meta(ge=0, le=3600)]
Unit = Literal["ppm", "%LEL", "%vol", "mg/m3"] | GaugeUnit
Step = Annotated[int, Meta(ge=0, le=1000)]  # registers from one channel's to the next one's
Milliamperes = Annotated[float, Meta(ge=0, le=30)]
LAST_ADDRESS = 0xFFFF
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


def load(root: Path, name: str) -> GasProfile:
    """The profile `<root>/firmware_configs/gas/<name>.toml`; raises BadSettings with every fault."""
    profile = toml_file.read(root, GAS_FOLDER, name, GasProfile)
    faults = tuple(_contradictions(str(GAS_FOLDER / f"{name}.toml"), profile))
    if faults:
        raise BadSettings(faults)
    return profile


def _contradictions(file: str, profile: GasProfile) -> Iterator[Fault]:
    """What the types cannot say: registers that are not read, and a detector that cannot say it is ill."""
    for check in (_not_read, _too_wide, _read_twice, _steps, _loop, _cannot_be_ill):
        for key, problem, remedy in check(profile):
            yield Fault(file=file, key=key, problem=problem, remedy=remedy)


Contradiction = tuple[str, Words, Words]  # key, what is wrong, how to mend it


def _not_read(profile: GasProfile) -> Iterator[Contradiction]:
    read = {b.address + i for b in profile.blocks for i in range(b.count)}
    remedy = Words("扩大 [[blocks]] 或改正地址", "extend [[blocks]] or mend the address")
    for key, register in _used(profile):
        if register not in read:
            yield key, Words(f"寄存器 {register} 未被读取", f"register {register} is not read"), remedy


def _too_wide(profile: GasProfile) -> Iterator[Contradiction]:
    for key, part in fields(profile):
        if part.shift + part.bits > 16:  # noqa: PLR2004 (a register has 16 bits)
            last = part.shift + part.bits - 1
            problem = Words(f"寄存器只有 16 位，却用到第 {last} 位", f"uses bit {last} of a 16-bit register")
            yield key, problem, Words("改正 shift 或 bits", "mend shift or bits")


def _read_twice(profile: GasProfile) -> Iterator[Contradiction]:
    """Registers are known by address alone, so no address may be read by two functions."""
    seen: set[int] = set()
    for block in profile.blocks:
        addresses = set(range(block.address, block.address + block.count))
        if seen & addresses:
            problem = Words(
                f"寄存器 {min(seen & addresses)} 读了两次", f"reads register {min(seen & addresses)} twice"
            )
            yield "blocks", problem, Words("合并或缩短 [[blocks]]", "join or shorten the [[blocks]]")
        seen |= addresses


def _steps(profile: GasProfile) -> Iterator[Contradiction]:
    """Channels lie apart by steps, and the last one's registers exist."""
    steps = [block.step for block in profile.blocks]
    if profile.channels is None:
        if any(steps):
            problem = Words("有 step 却没有 channels", "has a step but no channels")
            yield "blocks", problem, Words("请写明 channels", "say how many channels there are")
        return
    if not profile.value.step:
        problem = Words("各通道会读到同一个值", "every channel would read the same value")
        yield "value", problem, Words("请写明 step", "give its step")
    most = max(block.address + block.count + block.step * (profile.channels - 1) for block in profile.blocks)
    if most > LAST_ADDRESS + 1:
        problem = Words("最后一个通道超出地址范围", "the last channel lies beyond the last address")
        yield "channels", problem, Words("改正 step 或 channels", "mend step or channels")


def _loop(profile: GasProfile) -> Iterator[Contradiction]:
    loop = profile.loop
    if loop is None:
        return
    order = (loop.fault_to_ma, loop.under_to_ma, loop.zero_ma, loop.full_ma, loop.over_from_ma, loop.fault_from_ma)
    if list(order) != sorted(order) or loop.zero_ma == loop.full_ma:
        problem = Words("各电流不是由小到大", "its currents do not rise in order")
        remedy = Words(
            "顺序应为 fault_to < under_to < zero < full < over_from < fault_from",
            "the order is fault_to, under_to, zero, full, over_from, fault_from",
        )
        yield "loop", problem, remedy
    if any(has_number(meant.quality) for meant in loop.currents):
        problem = Words("这样的电流不是测量值", "such a current is no measurement")
        yield "loop", problem, Words("quality 不能是 good", "its quality cannot be good")


def _cannot_be_ill(profile: GasProfile) -> Iterator[Contradiction]:
    says = profile.status is not None or profile.loop is not None
    if not says and not any(flag.quality is not Quality.GOOD for flag in profile.flags):
        problem = Words("无法区分故障与测量值", "nothing tells a fault from a measurement")
        remedy = Words("给出 [status] 或带 quality 的 [[flags]]", "give [status] or [[flags]] with a quality")
        yield "status", problem, remedy


def _used(profile: GasProfile) -> Iterator[tuple[str, int]]:
    words = 2 if profile.value.type in ("u32", "s32", "f32") else 1
    for offset in range(words):
        yield "value.register", profile.value.register + offset
    for key, part in fields(profile):
        yield f"{key}.register", part.register
    for flag in profile.flags:
        yield "flags.register", flag.register


def fields(profile: GasProfile) -> Iterator[tuple[str, Field]]:
    """Every field of the registers that a profile names, with its key."""
    named = {
        "value.decimals": profile.value.decimals,
        "unit": profile.unit,
        "gas": profile.gas,
        "full_scale": profile.full_scale,
        "status": profile.status,
        "age": profile.age,
        "heartbeat": profile.heartbeat,
        "latching": profile.latching,
    }
    for key, part in named.items():
        if isinstance(part, Field):
            yield key, part
    for one in profile.alive:
        yield "alive", one
