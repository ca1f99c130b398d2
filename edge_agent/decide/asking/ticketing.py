"""Permits without a central system: drawn up on the box, signed by whom the kind of work demands, extended anew.

Such a ticket passes the very gate that one from the centre passes. Nothing here touches a ticket of the centre's,
and none of the box's own is changed in what it allows: a signature is a new version, more time is a new ticket.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from edge_agent.decide import measures
from edge_agent.decide import ticket as tickets
from edge_agent.decide.asking import linking
from edge_agent.decide.asking.case import Case, Errand, Errands, Handlers, Reasons
from edge_agent.decide.change import NAMES
from edge_agent.decide.permit_moves import facts, received
from edge_agent.decide.rules.gate_ticket import ROLES, SITE_ROLES
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import Permit, State
from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import MADE_HERE, Approval, DraftTicket, Measure, Ticket, WorkType
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.linked import only_linked
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings

MAY_DRAW_UP = frozenset({Role.HOLDER, Role.SHIFT_LEAD})
NEEDED = ("type", "area", "point", "valid_to_utc", "holder", "guards", "workers")
# An extension is the same work for longer; what makes it another one is a ticket of its own (GB 30871-2022 4.17).
SAME = ("type", "level", "area", "point", "content", "scopes", "uses", "pipe", "outdoor", "measures", "linked")
NOT_WRITTEN = frozenset({"extends"})


def _draw_up(errand: Errand) -> Reasons:
    drafted, draft, person = errand.request.ticket, errand.draft, errand.person
    if drafted is None:
        return (Words("没有写明作业票内容", "it does not say what the ticket is to hold"),)
    if person is None or not MAY_DRAW_UP & set(person.roles):
        return (Words("须由作业负责人或当班班长开票", "only a permit holder or the shift lead draws up a ticket"),)
    if not draft.instant.trusted:
        return (Words("时钟不可信，不能开票", "the clock is not trusted: a ticket needs a date"),)
    old = draft.permits.get(drafted.extends)
    wrong = (*_extended_wrongly(drafted, old), *_missing(drafted, old, errand.settings))
    if wrong:
        return wrong
    made = _made(errand, drafted, old, person)
    reasons = (
        *_out_of_place(person, made),
        *linking.faults(errand, made, person),
        *(measures.faults(made, errand.settings) if old is None else ()),
        *tickets.faults(made, None, errand.settings, draft.persons, draft.instant),
    )
    if reasons:
        return reasons
    permit = received(made, draft.instant)
    draft.permits[made.id] = permit
    told = {"by": person.id, "extends": made.extends, "ticket": to_builtins(made)}
    told |= {"left_out": measures.left_out(made, errand.settings.rulebook)}
    draft.event("permit.received", made.id, Priority.MEDIUM, facts(permit) | told)
    linking.name_in_turn(errand, made)
    return ()


def _made(errand: Errand, drafted: DraftTicket, old: Permit | None, person: Person) -> Ticket:
    """The ticket as it stands from now on; what an extension does not say is as before, but for the signatures."""
    draft, unit = errand.draft, errand.settings.site.site.unit
    given = _given(drafted)
    base: dict[str, Any] = {"level": "", "devices": ()}
    if old is not None:
        names = (name for name in old.ticket.__struct_fields__ if name in drafted.__struct_fields__)
        base = {name: getattr(old.ticket, name) for name in names if name not in NOT_WRITTEN}
        base |= {"linked": linking.carried(old.ticket.linked, draft.permits)}
        base.pop("valid_from_utc")
    written = {"valid_from_utc": draft.instant.utc} | base | given
    if old is None:
        written |= {"measures": _measures(written, errand.settings)}
    return Ticket(
        **written,
        id=f"{MADE_HERE}{unit[:32]}-{draft.seq + 1}",
        version=1,
        made_by=person.id,
        extends=drafted.extends,
    )


def _measures(written: dict[str, Any], settings: Settings) -> tuple[Measure, ...]:
    """As they are written; where nothing is, all that the kind of work asks for."""
    if "measures" in written:
        return measures.in_the_books_words(written["measures"], settings.rulebook)
    kind = f"{written['type']}.{written['level']}" if written["level"] else written["type"]
    return measures.usual(kind, written["devices"], settings)


def _given(drafted: DraftTicket) -> dict[str, Any]:
    names = (name for name in drafted.__struct_fields__ if name not in NOT_WRITTEN)
    return {name: value for name in names if (value := getattr(drafted, name)) is not None}


def _extended_wrongly(drafted: DraftTicket, old: Permit | None) -> Iterator[Words]:
    if not drafted.extends:
        return
    if old is None:
        yield Words(f"没有作业票 {drafted.extends}", f"there is no permit {drafted.extends}")
        return
    for name, value in _given(drafted).items():
        if name in SAME and value != getattr(old.ticket, name):
            what = NAMES[name]
            yield Words(
                f"延期是同一项作业：{what.zh}不同须另开新票",
                f"an extension is the same work: another {what.en} needs a ticket of its own",
            )
    if drafted.valid_to_utc is None:
        yield Words("没有写明延期到何时", "it does not say until when")


def _missing(drafted: DraftTicket, old: Permit | None, settings: Settings) -> Iterator[Words]:
    if old is not None or drafted.extends:
        return
    kind = f"{drafted.type}.{drafted.level}" if drafted.level else drafted.type or ""
    needed = list(NEEDED)
    if drafted.type == WorkType.BLIND_PLATE:
        needed.append("pipe")  # two plates in one pipe never move at once (GB 30871-2022 7.10)
    if settings.rulebook.works.get(kind, UNKNOWN_WORK).wind_stop_mps is not None:
        needed.append("outdoor")  # whether the wind counts is not guessed
    for name in needed:
        if getattr(drafted, name) in {None, ""}:
            what = NAMES[name]
            yield Words(f"没有写明{what.zh}", f"not given: {what.en}")


def _out_of_place(person: Person, made: Ticket) -> Iterator[Words]:
    if not person.holds_in(made.area):
        yield Words(
            f"{person.name} 的权限不含区域 {made.area}", f"{person.name} is not entitled in the area {made.area}"
        )


def _approve(case: Case) -> Reasons:
    """One of those who must sign it, in one capacity: the next version of the box's own ticket."""
    permit, ticket = case.permit, case.permit.ticket
    reasons = tuple(_against_approving(case))
    if reasons:
        return reasons
    role, draft = _capacity(case), case.draft
    signed = Approval(role=role or "", person=case.request.person, at_utc=draft.instant.utc)
    newer = replace(ticket, version=ticket.version + 1, approvals=(*ticket.approvals, signed))
    wrong = tickets.faults(newer, permit, case.settings, draft.persons, draft.instant)
    if wrong:
        return wrong
    approved = replace(permit, ticket=newer, signatures=())
    draft.permits[ticket.id] = approved
    left = to_approve(case.job, newer, case.world, upgraded=False)
    told = {"by": signed.person, "role": role, "still_needed": left, "ticket": to_builtins(newer)}
    told |= {"left_out": measures.left_out(newer, case.world.rulebook)}
    data = facts(approved) | told
    draft.event("permit.approved", ticket.id, Priority.LOW, data)
    return ()


