"""Turns one decision into what is kept and told: audit rows, permits, alarms, outbox rows. Pure."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.agent.context import context_of, speaker
from edge_agent.clock import Instant
from edge_agent.decide.state import Decision, State
from edge_agent.domain.figures import Counts
from edge_agent.domain.outcome import UNTOLD, Alarm
from edge_agent.domain.permit import Permit
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Batch, Entry, Outgoing, Voice
from edge_agent.store.chain import event_body, seal, with_context
from edge_agent.tell import messages
from edge_agent.tell.again import told
from edge_agent.tell.derived import derived


class Identity(Struct, frozen=True, kw_only=True):
    """Who tells: site, unit, this boot, and whether limits are a demo's."""

    site: str
    unit: str
    boot: str
    demo: bool


class Record(Struct, frozen=True, kw_only=True):
    """What one step wants kept, and the chain's head after it."""

    batch: Batch
    head: str


def record(  # noqa: PLR0913 (what goes into one transaction)
    settings: Settings,
    before: State,
    decision: Decision,
    head: str,
    who: Identity,
    *,
    instant: Instant,
    counts: Counts | None = None,
) -> Record:
    """Everything that this decision changed at `instant`, sealed one row behind the other after `head`.

    `counts` where it is time to keep them: they change too often to be written each time.
    """
    entries: list[Entry] = []
    outbox: list[Outgoing] = []
    first = decision.events[0].seq if decision.events else 0
    voice = Voice(first_seq=first, boot=who.boot, trusted=instant.trusted, demo=who.demo)
    for event in decision.events:
        beside = context_of(event, decision.state, settings, instant)
        outbox.append(told(with_context(event, beside), voice, head, site=who.site, unit=who.unit))
        outbox.extend(derived(event, speaker(settings)))
        sealed = seal(event_body(event, beside), head)
        entries.append(Entry(sealed=sealed, event=event))
        head = sealed.hash
    after = decision.state
    permits = tuple(permit for id_, permit in after.permits.items() if before.permits.get(id_) is not permit)
    outbox.extend(state(permit, who) for permit in permits if _worth_telling(before.permits, permit))
    return Record(
        batch=Batch(
            audit=tuple(entries),
            permits=permits,
            forgotten=tuple(id_ for id_ in before.permits if id_ not in after.permits),
            alarms=_alarms(before.alarms, after.alarms),
            persons=tuple(p for id_, p in after.persons.items() if before.persons.get(id_) is not p),
            records=tuple(r for id_, r in after.records.items() if before.records.get(id_) is not r),
            centre=None if after.centre is before.centre else tuple(after.centre.values()),
            rectifications=None
            if after.rectifications is before.rectifications
            else tuple(after.rectifications.values()),
            counts=counts,
            commissioning=None if after.commissioning is before.commissioning else after.commissioning,
            outbox=tuple(outbox),
            voice=voice if decision.events else None,
        ),
        head=head,
    )


def state(permit: Permit, who: Identity) -> Outgoing:
    """The retained word on where this permit stands."""
    body = messages.permit_state(permit, site=who.site, unit=who.unit, demo=who.demo)
    topic = messages.up_topic(who.site, who.unit, f"permit/{permit.ticket.id}")
    return Outgoing(topic=topic, payload=messages.encode(body), priority=2, retain=True)


def _worth_telling(before: Mapping[str, Permit], permit: Permit) -> bool:
    """A permit whose clean time alone changed is the same permit to the centre."""
    old = before.get(permit.ticket.id)
    return old is None or _bare(old) != _bare(permit)


def _bare(permit: Permit) -> Permit:
    return replace(permit, clean_since_s=None, end_at_s=0.0, checked_in_s=None, coverage=None)


def _alarms(before: Mapping[str, Alarm], after: Mapping[str, Alarm]) -> tuple[Alarm, ...] | None:
    """The list if it changed in anything but when each was last seen: what is still there, a restart finds out."""
    kept = _lasting(after)
    same = {k: replace(a, last_seen_s=0.0, gone=False) for k, a in _lasting(before).items()} == {
        k: replace(a, last_seen_s=0.0, gone=False) for k, a in kept.items()
    }
    return None if same else tuple(kept.values())


def _lasting(alarms: Mapping[str, Alarm]) -> dict[str, Alarm]:
    return {key: alarm for key, alarm in alarms.items() if alarm.state not in UNTOLD}
