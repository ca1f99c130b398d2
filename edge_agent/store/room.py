"""How much of the disk may wait for the centre, class by class, and what gives way first.

Whatever leaves the outbox unsent is told as an event (messages.dropped). An event that leaves it stays in the
records: a centre that acknowledges (dn/ack) is told it again from there.
"""

from collections.abc import Iterator

from msgspec import Struct

from edge_agent.store.connect import Database

AGAIN = 5  # priority of events that are told again; 1 to 4 are those of domain.outcome.Priority
TELEMETRY = 6  # priority of measured values: whatever happened goes before them


class WaitingClass(Struct, frozen=True, kw_only=True):
    """One class of waiting messages: which priorities are of it, and how many may wait."""

    name: str
    urgent: int  # its most urgent priority
    lowest: int
    most_rows: int
    spare_rows: int  # this many more go at once, so that it is not told each minute


# In the order in which they give way. Telemetry: about 1 kB a row, three a minute while the line is cut: 16 hours.
# Events: about 2 kB a row, so half a gigabyte: a month without the centre at 8,000 events a day.
CLASSES = (
    WaitingClass(name="telemetry", urgent=TELEMETRY, lowest=TELEMETRY, most_rows=3_000, spare_rows=1_000),
    WaitingClass(name="again", urgent=AGAIN, lowest=AGAIN, most_rows=2_000, spare_rows=500),
    WaitingClass(name="event", urgent=1, lowest=4, most_rows=250_000, spare_rows=5_000),
)

_COUNT = "SELECT count(*) FROM outbox WHERE priority BETWEEN ? AND ?"
# The least urgent first, of those the oldest. A retained state is one row a topic, and never dropped.
_DROP = """
DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE priority BETWEEN ? AND ? AND NOT retain ORDER BY priority DESC, id LIMIT ?
) RETURNING seq
"""


class Dropped(Struct, frozen=True, kw_only=True):
    """Messages of one class that left the outbox unsent; the numbers are those of events among them."""

    kind: str
    count: int
    first_seq: int | None = None
    last_seq: int | None = None


def make_room(database: Database, *, full: bool) -> Iterator[Dropped]:
    """Drop what is too much; where the disk is `full`, all telemetry. Inside the caller's transaction."""
    for one in CLASSES:
        too_many = _count(database, one) - one.most_rows
        if full and one.urgent == TELEMETRY:
            dropped = _drop(database, one, one.most_rows + max(too_many, 0))
        elif too_many > 0:
            dropped = _drop(database, one, too_many + one.spare_rows)
        else:
            continue
        if dropped.count:
            yield dropped


def _count(database: Database, one: WaitingClass) -> int:
    return int(database.execute_sql(_COUNT, (one.urgent, one.lowest)).fetchone()[0])


def _drop(database: Database, one: WaitingClass, rows: int) -> Dropped:
    gone = [row[0] for row in database.execute_sql(_DROP, (one.urgent, one.lowest, rows))]
    seqs = [seq for seq in gone if seq is not None]
    return Dropped(
        kind=one.name, count=len(gone), first_seq=min(seqs, default=None), last_seq=max(seqs, default=None)
    )
