"""Which limits of the rulebook a rule reads: found in the rule's own code, so that no list can grow stale."""

import inspect
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from msgspec import Struct

from edge_agent.decide.rules.rule import Rule
from edge_agent.domain.book_keys import below, every_limit, steps
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Rulebook
from edge_agent.fuse.gas import beyond_stop, beyond_warn, response_level
from edge_agent.fuse.same import Same

OURS = ("edge_agent.decide.", "edge_agent.fuse.")
# Of a channel, or of those of an area: judged by what.
JUDGED = {
    "danger": beyond_stop,
    "struck": beyond_stop,
    "beyond_stop": beyond_stop,
    "beyond_warn": beyond_warn,
    "bounds": response_level,
}
GUIDED = ("gases", "works")  # tables with a row per gas and kind of work: named as one


def limits_of(rule: Rule, book: Rulebook) -> list[tuple[str, Limit | None]]:
    """The limits that this rule compares with, by key; one of every gas or kind of work has no value here."""
    names: dict[str, None] = {}
    for function in (rule.find, rule.on_delay, rule.off_delay):
        names |= dict.fromkeys(_read(function, set()))
    return list(dict(_keys(names, book)).items())


def _read(function: Callable[..., Any], seen: set[Any]) -> Iterator[str]:
    """Every name that a function, and what it calls of ours, looks up."""
    code = getattr(function, "__code__", None)
    if code is None or code in seen:
        return
    seen.add(code)
    for name in _names(code):
        yield name
        called = function.__globals__.get(name) or JUDGED.get(name)
        called = called.make if isinstance(called, Same) else called
        if inspect.isfunction(called) and called.__module__.startswith(OURS):
            yield from _read(called, seen)
    for cell in function.__closure__ or ():
        if inspect.isfunction(cell.cell_contents):
            yield from _read(cell.cell_contents, seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _keys(names: dict[str, None], book: Rulebook) -> Iterator[tuple[str, Limit | None]]:
    for family in book.__struct_fields__:
        table = getattr(book, family)
        if family in GUIDED:
            fields = dict.fromkeys(steps(key)[-1] for key, _ in every_limit(table))
            yield from ((f"{family}.*.{field}", None) for field in fields if field in names)
        elif isinstance(table, Struct) and family in names:
            for field in table.__struct_fields__:
                limit = getattr(table, field)
                if field in names and isinstance(limit, Limit):
                    yield below(family, field), limit
