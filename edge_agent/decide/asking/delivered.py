"""What is delivered, or told for the record: taken before the World is built, so that it knows it."""

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import change, ticket, vouching
from edge_agent.decide.asking import centre_records, noting, walking
from edge_agent.decide.fitness import record_fault
from edge_agent.decide.permit_moves import facts, received
from edge_agent.decide.state import Draft
from edge_agent.domain.asked import Asked
from edge_agent.domain.delivery import (
    DeviceDelivery,
    OrderDelivery,
    PersonDelivery,
    RecordDelivery,
    TicketDelivery,
)
from edge_agent.domain.noted import CameraWalked, Tally
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import UNDER_WAY, Permit
from edge_agent.domain.request import Answer, Request
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import joined
from edge_agent.settings.site import Settings

# Of a person's record, what the centre's message leaves as it is on the box.
KEPT_HERE = ("pin_hash", "badge_hash", "denied")


def take(draft: Draft, asked: tuple[Asked, ...], settings: Settings, written: Settings) -> None:
    """Everything that waits for no World. `written` are the settings as their files have them, no limit moved."""
    for item in asked:
        match item:
            case TicketDelivery():
                _take_ticket(draft, item, settings)
            case PersonDelivery():
                _take_person(draft, item)
            case DeviceDelivery():
                _take_device(draft, item, settings)
            case RecordDelivery():
                centre_records.keep(draft, item, written)
            case CameraWalked():
                walking.over(draft, item, settings)
            case Tally():
                for way, tries in item.ways.items():
                    draft.tried(way, tries)
            case Request() | OrderDelivery():
                pass  # answered after the rules, when the World is known
            case _:
                noting.note(draft, item)


def _take_device(draft: Draft, item: DeviceDelivery, settings: Settings) -> None:
    held, utc = draft.records.get(item.record.id), draft.instant.utc
    kept = vouching.delivered(settings, item.record, held, utc)
    draft.records = {**draft.records, kept.id: kept}
    draft.event("device.updated", item.record.id, Priority.LOW, {"record": to_builtins(item.record)})
    draft.answers.append(Answer(request=item.id, accepted=True))


def _take_ticket(draft: Draft, delivery: TicketDelivery, settings: Settings) -> None:
    arrived, instant = delivery.ticket, draft.instant
    reasons = (
        *ticket.not_of_the_centre(arrived),
        *ticket.faults(arrived, draft.permits.get(arrived.id), settings, draft.persons, instant),
    )
    draft.answers.append(Answer(request=delivery.id, accepted=not reasons, reasons=reasons))
    if reasons:
        data = {"version": arrived.version, "reasons": to_builtins(reasons)}
        draft.event("permit.refused", arrived.id, Priority.HIGH, data)
        return
    running = draft.permits.get(arrived.id)
    if running is not None and running.state in UNDER_WAY:
        _change_running(draft, running, arrived, settings)
        return
    permit = received(arrived, instant)
    draft.permits[arrived.id] = permit
    draft.event("permit.received", arrived.id, Priority.MEDIUM, facts(permit))


def _change_running(draft: Draft, permit: Permit, arrived: Ticket, settings: Settings) -> None:
    """What does not wait counts now; the rest when the guard has read it (ledger 2-17)."""
    instant, listed = draft.instant, change.changes(permit.ticket, arrived, settings.local_time)
    kept = change.at_once(permit.ticket, arrived)
    end_at_s = min(permit.end_at_s, instant.now_s + kept.valid_to_utc - instant.utc)
    changed = replace(permit, ticket=kept, pending=arrived, end_at_s=end_at_s)
    if permit.guard not in kept.guards:
        # Nor does his signature to a resume count any more.
        changed = replace(changed, guard=None, checked_in_s=None, here_s=None, here_presses=0, signatures=())
    draft.permits[arrived.id] = changed
    data = facts(changed) | {"version": arrived.version, "changes": to_builtins(listed)}
    draft.event("permit.change_received", arrived.id, Priority.HIGH, data | {"words": to_builtins(joined(listed))})


def _take_person(draft: Draft, delivery: PersonDelivery) -> None:
    """A record past its own deadline gives nobody anything; what it takes away holds, whatever came before it."""
    arrived, known = delivery.person, draft.persons.get(delivery.person.id)
    reasons = tuple(record_fault(arrived, draft.instant.utc))
    draft.answers.append(Answer(request=delivery.id, accepted=not reasons, reasons=reasons))
    if not reasons:
        held = replace(arrived, denied_here=None) if known is None else known.renewed(arrived)
        draft.persons = {**draft.persons, arrived.id: held}
        kept = [name for name in KEPT_HERE if getattr(held, name) != getattr(arrived, name)]
        draft.event("person.updated", arrived.id, Priority.LOW, {"denied": held.denied, "kept_here": kept})
        return
    if known is not None:
        denied = known.denied if arrived.denied is None else arrived.denied
        held = replace(known, valid_until_utc=arrived.valid_until_utc, denied=denied)
        draft.persons = {**draft.persons, arrived.id: held}
    draft.event("person.refused", arrived.id, Priority.HIGH, {"reasons": to_builtins(reasons)})
