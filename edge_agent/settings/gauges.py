"""Checks of [gauges]: limits that mean something, in the unit of what is measured; and what they trip."""

from collections.abc import Iterator
from itertools import pairwise

from edge_agent.domain.gauge import QUANTITIES, GaugeLimits
from edge_agent.domain.limit import Limit
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.detectors import SITE, gas_profile
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_sensors import GaugeTable

REMOVE = Words("请删去此键", "remove this key")


def gauges(bundle: Bundle) -> Iterator[Fault]:
    """Each gauge by itself, and each interlock output, which somebody has to trip."""
    for name, table in bundle.site.gauges.items():
        for check in (_some, _units, _order, _reached, _trip):
            yield from judged(check(bundle, dotted("gauges", name), table))
    yield from judged(_idle(bundle))


def _some(bundle: Bundle, key: str, table: GaugeTable) -> Iterator[Fault]:
    if not table.limits.all:
        problem = Words("没有限值", "has no limit")
        remedy = Words(
            "至少写一个 high_high、high、low 或 low_low，含 value、unit、clause",
            "write one of high_high, high, low, low_low at least, with value, unit and clause",
        )
        yield fault(bundle.names.site, f"{key}.limits", None, problem, remedy)
    for name, limit in table.limits.all:
        if not limit.clause.strip():
            problem = Words("没有依据", "does not say where it comes from")
            remedy = Words(
                "写明操作规程、设计文件或标准的条款", "name the procedure, design or standard, with its clause"
            )
            yield fault(bundle.names.site, f"{key}.limits.{name}.clause", limit.clause, problem, remedy)


def _units(bundle: Bundle, key: str, table: GaugeTable) -> Iterator[Fault]:
    """Limits are in the very unit that is measured: nothing is converted."""
    known, what = QUANTITIES[table.measures].units, QUANTITIES[table.measures].name
    told = _told(bundle, table)
    comes = tuple(unit for unit in known if told is None or unit in told)
    if told is not None and not comes:
        listed, shown = ", ".join(known), ", ".join(sorted(told))
        problem = Words(f"读出的单位是 {shown}，不是{what.zh}", f"comes in {shown}, which is no {what.en}")
        remedy = Words(f"改正 unit、profile 或 measures（{listed}）", f"mend unit, profile or measures ({listed})")
        yield fault(bundle.names.site, f"{key}.measures", table.measures, problem, remedy)
    for name, limit in table.limits.all:
        if limit.unit not in (comes or known):
            problem = Words(f"不是所测{what.zh}的单位", f"is not the unit in which this {what.en} comes")
            listed = " / ".join(comes or known)
            yield fault(
                bundle.names.site,
                f"{key}.limits.{name}.unit",
                limit.unit,
                problem,
                Words(f"应为 {listed}", f"write {listed}"),
            )
    units = sorted({limit.unit for _, limit in table.limits.all if limit.unit in known})
    if len(units) > 1:
        problem = Words("限值的单位不一致", f"its limits are in {' and '.join(units)}")
        yield fault(bundle.names.site, f"{key}.limits", None, problem, Words("统一单位", "write them in one unit"))


def _told(bundle: Bundle, table: GaugeTable) -> set[str] | None:
    """The units in which it may come; None where only the wire knows."""
    if table.bus in bundle.site.weather:
        return None
    unit = (gas_profile(bundle, table) or {}).get("unit")
    if unit == SITE:
        return None if table.unit is None else {table.unit}
    if isinstance(unit, str):
        return {unit}
    codes = unit.get("codes") if isinstance(unit, dict) else None
    return {str(one.get("unit")) for one in codes.values()} if isinstance(codes, dict) else None


def _order(bundle: Bundle, key: str, table: GaugeTable) -> Iterator[Fault]:
    for (upper, above), (lower, below) in pairwise(table.limits.all):
        if above.value <= below.value:
            problem = Words(f"不高于 {lower}（{below.value:g}）", f"is not above {lower} ({below.value:g})")
            remedy = Words(
                "由高到低应为 high_high、high、low、low_low",
                "high_high, high, low, low_low: each below the one before",
            )
            yield fault(bundle.names.site, f"{key}.limits.{upper}.value", above.value, problem, remedy)


def _reached(bundle: Bundle, key: str, table: GaugeTable) -> Iterator[Fault]:
    """A limit beyond the range would never be crossed."""
    if table.range is None:
        return
    if table.range <= table.range_from:
        problem = Words(f"不高于量程下限 {table.range_from:g}", f"is not above range_from ({table.range_from:g})")
        yield fault(
            bundle.names.site, f"{key}.range", table.range, problem, Words("按铭牌改正", "see the nameplate")
        )
        return
    for name, limit in table.limits.all:
        if not _within(table.limits, limit, table):
            problem = Words(
                f"在量程 {table.range_from:g}..{table.range:g} 之外，永远不会报警",
                f"lies outside the range of {table.range_from:g} to {table.range:g}: it would never be crossed",
            )
            remedy = Words(
                "换量程合适的变送器，或改正限值", "fit a transmitter with a wider range, or mend the limit"
            )
            yield fault(bundle.names.site, f"{key}.limits.{name}.value", limit.value, problem, remedy)


def _within(limits: GaugeLimits, limit: Limit, table: GaugeTable) -> bool:
    """An upper one below the range's top, a lower one above its bottom."""
    if limit in (limits.high_high, limits.high):
        return table.range is not None and limit.value < table.range
    return limit.value > table.range_from


def _trip(bundle: Bundle, key: str, table: GaugeTable) -> Iterator[Fault]:
    if table.trips is None:
        return
    file, (module, _, output) = bundle.names.site, table.trips.partition("/")
    if table.without_trip is not None:
        problem = Words("与 trips 矛盾", "contradicts trips")
        yield fault(file, f"{key}.without_trip", table.without_trip, problem, REMOVE)
    if not table.limits.dangerous:
        problem = Words(
            "没有 high_high 或 low_low 可以触发", "nothing trips it: there is no high_high and no low_low"
        )
        remedy = Words("添加联锁限值，或删去此键", "write the limit of the interlock, or remove this key")
        yield fault(file, f"{key}.trips", table.trips, problem, remedy)
    known = [
        f"{name}/{one}"
        for name, relay in bundle.site.relays.items()
        for one, row in relay.outputs.items()
        if row.does == "interlock"
    ]
    if f"{module}/{output}" not in known:
        what = Words('输出（does = "interlock"）', 'output with does = "interlock"')
        yield no_such(file, f"{key}.trips", table.trips, what, known)


def _idle(bundle: Bundle) -> Iterator[Fault]:
    """An interlock that no gauge trips would never hold."""
    tripped = {table.trips for table in bundle.site.gauges.values()}
    for name, relay in bundle.site.relays.items():
        for output, row in relay.outputs.items():
            if row.does == "interlock" and f"{name}/{output}" not in tripped:
                problem = Words("没有测点触发此联锁", "no gauge trips this interlock: it would never hold")
                remedy = Words(
                    f'在测点中写 trips = "{name}/{output}"', f'write trips = "{name}/{output}" in its gauge'
                )
                where = dotted(f"{dotted('relays', name)}.outputs", output)
                yield fault(bundle.names.site, where, None, problem, remedy)


CHECKS = (gauges,)
