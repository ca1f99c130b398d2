"""Lets a trigger act on a permit, and tells it: every change of a permit's state goes through `move`."""

from collections.abc import Mapping

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import coverage, coverage_told
from edge_agent.decide.notify import whom
from edge_agent.decide.permit_machine import Trigger, after
from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import UNTOLD, Effect, Priority
from edge_agent.domain.permit import TERMINAL, UNDER_WAY, Cause, Permit, State, Stop
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words

EVENT_OF = {
    Trigger.GATE_OPENS: "permit.ready",
    Trigger.GATE_SHUTS: "permit.not_ready",
    Trigger.START: "permit.started",
    Trigger.RULE_PAUSES: "permit.paused",
    Trigger.STOP: "permit.stopped",
    Trigger.ASK_RESUME: "permit.resume_requested",
    Trigger.RESUME_LAPSES: "permit.resume_lapsed",
    Trigger.RESUME: "permit.resumed",
    Trigger.RESUME_WATCH: "permit.resumed",
    Trigger.END_WORK: "permit.fire_watch",
    Trigger.END_STOPPED: "permit.work_ended",
    Trigger.CLOSE: "permit.closed",
    Trigger.EXPIRE: "permit.expired",
    Trigger.REVOKE: "permit.revoked",
    Trigger.RESTART: "permit.restarted",
}
URGENT = frozenset({Trigger.RULE_PAUSES, Trigger.STOP, Trigger.RESTART, Trigger.EXPIRE, Trigger.REVOKE})
CUT_SHORT = TERMINAL - {State.CLOSED}
Told = Mapping[str, object]
NOTHING_ELSE: Told = {}


def received(ticket: Ticket, instant: Instant) -> Permit:
    """A ticket's life begins: nothing of it is permitted."""
    return Permit(
        ticket=ticket,
        state=State.RECEIVED,
        since_s=instant.now_s,
        since_utc=instant.utc,
        end_at_s=instant.now_s + ticket.valid_to_utc - instant.utc,
    )


def move(
    draft: Draft, permit: Permit, trigger: Trigger, words: Words | None = None, also: Told = NOTHING_ELSE
) -> Permit:
    """Let a trigger act on a permit, and tell it. A trigger that means nothing here changes nothing."""
    state = after(permit.state, trigger)
    if state is None:
        return permit
    instant = draft.instant
    moved = permit
    if state is not permit.state:
        moved = replace(permit, state=state, since_s=instant.now_s, since_utc=instant.utc)
        moved = replace(moved, leaving=state in CUT_SHORT and _in_the_middle(draft, permit))
        moved = _watch_kept(_counted(moved, permit.state, draft), permit, trigger)
    moved = coverage.followed(moved, instant)
    draft.permits[permit.ticket.id] = moved
    priority = Priority.CRITICAL if trigger in URGENT else Priority.MEDIUM
    data = {**facts(moved), "from": permit.state.value, "notify": list(_whom(moved)), **also}
    if moved.state in TERMINAL and moved.coverage is not None:
        data["coverage"] = coverage_told.told(moved.coverage, instant.now_s)
    if words is not None:
        data["words"] = to_builtins(words)
    draft.event(EVENT_OF[trigger], permit.ticket.id, priority, data)
    return moved


BREAKS_A_WATCH = frozenset({Trigger.RULE_PAUSES, Trigger.STOP})


def _watch_kept(moved: Permit, before: Permit, trigger: Trigger) -> Permit:
    """How long a fire watch that is broken off now was kept. What a box slept through was no watch."""
    if before.state is not State.FIRE_WATCH or trigger not in BREAKS_A_WATCH:
        return moved
    return replace(moved, watch_kept_s=max(moved.watch_kept_s, moved.since_s - before.since_s))


def _in_the_middle(draft: Draft, permit: Permit) -> bool:
    """Whether people may be at the point: work was under way, or an alarm still calls. Shadow guards nobody."""
    calling = (
        alarm.verdict.finding.permit == permit.ticket.id and alarm.state not in UNTOLD
        for alarm in draft.alarms.values()
    )
    return not permit.shadow and (permit.state in UNDER_WAY or any(calling))


def _counted(stopped: Permit, before: State, draft: Draft) -> Permit:
    """A new stop of running work, put down to what caused it first."""
    if before not in {State.ACTIVE, State.FIRE_WATCH} or stopped.state not in {State.PAUSED, State.SUSPENDED}:
        return stopped
    first, instant = stopped.causes[0], draft.instant
    if first.drill:  # nobody is to blame for what was only played
        return stopped
    stop = Stop(
        at_s=instant.now_s,
        at_utc=instant.utc,
        pause_class=first.pause_class,
        blame=first.blame,
        shift=draft.shift,
    )
    return replace(stopped, stops=(*stopped.stops, stop))


def _whom(permit: Permit) -> tuple[str, ...]:
    """Who must know of a permit's change (ledger 2-26); of an evacuation, more."""
    return whom(Effect.EVACUATE if any(cause.evacuate for cause in permit.causes) else Effect.PAUSE)


def facts(permit: Permit) -> dict[str, object]:
    """What every event about a permit carries."""
    told: dict[str, object] = {
        "state": permit.state.value,
        "version": permit.ticket.version,
        "area": permit.ticket.area,
        "holder": permit.ticket.holder,
        "guard": permit.guard,
        "authorised": permit.authorised,
        "causes": [to_builtins(cause) for cause in permit.causes],
        "signatures": [to_builtins(signature) for signature in permit.signatures],
    }
    if permit.shadow:
        told["shadow"] = True
    if permit.causes and all(cause.drill for cause in permit.causes):  # one real cause makes a stop real
        told["drill"] = True
    return told


def with_causes(permit: Permit, fresh: tuple[Cause, ...], instant: Instant) -> Permit:
    """The permit with more causes; its signatures are void, its interruption clock runs."""
    stopped = replace(permit, causes=(*permit.causes, *fresh), signatures=())
    if permit.stopped_s is not None:
        return stopped
    return replace(stopped, stopped_s=instant.now_s, stopped_utc=instant.utc)
