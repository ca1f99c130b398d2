"""The alarm list: one alarm per episode, on- and off-delays, latching, chattering, acknowledgement.

After ISA-18.2 / IEC 62682. The list knows verdicts only, never a rule. Who is called when nobody
acknowledges is in escalation.py, silencing for a while in shelving.py, grouping in flood.py.
"""

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.outcome import UNTOLD, Alarm, AlarmState, Effect, Verdict
from edge_agent.domain.rulebook import AlarmLimits

ACTIVE = frozenset({AlarmState.UNACK_ACTIVE, AlarmState.ACK_ACTIVE})
OVER = frozenset({AlarmState.NORMAL, AlarmState.UNACK_RTN})


class AlarmStep(Struct, frozen=True, kw_only=True):
    """The list after one step, and what changed in it."""

    alarms: dict[str, Alarm]
    raised: tuple[Alarm, ...] = ()
    returned: tuple[Alarm, ...] = ()


def advance(
    before: Mapping[str, Alarm], verdicts: Iterable[Verdict], instant: Instant, limits: AlarmLimits
) -> AlarmStep:
    """The alarm list after this step's verdicts."""
    seen = {verdict.key: verdict for verdict in verdicts}
    alarms: dict[str, Alarm] = {}
    raised: list[Alarm] = []
    returned: list[Alarm] = []
    looked = {key: _still_seen(before.get(key), verdict, instant, limits) for key, verdict in seen.items()}
    for key, alarm in looked.items():
        if _heralded(alarm.verdict, looked):
            returned.extend([alarm] if _is_active(before.get(key)) else [])
            continue
        alarms[key] = alarm
        if _is_active(alarm) and not _is_active(before.get(key)):
            raised.append(alarm)
    for key, alarm in before.items():
        if key in seen:
            continue
        left = _not_seen(alarm, instant.now_s, limits)
        if left is not None:
            alarms[key] = left
        if _is_active(alarm) and not _is_active(left):
            returned.append(alarm)
    return AlarmStep(alarms=alarms, raised=tuple(raised), returned=tuple(returned))


def _heralded(verdict: Verdict, looked: Mapping[str, Alarm]) -> bool:
    """Whether what this one warns of has come: one alarm per episode."""
    about = f"{verdict.finding.permit}|{verdict.finding.subject}"
    return any(_is_active(looked.get(f"{rule}|{about}")) for rule in verdict.heralds)


def _is_active(alarm: Alarm | None) -> bool:
    return alarm is not None and alarm.state in ACTIVE


def _still_seen(before: Alarm | None, verdict: Verdict, instant: Instant, limits: AlarmLimits) -> Alarm:
    now_s = instant.now_s
    if before is None:
        before = Alarm(verdict=verdict, state=AlarmState.PENDING, first_seen_s=now_s, last_seen_s=now_s)
    elif before.state in OVER:
        before = replace(
            before, state=AlarmState.PENDING, first_seen_s=now_s, latched=before.state is AlarmState.UNACK_RTN
        )
    alarm = replace(before, verdict=verdict, last_seen_s=now_s, gone=False)
    if alarm.state in ACTIVE:
        return alarm
    if verdict.quiet:
        return replace(alarm, state=AlarmState.SUPPRESSED)
    if now_s - alarm.first_seen_s < verdict.on_delay_s:
        return replace(alarm, state=AlarmState.PENDING)
    return _raised(alarm, instant, limits)


def _raised(alarm: Alarm, instant: Instant, limits: AlarmLimits) -> Alarm:
    """A new episode. What comes too often is chattering, and must stay away longer to have gone."""
    now_s = instant.now_s
    lately = (*(at_s for at_s in alarm.raises if now_s - at_s < limits.chatter_s.value), now_s)
    return replace(
        alarm,
        state=AlarmState.UNACK_ACTIVE,
        raised_s=now_s,
        raised_utc=instant.utc,
        called_s=now_s,
        escalated=0,
        raises=lately,
        chattering=len(lately) >= limits.chatter_times.value,
        latched=False,
    )


