"""What is told again because the centre's own acknowledgement says that it has not got it.

A broker's PUBACK empties the outbox; the records keep every event, with what its envelope said. So whatever a
broker took and lost, or a centre lost with its disk, is made anew from the records: the same message.
"""

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.outcome import Event
from edge_agent.store.batch import Outgoing, Voice
from edge_agent.store.reader import Reader
from edge_agent.store.room import AGAIN
from edge_agent.tell import messages

# A centre that names the same number for this long although newer events are out has lost what comes after it.
STALLED_S = 60.0
LONGEST_S = 3600.0  # ... and if that does not help (it cannot keep one, or the records of it are gone), ever later
MOST_AT_ONCE = 500  # events told again between two words of the centre
UNKNOWN = Voice(first_seq=0, boot="", trusted=False, demo=False)


class Confirmed(Struct, frozen=True, kw_only=True):
    """What the centre says that it has, and what is being told again."""

    upto: int  # every event up to here
    since_s: float  # when it first named this number, or when we last told again what follows it
    newest: int  # our newest event then: what came later may still be on its way
    patience_s: float = STALLED_S
    heal_to: int = 0  # up to here everything is told again; 0: nothing is
    told_to: int = 0  # up to here it has been


class Due(Struct, frozen=True, kw_only=True):
    """Events to tell again: those behind `after`, to `upto` and with it."""

    after: int
    upto: int


def heard(known: Confirmed, acked_seq: int, newest: int, now_s: float) -> tuple[Confirmed, Due | None]:
    """What the centre's newest word changes. `newest` is our newest event, `now_s` monotonic.

    A lower number than before: it lost what it had, and gets it at once. The same number for long: what follows
    it was lost on the way. A higher one: it goes on, and so does what is being told again, piece by piece.
    """
    if acked_seq < known.upto:
        return _tell(acked_seq, newest, newest, now_s)
    waits = acked_seq == known.upto and known.newest > acked_seq
    if waits and now_s - known.since_s >= known.patience_s:
        later, due = _tell(acked_seq, max(known.newest, known.heal_to), newest, now_s)
        return replace(later, patience_s=min(2 * known.patience_s, LONGEST_S)), due
    if known.told_to <= acked_seq < known.heal_to:
        return _tell(acked_seq, known.heal_to, newest, now_s)
    if waits:
        return known, None
    healing = acked_seq < known.heal_to
    return Confirmed(
        upto=acked_seq,
        since_s=now_s,
        newest=newest,
        heal_to=known.heal_to if healing else 0,
        told_to=known.told_to if healing else 0,
    ), None


def _tell(after: int, heal_to: int, newest: int, now_s: float) -> tuple[Confirmed, Due | None]:
    upto = min(after + MOST_AT_ONCE, heal_to)
    known = Confirmed(upto=after, since_s=now_s, newest=newest, heal_to=heal_to, told_to=upto)
    return known, Due(after=after, upto=upto) if upto > after else None


def rows(reader: Reader, due: Due, *, site: str, unit: str) -> tuple[Outgoing, ...]:
    """The messages, as they were told the first time. Raises StoreError.

    None while the very next one still waits in the outbox: then nothing was lost, the line is only slow.
    """
    if reader.waits(due.after + 1):
        return ()
    return tuple(
        told(kept.event, kept.voice or UNKNOWN, kept.prev_hash, site=site, unit=unit, priority=AGAIN)
        for kept in reader.again(due.after, due.upto)
    )


def told(  # noqa: PLR0913 (all by name)
    event: Event, voice: Voice, prev_hash: str, *, site: str, unit: str, priority: int | None = None
) -> Outgoing:
    """The outbox row of one event; `priority` where it is told again."""
    body = messages.cloud_event(
        event,
        site=site,
        unit=unit,
        boot=voice.boot,
        trusted=voice.trusted,
        demo=voice.demo,
        prev_hash=prev_hash,
    )
    return Outgoing(
        topic=messages.up_topic(site, unit, "event"),
        payload=messages.encode(body),
        priority=int(event.priority) if priority is None else priority,
        seq=event.seq,
    )
