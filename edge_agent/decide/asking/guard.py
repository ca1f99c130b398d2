"""The guard at the point: check-in, shown by wearable, screen or co-sign, relief, check-out, "I'm here"."""

from msgspec.structs import replace

from edge_agent.decide import consent
from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.guarding import elsewhere, may_take, not_shown, open_claim, press, spent, too_slow, unfit
from edge_agent.decide.permit_moves import NOTHING_ELSE, Told, facts
from edge_agent.domain.figures import Tries
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import Signature
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask, Presence
from edge_agent.domain.words import Words
from edge_agent.fuse.people import Tag

MAY_CO_SIGN = frozenset({Role.SHIFT_LEAD, Role.SAFETY_OFFICER})
NOT_A_GUARD = Words("不是本票的监护人", "not a guard of this permit")


def _check_in(case: Case) -> Reasons:
    """The guard at the point. Relief: the new guard checks in, and is the guard from then on."""
    if case.request.about:
        return _co_sign(case)
    permit, person = case.permit, case.person
    if person is None or not may_take(permit, person, case.draft.permits, case.world.rulebook.simops):
        return (NOT_A_GUARD,)
    tag, point = _tag(case, person), permit.ticket.point
    reasons = (
        *unfit(person, case.job, case.draft.permits, case.world),
        *too_slow(tag, case.job, case.world),
        *spent(tag, permit, case.world),
        *elsewhere(tag, point, case.world),
    )
    if reasons:
        return reasons
    unshown = not_shown(tag, point, case.world)
    presence = case.request.presence if unshown else Presence.TAG
    if unshown and tag is not None:
        case.draft.tried(f"check_in/{Presence.TAG.value}", Tries(tried=1))
    if presence is None:
        instant = case.draft.instant
        claim = Signature(person=person.id, capacity="guard", at_s=instant.now_s, at_utc=instant.utc)
        case.draft.permits[permit.ticket.id] = replace(permit, claim=claim)
        return (
            *unshown,
            Words("须由当班班长或安全员在现场确认", "a shift lead or safety officer must co-sign on site"),
        )
    _on_post(case, person, presence)
    return ()


def _co_sign(case: Case) -> Reasons:
    """Somebody entitled stands beside the guard and says so (docs/domain.md 2.5 G4, manual fallback)."""
    permit, signer, claim = case.permit, case.person, open_claim(case.permit, case.world)
    if signer is None or not MAY_CO_SIGN & set(signer.roles):
        return (Words("只有当班班长或安全员可以确认", "only a shift lead or safety officer may co-sign"),)
    guard = case.world.persons.get(claim.person) if claim is not None else None
    if guard is None or case.request.about != (guard.id,):
        return (Words("监护人须先签到，再由他人确认", "the guard asks first, then somebody co-signs"),)
    if signer.id == guard.id:
        return (Words("不得为自己确认", "nobody co-signs for himself"),)
    if not may_take(permit, guard, case.draft.permits, case.world.rulebook.simops):  # the ticket changed meanwhile
        return (NOT_A_GUARD,)
    tag = _tag(case, guard)
    reasons = (
        *unfit(guard, case.job, case.draft.permits, case.world),
        *spent(tag, permit, case.world),
        *elsewhere(tag, permit.ticket.point, case.world),
    )
    if reasons:
        return reasons
    _on_post(case, guard, Presence.CO_SIGNED, {"co_signed": signer.id})
    return ()


def _on_post(case: Case, person: Person, presence: Presence, also: Told = NOTHING_ELSE) -> None:
    """He is the guard from now on; his own clocks begin, those of the relieved one end."""
    permit = case.permit
    relieved = permit.guard if permit.guard != person.id else None
    checked = replace(
        permit,
        guard=person.id,
        guard_shift=case.draft.shift,
        checked_in_s=case.world.now_s,
        here_s=None,
        here_presses=0,
        claim=None,
        embers=None if permit.embers is None else replace(permit.embers, by=person.id),
    )
    case.draft.permits[permit.ticket.id] = checked
    data = {**facts(checked), "relieved": relieved, "presence": presence.value, **also}
    case.draft.tried(f"check_in/{presence.value}", Tries(tried=1, held=1))
    case.draft.event("guard.checked_in", permit.ticket.id, Priority.LOW, data)
    if relieved is not None:
        who = consent.person_of(case.draft.persons, relieved)
        words = Words(f"{person.name} 接替 {who} 监护", f"{person.name} relieves {who}")
        told = facts(checked) | {"relieved": relieved, "words": {"zh": words.zh, "en": words.en}}
        case.draft.event("guard.relieved", permit.ticket.id, Priority.MEDIUM, told)


def _check_out(case: Case) -> Reasons:
    """The guard leaves. Without a relief the post is empty from now on, and running work stops by its rule."""
    permit, person = case.permit, case.person
    if person is None or person.id != permit.guard:
        return (Words("不是现在的监护人", "not the guard on duty"),)
    left = replace(permit, guard=None, checked_in_s=None, here_s=None, here_presses=0)
    case.draft.permits[permit.ticket.id] = left
    case.draft.event("guard.checked_out", permit.ticket.id, Priority.MEDIUM, facts(left) | {"person": person.id})
    return ()


def _here(case: Case) -> Reasons:
    """The guard on duty shows that he is there and awake."""
    permit, person = case.permit, case.person
    if person is None or person.id != permit.guard:
        return (Words("不是现在的监护人", "not the guard on duty"),)
    return press(case.draft, permit, _tag(case, person), case.world, case.request.presence)


def _tag(case: Case, person: Person) -> Tag | None:
    return case.world.tags.get(person.tag) if person.tag else None


HANDLERS: Handlers = {Ask.CHECK_IN: _check_in, Ask.CHECK_OUT: _check_out, Ask.HERE: _here}
