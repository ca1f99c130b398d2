"""The rulebook as it holds at one instant: signed loosenings count while their time lasts, and end by then."""

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.book_keys import found, with_limit
from edge_agent.domain.rulebook import Loosened, Rulebook
from edge_agent.fuse.same import Same


def in_force(book: Rulebook, instant: Instant) -> tuple[Loosened, ...]:
    """The loosenings that count now. Without a trusted clock nobody knows whether their time is over: none."""
    if not instant.trusted:
        return ()
    return tuple(row for row in book.loosened if row.begins_utc <= instant.utc < row.until_utc)


def effective(book: Rulebook, instant: Instant) -> Rulebook:
    """The limits that hold now; the book itself where nothing is loosened."""
    for row in in_force(book, instant):
        book = _loosened(row.key, book, row)
    return book


@Same
def _loosened(book: Rulebook, row: Loosened) -> Rulebook:
    """The same book from step to step: what was made of its limits is not made again."""
    limit = found(book, row.key)
    clause = f"{limit.clause}; loosened until {row.until} by {row.by}: {row.reason}"
    return with_limit(book, row.key, replace(limit, value=row.value, clause=clause))