def _against_approving(case: Case) -> Iterator[Words]:
    """Whose ticket it is and when, then who: he holds the role, did not draw it up, and signs once."""
    ticket, person = case.permit.ticket, case.request.person
    if not ticket.made_by:
        yield Words("本票由中心下发，须在中心审批", "this ticket is the centre's: it is signed there")
    elif case.permit.state not in {State.RECEIVED, State.READY}:
        yield Words("作业已开始，不再审批", "the work has begun: nothing is approved any more")
    elif person == ticket.made_by:
        yield Words("开票人不得审批自己的票", "nobody approves a ticket that he drew up himself")
    elif person in ticket.approvers:
        yield Words("此人已签字，其余须由他人签", "he has signed already: the next signature is somebody else's")
    elif _capacity(case) is None:
        yield _not_asked_for(to_approve(case.job, ticket, case.world))


def _capacity(case: Case) -> str | None:
    """The first role that has still to sign, that he holds, and that he names if he names any."""
    open_ = to_approve(case.job, case.permit.ticket, case.world)
    named = case.request.about or open_
    return next((role for role in named if role in open_ and _signs_as(case.person, role)), None)


def to_approve(job: Job, ticket: Ticket, world: World, *, upgraded: bool = True) -> tuple[str, ...]:
    """The roles that have not signed it: of its kind of work, and at night (`upgraded`) of the higher one.

    Two tickets of one job are each approved as both kinds ask (decide/rules/simops.py).
    """
    higher = job.higher.approvals if upgraded and job.higher is not None else ()
    wanted = dict.fromkeys((*job.work.approvals, *higher, *_of_one_job(ticket, world)))
    given = {one.role for one in ticket.approvals}
    return tuple(role for role in wanted if role not in given)


def _of_one_job(ticket: Ticket, world: World) -> Iterator[str]:
    """Who must sign the other ticket of a job of two."""
    for id_ in ticket.linked:
        other = world.job_of.get(id_)
        if other is not None and only_linked(ticket, other.permit.ticket, world.rulebook):
            yield from other.work.approvals


def _signs_as(person: Person | None, role: str) -> bool:
    """A role of this site stands in his record as such, any other (a manager's) among those that he signs as."""
    held = () if person is None else person.roles if role in SITE_ROLES else person.signs_as
    return role in held


def _not_asked_for(roles: tuple[str, ...]) -> Words:
    if not roles:
        return Words("审批已齐", "everybody who must approve it has signed")
    names = [ROLES.get(role, Words(role, role)) for role in roles]
    zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    return Words(f"须由{zh}签字", f"still to approve: {en}; not this person")


ERRANDS: Errands = {Ask.TICKET: _draw_up}
HANDLERS: Handlers = {Ask.APPROVE: _approve}
