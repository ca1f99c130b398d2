"""People's papers: certificates that hold and cover the work, training, the day's class, the record itself.

Holder, workers and the guard at the post are looked at, so that a relief guard at home stops nothing; his
papers are looked at when he checks in.
"""

import math
from collections.abc import Iterator

from msgspec import Struct

from edge_agent.decide import fitness
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass, Permit
from edge_agent.domain.person import Person
from edge_agent.domain.ticket import Ticket
from edge_agent.domain.words import Words, joined
from edge_agent.domain.work_limits import WorkLimits
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.same import Same
from edge_agent.fuse.world import World


def no_licence(world: World) -> Iterator[Finding]:
    """Somebody without a certificate that holds now (ledger 2-13, 2-14, 2-18)."""
    for job, person, scopes in _uncovered(world):
        lacking = tuple(scope for scope in scopes if not _out_of_scope(person, scope, world.instant.utc))
        yield from _found(job, person, fitness.certificate_faults(person, lacking, world.instant.utc))


def out_of_scope(world: World) -> Iterator[Finding]:
    """Somebody whose valid certificates do not cover this work (ledger 2-19: low voltage, high voltage)."""
    for job, person, scopes in _uncovered(world):
        beyond = tuple(scope for scope in scopes if _out_of_scope(person, scope, world.instant.utc))
        yield from _found(job, person, fitness.certificate_faults(person, beyond, world.instant.utc))


def _uncovered(world: World) -> Iterator[tuple[Job, Person, list[str]]]:
    """Everybody looked at whose certificates do not cover his task now, with the scopes that are lacking."""
    utc = world.instant.utc
    for job, task in _not_in_order(world):
        lacking = [scope for scope in task.scopes if not fitness.is_certified(task.person, scope, utc)]
        if lacking:
            yield job, task.person, lacking


def _out_of_scope(person: Person, scope: str, utc: float) -> bool:
    """He holds a valid certificate, but none that names this scope."""
    holds = any(one.status == "valid" and utc < one.valid_to_utc for one in person.certificates)
    return holds and not any(scope in one.scopes for one in person.certificates)


def untrained(world: World) -> Iterator[Finding]:
    """Somebody whose training is not on record, or is over (ledger 0-21)."""
    if world.rulebook.people.training:
        for job, task in _not_in_order(world):
            yield from _found(job, task.person, fitness.training_fault(task.person, world.instant.utc))


def no_daily_class(world: World) -> Iterator[Finding]:
    """Somebody who has not finished today's class; asked before the start: midnight stops nobody (ledger 0-23)."""
    utc, offset_s = world.instant.utc, world.utc_offset_s
    for job, task in _everybody(world) if world.rulebook.people.daily_class and world.waiting else ():
        if job.waiting:
            yield from _found(job, task.person, fitness.daily_class_fault(task.person, utc, offset_s))


def record_ran_out(world: World) -> Iterator[Finding]:
    """Somebody whose record is past the deadline that the centre gave it."""
    for job, task in _not_in_order(world):
        yield from _found(job, task.person, fitness.record_fault(task.person, world.instant.utc))


def papers_end_soon(world: World) -> Iterator[Finding]:
    """A certificate, training or record of somebody at work ends within the warning time."""
    warn_s, utc = world.rulebook.people.papers_warn_s.value, world.instant.utc
    for job, task in _everybody(world):
        if 0 < task.papers_until_utc - utc <= warn_s:
            name, minutes = task.person.name, (task.papers_until_utc - utc) / 60
            words = Words(f"{name} 的证件 {minutes:.0f} 分钟后到期", f"{name}'s papers end in {minutes:.0f} min")
            yield Finding(job.permit.ticket.id, task.person.id, words)


class _Task(Struct, frozen=True):
    """Somebody who is looked at, the scopes that his task needs, and how long his papers hold."""

    person: Person
    scopes: tuple[str, ...]
    in_order: bool  # nothing that is needed is missing
    papers_until_utc: float  # when the first of his papers ends


def _everybody(world: World) -> tuple[tuple[Job, _Task], ...]:
    """Everybody looked at, with what his papers must cover."""
    return _tasks("all", world.jobs, world.rulebook.people.training)


@Same  # five rules ask it of one World
def _tasks(jobs: tuple[Job, ...], training: bool) -> tuple[tuple[Job, _Task], ...]:  # noqa: FBT001 (for `Same`)
    return tuple(
        (job, task)
        for job in jobs
        for task in _looked_at(job.permit.ticket.id, job.permit, job.people, job.work, training)
    )


def _not_in_order(world: World) -> list[tuple[Job, _Task]]:
    """Those of them for whom something is missing or over: nearly always nobody."""
    utc, everybody = world.instant.utc, _everybody(world)
    return [(job, task) for job, task in everybody if not task.in_order or utc >= task.papers_until_utc]


