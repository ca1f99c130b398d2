"""Nights, rest days and holidays: the rules of the higher kind hold beside the work's own (GB 30871-2022 5.1.1).

What it demands of gas, video, equipment and re-tests is part of the job's `work` then (fuse/linked.py); here is
what the ticket itself must bear: its signatures, its analysis, and how long it is valid.
"""

from collections.abc import Iterator

from edge_agent.decide.rules.gate_ticket import unsigned
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass, Permit
from edge_agent.domain.words import Words, joined
from edge_agent.domain.work_limits import WorkLimits
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World


def upgrade_soon(world: World) -> Iterator[Finding]:
    """Such a time begins soon: what this ticket lacks for it, while there is time to fetch it."""
    if world.upgrade is None and world.upgrade_ahead is not None:
        in_s, why = world.upgrade_ahead
        for job in world.jobs:
            if job.higher is not None:
                words = Words(
                    f"{in_s / 60:.0f} 分钟后为{why.zh}，按{job.higher.name.zh}管理",
                    f"in {in_s / 60:.0f} min {why.en} begins: then the rules of {job.higher.name.en} hold",
                )
                lacking = joined(words for _, words in _lacking(job, job.higher, world))
                yield Finding(job.permit.ticket.id, "upgrade", words.then(lacking))


def not_approved_for_it(world: World) -> Iterator[Finding]:
    """The higher kind's signatures and analysis are missing, and its rules hold now."""
    for job, higher, why in _upgraded(world):
        for subject, lack in _lacking(job, higher, world):
            words = Words(f"{why.zh}，按{higher.name.zh}管理", f"{why.en}: the rules of {higher.name.en} hold")
            yield Finding(job.permit.ticket.id, subject, words.then(lack))


def outlasted(world: World) -> Iterator[Finding]:
    """The ticket is older than the higher kind's validity, and its rules hold now."""
    for job, higher, why in _upgraded(world):
        age_s, longest = _age_s(job.permit, world.now_s), higher.longest_s
        if longest is not None and age_s > longest.value:
            most_h, age_h = longest.value / 3600, age_s / 3600
            words = Words(
                f"{why.zh}，按{higher.name.zh}有效期 {most_h:g} 小时，本票已 {age_h:.1f} 小时",
                f"{why.en}: {higher.name.en} is valid for {most_h:g} h, this ticket is {age_h:.1f} h old",
            )
            yield Finding(job.permit.ticket.id, "validity", words)


def _upgraded(world: World) -> Iterator[tuple[Job, WorkLimits, Words]]:
    if world.upgrade is not None:
        for job in world.jobs:
            if job.higher is not None:
                yield job, job.higher, world.upgrade


def _lacking(job: Job, higher: WorkLimits, world: World) -> Iterator[tuple[str, Words]]:
    """What the higher kind asks of the ticket beyond what its own kind asks."""
    own = job.work.approvals
    beyond = tuple(role for role in higher.approvals if role not in own)
    yield from ((role, words) for role, words in unsigned(job, (*own, *beyond), world) if role in beyond)
    if higher.jsa and not job.permit.ticket.jsa.strip():
        yield "jsa", Words("作业票没有附 JSA 分析表", "the ticket names no job safety analysis")


def _age_s(permit: Permit, now_s: float) -> float:
    """Since the ticket's first minute, by the clock that nobody can move."""
    ticket = permit.ticket
    return ticket.valid_to_utc - ticket.valid_from_utc - (permit.end_at_s - now_s)


ITS_RULES = Words("夜间、公休日、节假日动火升级管理", "hot work is managed one level higher at such a time")
WORSE = Words("险情更难发现和处置", "at such a time less is seen and fewer people can help")

RULES = (
    Rule(
        name="upgrade_soon",
        code="PTW-34",
        find=upgrade_soon,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.RULE,
        act_within_s=1800,
        clause="GB 30871-2022 5.1.1; R: warned before",
        ledger="1-06, 2-21",
        text=Text(
            title=Words("即将升级管理", "A higher level soon"),
            cause=ITS_RULES,
            consequence=Words("缺少的未补齐则自动停工", "work stops then, if anything is missing"),
            action=Words("补齐签字等要求，或提前收工", "Fetch what is missing, or finish before"),
        ),
    ),
    Rule(
        name="upgrade_not_approved",
        code="PTW-35",
        find=not_approved_for_it,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        clause="GB 30871-2022 5.1.1, 4.11 a, Annex B",
        ledger="1-06, 2-21",
        text=Text(
            title=Words("升级管理审批不全", "Not approved at the higher level"),
            cause=ITS_RULES,
            consequence=WORSE,
            action=Words("由上一级审批后下发新版本", "Have it signed at the higher level and sent again"),
        ),
    ),
    Rule(
        name="upgrade_outlasted",
        code="PTW-36",
        find=outlasted,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        clause="GB 30871-2022 5.1.1, 5.1.5",
        ledger="2-21",
        text=Text(
            title=Words("超过升级后的有效期", "Older than the higher level allows"),
            cause=ITS_RULES,
            consequence=WORSE,
            action=Words("等待，或办理新票", "Wait until it is over, or ask for a new ticket"),
        ),
    ),
)
