"""Some minutes of a site decided again: what was measured, what the box decided and did, for people to look at."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.state import Decision, State
from edge_agent.decide.step import step
from edge_agent.domain.outcome import Action, Alarm, Event
from edge_agent.domain.permit import TERMINAL, Permit
from edge_agent.domain.words import Words, WordsError
from edge_agent.fuse import book, gas_site
from edge_agent.fuse.gas import Channel
from edge_agent.ops.folders import JOURNAL
from edge_agent.ops.incident import kept
from edge_agent.ops.incident.change import limits_now, rules_now
from edge_agent.ops.incident.journals import NOTHING, Span, segments
from edge_agent.ops.incident.spells import Spells
from edge_agent.ops.incident.tracks import Tracks
from edge_agent.ops.recordings.concerned import STANDS
from edge_agent.ops.replay import begun
from edge_agent.settings.site import Settings
from edge_agent.tell.live_incident import (
    Again,
    AlarmSpell,
    Incident,
    IncidentGas,
    OutputSpell,
    PermitSpell,
)
from edge_agent.tell.live_permit import LiveReason
from edge_agent.tell.picture_devices import limits_told

LONGEST_S = 3600.0
MOST_SPELLS = 500  # of each kind
MOST_TRACKS = 60  # channels, and people: those of the permits first


class _Seen(Struct, kw_only=True):
    """What is collected while the steps are decided again."""

    alarms: Spells[Alarm]
    permits: Spells[Permit]
    outputs: Spells[Action]
    tracks: Tracks
    events: list[Event]
    restarts: list[float]
    state: State
    channels: Mapping[str, Channel]
    same_settings: bool = True
    looked: bool = False  # whether there was a step in these minutes


def relive(settings: Settings, span: Span) -> Incident:
    """These minutes, one hour at most. Raises WordsError where nothing is kept, BadInputs, StoreError."""
    seen: _Seen | None = None
    for segment in segments(settings.state_folder / JOURNAL, span):
        state, opening = begun(settings, segment.start)
        if seen is None:
            seen = _nothing(settings, span, state)
        elif opening is not None:
            seen.restarts.append(segment.start.instant.utc)
        seen.same_settings &= segment.start.settings == settings.digest
        seen.tracks.goes_on(segment.start.instant, anew=opening is not None)
        if opening is not None:
            _look(seen, settings, opening, segment.start.instant, span)
        for inputs in segment.steps:
            decision = step(settings, state, inputs)
            state = decision.state
            seen.tracks.hear(inputs)
            _look(seen, settings, decision, inputs.instant, span)
    if seen is None or not seen.looked:
        raise WordsError(NOTHING)
    return _told(settings, span, seen)


def _nothing(settings: Settings, span: Span, state: State) -> _Seen:
    return _Seen(
        alarms=Spells(lambda alarm: alarm.raised_utc),
        permits=Spells(lambda permit: (permit.state, permit.causes)),
        outputs=Spells(lambda action: action.on),
        tracks=Tracks(settings, span),
        events=[],
        restarts=[],
        state=state,
        channels={},
    )


def _look(seen: _Seen, settings: Settings, decision: Decision, instant: Instant, span: Span) -> None:
    seen.state = decision.state
    if not span.holds(instant.utc):
        return
    state, utc = decision.state, instant.utc
    seen.looked = True
    seen.events += decision.events
    seen.alarms.see({key: one for key, one in state.alarms.items() if one.state in STANDS}, utc)
    seen.permits.see(state.permits, utc)
    seen.outputs.see({f"{one.device}/{one.channel}": one for one in decision.actions}, utc)
    if seen.tracks.due(instant):
        counts = book.effective(settings.rulebook, instant, state.centre)
        settings = replace(settings, rulebook=counts)  # the limits that decided
        seen.channels = gas_site.channels(settings, state.memory, seen.tracks.devices, instant.now_s)
        seen.tracks.close(instant, seen.channels)


def _told(settings: Settings, span: Span, seen: _Seen) -> Incident:
    recorded = kept.events(settings, span)
    happenings = tuple(kept.happening(one) for one in recorded)
    known = {one.seq: one for one in recorded}
    permits = [one for one in seen.permits.all() if one[0].state not in TERMINAL]
    first = _concerned(permit for permit, _, _ in permits)
    tags = _tags(seen.state, first)
    channels = _chosen(settings.site.gas, first)
    ways = seen.tracks.ways(tags.values())
    alarms, outputs = [*seen.alarms.all()], [*seen.outputs.all()]
    cut = max(len(alarms), len(permits), len(outputs)) > MOST_SPELLS or len(happenings) >= kept.MOST
    named = dict.fromkeys((*tags, *(id_ for one in happenings for id_ in one.who)))
    names = {device.id: device.name for device in settings.devices}
    return Incident(
        from_utc=span.from_utc,
        to_utc=span.to_utc,
        again=Again(
            decided=len(seen.events),
            agree=sum(kept.same(one, known.get(one.seq)) for one in seen.events),
            recorded=len(recorded),
            same_settings=seen.same_settings,
        ),
        restarts=tuple(seen.restarts),
        gas=tuple(_gas(id_, settings, seen.channels) for id_ in channels),
        curves=seen.tracks.curves(channels),
        ways={id_: ways[tag] for id_, tag in tags.items() if tag in ways},
        names={id_: person.name for id_ in named if (person := seen.state.persons.get(id_)) is not None},
        alarms=tuple(_alarm(*one) for one in alarms[:MOST_SPELLS]),
        permits=tuple(_permit(*one) for one in permits[:MOST_SPELLS]),
        outputs=tuple(_output(*one, names) for one in outputs[:MOST_SPELLS]),
        happenings=happenings,
        stills=tuple(kept.stills(settings, recorded)),
        limits=tuple(limits_now(settings.rulebook)),
        rules=tuple(rules_now()),
        cut=cut,
    )


def _concerned(permits: Iterable[Permit]) -> tuple[str, ...]:
    """Devices and people of these permits."""
    return tuple(
        dict.fromkeys(
            id_
            for permit in permits
            for id_ in (
                *permit.ticket.devices,
                permit.ticket.holder,
                *permit.ticket.guards,
                *permit.ticket.workers,
                *(one.person for one in permit.inside),
            )
        )
    )


def _chosen(all_: Iterable[str], first: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the permits, then the others, as many as are told."""
    there = set(all_)
    return tuple(islice(dict.fromkeys((*(one for one in first if one in there), *all_)), MOST_TRACKS))


