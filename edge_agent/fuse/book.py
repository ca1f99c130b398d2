"""The rulebook as it holds at one instant: signed loosenings count while their time lasts, and end by then.

What the centre wants stricter (dn/rule) counts beside it, also over a loosening.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.book_keys import found, steps, with_limit
from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.centre_rule import RuleLimit
from edge_agent.domain.limit import Limit
from edge_agent.domain.rulebook import Loosened, Rulebook
from edge_agent.fuse.same import Same
from edge_agent.settings.directions import DIRECTIONS, Direction


def in_force(book: Rulebook, instant: Instant) -> tuple[Loosened, ...]:
    """The loosenings that count now. Without a trusted clock nobody knows whether their time is over: none."""
    if not instant.trusted:
        return ()
    return tuple(row for row in book.loosened if row.begins_utc <= instant.utc < row.until_utc)


def direction(key: str) -> Direction:
    """Which way the limit at this key is safe."""
    return DIRECTIONS.get(steps(key)[-1], Direction.FIXED) if steps(key) else Direction.FIXED


def stricter(key: str, value: float, than: float) -> bool:
    """Whether the first value is the safer one."""
    way = direction(key)
    return (way is Direction.AT_MOST and value < than) or (way is Direction.AT_LEAST and value > than)


def wanted(record: CentreRecord | None) -> Mapping[str, RuleLimit]:
    """What the centre wants of limits now: its newest table, and what is held of the one before."""
    return {} if record is None or record.rule is None else record.rule.limits | record.held


def effective(book: Rulebook, instant: Instant, copies: Mapping[str, CentreRecord]) -> Rulebook:
    """The limits that hold now; the book itself where nothing is moved. `copies` are the centre's."""
    for row in in_force(book, instant):
        book = _loosened(row.key, book, row)
    rule = copies.get("rule")
    return book if rule is None else _tightened("rule", book, rule)


@Same
def _tightened(book: Rulebook, rule: CentreRecord) -> Rulebook:
    """Only what is stricter than the book, whatever book the table was written for."""
    for key, row in wanted(rule).items():
        limit = found(book, key)
        if isinstance(limit, Limit) and limit.unit == row.unit and stricter(key, row.value, limit.value):
            clause = f"{limit.clause}; dn/rule {rule.version}: {row.reason}"
            book = with_limit(book, key, replace(limit, value=row.value, clause=clause))
    return book


@Same
def _loosened(book: Rulebook, row: Loosened) -> Rulebook:
    """The same book from step to step: what was made of its limits is not made again."""
    limit = found(book, row.key)
    clause = f"{limit.clause}; loosened until {row.until} by {row.by}: {row.reason}"
    return with_limit(book, row.key, replace(limit, value=row.value, clause=clause))
