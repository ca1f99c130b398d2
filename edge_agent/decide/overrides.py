"""Overrides: a safety officer lets one rule be for one permit, for a while (docs/domain.md section 3).

While it runs, what the rule finds stays an alarm for everybody to see and stops nothing. It ends with its
time, with the permit, with a restart of the box, or when somebody takes it back; never silently.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from edge_agent.decide.shelving import called_anew
from edge_agent.decide.state import Draft
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import TERMINAL, Override, Permit
from edge_agent.domain.words import Words

TIME_IS_UP = Words("时间已到", "its time is up")
TAKEN_BACK = Words("已撤回", "taken back")
RESTARTED = Words("主机重启", "the box restarted")
PERMIT_ENDED = Words("作业票结束", "the permit ended")


def let_be(permits: Iterable[Permit], now_s: float) -> frozenset[tuple[str, str]]:
    """(rule, permit) of every override that runs at this moment."""
    return frozenset(
        (one.rule, permit.ticket.id) for permit in permits for one in permit.overrides if now_s < one.until_s
    )


def end_due(draft: Draft) -> None:
    """Before the rules run: what has had its time, or belongs to work that is over, is over."""
    for permit in tuple(draft.permits.values()):
        for one in permit.overrides:
            if permit.state in TERMINAL:
                end(draft, permit.ticket.id, one, PERMIT_ENDED)
            elif draft.instant.now_s >= one.until_s:
                end(draft, permit.ticket.id, one, TIME_IS_UP)


def end(draft: Draft, id_: str, one: Override, why: Words) -> None:
    """One override ends: what its rule finds acts again, and calls anew."""
    permit = draft.permits[id_]
    draft.permits[id_] = replace(permit, overrides=tuple(other for other in permit.overrides if other != one))
    for key, alarm in draft.alarms.items():
        if alarm.verdict.rule == one.rule and alarm.verdict.finding.permit == id_:
            draft.alarms[key] = called_anew(alarm, draft.instant.now_s)
    draft.event("permit.override_ended", id_, Priority.MEDIUM, told(permit, one) | {"words": words(one, why)})


def told(permit: Permit, one: Override) -> dict[str, object]:
    """What an event about an override carries."""
    return {
        "rule": one.rule,
        "code": one.code,
        "by": one.by,
        "reason": one.reason,
        "until_utc": one.at_utc + one.until_s - one.at_s,
        "count": permit.override_count,
    }


def words(one: Override, what: Words) -> dict[str, str]:
    """One sentence about an override, for an event."""
    return {"zh": f"旁路 {one.title.zh}：{what.zh}", "en": f"override of {one.title.en}: {what.en}"}
