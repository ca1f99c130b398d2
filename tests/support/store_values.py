"""Examples and hypothesis strategies of what the store keeps, shared by tests of store and tell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from edge_agent.domain.device import DeviceRecord, DeviceStatus
from edge_agent.domain.outcome import Alarm, AlarmState, Event, Priority
from edge_agent.domain.permit import Permit, State
from edge_agent.domain.person import Person, Role
from edge_agent.domain.ticket import Approval, Point, Ticket, WorkType
from edge_agent.domain.words import Words
from edge_agent.store.batch import Batch, Entry, Outgoing
from edge_agent.store.chain import Sealed, event_body, seal
from tests.support.verdict import verdict

texts = st.text(st.characters(codec="utf-8"), max_size=20)
seconds = st.floats(0, 4e9, allow_nan=False)
words = st.builds(Words, zh=texts, en=texts)
data = st.dictionaries(texts, st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts, max_size=3)


def event(seq: int, *, priority: Priority = Priority.MEDIUM, **extra: Any) -> Event:
    """One event as the brain makes it."""
    return Event(
        seq=seq, type="permit.paused", subject="P-1", at_s=12.5, at_utc=1.8e9, priority=priority, data=extra
    )


def ticket(number: str = "P-1", version: int = 1) -> Ticket:
    """A confined-space ticket."""
    return Ticket(
        id=number,
        version=version,
        type=WorkType.CONFINED_SPACE,
        level="",
        area="tank",
        point=Point(1.0, 2.0),
        valid_from_utc=1.8e9,
        valid_to_utc=1.8e9 + 3600,
        holder="wang",
        guards=("li",),
        workers=("zhao",),
        approvals=(Approval(role="area_owner", person="chen", at_utc=1.0),),
        devices=("gas-1",),
    )


def permit(number: str = "P-1", state: State = State.PAUSED) -> Permit:
    """A permit in some state."""
    return Permit(ticket=ticket(number), state=state, since_s=3.0, since_utc=1.8e9, end_at_s=4000.0)


def alarm(key: str = "gas|P-1|gas-1") -> Alarm:
    """One alarm of the list."""
    return Alarm(
        verdict=verdict(key=key),
        state=AlarmState.UNACK_ACTIVE,
        first_seen_s=1.0,
        last_seen_s=2.5,
    )


def person(number: str = "li", **fields: Any) -> Person:
    """Somebody on site."""
    return Person(id=number, name="李娜", roles=(Role.GUARD,), **fields)


def record(number: str = "gas-1", **fields: Any) -> DeviceRecord:
    """What is vouched for of one device."""
    return DeviceRecord(id=number, **{"status": DeviceStatus.IN_SERVICE} | fields)


def seal_all(bodies: Iterable[Mapping[str, Any]], head: str) -> tuple[Sealed, ...]:
    """Records one behind the other, the first behind `head`."""
    rows: list[Sealed] = []
    for body in bodies:
        rows.append(seal(body, rows[-1].hash if rows else head))
    return tuple(rows)


def entries(events: Sequence[Event], head: str) -> tuple[Entry, ...]:
    """Audit entries of events behind `head`."""
    sealed = seal_all([event_body(one) for one in events], head)
    return tuple(Entry(sealed=row, event=one) for row, one in zip(sealed, events, strict=True))


def event_batch(seq: int, head: str, *, topic: str = "edge/s/u/up/event") -> Batch:
    """What a step with one event commits."""
    one = event(seq)
    message = Outgoing(topic=topic, payload=b'{"seq":%d}' % seq, priority=one.priority, seq=seq)
    return Batch(audit=entries([one], head), outbox=(message,))
