"""What every output should be: a permissive holds only for permitted work, and everything else falls.

A siren says one of two things, the worse of all that it is asked to say: in pulses "stop work", without a
break "leave". The signal that needs no timing is the one for the worse: a module, a thread or a contact that
hangs while sounding can only turn a stop into an evacuation, never the other way round.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import assert_never

from msgspec import Struct

from edge_agent.decide.permit_machine import PERMITTED
from edge_agent.domain.outcome import Action, Alarm, AlarmState, Effect, Output, Pulse
from edge_agent.domain.permit import STOPPED, UNDER_WAY, Permit
from edge_agent.domain.rulebook import AlarmLimits
from edge_agent.domain.ticket import Ticket
from edge_agent.fuse.relays import Wanted
from edge_agent.fuse.same import Same
from edge_agent.fuse.sirens import SOUNDERS, Trial
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import RelayTable


class Signal(IntEnum):
    """What a siren says: the worse wins."""

    SILENT = 0
    STOP = 1
    LEAVE = 2


class Called(Struct, frozen=True, kw_only=True):
    """What the alarms that sound call for: by permit ("" is every work under way), and areas to be left."""

    permits: dict[str, Signal]
    areas: frozenset[str]


class Says(Struct, frozen=True, kw_only=True):
    """What one module is to say now, apart from what each of its jobs permits."""

    signal: Signal
    beats: bool  # its heartbeat goes on
    holds: frozenset[str]  # its interlock outputs that may
    tried: frozenset[str] = frozenset()  # its outputs that are tried now, without a break; nothing else moves


def wanted(
    settings: Settings,
    permits: Iterable[Permit],
    alarms: Iterable[Alarm],
    holding: frozenset[str] = frozenset(),
    *,
    trial: Trial | None = None,
) -> tuple[Action, ...]:
    """The wanted state of every output of the site, in the settings' order; `trial`: what is tried now.

    `holding` are the interlock outputs that may hold (interlocks.py).
    """
    relays, watched = settings.site.relays, [permit for permit in permits if permit.watched]
    bound = _bound(watched, relays)
    alarms = tuple(alarms)
    called = _called(alarms)
    areas = called.areas | _unheard(called, watched, relays)
    sounding = _sirens_of(areas, relays)
    unproven = frozenset(alarm.verdict.finding.permit for alarm in alarms if _ends_heartbeat(alarm))
    limits = settings.rulebook.alarm
    actions: list[Action] = []
    for device, table in relays.items():
        signal = Signal.LEAVE if device in sounding else _signal(bound[device], called)
        working = [permit for permit in bound[device] if _at_it(permit)]
        tried = frozenset(
            name
            for name, row in table.outputs.items()
            if signal is Signal.SILENT and trial is not None and trial.of(f"{device}/{name}", Output(row.does))
        )
        beats = not any(permit.ticket.id in unproven for permit in bound[device])
        holds = frozenset(name for name in table.outputs if f"{device}/{name}" in holding)
        says = Says(signal=signal, beats=beats, holds=holds, tried=tried)
        actions.extend(_of_module(device, device, table, limits, says, *working))
    return tuple(actions)


@Same
def _of_module(
    device: str, table: RelayTable, limits: AlarmLimits, says: Says, *working: Permit
) -> tuple[Action, ...]:
    """The wanted state of each output of one module."""
    stop_work = Pulse(on_s=limits.siren_on_s.value, off_s=limits.siren_off_s.value)
    pulses = {Output.SIREN: stop_work} if says.signal is Signal.STOP else {}
    return tuple(
        Action(
            device=device,
            channel=name,
            output=Output(row.does),
            on=_on(Output(row.does), working, says, name),
            pulse=pulses.get(Output(row.does)) if row.period_s is None else Pulse.even(row.period_s),
        )
        for name, row in table.outputs.items()
    )


def _ends_heartbeat(alarm: Alarm) -> bool:
    """A stop that was not seen to be done ends it; until somebody has acknowledged that it was done after all."""
    stands = alarm.state in (AlarmState.UNACK_ACTIVE, AlarmState.ACK_ACTIVE, AlarmState.UNACK_RTN)
    return alarm.verdict.ends_heartbeat and stands


def _bound(permits: Iterable[Permit], relays: Mapping[str, RelayTable]) -> dict[str, list[Permit]]:
    """The permits that bind each module."""
    bound: dict[str, list[Permit]] = {device: [] for device in relays}
    for permit in permits:
        for device in _modules(permit.ticket.id, permit.ticket, relays):
            bound[device].append(permit)
    return bound


def _on(does: Output, working: tuple[Permit, ...], says: Says, name: str) -> bool:  # noqa: PLR0911 (one per kind)
    signal = says.signal
    match does:
        case Output.PERMISSIVE:
            # One output shared by several jobs falls with the first of them that may not work; also while the
            # people of a job that has ended may still be at it.
            return bool(working) and all(permit.state in PERMITTED and not permit.shadow for permit in working)
        case Output.INTERLOCK:
            return name in says.holds
        case Output.BEACON:
            stopped = any((permit.state in STOPPED or permit.leaving) and not permit.shadow for permit in working)
            return stopped or signal is Signal.LEAVE or name in says.tried
        case Output.SIREN:
            return signal > Signal.SILENT or name in says.tried
        case Output.EVACUATE:
            return signal is Signal.LEAVE or name in says.tried
        case Output.AMBER:
            return any(permit.overrides for permit in working) or name in says.tried
        case Output.HEARTBEAT:
            return says.beats
        case _:
            assert_never(does)


def _at_it(permit: Permit) -> bool:
    """Whether people may be at this work now."""
    return permit.state in UNDER_WAY or permit.leaving


def _called(alarms: Iterable[Alarm]) -> Called:
    permits: dict[str, Signal] = {}
    areas: set[str] = set()
    for alarm in alarms:
        signal = says(alarm)
        if alarm.verdict.clears and signal is Signal.LEAVE:
            areas.add(alarm.verdict.finding.facts["area"])
        elif signal > Signal.SILENT:
            permit = alarm.verdict.finding.permit
            permits[permit] = max(signal, permits.get(permit, Signal.SILENT))
    return Called(permits=permits, areas=frozenset(areas))


def says(alarm: Alarm) -> Signal:
    """An evacuation sounds until its danger is over; a stop until somebody has acknowledged it."""
    if alarm.verdict.overridden:
        return Signal.SILENT
    calls = alarm.shown is AlarmState.UNACK_ACTIVE
    leave = alarm.verdict.effect is Effect.EVACUATE or alarm.verdict.clears
    if leave and (calls or alarm.shown is AlarmState.ACK_ACTIVE):
        return Signal.LEAVE
    return Signal.STOP if calls and alarm.verdict.effect >= Effect.PAUSE else Signal.SILENT


def _signal(bound: list[Permit], called: Called) -> Signal:
    """What this relay's permits call for: a stop of work under way; to leave, also before it has begun."""
    signal = Signal.SILENT
    for permit in bound:
        own = called.permits.get(permit.ticket.id, Signal.SILENT)
        everybody = called.permits.get("", Signal.SILENT)
        if _at_it(permit):
            signal = max(signal, own, everybody)
        elif own is Signal.LEAVE:
            signal = own
    return signal


