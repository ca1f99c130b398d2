"""The alarm list: one alarm per episode, on- and off-delays, latching, acknowledgement.

After ISA-18.2 / IEC 62682 as far as the box needs it. The list knows verdicts only, never a rule.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.outcome import Alarm, AlarmState, Effect, Verdict

ACTIVE = frozenset({AlarmState.UNACK_ACTIVE, AlarmState.ACK_ACTIVE})


class AlarmStep(Struct, frozen=True, kw_only=True):
    """The list after one step, and what changed in it."""

    alarms: dict[str, Alarm]
    raised: tuple[Alarm, ...] = ()
    returned: tuple[Alarm, ...] = ()


def advance(before: Mapping[str, Alarm], verdicts: Iterable[Verdict], instant: Instant) -> AlarmStep:
    """The alarm list after this step's verdicts."""
    seen = {verdict.key: verdict for verdict in verdicts}
    alarms: dict[str, Alarm] = {}
    raised: list[Alarm] = []
    returned: list[Alarm] = []
    for key, verdict in seen.items():
        alarm = _still_seen(before.get(key), verdict, instant)
        alarms[key] = alarm
        if alarm.state is AlarmState.UNACK_ACTIVE and not _is_active(before.get(key)):
            raised.append(alarm)
    for key, alarm in before.items():
        if key in seen:
            continue
        left = _not_seen(alarm, instant)
        if left is not None:
            alarms[key] = left
        if _is_active(alarm) and not _is_active(left):
            returned.append(alarm)
    return AlarmStep(alarms=alarms, raised=tuple(raised), returned=tuple(returned))


def _is_active(alarm: Alarm | None) -> bool:
    return alarm is not None and alarm.state in ACTIVE


def _still_seen(before: Alarm | None, verdict: Verdict, instant: Instant) -> Alarm:
    fresh = before is None or before.state is AlarmState.UNACK_RTN
    first_s = instant.now_s if fresh or before is None else before.first_seen_s
    alarm = Alarm(
        verdict=verdict,
        state=AlarmState.PENDING if fresh or before is None else before.state,
        first_seen_s=first_s,
        last_seen_s=instant.now_s,
        raised_s=None if fresh or before is None else before.raised_s,
        raised_utc=None if fresh or before is None else before.raised_utc,
    )
    due = instant.now_s - first_s >= verdict.on_delay_s
    if alarm.state is AlarmState.PENDING and due and not verdict.quiet:
        return replace(alarm, state=AlarmState.UNACK_ACTIVE, raised_s=instant.now_s, raised_utc=instant.utc)
    return alarm


def _not_seen(alarm: Alarm, instant: Instant) -> Alarm | None:
    """What is left of an alarm whose finding is gone: it stays for its off-delay, and if latched."""
    if alarm.state is AlarmState.PENDING:
        return None
    if alarm.state is AlarmState.UNACK_RTN:
        return alarm
    if instant.now_s - alarm.last_seen_s < alarm.verdict.off_delay_s:
        return alarm
    if alarm.verdict.latch and alarm.state is AlarmState.UNACK_ACTIVE:
        return replace(alarm, state=AlarmState.UNACK_RTN)
    return None


def acknowledged(alarms: Mapping[str, Alarm], permit: str, key: str = "") -> dict[str, Alarm]:
    """The list after a person acknowledged one alarm (`key`), or all of a permit."""
    left: dict[str, Alarm] = {}
    for name, alarm in alarms.items():
        meant = name == key if key else alarm.verdict.finding.permit == permit
        if not meant or alarm.state is AlarmState.PENDING:
            left[name] = alarm
        elif alarm.state is not AlarmState.UNACK_RTN:
            left[name] = replace(alarm, state=AlarmState.ACK_ACTIVE)
    return left


def concerns(alarm: Alarm, permit: str) -> bool:
    """Whether the alarm is about this permit, or about the whole unit."""
    return alarm.verdict.finding.permit in {permit, ""}


def pausing(alarms: Iterable[Alarm], permit: str) -> tuple[Alarm, ...]:
    """Alarms that stop this permit now, first-out first: asked anew each step, not only when raised."""
    found = [a for a in alarms if _is_active(a) and a.verdict.effect >= Effect.PAUSE and concerns(a, permit)]
    return tuple(
        sorted(found, key=lambda alarm: (alarm.raised_s or 0.0, alarm.verdict.priority, alarm.verdict.key))
    )


def standing(alarms: Iterable[Alarm], permit: str) -> tuple[Alarm, ...]:
    """What stands against starting or resuming: also findings that still wait for their on-delay."""
    live = (a for a in alarms if a.state is not AlarmState.UNACK_RTN)
    found = [a for a in live if a.verdict.effect >= Effect.BLOCK_START and concerns(a, permit)]
    return tuple(sorted(found, key=lambda alarm: (alarm.verdict.priority, alarm.verdict.key)))
