"""A bump test under way: nothing begins or goes on beside it; its gas sends nobody out (fuse/bottled.py)."""

from collections.abc import Iterator

from edge_agent.decide.rules.gas_words import measured
from edge_agent.decide.rules.rule import RUNNING, Rule, Text
from edge_agent.domain.device_test import BumpTest
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World


def tested(world: World) -> Iterator[Finding]:
    """A detector that the job relies on, or of its area, that stands under a tester's bottle.

    Also while the work stands still: under the tester's cap a detector sees nothing of what is around it.
    """
    for id_, test in world.tests.items():
        channel = world.channels.get(id_)
        for job in world.jobs:
            if channel is not None and job.permit.state not in RUNNING and _concerns(channel, job):
                yield Finding(job.permit.ticket.id, id_, _said(channel, test, world))


def _concerns(channel: Channel, job: Job) -> bool:
    return channel.area == job.permit.ticket.area or channel in job.channels


def _said(channel: Channel, test: BumpTest, world: World) -> Words:
    """What it shows, whose bottle that is, and that it is over or not."""
    now, who = measured(channel), world.persons.get(test.by)
    name = test.by if who is None else who.name
    bottle = f"{test.level:g} {test.unit}"
    over = test.over_s is not None
    return Words(
        f"{now.zh}，{name} 正用 {bottle} 标气测试" + ("，测完待标气散去" if over else ""),
        f"{now.en}; {name} tests it with {bottle} of gas" + (": done, the gas has to leave it" if over else ""),
    )


RULES = (
    Rule(
        name="gas_under_test",
        code="GAS-24",
        find=tested,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        act_within_s=600,
        clause="ISEA via OSHA SHIB: bump test before each day's use (docs/domain.md 2.3)",
        ledger="4-30, 2-45",
        text=Text(
            title=Words("检测仪测试中", "A detector is being tested"),
            cause=Words("分析人正在对检测仪通标气", "a tester holds gas from a bottle to the detector"),
            consequence=Words("测试期间该处真实气体无法被发现", "real gas there would not be noticed"),
            action=Words("等待测试结束、标气散去", "Wait until the test is over and its gas has gone"),
        ),
    ),
)