def _tags(state: State, first: tuple[str, ...]) -> dict[str, str]:
    """By person, the wearable that he wears."""
    worn = {id_: person.tag for id_, person in state.persons.items() if person.tag}
    return {id_: worn[id_] for id_ in _chosen(worn, first)}


def _gas(id_: str, settings: Settings, channels: Mapping[str, Channel]) -> IncidentGas:
    table, channel = settings.site.gas[id_], channels.get(id_)
    return IncidentGas(
        id=id_,
        name=table.name,
        gas=table.gas,
        unit=(table.unit or "") if channel is None else channel.unit,
        limits=limits_told(settings.rulebook.gases.get(table.gas) if channel is None else channel.limits),
    )


def _alarm(alarm: Alarm, from_utc: float, until_utc: float | None) -> AlarmSpell:
    verdict = alarm.verdict
    return AlarmSpell(
        key=verdict.key,
        rule=verdict.rule,
        code=verdict.code,
        permit=verdict.finding.permit,
        title=verdict.title,
        detail=verdict.finding.detail,
        action=verdict.action,
        priority=int(verdict.priority),
        from_utc=from_utc if alarm.raised_utc is None else alarm.raised_utc,
        until_utc=until_utc,
    )


def _permit(permit: Permit, from_utc: float, until_utc: float | None) -> PermitSpell:
    return PermitSpell(
        permit=permit.ticket.id,
        type=permit.ticket.type,
        area=permit.ticket.area,
        state=permit.state.value,
        evacuate=any(cause.evacuate for cause in permit.causes),
        causes=tuple(_reasons(permit)),
        from_utc=from_utc,
        until_utc=until_utc,
    )


def _reasons(permit: Permit) -> Iterator[LiveReason]:
    for cause in permit.causes:
        yield LiveReason(
            title=cause.title, detail=cause.detail, since_utc=cause.at_utc, pause_class=cause.pause_class.value
        )


def _output(action: Action, from_utc: float, until_utc: float | None, names: Mapping[str, Words]) -> OutputSpell:
    return OutputSpell(
        device=action.device,
        name=names[action.device],
        channel=action.channel,
        does=action.output.value,
        on=action.on,
        from_utc=from_utc,
        until_utc=until_utc,
    )
