"""Escalation: whom an alarm calls next while nobody acknowledges it. One ladder, one function. Pure."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.outcome import Alarm, AlarmState, Priority
from edge_agent.domain.rulebook import AlarmLimits, Limit

UNACKNOWLEDGED = frozenset({AlarmState.UNACK_ACTIVE, AlarmState.UNACK_RTN})


class Rung(Struct, frozen=True, kw_only=True):
    """One step of the ladder: who is called, and after how long without an acknowledgement."""

    name: str
    roles: tuple[str, ...]
    after: Callable[[AlarmLimits], Limit]


LADDER = (
    Rung(name="local", roles=("guard", "holder"), after=lambda limits: limits.local_s),
    Rung(name="officer", roles=("safety_officer",), after=lambda limits: limits.officer_s),
    Rung(name="manager", roles=("manager",), after=lambda limits: limits.manager_s),
)
# How many rungs an alarm of each priority climbs: nobody is called at night because a permit ends soon.
CLIMBS = {Priority.CRITICAL: 3, Priority.HIGH: 3, Priority.MEDIUM: 1, Priority.LOW: 0}


def climbed(
    alarms: Mapping[str, Alarm], limits: AlarmLimits, now_s: float
) -> tuple[dict[str, Alarm], tuple[tuple[Alarm, Rung], ...]]:
    """The list after this step, and every call that fell due in it."""
    after = dict(alarms)
    calls: list[tuple[Alarm, Rung]] = []
    for key, alarm in alarms.items():
        due = _due(alarm, limits, now_s)
        if due > alarm.escalated:
            after[key] = replace(alarm, escalated=due)
            calls.extend((after[key], rung) for rung in LADDER[alarm.escalated : due])
    return after, tuple(calls)


def _due(alarm: Alarm, limits: AlarmLimits, now_s: float) -> int:
    """How many rungs this alarm should have climbed by now; none while it is silenced or seen to."""
    if alarm.shown not in UNACKNOWLEDGED or alarm.called_s is None or alarm.verdict.overridden:
        return 0
    waited_s = now_s - alarm.called_s
    reached = sum(waited_s >= rung.after(limits).value for rung in LADDER)
    return min(reached, CLIMBS[alarm.verdict.priority])
