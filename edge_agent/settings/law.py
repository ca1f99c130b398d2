"""Checks of the rulebook against its law: no limit is looser than the ceilings allow, and nobody is left out."""

from collections.abc import Iterator

from edge_agent.domain.book_keys import found as limit
from edge_agent.domain.cite import cited
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.gas_units import GAS_UNITS, in_unit
from edge_agent.domain.limit import Limit
from edge_agent.domain.person import Role
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings import standards
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.ceilings import AT_MOST, REAL_ONLY, SIGNERS, Ceiling
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged, readable


def standard(bundle: Bundle) -> Iterator[Fault]:
    """The book names a law whose ceilings are known: without them nobody could say what is too loose."""
    if bundle.rulebook.standard not in standards.STANDARDS:
        what = Words("标准", "standard")
        yield no_such(bundle.names.rulebook, "standard", bundle.rulebook.standard, what, standards.STANDARDS)


def ceilings(bundle: Bundle) -> Iterator[Fault]:
    """No limit is looser than the law and the ledger allow; only a DEMO book may shorten what makes safe."""
    law = standards.STANDARDS.get(bundle.rulebook.standard)
    if law is None:
        return
    for one in standards.ceilings(law):
        yield from judged(_ceiling(bundle, one))
    for one in REAL_ONLY:
        if not bundle.rulebook.demo:
            yield from judged(_ceiling(bundle, one))
    for gas, table in bundle.rulebook.gases.items():
        yield from judged(_combustible(bundle, law, f"{dotted('gases', gas)}.stop_high", table))
    for key in law.demands:
        yield from judged(_demanded(bundle, key))
    for key, members, clause in law.members:
        yield from judged(_members(bundle, key, members, clause))


def _demanded(bundle: Bundle, key: str) -> Iterator[Fault]:
    if limit(bundle.rulebook, key) is False:
        problem = Words("标准要求，不能取消", "the standard asks for it")
        yield fault(bundle.names.rulebook, key, None, problem, Words("应为 true", "write true"))


def _members(bundle: Bundle, key: str, members: tuple[str, ...], clause: str) -> Iterator[Fault]:
    """A list of a kind of work that this book has holds what the law asks for."""
    family, _, name = key.rpartition(".")
    work = limit(bundle.rulebook, family)
    missing = [one for one in members if work is not None and one not in getattr(work, name)]
    if missing:
        listed = ", ".join(missing)
        problem = Words(f"缺少 {listed}：{cited(clause).zh}", f"leaves out {listed}: {clause}")
        yield fault(bundle.names.rulebook, key, None, problem, Words(f"请加上 {listed}", f"add {listed}"))


def _ceiling(bundle: Bundle, one: Ceiling) -> Iterator[Fault]:
    family, name = one.key.rsplit(".", maxsplit=1)
    table = limit(bundle.rulebook, family)
    if table is None:  # a gas that this book does not know at all
        return
    now = getattr(table, name)
    if now is None:
        problem = Words("缺少", "missing")
        remedy = Words(f"请按 {cited(one.clause).zh} 填写", f"add it after {one.clause}")
        yield fault(bundle.names.rulebook, one.key, None, problem, remedy)
        return
    if isinstance(table, GasLimits):
        value = in_unit(now.value, now.unit, one.unit, table)
    else:
        value = now.value if now.unit == one.unit else None
    if value is None:
        if now.unit in GAS_UNITS and isinstance(table, GasLimits):
            yield _incomparable(bundle, one, now)
        return
    yield from _judge(bundle, one, now, value)


def _incomparable(bundle: Bundle, one: Ceiling, now: Limit) -> Fault:
    problem = Words(f"无法与法定限值（{one.unit}）比较", f"cannot be compared with the ceiling in {one.unit}")
    remedy = Words(f"请用 {one.unit}", f"write it in {one.unit}, or add molar_mass or lel_pct_vol")
    return fault(bundle.names.rulebook, f"{one.key}.unit", now.unit, problem, remedy)


def _judge(bundle: Bundle, one: Ceiling, now: Limit, value: float) -> Iterator[Fault]:
    too_loose = value > one.value if one.bound == AT_MOST else value < one.value
    if too_loose:
        sign = "<=" if one.bound == AT_MOST else ">="
        row = Words(f"，台账 {one.row}", f", row {one.row}") if one.row else NOTHING
        problem = Words(
            f"比允许的更宽松：{cited(one.clause).zh}{row.zh}",
            f"looser than the built-in ceiling: {one.clause}{row.en}",
        )
        remedy = Words(f"应 {sign} {one.value:g} {one.unit}", f"must be {sign} {one.value:g} {one.unit}")
        yield fault(bundle.names.rulebook, f"{one.key}.value", now.value, problem, remedy)


def _combustible(bundle: Bundle, law: standards.Standard, key: str, table: GasLimits) -> Iterator[Fault]:
    if table.lel_pct_vol is None or table.stop_high is None or table.stop_high.unit not in ("%vol", "%LEL"):
        return
    most = next(one for one in law.burning if table.lel_pct_vol >= one.lel_pct_vol)
    one = Ceiling(key, AT_MOST, most.most, most.unit, f"{most.clause}; LEL {table.lel_pct_vol:g} %vol", "1-29")
    value = in_unit(table.stop_high.value, table.stop_high.unit, most.unit, table)
    if value is not None and not any(known.key == key for known in law.ceilings):
        yield from _judge(bundle, one, table.stop_high, value)


def signers(bundle: Bundle) -> Iterator[Fault]:
    """Nobody who must say yes is left out, and every capacity is a role."""
    for key, needed in SIGNERS.items():
        yield from judged(_signed(bundle, key, needed))


def _signed(bundle: Bundle, key: str, needed: tuple[frozenset[str], ...]) -> Iterator[Fault]:
    listed = limit(bundle.rulebook, key)
    if listed is None:
        must = ", ".join("|".join(sorted(one)) for one in needed)
        remedy = Words(f"请填写 {must}", f"add it: {must}")
        yield fault(bundle.names.rulebook, key, None, Words("缺少", "missing"), remedy)
        return
    for at, capacity in enumerate(listed):
        if readable(capacity) and capacity not in tuple(Role):
            where = f"{key}[#{at + 1}]"
            yield no_such(
                bundle.names.rulebook, where, capacity, Words("角色", "role"), [one.value for one in Role]
            )
    who = ", ".join(" | ".join(sorted(one)) for one in needed if not one & set(listed))
    if who:
        problem = Words(f"缺少 {who} 的签字", f"leaves out {who}")
        remedy = Words(f"请加上 {who} (docs/domain.md 3)", f"add {who} (docs/domain.md 3)")
        yield fault(bundle.names.rulebook, key, None, problem, remedy)
