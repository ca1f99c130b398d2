"""The rule about the records themselves: they were damaged, or are not all there (design: trust, tests 8, 13)."""

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
)
