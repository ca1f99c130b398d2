"""Rules about the records: damaged, not all there (design: trust, tests 8, 13), or on this box alone."""

from collections.abc import Iterator

from edge_agent.decide.rules.box import unwell
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import World


def damaged(world: World) -> Iterator[Finding]:
    """A look at the records, at the start or by the week, found that they do not hold."""
    return unwell(world, "records")


def not_backed_up(world: World) -> Iterator[Finding]:
    """The last good backup off the box is too old, or nobody knows of any (ops/backup/watch.py)."""
    return unwell(world, "backups")


RULES = (
    Rule(
        name="records_damaged",
        code="SYS-31",
        find=damaged,
        # The start after it has paused the work already: a restart pauses whatever ran.
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        latch=True,
        act_within_s=3600,
        clause="docs/requirements.md 4-27: no failure is silent",
        ledger="4-27",
        text=Text(
            title=Words("记录损坏或缺失", "The records are damaged or not all there"),
            cause=Words(
                "存储卡损坏、突然断电，或文件被改动", "a failing card, a power cut, or somebody changed the file"
            ),
            consequence=Words(
                "此前的记录需另行查证；作业须重新确认",
                "what was before must be proved elsewhere; people look anew",
            ),
            action=Words(
                "保留损坏的文件交审计，检查并更换存储卡",
                "Keep the damaged file for the auditor; check the card and replace it",
            ),
        ),
    ),
    Rule(
        name="not_backed_up",
        code="SYS-35",
        find=not_backed_up,
        effect=Effect.NOTE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.LOW,
        blame=Blame.DEVICE,
        act_within_s=86_400,
        clause="docs/requirements.md 4-27: no failure is silent; guarding goes on without it",
        ledger="4-27",
        text=Text(
            title=Words("备份超期", "The backup is overdue"),
            cause=Words(
                "备份目标未挂载、已满或无响应，或定时器未启用",
                "where it goes to is not mounted, full or silent, or its timer is off",
            ),
            consequence=Words(
                "主机若损坏，设置和记录将丢失", "if this box breaks, its settings and records are lost"
            ),
            action=Words(
                "运维运行 edge-agent doctor，按提示排除后补做备份",
                "Maintenance: run edge-agent doctor, mend what it says, make a backup",
            ),
        ),
    ),
)
