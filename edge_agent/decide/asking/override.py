"""An override: a safety officer lets one rule be for a while, or somebody takes that back."""

from collections.abc import Iterator

from msgspec.structs import replace

from edge_agent.decide import overrides
from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.letting_be import ground
from edge_agent.domain.outcome import Alarm, Priority
from edge_agent.domain.permit import UNDER_WAY, Override
from edge_agent.domain.person import Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words


def _override(case: Case) -> Reasons:
    """For no time at all: take it back, which anybody on site may do."""
    request, permit, instant = case.request, case.permit, case.draft.instant
    running = next((one for one in permit.overrides if one.rule == request.rule), None)
    if request.for_s == 0 and running is not None:
        overrides.end(case.draft, permit.ticket.id, running, overrides.TAKEN_BACK)
        return ()
    found = _found(case)
    reasons = tuple(_against(case, found))
    if reasons or not found:
        return reasons
    verdict = found[0].verdict
    one = Override(
        rule=verdict.rule,
        code=verdict.code,
        title=verdict.title,
        by=request.person,
        reason=request.reason,
        at_s=instant.now_s,
        at_utc=instant.utc,
        until_s=instant.now_s + (request.for_s or 0.0),
    )
    kept = replace(permit, overrides=(one,), override_count=permit.override_count + 1)
    case.draft.permits[permit.ticket.id] = kept
    data = overrides.told(kept, one) | {"words": overrides.words(one, Words(one.reason, one.reason))}
    case.draft.event("permit.override_given", permit.ticket.id, Priority.CRITICAL, data)
    return ()


def _found(case: Case) -> tuple[Alarm, ...]:
    """What the rule finds for this permit now: nothing is overridden in advance."""
    return tuple(
        alarm
        for alarm in case.draft.alarms.values()
        if alarm.verdict.rule == case.request.rule and alarm.verdict.finding.permit == case.permit.ticket.id
    )


def _against(case: Case, found: tuple[Alarm, ...]) -> Iterator[Words]:
    """Everything that forbids this override."""
    permit, request = case.permit, case.request
    limit_s = case.world.rulebook.override.longest_s.value
    if case.person is None or Role.SAFETY_OFFICER not in case.person.roles:
        yield Words("须由安全员决定", "only a safety officer may decide this")
    if request.person in {permit.ticket.holder, *permit.ticket.guards, *permit.ticket.workers}:
        yield Words("本票人员不得旁路本票规则", "nobody overrides a rule for his own work")
    if permit.state not in UNDER_WAY:
        yield Words("作业尚未开始", "this work has not begun")
    if not request.reason.strip():
        yield Words("须说明理由", "a reason is needed")
    if request.for_s is None or not 0 < request.for_s <= limit_s:
        yield Words(f"时间须在 {limit_s:g} 秒以内", f"for how long: at most {limit_s:g} s")
    if permit.overrides:
        yield Words("已有一项旁路，同时只允许一项", "one rule is overridden already: one at a time")
    if not found:
        yield Words(f"规则 {request.rule} 目前没有报警", f"the rule {request.rule} finds nothing now")
    elif not all(alarm.verdict.overridable for alarm in found):
        verdict = found[0].verdict
        why = ground(verdict.rule, verdict.effect).why
        yield Words(f"此作业不得旁路此规则：{why.zh}", f"never overridden for this work: {why.en}")


HANDLERS: Handlers = {Ask.OVERRIDE: _override}
