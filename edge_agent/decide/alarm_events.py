"""One step of the alarm list, and every event that it makes: raised, returned, called again, a flood."""

from collections.abc import Iterable, Mapping

from msgspec import to_builtins

from edge_agent.decide import alarms as alarm_list
from edge_agent.decide import escalation, flood, shelving
from edge_agent.decide.alarm_codes import mapped
from edge_agent.decide.notify import whom
from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Alarm, Priority, Verdict
from edge_agent.domain.rulebook import AlarmLimits


def take(draft: Draft, verdicts: Iterable[Verdict], limits: AlarmLimits) -> None:
    """This step's verdicts become alarms, and alarms become events."""
    now_s = draft.instant.now_s
    _off_the_shelf(draft, now_s)
    changed = alarm_list.advance(draft.alarms, verdicts, draft.instant, limits)
    floods = flood.advance(draft.floods, changed.raised, limits, now_s)
    for alarm in changed.raised:
        running = floods[alarm.verdict.finding.permit].running
        draft.event(
            "alarm.raised", subject(alarm), alarm.verdict.priority, told(alarm) | _marks(alarm, flooding=running)
        )
    for alarm in changed.returned:
        draft.event("alarm.returned", subject(alarm), Priority.LOW, told(alarm))
    draft.alarms, calls = escalation.climbed(changed.alarms, limits, now_s)
    for alarm, rung in calls:
        waited_s = now_s - (alarm.called_s or now_s)
        data = told(alarm) | {"rung": rung.name, "notify": list(rung.roles), "waited_s": waited_s}
        draft.event("alarm.escalated", subject(alarm), alarm.verdict.priority, data)
    _floods(draft, floods)


def _off_the_shelf(draft: Draft, now_s: float) -> None:
    for alarm in shelving.over(draft.alarms, now_s):
        draft.alarms = shelving.taken_off(draft.alarms, alarm.verdict.key, now_s)
        draft.event("alarm.unshelved", subject(alarm), alarm.verdict.priority, told(alarm))


def _floods(draft: Draft, after: Mapping[str, flood.Flood]) -> None:
    for permit in flood.begun(draft.floods, after):
        one = after[permit]
        draft.event("alarms.flood", permit or "unit", flood.worst(one), flood.told(one))
    draft.floods = dict(after)


def _marks(alarm: Alarm, *, flooding: bool) -> dict[str, object]:
    """What people must know about this episode beside its rule; nothing in an ordinary one."""
    facts = alarm.verdict.finding.facts
    marks: dict[str, object] = {"notify": [*whom(alarm.verdict.effect), *facts.get("notify", ())]}
    if "first_sample_s" in facts and alarm.raised_s is not None:
        # The response clock: from the first sample beyond the limit to this decision (ledger 4-16, 4-24).
        marks["decided_after_ms"] = round((alarm.raised_s - facts["first_sample_s"]) * 1000)
    for name, holds in (
        ("chattering", alarm.chattering),
        ("flood", flooding),
        ("shelved", alarm.shelf is not None),
        ("overridden", alarm.verdict.overridden),
    ):
        if holds:
            marks[name] = True
    return marks


def subject(alarm: Alarm) -> str:
    """Whom an event about this alarm is about: a permit, or the unit."""
    return alarm.verdict.finding.permit or "unit"


def told(alarm: Alarm) -> dict[str, object]:
    """What every event about an alarm carries."""
    verdict = alarm.verdict
    marks: dict[str, object] = {}
    if verdict.signal:
        marks["signal"] = list(verdict.signal)
    if verdict.drill:
        marks["drill"] = True
    return {
        "rule": verdict.rule,
        "code": verdict.code,
        "mapped_code": mapped(verdict.code, verdict.priority),
        "effect": verdict.effect.name.lower(),
        "pause_class": verdict.pause_class.value,
        "blame": verdict.blame.value,
        "act_within_s": verdict.act_within_s,
        "source": verdict.finding.subject,
        "priority": int(verdict.priority),
        "title": to_builtins(verdict.title),
        "detail": to_builtins(verdict.finding.detail),
        "cause": to_builtins(verdict.cause),
        "consequence": to_builtins(verdict.consequence),
        "action": to_builtins(verdict.action),
        "latch": verdict.latch,
        **verdict.finding.facts,
        **marks,
    }
