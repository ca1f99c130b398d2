"""What a rule is, and how the whole table is run over a World."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.decide import overrides
from edge_agent.decide.escalation import climb
from edge_agent.decide.letting_be import ground
from edge_agent.domain.outcome import Effect, Finding, Priority, Verdict
from edge_agent.domain.permit import TERMINAL, Blame, PauseClass, Permit, State
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK, WorkLimits
from edge_agent.fuse.world import World

Seconds = Callable[[Rulebook, WorkLimits], float]


def at_once(_book: Rulebook, _work: WorkLimits) -> float:
    """No delay."""
    return 0.0


RUNNING = frozenset({State.ACTIVE, State.FIRE_WATCH})


def stopped_by(permit: Permit, rule: str) -> bool:
    """Whether this rule stopped the work, so that a stop does not end what it was for."""
    return permit.state is State.PAUSED and any(cause.rule == rule for cause in permit.causes)


class Text(Struct, frozen=True, kw_only=True):
    """What an alarm must tell (ISA-18.2 rationalisation): title, cause, consequence, action."""

    title: Words
    cause: Words
    consequence: Words
    action: Words


class Rule(Struct, frozen=True, kw_only=True):
    """One row: a sentence about the world, and what it does. Delays come from the rulebook, by kind of work.

    `on_delay` is how long a finding must stand before it takes effect on running work (it blocks a
    start at once); `off_delay` how long it must be gone before its alarm returns. `latch` keeps the
    alarm until somebody acknowledges it; `retest` makes a resume need a passed gas re-test.
    After a stop by a `final` one nobody resumes: a new ticket is needed.
    `act_within_s` is the time a person has to act, for the alarm's card. `code` never changes once
    released; `blame` is what a stop by this rule is put down to. `heralds` names the rules that this one
    warns of: once one of them has its alarm about the same subject, this one's returns (one per episode).
    `signal` is how the wearer himself is to be told. Whether a safety officer may let it be for a while stands in
    letting_be.py, by its name.
    `clears`: everybody leaves the area that its findings' facts name, also where nobody works by permit.
    `before_start`: asked before the start alone, never again while the work goes on. `at_work`: calls people
    while they work or are inside; else it stands against going on, and calls nobody. `after_end`: asked
    of a permit alone that ended while work was under way, until everybody is known to be out; of the other rows
    only those that evacuate are asked of it. `unwatched`: while its alarm stands nobody keeps the fire watch that
    is owed after the end. `ends_heartbeat`: until its alarm is gone and acknowledged the heartbeat of the permit's
    modules stands still, so that a watchdog relay outside cuts what the box could not. `looks`: cameras that can
    turn look at its place for a while.
    """

    name: str
    code: str
    find: Callable[[World], Iterable[Finding]]
    effect: Effect
    pause_class: PauseClass
    priority: Priority
    blame: Blame
    text: Text
    clause: str
    ledger: str
    on_delay: Seconds = at_once
    off_delay: Seconds = at_once
    latch: bool = False
    retest: bool = False
    final: bool = False
    before_start: bool = False
    at_work: bool = False
    after_end: bool = False
    unwatched: bool = False
    ends_heartbeat: bool = False
    heralds: tuple[str, ...] = ()
    signal: tuple[str, ...] = ()
    act_within_s: float = 60.0
    clears: bool = False
    looks: bool = False


RULE_CRASHED = Text(
    title=Words("规则失效", "A rule failed"),
    cause=Words("程序缺陷", "a defect in the software"),
    consequence=Words("该项危险不再被监视", "this danger is not being watched"),
    action=Words("停止作业，通知维护人员", "Stop work and call maintenance"),
)


def run(rules: Iterable[Rule], world: World) -> Iterator[Verdict]:
    """Every rule over the whole World: no subscriptions, no order between rules.

    A rule that crashes is a verdict of its own: what it watched is unknown, and unknown is not safe.
    """
    ended = frozenset(job.permit.ticket.id for job in world.jobs if job.permit.state in TERMINAL)
    waiting = frozenset(job.permit.ticket.id for job in world.waiting)
    guarded = frozenset(job.permit.ticket.id for job in world.jobs if _guarded(job.permit))
    let_be = overrides.let_be((job.permit for job in world.jobs), world.now_s)
    for rule in rules:
        row = rule
        try:
            found = tuple(rule.find(world))
        except Exception as fault:  # noqa: BLE001 (a crash becomes a verdict that pauses every job)
            row, found = crashed(rule), (_crash(rule, fault),)
        for finding in found:
            if not _asked(row, finding.permit, waiting, ended):
                continue
            # Dangerous gas or SOS is an alarm for everybody near, whether or not the work has begun.
            quiet = finding.permit in waiting and row.effect < Effect.EVACUATE
            quiet = quiet or (row.at_work and finding.permit not in guarded)
            job = world.job_of.get(finding.permit)
            work = UNKNOWN_WORK if job is None else job.work
            verdict = _verdict(row, finding, world.rulebook, work, quiet=quiet)
            if verdict.overridable and (row.name, finding.permit) in let_be:
                verdict = replace(verdict, overridden=True)
            yield verdict


def _guarded(permit: Permit) -> bool:
    """Whether somebody is at work under it, or still inside."""
    return permit.state in RUNNING or bool(permit.inside)


def _asked(row: Rule, permit: str, waiting: frozenset[str], ended: frozenset[str]) -> bool:
    """Whether this row is asked of a permit at this point of its life."""
    if permit in ended:
        return row.after_end or row.effect >= Effect.EVACUATE
    return not row.after_end and (not row.before_start or permit in waiting)


def crashed(rule: Rule) -> Rule:
    """The row that stands in for a rule that cannot be run: it pauses, latched."""
    return Rule(
        name=f"{rule.name}.crashed",
        code=rule.code,
        find=rule.find,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.CRITICAL,
        blame=Blame.DEVICE,
        text=RULE_CRASHED,
        clause=rule.clause,
        ledger=rule.ledger,
        latch=True,
    )


def _crash(rule: Rule, fault: Exception) -> Finding:
    """Of the whole box: it stops every job, and is told also where nobody works by a permit."""
    why = f"{rule.name}: {type(fault).__name__}: {fault}"
    words = Words(zh=f"规则 {rule.name} 运行失败（{type(fault).__name__}）", en=why)
    return Finding("", rule.name, words)


def _verdict(rule: Rule, finding: Finding, book: Rulebook, work: WorkLimits, *, quiet: bool) -> Verdict:
    return Verdict(
        key=f"{rule.name}|{finding.permit}|{finding.subject}",
        rule=rule.name,
        code=rule.code,
        finding=finding,
        effect=rule.effect,
        pause_class=rule.pause_class,
        priority=rule.priority,
        latch=rule.latch,
        retest=rule.retest,
        final=rule.final,
        on_delay_s=rule.on_delay(book, work),
        off_delay_s=rule.off_delay(book, work),
        act_within_s=rule.act_within_s,
        blame=rule.blame,
        title=rule.text.title,
        cause=rule.text.cause,
        consequence=rule.text.consequence,
        action=rule.text.action,
        heralds=rule.heralds,
        signal=rule.signal,
        quiet=quiet,
        rungs=climb(rule.effect, rule.priority).rungs,
        clears=rule.clears,
        unwatched=rule.unwatched,
        ends_heartbeat=rule.ends_heartbeat,
        looks=rule.looks,
        overridable=ground(rule.name, rule.effect).may(work),
    )