@Same
def _looked_at(
    permit: Permit,
    people: tuple[tuple[str, Person | None], ...],
    work: WorkLimits,
    training: bool,  # noqa: FBT001 (with the others in `Same`)
) -> tuple[_Task, ...]:
    """Everybody who is known; of the guards the one at the post, because the others must check in first."""
    ticket = permit.ticket
    found = (
        person
        for id_, person in people
        if person is not None and (id_ not in ticket.guards or id_ == permit.guard)
    )
    return tuple(_task(person, _scopes(person, ticket, work), training=training) for person in found)


def _scopes(person: Person, ticket: Ticket, work: WorkLimits) -> tuple[str, ...]:
    if person.id in ticket.guards:
        return work.guard_certificates
    return (*work.certificates, *ticket.scopes) if person.id in ticket.workers else ()


def _task(person: Person, scopes: tuple[str, ...], *, training: bool) -> _Task:
    covered_utc = fitness.certified_until_utc(person, scopes)
    trained_utc = person.training_ok_until_utc if training else math.inf
    ends = (end for end in (covered_utc, trained_utc, person.valid_until_utc) if end is not None)
    in_order = trained_utc is not None and (covered_utc is not None or not scopes)
    return _Task(person, scopes, in_order, min(ends, default=math.inf))


def _found(job: Job, person: Person, faults: Iterator[Words]) -> Iterator[Finding]:
    """One finding for one person, with everything that is wrong."""
    words = tuple(faults)
    if words:
        yield Finding(job.permit.ticket.id, person.id, joined(words))


UNQUALIFIED = Words("无资格人员作业", "work by somebody who is not qualified")
REPLACE = Words("更换人员，或由中心更新记录", "Send somebody else, or have the centre renew the record")

RULES = (
    Rule(
        name="no_licence",
        code="PTW-21",
        find=no_licence,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        clause="GB 30871-2022 4.9, 4.10; docs/domain.md 3 C: certificate expired",
        ledger="2-13, 2-14, 2-18",
        text=Text(
            title=Words("无有效资格证", "No valid certificate"),
            cause=Words("无证、证件过期或被暂扣、吊销", "no certificate, expired, suspended or revoked"),
            consequence=UNQUALIFIED,
            action=REPLACE,
        ),
    ),
    Rule(
        name="out_of_scope",
        code="PTW-22",
        find=out_of_scope,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        clause="GB 30871-2022 4.9; ledger: a low-voltage card opens no high-voltage job",
        ledger="2-13, 2-19",
        text=Text(
            title=Words("超出准操范围", "Outside the certificate's scope"),
            cause=Words("资格证不包括这项作业", "his certificates do not cover this work"),
            consequence=UNQUALIFIED,
            action=REPLACE,
        ),
    ),
    Rule(
        name="untrained",
        code="PTW-23",
        find=untrained,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        clause="GB 30871-2022 4.9; ledger: the result of training gates the permission to work",
        ledger="0-21",
        text=Text(
            title=Words("培训不合格", "Training not valid"),
            cause=Words("没有培训记录或已过期", "no training on record, or it is over"),
            consequence=UNQUALIFIED,
            action=REPLACE,
        ),
    ),
    Rule(
        name="no_daily_class",
        code="PTW-24",
        find=no_daily_class,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        before_start=True,
        act_within_s=1800,
        clause="ledger: the day's class is finished before work",
        ledger="0-23",
        text=Text(
            title=Words("未完成班前学习", "Today's class not finished"),
            cause=Words("今天没有学习记录", "no record of today's class"),
            consequence=Words("不了解当天的风险", "he does not know the day's risks"),
            action=Words("完成班前学习", "Finish the class first"),
        ),
    ),
    Rule(
        name="record_ran_out",
        code="PTW-25",
        find=record_ran_out,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        clause="GB 30871-2022 4.9: who works is qualified, and somebody vouches for it",
        ledger="2-18",
        text=Text(
            title=Words("人员档案过期", "A person's record ran out"),
            cause=Words("中心没有及时更新", "the centre has not renewed it in time"),
            consequence=Words("资格无法核实", "nobody can say whether he is still qualified"),
            action=REPLACE,
        ),
    ),
    Rule(
        name="papers_end_soon",
        code="PTW-26",
        find=papers_end_soon,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.PERSON,
        act_within_s=1800,
        clause="docs/domain.md 3 C: warned before the pause",
        ledger="2-14",
        text=Text(
            title=Words("证件即将到期", "Papers end soon"),
            cause=Words("资格证、培训或档案快到期", "a certificate, training or record is about to end"),
            consequence=Words("到期自动停工", "work stops when it ends"),
            action=Words("准备更换人员或更新证件", "Renew it, or send somebody else in time"),
        ),
    ),
)
