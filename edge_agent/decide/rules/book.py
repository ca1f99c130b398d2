"""Rules about the rulebook itself: nobody may overlook that a limit was moved, or that a loosening has ended."""

from collections.abc import Iterator

from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.book import in_force, wanted
from edge_agent.fuse.world import World


def limit_loosened(world: World) -> Iterator[Finding]:
    """A limit of this book is loosened until a date, by somebody, for a reason."""
    for row in in_force(world.rulebook, world.instant):
        words = Words(
            f"{row.key} 放宽为 {row.value:g}，至 {row.until}，签字人 {row.by}：{row.reason}",
            f"{row.key} is loosened to {row.value:g} until {row.until} by {row.by}: {row.reason}",
        )
        yield Finding("", row.key, words)


def loosening_over(world: World) -> Iterator[Finding]:
    """A loosening whose time is over stands in the book still: it counts no more."""
    for row in world.rulebook.loosened:
        if world.instant.trusted and world.instant.utc >= row.until_utc:
            words = Words(
                f"{row.key} 的放宽已于 {row.until} 结束，恢复原限值",
                f"the loosening of {row.key} ended at {row.until}: the limit itself holds again",
            )
            yield Finding("", row.key, words)


TOLD_S = 10.0  # the alarm is raised within these and stays until somebody acknowledges it


def limits_of_the_centre(world: World) -> Iterator[Finding]:
    """The centre has just moved limits by which work goes on: its people must know by what they are stopped."""
    rule = world.rule
    if rule is None or not 0 <= world.instant.utc - rule.received_utc < TOLD_S:
        return
    listed = ", ".join(f"{key} {row.value:g} {row.unit}" for key, row in wanted(rule).items())
    words = Words(
        f"第 {rule.version} 版：{listed or '恢复规则手册限值'}", f"version {rule.version}: {listed or 'none'}"
    )
    for job in world.jobs:
        if job.permit.state in UNDER_WAY:
            yield Finding(job.permit.ticket.id, "rule", words)


RULES = (
    Rule(
        name="limit_loosened",
        code="SYS-10",
        find=limit_loosened,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        act_within_s=3600,
        clause="docs/domain.md 2: the other direction needs a safety officer's signature",
        ledger="0-05",
        text=Text(
            title=Words("限值已放宽", "A limit is loosened"),
            cause=Words("安全员签字放宽了规则手册的限值", "a safety officer signed for a looser limit"),
            consequence=Words("报警或暂停会比平时晚", "a warning or a stop comes later than it would"),
            action=Words("作业前告知所有人员", "Tell everybody before work begins"),
        ),
    ),
    Rule(
        name="loosening_over",
        code="SYS-11",
        find=loosening_over,
        effect=Effect.NOTE,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.RULE,
        act_within_s=86400,
        clause="docs/domain.md 2",
        ledger="0-05",
        text=Text(
            title=Words("放宽已结束", "A loosening has ended"),
            cause=Words("签字的期限已过", "its signed time is over"),
            consequence=Words("原限值重新生效", "the limit itself holds again"),
            action=Words("从规则手册中删去这一行", "Take the row out of the rulebook"),
        ),
    ),
    Rule(
        name="limits_of_the_centre",
        code="SYS-21",
        find=limits_of_the_centre,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        latch=True,
        act_within_s=300,
        clause="docs/requirements.md 2-17: whoever guards knows what changed; stricter counts at once",
        ledger="2-17",
        text=Text(
            title=Words("限值已由中心调整", "The centre has moved limits"),
            cause=Words("中心下发了更严的限值", "the centre has sent stricter limits"),
            consequence=Words("报警或暂停会比原来早", "a warning or a stop comes sooner than before"),
            action=Words("阅读后确认，并告知作业人员", "Read it, acknowledge it, and tell the people at work"),
        ),
    ),
)
