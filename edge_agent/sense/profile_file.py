"""Reads a profile from its file; every fault at once: also what the shape (profile.py) cannot say."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from edge_agent.domain.observation import Quality, has_number
from edge_agent.domain.words import Words
from edge_agent.field import toml_file
from edge_agent.sense.profile import GAS_FOLDER, Block, Field, GasProfile
from edge_agent.settings.fault import BadSettings, Fault

LAST_ADDRESS = 0xFFFF


def load(root: Path, name: str) -> GasProfile:
    """The profile `<root>/firmware_configs/gas/<name>.toml`; raises BadSettings with every fault."""
    profile = toml_file.read(root, GAS_FOLDER, name, GasProfile)
    faults = tuple(contradictions(str(GAS_FOLDER / f"{name}.toml"), profile))
    if faults:
        raise BadSettings(faults)
    return profile


def contradictions(file: str, profile: GasProfile) -> Iterator[Fault]:
    """What the types cannot say: registers that are not read, and a detector that cannot say it is ill."""
    for check in (_not_read, _too_wide, _read_twice, _steps, _loop, _cannot_be_ill):
        for key, problem, remedy in check(profile):
            yield Fault(file=file, key=key, problem=problem, remedy=remedy)


Contradiction = tuple[str, Words, Words]  # key, what is wrong, how to mend it


def _not_read(profile: GasProfile) -> Iterator[Contradiction]:
    return not_read(profile.blocks, _used(profile))


def not_read(blocks: Iterable[Block], used: Iterable[tuple[str, int]]) -> Iterator[Contradiction]:
    """Registers that a profile (a weather station's, too) names by a key and that no block reads."""
    read = {b.address + i for b in blocks for i in range(b.count)}
    remedy = Words("扩大 [[blocks]] 或改正地址", "extend [[blocks]] or mend the address")
    for key, register in used:
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
    for offset in range(profile.value.registers):
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
