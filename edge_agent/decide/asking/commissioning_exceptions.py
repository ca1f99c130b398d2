"""What a safety officer alone may say in a commissioning: that a measured failure is let be, that work opens anew.

A person's word never stands against what the box has measured: only another measurement does. An exception leaves
the failure a failure, for everybody to read on the certificate, and ends by itself.
"""

import math

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import commissioning_gate as gate
from edge_agent.decide.asking.case import Errand, Reasons
from edge_agent.domain.commissioning import Act, Commissioning, Excepted, Grace, Item, Session, Trial
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Person, Role
from edge_agent.domain.words import Words

LEAST_REASON = 10  # characters: "ok" is no reason
MEASURED_FAILURE = Words(
    "本机测得未通过：只能重新测量，或由安全员写明原因和期限作为例外",
    "the box has measured that it failed: measure again, or a safety officer lets it be with a reason and an end",
)
NOT_AN_OFFICER = Words(
    "须由全站的安全员办理，且不是投运人本人",
    "only a safety officer of the whole site may do this, and not the one who commissions",
)
NOTHING_FAILED = Words("此项没有测得的失败", "nothing was measured to fail here")
NO_REASON = Words(f"请写明原因（至少 {LEAST_REASON} 个字符）", f"say why, in at least {LEAST_REASON} characters")
NO_NEED = Words("现在不需要安全员同意", "nobody need agree to that now")
NO_DATE = Words("时钟不可信", "the clock is not trusted")


def failed_by_measure(item: Item, made: Trial | None) -> bool:
    """Whether the box itself has seen this fail, on the device that hangs there now."""
    return made is not None and made.measured and made.outcome == "failed" and item.covered_by(made)


def let_be(errand: Errand, now: Commissioning, item: Item, act: Act) -> Reasons:
    """A measured failure counts as let be until then; it is printed beside what was measured."""
    made, session = now.trials.get(item.key), now.session
    if session is None or not _is_officer(errand.person, session):
        return (NOT_AN_OFFICER,)
    if made is None or not failed_by_measure(item, made):
        return (NOTHING_FAILED,)
    if not errand.draft.instant.trusted:
        return (NO_DATE,)  # its end would be one of a clock that may be years ahead
    faults = (*_reasoned(act), *_lasts(errand, act))
    if faults or act.days is None:
        return faults
    instant = errand.draft.instant
    excepted = Excepted(
        by=errand.request.person,
        reason=act.note.strip(),
        at_utc=instant.utc,
        until_utc=instant.utc + act.days * gate.DAY_S,
    )
    kept = replace(made, excepted=excepted)
    errand.draft.commissioning = replace(now, trials={**now.trials, kept.key: kept})
    errand.draft.event("commissioning.excepted", "unit", Priority.HIGH, {"trial": to_builtins(kept)})
    return ()


def agree(errand: Errand, now: Commissioning, session: Session, act: Act) -> Reasons:
    """Work may start without a certificate for one more shift, although that has been so too often."""
    instant = errand.draft.instant
    if not _is_officer(errand.person, session):
        return (NOT_AN_OFFICER,)
    if not instant.trusted:
        return (NO_DATE,)
    if gate.opened(now, instant) or not gate.lacking(errand.settings, now, instant):
        return (NO_NEED,)
    faults = _reasoned(act)
    if faults:
        return faults
    officer, reason = errand.request.person, act.note.strip()
    grace = Grace(at_utc=instant.utc, by=session.by, officer=officer, reason=reason)
    errand.draft.commissioning = gate.with_grace(now, grace)
    errand.draft.event("commissioning.opened", "unit", Priority.HIGH, {"by": officer, "reason": reason})
    return ()


def _is_officer(person: Person | None, session: Session) -> bool:
    return (
        person is not None and Role.SAFETY_OFFICER in person.roles and not person.areas and person.id != session.by
    )


def _reasoned(act: Act) -> Reasons:
    return () if len(act.note.strip()) >= LEAST_REASON else (NO_REASON,)


def _lasts(errand: Errand, act: Act) -> Reasons:
    most = errand.world.rulebook.device.exception_days.value
    if act.days is not None and math.isfinite(act.days) and 0 < act.days <= most:
        return ()
    return (Words(f"请填写天数，最多 {most:g} 天", f"say for how many days, {most:g} at most"),)
