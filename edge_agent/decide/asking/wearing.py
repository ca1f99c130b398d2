"""Somebody of a permit puts another wearable on: the old one no longer speaks for him, from this step on."""

from collections.abc import Iterator

from msgspec.structs import replace

from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.guarding import empty, spent, too_slow
from edge_agent.decide.permit_moves import facts
from edge_agent.domain.outcome import Priority
from edge_agent.domain.person import Person
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words
from edge_agent.fuse.people import Tag

WHO = Words("须由本票负责人或监护人更换", "only the holder or a guard of this permit changes wearables")
NOBODY = Words("没有写明给谁换（只能一人）", "it says of nobody, or of several, whose wearable is changed")


def people(ticket: Ticket) -> tuple[str, ...]:
    """Whose wearables this permit's people change: everybody whom it names at work."""
    return tuple(dict.fromkeys((*ticket.workers, ticket.holder, *ticket.guards)))


def _wear(case: Case) -> Reasons:
    """He is watched by the new one alone: the rules look at it in the next step, with nothing taken over."""
    permit, request = case.permit, case.request
    person = case.draft.persons.get(request.about[0]) if len(request.about) == 1 else None
    if request.person not in {permit.guard, permit.ticket.holder, *permit.ticket.guards}:
        return (WHO,)
    if person is None:
        return (NOBODY,)
    wrong = (*_not_his(case, person), *_unfit(case, person))
    if wrong:
        return wrong
    worn = replace(person, tag=request.wearable)
    case.draft.persons = {**case.draft.persons, person.id: worn}
    data = {"by": request.person, "person": person.id, "wears": request.wearable, "before": person.tag}
    case.draft.event("person.wears", permit.ticket.id, Priority.MEDIUM, facts(permit) | data)
    return ()


def _not_his(case: Case, person: Person) -> Iterator[Words]:
    """Nobody of this permit, or one whose call for help would be silenced by it."""
    if person.id not in people(case.permit.ticket):
        yield Words(f"{person.name} 不在本票上", f"{person.name} is not on this permit")
    if calls(case.world.tags.get(person.tag or "")):
        yield Words(f"{person.name} 正在求救：先救人", f"{person.name} calls for help: see to him first")


def calls(tag: Tag | None) -> bool:
    """Whether a wearable that is heard says that its wearer needs help."""
    return tag is not None and tag.heard and (tag.sos or tag.fall)


def _unfit(case: Case, person: Person) -> Iterator[Words]:
    """Why this wearable cannot be his: not of this site, somebody else's, silent, or without charge."""
    id_ = case.request.wearable
    tag = case.world.tags.get(id_)
    if tag is None:
        yield Words(f"本站没有手环 {id_}", f"this site has no wearable {id_}")
        return
    name = tag.device.name
    if id_ == person.tag:
        yield Words(f"{person.name} 已佩戴 {name.zh}", f"{person.name} wears {name.en} already")
    for other in case.draft.persons.values():
        if other.tag == id_ and other.id != person.id:
            yield Words(f"{name.zh} 已登记给 {other.name}", f"{name.en} is {other.name}'s")
    if not tag.heard:
        yield Words(f"收不到 {name.zh}：请开机或充电", f"{name.en} is not heard: switch it on, or charge it")
    if person.id in {case.permit.guard, *case.permit.ticket.guards}:
        yield from spent(tag, case.permit, case.world)
        yield from too_slow(tag, case.job, case.world)
    else:
        yield from empty(tag, case.world)


HANDLERS: Handlers = {Ask.WEAR: _wear}
