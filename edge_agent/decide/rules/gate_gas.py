"""Start gate, gas: a named tester's samples, passed, and not older than the standard allows at the start."""

from collections.abc import Iterator

from edge_agent.decide import samples
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.world import Job, World


def not_sampled(world: World) -> Iterator[Finding]:
    """Work that asks for samples, without a test that passed and is fresh."""
    for job in world.jobs:
        if job.work.sampled:
            why = _against(job, world.now_s)
            if why is not None:
                yield Finding(job.permit.ticket.id, "samples", why)


def _against(job: Job, now_s: float) -> Words | None:
    test, oldest = job.permit.retest, job.work.sample_age_s
    if test is None:
        return Words("尚无人工取样检测", "nobody has sampled the air yet")
    if not test.passed:
        return Words("取样检测不合格", "the samples did not pass")
    age_s = samples.age_s(test, now_s)
    if oldest is not None and age_s > oldest.value:
        return Words(
            f"取样已过 {age_s / 60:.1f} 分钟（限 {oldest.value / 60:.0f} 分钟），须重新取样",
            f"sampled {age_s / 60:.1f} min ago (at most {oldest.value / 60:.0f} min): sample again",
        )
    return None


RULES = (
    Rule(
        name="gas_not_sampled",
        code="PTW-20",
        find=not_sampled,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        before_start=True,
        clause="GB 30871-2022 5.3.1 c, 6.3 a: sampled at most 30 min before the start",
        ledger="1-29",
        text=Text(
            title=Words("没有有效的取样检测", "No valid gas samples"),
            cause=Words("未取样、不合格或超过时限", "not sampled, not passed, or too long ago"),
            consequence=Words("可能在有危险气体时开工", "work might begin in dangerous air"),
            action=Words("由分析人取样并录入", "Have the gas tester sample and enter the values"),
        ),
    ),
)
