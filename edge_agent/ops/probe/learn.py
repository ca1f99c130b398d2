"""Which profile fits an unknown detector: every one is tried, and what speaks for and against it is said."""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.observation import Quality
from edge_agent.domain.words import NOTHING, Words, joined
from edge_agent.field.modbus import ModbusError, Trouble
from edge_agent.ops.probe.asking import Asker, Told
from edge_agent.ops.probe.look import told_gas, which_gas
from edge_agent.ops.probe.place import NAME
from edge_agent.sense import profile_file
from edge_agent.sense.gas_decode import bits, decode
from edge_agent.sense.profile import GAS_FOLDER, GasField, GasProfile, UnitField
from edge_agent.sense.profile_fit import fitted
from edge_agent.settings.site_sensors import GasTable

NO_PROFILE_NO_GAS = Words(
    "测量气体：配置未定，无法判断；请看铭牌，再用 --profile 和 --gas 核对",
    "gas: unknown before the profile is; read the nameplate, then look with --profile and --gas",
)
ANY_RANGE = 1_000_000.0  # where only the nameplate says it: nothing is over range


class Fit(Struct, frozen=True, kw_only=True):
    """How well one profile explains a detector; `proofs`: how many of its words could only be its own."""

    name: str
    title: Words
    proofs: int
    says: Words
    fits: bool
    gas: Words = NOTHING  # which gas it measures, or that it does not say so


def names(root: Path) -> list[str]:
    """Every profile of the folder."""
    return sorted(path.stem for path in (root / GAS_FOLDER).glob("*.toml"))


def learn(asker: Asker, root: Path, channel: int | None) -> list[Fit]:
    """Every profile, the best first. Raises ModbusError where nobody answers at all."""
    fits = [_try(asker, name, profile_file.load(root, name), channel) for name in names(root)]
    if not asker.told and not any(fault.trouble is Trouble.REFUSED for fault in asker.failed.values()):
        raise next(iter(asker.failed.values()))
    return sorted(fits, key=lambda one: (not one.fits, -one.proofs, one.name))


def told(fits: list[Fit]) -> Iterator[Words]:
    """What speaks for or against each profile."""
    for one in fits:
        mark = "✓" if one.fits else "✗"
        yield Words(
            f"{mark} {one.name}（{one.title.zh}）：{one.says.zh}",
            f"{mark} {one.name} ({one.title.en}): {one.says.en}",
        )


def standing_out(fits: list[Fit]) -> str:
    """The one profile that stands out; "" where the answers alone do not tell."""
    good = [one for one in fits if one.fits]
    best = [one for one in good if one.proofs == good[0].proofs] if good else []
    return best[0].name if len(best) == 1 and (best[0].proofs > 1 or len(good) == 1) else ""


def suggestion(fits: list[Fit]) -> Words:
    """Which profile to take, if one stands out."""
    good = [one for one in fits if one.fits]
    near = max(fits, key=lambda one: one.proofs, default=None)
    if name := standing_out(fits):
        return Words(
            f"建议 --profile {name}；请与铭牌核对", f"suggested: --profile {name}; check it against the nameplate"
        )
    if good:
        listed = ", ".join(one.name for one in good)
        zh = f"无法仅凭应答区分：{listed}；请看铭牌"
        return Words(zh, f"the answers alone do not tell: {listed}; see the nameplate")
    if near is not None and near.proofs > 1:
        zh = f"最接近的是 {near.name}，但：{near.says.zh}"
        return Words(zh, f"the nearest is {near.name}, but: {near.says.en}")
    return Words(
        "没有合适的配置；按 firmware_configs/README.md 新建",
        "no profile fits: write one by firmware_configs/README.md",
    )


def measures(fits: list[Fit]) -> Words:
    """Which gas the detector measures, by the profile that stands out; what to do where nobody can tell."""
    name = standing_out(fits)
    return next((one.gas for one in fits if one.name == name), NO_PROFILE_NO_GAS)


def _try(asker: Asker, name: str, shape: GasProfile, channel: int | None) -> Fit:
    table = GasTable(
        name=NAME, bus="probe", unit_id=0, profile=name, gas="", area="probe", range=ANY_RANGE, unit="ppm"
    )
    if shape.channels is not None:
        table = replace(table, channel=channel or 1)
    one = fitted(shape, table)
    try:
        words = asker.registers(one.blocks)
    except ModbusError as fault:
        if fault.trouble is Trouble.UNREACHABLE:  # the bus itself: no other profile will find it
            raise
        return Fit(name=name, title=shape.title, proofs=0, says=fault.words, fits=False)
    gas = told_gas(one, words)
    said = decode(one, words, gas)
    fits = said.quality not in {Quality.FAULT, Quality.SUSPECT}
    proofs, says = _proofs(one, words)
    why = said.detail if not fits else says
    measured = which_gas(one, words)
    return Fit(name=name, title=shape.title, proofs=proofs, says=why or NOTHING, fits=fits, gas=measured)


def _proofs(one: GasProfile, words: Told) -> tuple[int, Words]:
    """How many fields say what only this family says, and which: an all-zero reply proves nothing."""
    found: list[Words] = []
    found += [Words(f"{proof.says.zh}符合", f"{proof.says.en} fits") for proof in one.alive for _ in range(2)]
    if one.status is not None and bits(words, one.status) and bits(words, one.status) in one.status.codes:
        found.append(Words("状态码已知", "status code known"))
    if isinstance(one.gas, GasField) and bits(words, one.gas) in one.gas.codes:
        found.append(Words("气体代码已知", "gas code known"))
    if isinstance(one.unit, UnitField) and bits(words, one.unit) in one.unit.codes:
        found.append(Words("单位代码已知", "unit code known"))
    if not any(words.values()):
        found = []
    unique = list(dict.fromkeys(found))
    return len(found), joined(unique) or Words("寄存器存在", "its registers exist")