def _not_seen(alarm: Alarm, now_s: float, limits: AlarmLimits) -> Alarm | None:
    """What is left of an alarm whose finding is gone: it stays for its off-delay, and if latched."""
    if alarm.state is AlarmState.UNACK_RTN or (alarm.state in UNTOLD and alarm.latched):
        return replace(alarm, state=AlarmState.UNACK_RTN, latched=False)
    if alarm.state in UNTOLD:
        return _remembered(alarm, now_s, limits)
    if now_s - alarm.last_seen_s < stay_away_s(alarm, limits):
        return alarm if alarm.gone else replace(alarm, gone=True)
    if alarm.verdict.latch and alarm.state is AlarmState.UNACK_ACTIVE:
        return replace(alarm, state=AlarmState.UNACK_RTN)
    return _remembered(alarm, now_s, limits)


def stay_away_s(alarm: Alarm, limits: AlarmLimits) -> float:
    """How long its finding must be gone before the alarm has gone."""
    off_s = alarm.verdict.off_delay_s
    return max(off_s, limits.chatter_off_s.value) if alarm.chattering else off_s


def _remembered(alarm: Alarm, now_s: float, limits: AlarmLimits) -> Alarm | None:
    """An alarm that is over is kept while it is shelved, or may turn out to be chattering."""
    lately = bool(alarm.raises) and now_s - alarm.raises[-1] < limits.chatter_s.value
    return replace(alarm, state=AlarmState.NORMAL) if lately or alarm.shelf is not None else None


def acknowledged(alarms: Mapping[str, Alarm], permit: str, key: str = "") -> dict[str, Alarm]:
    """The list after a person acknowledged one alarm that concerns this permit (`key`), or all of its own."""
    return {name: _acknowledged(alarm) if _meant(alarm, permit, key) else alarm for name, alarm in alarms.items()}


def _meant(alarm: Alarm, permit: str, key: str) -> bool:
    if key:
        return alarm.verdict.key == key and concerns(alarm, permit)
    return alarm.verdict.finding.permit == permit


def _acknowledged(alarm: Alarm) -> Alarm:
    if alarm.state in UNTOLD:
        return replace(alarm, latched=False)
    over = alarm.state is AlarmState.UNACK_RTN
    return replace(alarm, state=AlarmState.NORMAL if over else AlarmState.ACK_ACTIVE)


def concerns(alarm: Alarm, permit: str) -> bool:
    """Whether the alarm is about this permit, or about the whole unit."""
    return alarm.verdict.finding.permit in {permit, ""}


def _acts(alarm: Alarm, permit: str, least: Effect) -> bool:
    """Whether the alarm has at least this effect on this permit. An overridden one is there to be seen only."""
    return alarm.verdict.effect >= least and not alarm.verdict.overridden and concerns(alarm, permit)


def by_permit(alarms: Iterable[Alarm]) -> Callable[[str], tuple[Alarm, ...]]:
    """The alarms that concern a permit, looked up: sorted out once, so that a step does not grow by the square."""
    of: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        of.setdefault(alarm.verdict.finding.permit, []).append(alarm)
    return lambda permit: (*of.get(permit, ()), *of.get("", ()))


def pausing(alarms: Iterable[Alarm], permit: str) -> tuple[Alarm, ...]:
    """Alarms that stop this permit now, first-out first: asked anew each step, not only when raised."""
    found = [a for a in alarms if _is_active(a) and _acts(a, permit, Effect.PAUSE)]
    return tuple(
        sorted(found, key=lambda alarm: (alarm.raised_s or 0.0, alarm.verdict.priority, alarm.verdict.key))
    )


def standing(alarms: Iterable[Alarm], permit: str) -> tuple[Alarm, ...]:
    """What stands against starting or resuming: also findings that still wait for their on-delay."""
    live = (a for a in alarms if a.state not in OVER)
    found = [a for a in live if _acts(a, permit, Effect.BLOCK_START)]
    return tuple(sorted(found, key=lambda alarm: (alarm.verdict.priority, alarm.verdict.key)))
