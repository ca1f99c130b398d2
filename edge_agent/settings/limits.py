"""Checks of the rulebook as a whole: warnings before stops, names that are known, none looser than ceilings.py."""

import itertools
from collections.abc import Iterator

from edge_agent.domain.book_keys import found as limit
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.gas_units import GAS_UNITS
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import GAS_KINDS, WorkLimits
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.law import ceilings, signers, standard
from edge_agent.settings.limit_sources import beside, limits_of, sources

# A warning that comes after the pause warns nobody.
IN_ORDER = (
    ("guard.still_warn_s", "guard.still_pause_s"),
    ("guard.still_pause_s", "guard.seated_warn_s"),
    ("guard.seated_warn_s", "guard.seated_pause_s"),
    ("guard.video_left_s", "guard.video_warn_s"),
    ("guard.video_warn_s", "guard.video_ask_s"),
    ("guard.video_still_s", "guard.video_pause_s"),
    ("guard.video_ask_s", "guard.video_pause_s"),
    ("lone.still_warn_s", "lone.still_evacuate_s"),
    ("guard.post_warn_m", "guard.post_pause_m"),
    ("guard.lost_warn_s", "guard.lost_pause_s"),
    ("guard.battery_least_pct", "guard.battery_warn_pct"),
    ("power.warn_s", "power.pause_s"),
    ("alarm.local_s", "alarm.officer_s"),
    ("alarm.officer_s", "alarm.manager_s"),
)


def sense(bundle: Bundle) -> Iterator[Fault]:
    """Warnings come before stops, low lies below high, one gas speaks one unit."""
    for first, second in IN_ORDER:
        yield from judged(_in_order(bundle, first, second))
    for kind, work in bundle.rulebook.works.items():
        yield from judged(_gases_named(bundle, kind, work))
        yield from judged(_measures_named(bundle, kind, work))
    for gas, table in bundle.rulebook.gases.items():
        for check in (_has_stop, _one_unit, _levels_in_order, _responses_in_order, _hidden_by):
            yield from judged(check(bundle, dotted("gases", gas), table))


def _gases_named(bundle: Bundle, kind: str, work: WorkLimits) -> Iterator[Fault]:
    """What is to be sampled or watched is a kind of gas or a gas of the book: another word would be nothing."""
    known = (*GAS_KINDS, *bundle.rulebook.gases)
    for field in ("sampled", "watched"):
        for at, gas in enumerate(getattr(work, field), start=1):
            if gas not in known:
                key = f"{dotted('works', kind)}.{field}[#{at}]"
                yield no_such(bundle.names.rulebook, key, gas, Words("气体", "gas"), known)


def _measures_named(bundle: Bundle, kind: str, work: WorkLimits) -> Iterator[Fault]:
    """A kind of work asks for measures of the book."""
    known = bundle.rulebook.measures
    for at, measure in enumerate(work.measures, start=1):
        if measure not in known:
            key = f"{dotted('works', kind)}.measures[#{at}]"
            yield no_such(bundle.names.rulebook, key, measure, Words("措施", "measure"), known)


def _in_order(bundle: Bundle, first: str, second: str) -> Iterator[Fault]:
    early, late = limit(bundle.rulebook, first), limit(bundle.rulebook, second)
    if not early.value < late.value:
        problem = Words(f"不小于 {second} ({late.value:g})", f"is not below {second} ({late.value:g})")
        remedy = Words("预警应先于暂停", "a warning must come before what it warns of")
        yield fault(bundle.names.rulebook, f"{first}.value", early.value, problem, remedy)


def _has_stop(bundle: Bundle, key: str, table: GasLimits) -> Iterator[Fault]:
    if table.stop_high is None and table.stop_low is None:
        problem = Words("没有停工限值", "has no stop limit: nothing could ever be over it")
        remedy = Words("请填写 stop_high 或 stop_low", "add stop_high or stop_low with its clause")
        yield fault(bundle.names.rulebook, key, None, problem, remedy)


def _one_unit(bundle: Bundle, key: str, table: GasLimits) -> Iterator[Fault]:
    written = limits_of(table) + beside(table)
    units = {one.unit for _, one in written}
    if len(units) > 1:
        listed = ", ".join(f"{name} {one.unit}" for name, one in written)
        problem = Words(f"单位混用：{listed}", f"mixes units: {listed}")
        remedy = Words("同一气体用同一单位", "write all limits of one gas in one unit")
        yield fault(bundle.names.rulebook, key, None, problem, remedy)


def _levels_in_order(bundle: Bundle, key: str, table: GasLimits) -> Iterator[Fault]:
    written = limits_of(table)
    if len({one.unit for _, one in written}) != 1:
        return
    for (low_name, low), (high_name, high) in itertools.pairwise(written):
        if not low.value < high.value:
            problem = Words(
                f"不小于 {high_name} ({high.value:g})", f"is not below {high_name} ({high.value:g} {high.unit})"
            )
            remedy = Words(
                "顺序应为 stop_low < warn_low < warn_high < stop_high",
                "the order is stop_low < warn_low < warn_high < stop_high: a warning lies inside the stop",
            )
            yield fault(bundle.names.rulebook, f"{key}.{low_name}.value", low.value, problem, remedy)


def _responses_in_order(bundle: Bundle, key: str, table: GasLimits) -> Iterator[Fault]:
    """Each response level has exactly one bound, and lies above the one before it."""
    last = 0.0
    for at, level in enumerate(table.levels, start=1):
        bounds = [one for one in (level.above, level.at_least) if one is not None]
        where = f"{key}.levels[#{at}]"
        if len(bounds) != 1:
            problem = Words("须有且只有一个界限", "needs exactly one bound")
            remedy = Words("请填写 above 或 at_least 之一", "write either above or at_least")
            yield fault(bundle.names.rulebook, where, None, problem, remedy)
        elif not bounds[0].value > last:
            problem = Words("不高于前一级", "does not lie above the level before it")
            remedy = Words("请由低到高排列", "write the levels from the lowest to the highest")
            yield fault(bundle.names.rulebook, where, bounds[0].value, problem, remedy)
        last = max([last, *(one.value for one in bounds)])


def _hidden_by(bundle: Bundle, key: str, table: GasLimits) -> Iterator[Fault]:
    """Another gas is named as the book names it, and its level in the unit of its own limits."""
    for other, one in table.hidden_by.items():
        where = dotted(f"{key}.hidden_by", other)
        if other not in bundle.rulebook.gases:
            yield no_such(bundle.names.rulebook, where, other, Words("气体", "gas"), bundle.rulebook.gases)
            continue
        units = {limit.unit for _, limit in limits_of(bundle.rulebook.gases[other])}
        if one.unit in GAS_UNITS and one.unit not in units:
            yield no_such(bundle.names.rulebook, f"{where}.unit", one.unit, Words("单位", "unit here"), units)


def name(bundle: Bundle) -> Iterator[Fault]:
    """A book is called as its file: an event that names the one means the other."""
    wanted = bundle.site.site.rulebook
    if bundle.rulebook.name != wanted:
        problem = Words("与文件名不同", "is not the name of its file")
        yield fault(
            bundle.names.rulebook,
            "name",
            bundle.rulebook.name,
            problem,
            Words(f"应为 {wanted}", f'write "{wanted}"'),
        )
    known = {"A", "B", "C", "D"}
    for extra in bundle.rulebook.resume_signers.keys() - known:
        yield no_such(
            bundle.names.rulebook, f"resume_signers.{extra}", extra, Words("暂停类别", "pause class"), known
        )


CHECKS = (standard, sources, sense, ceilings, signers, name)
