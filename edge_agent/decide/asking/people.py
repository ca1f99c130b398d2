"""The guard counts people and tools in and out, and notes that somebody inside has answered."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from edge_agent.decide.asking.case import Case, Handlers, Reasons
from edge_agent.decide.consent import person_of
from edge_agent.decide.permit_moves import facts
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import Inside, Permit, State
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words

# Who may go in beside the people of the ticket: they look after the work, and are counted like everybody.
LOOK_AFTER = frozenset({Role.TESTER, Role.SAFETY_OFFICER, Role.AREA_OWNER, Role.SHIFT_LEAD})


def _enter(case: Case) -> Reasons:
    """In: only while work is permitted, only who belongs there, each once."""
    wrong = (*_by_the_guard(case), *_may_go_in(case))
    if wrong:
        return wrong
    permit, instant = case.permit, case.draft.instant
    entered = tuple(
        Inside(person=id_, since_s=instant.now_s, since_utc=instant.utc, heard_s=instant.now_s)
        for id_ in case.request.about
    )
    tools = permit.tools_inside + (case.request.tools or 0)
    _counted(case, replace(permit, inside=(*permit.inside, *entered), tools_inside=tools), "person.entered")
    return ()


def _leave(case: Case) -> Reasons:
    """Out: at any time, whatever the permit's state, and with no guard at the point too."""
    permit, tools_out = case.permit, case.request.tools or 0
    inside = {one.person for one in permit.inside}
    deputies = {permit.ticket.holder, *permit.ticket.guards} if permit.guard is None else set()
    wrong = [*_by_the_guard(case)] if case.request.person not in deputies else []
    wrong += [
        _word(case, id_, "没有登记进入", "was not counted in") for id_ in case.request.about if id_ not in inside
    ]
    if tools_out > permit.tools_inside:
        wrong.append(
            Words(
                f"带出工具 {tools_out} 件，多于带入的 {permit.tools_inside} 件",
                f"{tools_out} tools come out, and only {permit.tools_inside} went in",
            )
        )
    if wrong:
        return tuple(wrong)
    left = tuple(one for one in permit.inside if one.person not in case.request.about)
    _counted(case, replace(permit, inside=left, tools_inside=permit.tools_inside - tools_out), "person.left")
    return ()


def _contact(case: Case) -> Reasons:
    """Everybody named has answered; nobody named means everybody inside."""
    permit, now_s = case.permit, case.draft.instant.now_s
    named = case.request.about or tuple(one.person for one in permit.inside)
    inside = {one.person for one in permit.inside}
    wrong = [*_by_the_guard(case)]
    wrong += [_word(case, id_, "没有登记进入", "was not counted in") for id_ in named if id_ not in inside]
    if not named:
        wrong.append(Words("没有人登记进入", "nobody is counted in"))
    if wrong:
        return tuple(wrong)
    heard = tuple(replace(one, heard_s=now_s) if one.person in named else one for one in permit.inside)
    _counted(case, replace(permit, inside=heard), "person.answered")
    return ()


def _by_the_guard(case: Case) -> Iterator[Words]:
    """Only the guard at the point keeps the count (GB 30871-2022 6.8)."""
    if case.request.person != case.permit.guard:
        yield Words("须由在岗监护人登记", "only the guard at the point keeps the count")


def _may_go_in(case: Case) -> Iterator[Words]:
    permit, about = case.permit, case.request.about
    ticket = permit.ticket
    if not case.job.work.confined:
        yield Words("此类作业不登记进出", "people are not counted in and out of this kind of work")
    if permit.state is not State.ACTIVE:
        yield Words("当前不允许进入", "nobody may go in now")
    if not about and not case.request.tools:
        yield Words("没有写明谁进入", "nobody is named")
    inside = {one.person for one in permit.inside}
    allowed = {ticket.holder, *ticket.workers}
    for id_ in about:
        person = case.draft.persons.get(id_)
        looks_after = person is not None and _looks_after(person, ticket.area)
        if person is None:
            yield Words(f"人员 {id_} 不在名册中", f"{id_} is not on this site's list of people")
        elif person.denied is not None:
            yield _word(case, id_, f"禁止作业：{person.denied}", f"may not work here: {person.denied}")
        elif id_ not in allowed and not looks_after:
            yield _word(case, id_, "不在本票作业人员内", "is not one of this ticket's workers")
        elif id_ in inside:
            yield _word(case, id_, "已登记进入", "is counted in already")
    if len(set(about)) < len(about):
        yield Words("同一人写了两次", "the same person is named twice")


def _looks_after(person: Person, area: str) -> bool:
    return bool(LOOK_AFTER & set(person.roles)) and person.holds_in(area)


def _word(case: Case, id_: str, zh: str, en: str) -> Words:
    name = person_of(case.draft.persons, id_)
    return Words(f"{name} {zh}", f"{name} {en}")


def _counted(case: Case, permit: Permit, event: str) -> None:
    case.draft.permits[permit.ticket.id] = permit
    data = facts(permit) | {
        "persons": list(case.request.about),
        "tools": case.request.tools,
        "inside": [one.person for one in permit.inside],
        "tools_inside": permit.tools_inside,
        "by": case.request.person,
    }
    case.draft.event(event, permit.ticket.id, Priority.LOW, data)


def still_in(permit: Permit, persons: Mapping[str, Person]) -> Iterator[Words]:
    """What the count says against closing: people or tools that have not come out."""
    if permit.inside:
        names = [person_of(persons, one.person) for one in permit.inside]
        yield Words(
            f"登记显示 {len(names)} 人仍在内部：{'、'.join(names)}", f"{', '.join(names)} still counted as inside"
        )
    if permit.tools_inside:
        yield Words(f"{permit.tools_inside} 件工具未带出", f"{permit.tools_inside} tools have not come out")


HANDLERS: Handlers = {Ask.ENTER: _enter, Ask.LEAVE: _leave, Ask.CONTACT: _contact}
