"""Who is to feel it: the wearers whom an alarm concerns, by how urgent it is.

An alarm that asks somebody to answer calls the one whom it is about, or the guard; one that stops the work or
clears the place calls everybody of the permit. As with what is said aloud (speech.py) a call to leave stands until
its danger is over, everything else until somebody has acknowledged it.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from edge_agent.decide.speech import Urgency, urgency
from edge_agent.decide.state import State
from edge_agent.domain.outcome import Alarm
from edge_agent.domain.permit import Permit
from edge_agent.settings.site import Settings


class Call(Struct, frozen=True, order=True):
    """One wearable whose wearer is to be called now; a smaller urgency is the more urgent one."""

    urgency: Urgency
    tag: str


def calls(settings: Settings, state: State) -> tuple[Call, ...]:
    """Each wearable once, with the most urgent reason to call it; the most urgent first."""
    found: dict[str, Urgency] = {}
    for alarm in state.alarms.values():
        level = urgency(alarm)
        if level is not None:
            for tag in _tags(settings, state, alarm, level):
                found[tag] = min(level, found.get(tag, level))
    return tuple(sorted(Call(level, tag) for tag, level in found.items()))


def _tags(settings: Settings, state: State, alarm: Alarm, level: Urgency) -> Iterator[str]:
    finding = alarm.verdict.finding
    permits = [one for one in state.permits.values() if one.watched and finding.permit in ("", one.ticket.id)]
    if level is not Urgency.ANSWER:
        wanted: Iterable[str] = (person for permit in permits for person in _people(permit))
    elif finding.subject in settings.site.wearables:
        yield finding.subject
        return
    elif finding.subject in state.persons:
        wanted = (finding.subject,)
    else:
        wanted = (permit.guard for permit in permits if permit.guard is not None)
    for person in wanted:
        known = state.persons.get(person)
        if known is not None and known.tag in settings.site.wearables:
            yield known.tag


def _people(permit: Permit) -> Iterator[str]:
    ticket = permit.ticket
    yield from dict.fromkeys((ticket.holder, *ticket.guards, *ticket.workers))