def _unheard(called: Called, permits: Iterable[Permit], relays: Mapping[str, RelayTable]) -> frozenset[str]:
    """Areas that people must leave whose permit binds no siren."""
    leave = {id_ for id_, signal in called.permits.items() if signal is Signal.LEAVE}
    return frozenset(
        permit.ticket.area
        for permit in permits
        if permit.ticket.id in leave
        and not any(_sounds(relays[one]) for one in _modules(permit.ticket.id, permit.ticket, relays))
    )


@Same
def _modules(ticket: Ticket, relays: Mapping[str, RelayTable]) -> tuple[str, ...]:
    """The relay modules that a ticket binds, each once."""
    return tuple(dict.fromkeys(device for device in ticket.devices if device in relays))


def _sounds(table: RelayTable) -> bool:
    return any(Output(row.does) in SOUNDERS for row in table.outputs.values())


def _sirens_of(areas: Iterable[str], relays: Mapping[str, RelayTable]) -> frozenset[str]:
    """Every siren of these areas; of an area in which no siren is known to stand, every siren of the site."""
    found: set[str] = set()
    for area in areas:
        there = {device for device, table in relays.items() if area in table.areas and _sounds(table)}
        found |= there or set(relays)
    return frozenset(found)


def since(before: Mapping[str, Wanted], actions: Iterable[Action], now_s: float) -> dict[str, Wanted]:
    """Each wanted action with the second since which it has been wanted."""
    after: dict[str, Wanted] = {}
    for action in actions:
        key = f"{action.device}/{action.channel}"
        old = before.get(key)
        kept = old is not None and old.action == action
        after[key] = old if kept and old is not None else Wanted(action=action, since_s=now_s)
    return after
