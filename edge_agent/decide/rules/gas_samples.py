"""Gas tested by hand while the work goes on: what the tester finds counts as what a detector finds."""

from collections.abc import Iterator

from edge_agent.decide import samples
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.observation import Quality
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import UNDER_WAY, Blame, PauseClass, State
from edge_agent.domain.words import Words, joined
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World

WORKING = frozenset({State.ACTIVE, State.RESUME_CHECK})
LATE = Words("气体检测逾期", "the gas test is late")


def dangerous(world: World) -> Iterator[Finding]:
    """The last test of running work found gas beyond its limit (GB 30871-2022 5.2.6: stop, leave, treat)."""
    for job in world.jobs:
        test = job.permit.retest
        if test is None or test.passed or job.permit.state not in UNDER_WAY:
            continue
        for gas in dict.fromkeys(sample.gas for sample in test.samples):
            limits, taken = world.rulebook.gases.get(gas), (one for one in test.samples if one.gas == gas)
            beyond = [words for sample in taken for words in samples.out_of_limits(sample, limits)]
            if beyond:
                yield Finding(job.permit.ticket.id, gas, joined(beyond))


def due(world: World) -> Iterator[Finding]:
    """The ticket asks for a test every so often (ledger 2-29), and no detector does it all the time."""
    for job in world.jobs:
        every_s, test = job.permit.ticket.gas_interval_s, job.permit.retest
        if every_s is None or job.permit.state not in WORKING or _watched(job, world):
            continue
        age_s = None if test is None else samples.age_s(test, world.now_s)
        if age_s is None or age_s >= every_s:
            ago = Words("尚未检测", "not tested yet") if age_s is None else _ago(age_s, every_s)
            yield Finding(job.permit.ticket.id, "gas", ago)


def _ago(age_s: float, every_s: float) -> Words:
    return Words(
        f"上次检测已过 {age_s / 60:.0f} 分钟（每 {every_s / 60:.0f} 分钟一次）",
        f"tested {age_s / 60:.0f} min ago (every {every_s / 60:.0f} min)",
    )


def _watched(job: Job, world: World) -> bool:
    """Whether good detectors of its own measure everything that this work must sample."""
    good = {channel.gas for channel in job.channels if channel.quality is Quality.GOOD}
    measured = good | {samples.kind_of(gas, world.rulebook) for gas in good}
    return bool(job.work.sampled) and measured.issuperset(job.work.sampled)


RULES = (
    Rule(
        name="sample_dangerous",
        code="GAS-21",
        find=dangerous,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        latch=True,
        retest=True,
        act_within_s=10,
        clause="GB 30871-2022 5.2.6, 6.5",
        ledger="1-29",
        text=Text(
            title=Words("人工检测超限 撤离", "A gas test beyond its limit: evacuate"),
            cause=Words(
                "分析人在作业中测得气体超限", "the tester found gas beyond its limit while work was under way"
            ),
            consequence=Words("中毒、窒息或爆炸", "poisoning, suffocation or explosion"),
            action=Words(
                "立即撤离到上风向，清点人数，处理后复测",
                "Leave at once, upwind; count people; treat, then test again",
            ),
        ),
    ),
    Rule(
        name="gas_test_due",
        code="GAS-22",
        find=due,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.PERSON,
        heralds=("gas_test_overdue",),
        act_within_s=600,
        clause="ledger: the ticket's own interval of gas tests",
        ledger="2-29",
        text=Text(
            title=Words("该检测气体了", "A gas test is due"),
            cause=LATE,
            consequence=Words(
                "气体变化无人知道，稍后将停工", "nobody knows how the air changed; work will be stopped"
            ),
            action=Words("请分析人检测并录入", "Have the tester test the air and enter it"),
        ),
    ),
    Rule(
        name="gas_test_overdue",
        code="GAS-23",
        find=due,
        effect=Effect.PAUSE,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.PERSON,
        on_delay=lambda book, _: book.gas.test_grace_s.value,
        retest=True,
        clause="ledger: the ticket's own interval of gas tests",
        ledger="2-29",
        text=Text(
            title=Words("气体检测逾期 停止作业", "The gas test is overdue: stop"),
            cause=LATE,
            consequence=Words("气体变化无人知道", "nobody knows how the air changed"),
            action=Words("停止作业；检测合格后恢复", "Stop work; go on when a test has passed"),
        ),
    ),
)
