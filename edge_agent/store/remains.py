"""What can still be read of damaged records: how many rows, where the chain ended, the last event's number."""

from pathlib import Path

from msgspec import Struct

from edge_agent.store.connect import open_reader
from edge_agent.store.errors import DATABASE_ERRORS, StoreError


class Remains(Struct, frozen=True, kw_only=True):
    """The end of a chain as far as it could be read; nothing of it is vouched for."""

    rows: int = 0
    head: str = ""
    seq: int = 0


NOTHING_LEFT = Remains()
# Newest first by the key of the table: one walk down its tree, which other pages may still allow.
_END = "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1"
_SEQ = "SELECT seq FROM event ORDER BY seq DESC LIMIT 1"


def remains(path: Path) -> Remains:
    """Of a file that was moved aside: evidence, so that it is opened to be read and no more. Never raises."""
    try:
        database = open_reader(path)
    except StoreError:
        return NOTHING_LEFT
    found = NOTHING_LEFT
    try:
        row = database.execute_sql(_END).fetchone()
        if row is not None:
            found = Remains(rows=int(row[0]), head=str(row[1]))
        row = database.execute_sql(_SEQ).fetchone()
        if row is not None:
            found = Remains(rows=found.rows, head=found.head, seq=int(row[0]))
    except (*DATABASE_ERRORS, UnicodeDecodeError, ValueError, TypeError):
        return found
    finally:
        database.close()
    return found
