"""Checks of each limit of the rulebook by itself: positive, in a known unit, with a source."""

from collections.abc import Iterator
from typing import Any

import msgspec

from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.gas_units import GAS_UNITS
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import Conflict, WorkLimits
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged

# The book's tables of limits ([guard], [resume]…).
FAMILIES = tuple(
    field.name
    for field in msgspec.structs.fields(Rulebook)
    if isinstance(field.type, type)
    and issubclass(field.type, msgspec.Struct)
    and any(one.type is Limit for one in msgspec.structs.fields(field.type))
)
UNITS_IN_NAMES = {"mps": "m/s", "pct": "%"}  # how a unit that is no word stands in a field's name
LEVELS = ("stop_low", "warn_low", "warn_high", "stop_high")
BESIDE = (
    "entry_high",
    "stel",
    "twa",
    "hysteresis",
    "resolution",
)  # further limits of a gas, in the unit of its levels


def sources(bundle: Bundle) -> Iterator[Fault]:
    """Every limit is positive, in a known unit, and says where it comes from."""
    book = bundle.rulebook
    for family in FAMILIES:
        yield from judged(_family(bundle, family, getattr(book, family)))
    for row in book.conflicts:
        yield from judged(_conflict_source(bundle, row))
    for kind, work in book.works.items():
        yield from judged(_work_sources(bundle, dotted("works", kind), work))
    for gas, table in book.gases.items():
        yield from judged(_gas_sources(bundle, dotted("gases", gas), table))


def _family(bundle: Bundle, key: str, table: Any) -> Iterator[Fault]:
    for field in msgspec.structs.fields(table):
        one = getattr(table, field.name)
        if isinstance(one, Limit):
            yield from judged(_source(bundle, f"{key}.{field.name}", one, (_unit_in(field.name),)))


def _unit_in(field: str) -> str:
    """A limit's unit as its field's name ends: "still_pause_s" -> s."""
    last = field.rsplit("_", maxsplit=1)[1]
    return UNITS_IN_NAMES.get(last, last)


def _conflict_source(bundle: Bundle, row: Conflict) -> Iterator[Fault]:
    key = f"conflicts[{row.first} x {row.second}]"
    if row.within_m is not None:
        yield from _source(bundle, f"{key}.within_m", row.within_m, ("m",))
    if not row.clause.strip():
        remedy = Words("请写明标准和条款", "name the standard and its clause")
        yield fault(bundle.names.rulebook, f"{key}.clause", row.clause, Words("没有依据", "has no source"), remedy)


def _work_sources(bundle: Bundle, key: str, work: WorkLimits) -> Iterator[Fault]:
    if not work.clause.strip():
        remedy = Words("请写明标准和条款", "name the standard and its clause")
        yield fault(
            bundle.names.rulebook, f"{key}.clause", work.clause, Words("没有依据", "has no source"), remedy
        )
    for field in msgspec.structs.fields(work):
        one = getattr(work, field.name)
        if isinstance(one, Limit):
            yield from judged(_source(bundle, f"{key}.{field.name}", one, (_unit_in(field.name),)))


def _gas_sources(bundle: Bundle, key: str, table: GasLimits) -> Iterator[Fault]:
    for name, one in (*limits_of(table), *beside(table)):
        yield from judged(_source(bundle, f"{key}.{name}", one, GAS_UNITS))
    for other, one in table.hidden_by.items():
        yield from judged(_source(bundle, dotted(f"{key}.hidden_by", other), one, GAS_UNITS))


def _source(bundle: Bundle, key: str, one: Limit, units: tuple[str, ...]) -> Iterator[Fault]:
    for check in (_positive, _unit, _clause):
        yield from judged(check(bundle, key, one, units))


def _positive(bundle: Bundle, key: str, one: Limit, _: tuple[str, ...]) -> Iterator[Fault]:
    if not one.value > 0:
        remedy = Words("应大于 0", "must be above 0")
        yield fault(bundle.names.rulebook, f"{key}.value", one.value, Words("不是正数", "is not positive"), remedy)


def _unit(bundle: Bundle, key: str, one: Limit, units: tuple[str, ...]) -> Iterator[Fault]:
    if one.unit not in units:
        yield no_such(bundle.names.rulebook, f"{key}.unit", one.unit, Words("单位", "unit here"), units)


def _clause(bundle: Bundle, key: str, one: Limit, _: tuple[str, ...]) -> Iterator[Fault]:
    if not one.clause.strip():
        remedy = Words("请写明标准和条款", "name the standard and its clause")
        yield fault(bundle.names.rulebook, f"{key}.clause", one.clause, Words("没有依据", "has no source"), remedy)


def limits_of(table: GasLimits) -> list[tuple[str, Limit]]:
    """The levels that warn and stop, by name: those that are given."""
    return [(name, getattr(table, name)) for name in LEVELS if getattr(table, name) is not None]


def beside(table: GasLimits) -> list[tuple[str, Limit]]:
    """Averages, response levels and what else is compared with the same readings."""
    named = [(name, getattr(table, name)) for name in BESIDE if getattr(table, name) is not None]
    for at, level in enumerate(table.levels, start=1):
        bounds = (("above", level.above), ("at_least", level.at_least))
        named.extend((f"levels[#{at}].{name}", one) for name, one in bounds if one is not None)
    return named
