"""Start gate, gas: a named tester's samples, passed, and not older than the standard allows at the start."""

from collections.abc import Iterator

from edge_agent.decide import samples
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass, Retest
from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

DAY_S = 86400.0


def not_sampled(world: World) -> Iterator[Finding]:
    """Work that asks for samples, without a test that passed and is fresh."""
    for job in world.waiting:
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


def not_of_today(world: World) -> Iterator[Finding]:
    """Work that is sampled each day anew, without a passed sample of this calendar day (site time)."""
    for job in world.jobs:
        permit, test = job.permit, job.permit.retest
        told = permit.state not in UNDER_WAY and (test is None or not test.passed)  # by gas_not_sampled
        asked = job.work.daily_sample and not permit.ended and not told
        if asked and not _is_of_today(test, world):
            yield Finding(
                permit.ticket.id, "samples", Words("今天还没有合格的取样检测", "no sample of today has passed")
            )


def _is_of_today(test: Retest | None, world: World) -> bool:
    """By both clocks: whichever says that another day has begun is believed."""
    if test is None or not test.passed:
        return False
    taken_utc = min((sample.at_utc or 0.0 for sample in test.samples), default=0.0)
    taken, *now = (
        (utc + world.utc_offset_s) // DAY_S
        for utc in (taken_utc, world.instant.utc, test.at_utc + world.now_s - test.at_s)
    )
    return all(day == taken for day in now)


SAMPLE = Words("由分析人取样并录入", "Have the gas tester sample and enter the values")

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
        act_within_s=1800,
        clause="GB 30871-2022 5.3.1 c, 6.3 a: sampled at most 30 min before the start",
        ledger="1-29",
        text=Text(
            title=Words("没有有效的取样检测", "No valid gas samples"),
            cause=Words("未取样、不合格或超过时限", "not sampled, not passed, or too long ago"),
            consequence=Words("可能在有危险气体时开工", "work might begin in dangerous air"),
            action=SAMPLE,
        ),
    ),
    Rule(
        name="gas_sample_due",
        code="PTW-27",
        find=not_of_today,
        effect=Effect.WARN,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.RULE,
        heralds=("gas_not_sampled_today",),
        act_within_s=1800,
        clause="GB 30871-2022 5.3.1 d: each day before hot work; R: warned before the pause",
        ledger="1-29",
        text=Text(
            title=Words("须重新取样", "A new sample is due"),
            cause=Words("已过零点，当天尚未取样", "a new day has begun, and nobody has sampled on it"),
            consequence=Words("逾期自动停工", "work stops if it is not done in time"),
            action=SAMPLE,
        ),
    ),
    Rule(
        name="gas_not_sampled_today",
        code="PTW-28",
        find=not_of_today,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.gas.daily_grace_s.value,
        clause="GB 30871-2022 5.3.1 d: analysed anew every day before hot work",
        ledger="1-29",
        text=Text(
            title=Words("当天未取样", "No sample of today"),
            cause=Words("动火须每天重新分析", "hot work needs a new analysis every day"),
            consequence=Words("可能在有危险气体时动火", "work might go on in dangerous air"),
            action=SAMPLE,
        ),
    ),
)
