"""Putting right what an event has shown: taken on, pictured, done by one, looked at by another (1-24, 2-08).

Two people: nobody says of what he did himself that it is right (as 2-10 asks of the centre's own people).
"""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from edge_agent.decide.asking.case import Errand, Errands, Reasons
from edge_agent.decide.consent import person_of
from edge_agent.decide.rectify import ROLE_WORDS, keep, tell
from edge_agent.domain.rectification import VERIFIERS, WAITING, Rectification, answers_for
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

UNDER_WAY = frozenset({*WAITING, "accepted"})
STEPS = ("take", "before", "after", "done")


def _rectify(errand: Errand) -> Reasons:
    """`about`: which one, and which step; a picture comes with the steps before and after."""
    step = errand.request.about[1] if len(errand.request.about) == 2 else ""  # noqa: PLR2004 (which, and what)
    one = _named(errand)
    if one is None or step not in STEPS:
        return (Words("请写明整改项和步骤", f"say which rectification, and which step: {', '.join(STEPS)}"),)
    reasons = (*_not_his(errand, one), *_not_now(one), *AGAINST[step](errand, one))
    if not reasons:
        TAKEN[step](errand, one)
    return reasons


def _named(errand: Errand) -> Rectification | None:
    about = errand.request.about
    return errand.draft.rectifications.get(about[0]) if about else None


def _not_his(errand: Errand, one: Rectification) -> Iterator[Words]:
    person = errand.person
    if person is None or not answers_for(one.role, person.roles) or not person.holds_in(one.area):
        role = ROLE_WORDS[one.role]
        yield Words(f"此项由{role.zh}或其上级负责", f"{role.en} answers for this, or somebody above, of that area")


def _not_now(one: Rectification) -> Iterator[Words]:
    if one.status not in UNDER_WAY:
        yield Words(
            "此项已处理，等待或已完成复查", "it is done already: somebody else looks, or has looked, at it"
        )


def _taken_already(_errand: Errand, one: Rectification) -> Iterator[Words]:
    if one.status not in WAITING:
        yield Words(f"已由 {one.taken_by} 签收", f"{one.taken_by} has taken it on already")


def _no_picture(errand: Errand, _one: Rectification) -> Iterator[Words]:
    if errand.request.photo is None:
        yield Words("没有照片", "there is no picture with it")


def _unproved(errand: Errand, one: Rectification) -> Iterator[Words]:
    if one.after is None and not errand.request.reason.strip():
        yield Words(
            "须有整改后照片，或写明为何没有（如防爆区禁用手机）",
            "a picture of afterwards is needed, or why there is none (no phone allowed there)",
        )


AGAINST: dict[str, Callable[[Errand, Rectification], Iterator[Words]]] = {
    "take": _taken_already,
    "before": _no_picture,
    "after": _no_picture,
    "done": _unproved,
}


def _take(errand: Errand, one: Rectification) -> None:
    by = errand.request.person
    taken = replace(one, status="accepted", status_utc=errand.draft.instant.utc, taken_by=by)
    _told(errand, "rectification.taken", taken, Words("已签收", "taken on"))


def _picture(errand: Errand, one: Rectification) -> None:
    """Whoever takes a picture has taken the thing on."""
    by, utc, when = errand.request.person, errand.draft.instant.utc, errand.request.about[1]
    photo = errand.request.photo and replace(errand.request.photo, by=by, at_utc=utc)
    mine = one if one.status == "accepted" else replace(one, status="accepted", status_utc=utc, taken_by=by)
    shown = replace(mine, before=photo) if when == "before" else replace(mine, after=photo)
    said = (
        Words("整改前照片", "a picture of before")
        if when == "before"
        else Words("整改后照片", "a picture of afterwards")
    )
    _told(errand, "rectification.pictured", shown, said)


def _done(errand: Errand, one: Rectification) -> None:
    by, utc = errand.request.person, errand.draft.instant.utc
    done = replace(
        one,
        status="done",
        status_utc=utc,
        taken_by=one.taken_by or by,
        done_by=by,
        reason=errand.request.reason.strip(),
    )
    _told(
        errand,
        "rectification.done",
        done,
        Words("已整改，待他人复查", "put right, to be looked at by another"),
    )


TAKEN: dict[str, Callable[[Errand, Rectification], None]] = {
    "take": _take,
    "before": _picture,
    "after": _picture,
    "done": _done,
}


def _verify(errand: Errand) -> Reasons:
    """`about`: which one, and yes or no; a no says why."""
    one, answer = _named(errand), errand.request.about[1:]
    if one is None or answer not in {("yes",), ("no",)}:
        return (Words("请写明整改项，合格或退回", "say which rectification, and yes or no"),)
    good = answer == ("yes",)
    reasons = tuple(_not_a_second(errand, one))
    if not good and not errand.request.reason.strip():
        reasons = (*reasons, Words("退回须写明原因", "sent back without a reason"))
    if reasons:
        return reasons
    by, utc = errand.request.person, errand.draft.instant.utc
    if good:
        right = replace(one, status="verified", status_utc=utc, verified_by=by)
        _told(errand, "rectification.verified", right, Words("复查合格，销号", "it is right, closed"))
    else:
        back = replace(
            one, status="rejected", status_utc=utc, asked_utc=utc, reason=errand.request.reason.strip(), after=None
        )
        _told(
            errand, "rectification.sent_back", back, Words(f"复查退回：{back.reason}", f"sent back: {back.reason}")
        )
    return ()


def _not_a_second(errand: Errand, one: Rectification) -> Iterator[Words]:
    person = errand.person
    if one.status != "done":
        yield Words("尚未整改完成，不能复查", "nobody has said that it is done yet")
    if person is None or VERIFIERS.isdisjoint(person.roles) or not person.holds_in(one.area):
        yield Words(
            "须由班长、属地负责人、安全员或管理员复查",
            "a shift lead, area owner, safety officer or administrator of that area looks at it",
        )
    pictured = "" if one.after is None else one.after.by
    if errand.request.person in {one.done_by, one.taken_by, pictured}:
        yield Words("整改人不能复查自己的整改", "whoever did it does not say himself that it is right")


def _told(errand: Errand, type_: str, one: Rectification, said: Words) -> None:
    by, id_ = errand.request.person, one.id
    name = person_of(errand.draft.persons, by)
    keep(errand.draft, one)
    words = Words(f"{id_}（{one.title.zh}）{said.zh}，{name}", f"{id_} ({one.title.en}): {said.en}, by {name}")
    tell(errand.draft, type_, one, words, by)


HANDLERS: Errands = {Ask.RECTIFY: _rectify, Ask.VERIFY: _verify}
