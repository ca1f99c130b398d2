"""Escalation: whom an alarm calls next while nobody acknowledges it, and how far. Pure."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.limit import Limit
from edge_agent.domain.outcome import Alarm, AlarmState, Effect, Priority
from edge_agent.domain.rulebook import AlarmLimits
from edge_agent.domain.words import Words

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


class Climb(Struct, frozen=True, kw_only=True):
    """How many rungs an alarm climbs, and why."""

    rungs: int
    why: Words


# Times and rungs: docs/domain.md 2.6. How far: who is called for what stops nothing learns to ignore the call.
STOPPED = Climb(
    rungs=len(LADDER),
    why=Words("作业已停止或须撤离：无人应答即逐级上报", "work is stopped or people leave: up to the manager"),
)
GRAVE = Climb(
    rungs=len(LADDER),
    why=Words("险情正在形成：无人应答即逐级上报", "a danger is building up: up to the manager"),
)
ON_SITE = Climb(
    rungs=1,
    why=Words(
        "只在现场再叫一次；升级为停止时再上报", "called again on site only; the stop that may follow climbs"
    ),
)
TOLD_ONCE = Climb(rungs=0, why=Words("只提示一次", "told once"))
BY_PRIORITY = {
    Priority.CRITICAL: GRAVE,
    Priority.HIGH: GRAVE,
    Priority.MEDIUM: ON_SITE,
    Priority.LOW: TOLD_ONCE,
}


def climb(effect: Effect, priority: Priority) -> Climb:
    """How far a rule with this row climbs. What repeats itself is told more urgently, and climbs no further."""
    return STOPPED if effect >= Effect.PAUSE else BY_PRIORITY[priority]


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
    return min(reached, alarm.verdict.rungs)
