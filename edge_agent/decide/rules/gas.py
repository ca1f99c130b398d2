"""Gas rules: danger stops and evacuates, a detector that cannot be trusted pauses."""

from collections.abc import Iterator
from typing import Any

from edge_agent.decide import samples
from edge_agent.decide.rules.gas_words import level_words, quality_words
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.observation import Quality, has_number
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import WorkLimits
from edge_agent.fuse.gas import MEASURING, Channel
from edge_agent.fuse.gas_track import Clock
from edge_agent.fuse.gas_trust import OXYGEN
from edge_agent.fuse.world import World


def grace(book: Rulebook, work: WorkLimits) -> float:
    """How long a channel of this kind of work may be unusable (docs/domain.md 2.3)."""
    return (work.gas_grace_s or book.gas.not_good_pause_s).value


def dangerous(world: World) -> Iterator[Finding]:
    """One channel beyond its limit, over-range, or alarming by itself (1ooN stops: docs/domain.md 2.4)."""
    for job in world.jobs:
        for channel in job.channels:
            if channel.danger and not channel.bottled:
                clock = response_clock(channel.track.danger_clock)
                yield Finding(job.permit.ticket.id, channel.device.id, _danger(channel, world.now_s), clock)


def response_clock(clock: Clock | None) -> dict[str, Any]:
    """When the first sample beyond the limit was measured (ledger 4-16, 4-24)."""
    return {} if clock is None else {"first_sample_s": clock.at_s, "first_sample_utc": clock.at_utc}


def rising(world: World) -> Iterator[Finding]:
    """A channel beyond its warning limit, not yet its stop limit."""
    yield from _warned(world, rich=False)


def rich(world: World) -> Iterator[Finding]:
    """Oxygen above its warning limit: clean air stands just below it, so it may stray there for a while."""
    yield from _warned(world, rich=True)


def _warned(world: World, *, rich: bool) -> Iterator[Finding]:
    for job in world.jobs:
        for channel in job.channels:
            if channel.beyond_warn and not channel.danger and too_rich(channel) is rich:
                yield Finding(job.permit.ticket.id, channel.device.id, level_words(channel))


def too_rich(channel: Channel) -> bool:
    """Oxygen that is nearer to its upper warning limit than to the lower one, where it has both."""
    limits, level = channel.limits, channel.level or 0.0
    low, high = (None, None) if limits is None else (limits.warn_low, limits.warn_high)
    return channel.gas == OXYGEN and high is not None and (low is None or high.value - level < level - low.value)


def not_good(world: World) -> Iterator[Finding]:
    """A channel whose word is worth nothing: missing data is never clean air (ledger 2-45)."""
    for job in world.jobs:
        for channel in job.channels:
            if channel.quality not in MEASURING:
                yield Finding(job.permit.ticket.id, channel.device.id, quality_words(channel, world.now_s))


def calibration_overdue(world: World) -> Iterator[Finding]:
    """A detector past its calibration date: no start; work under way is warned (docs/domain.md 7)."""
    for job in world.jobs:
        for channel in job.channels:
            if channel.quality is Quality.CAL_OVERDUE:
                yield Finding(job.permit.ticket.id, channel.device.id, quality_words(channel, world.now_s))


def calibration_overdue_too_long(world: World) -> Iterator[Finding]:
    """... and from the next shift on it pauses (docs/domain.md 7)."""
    began_utc = 0.0 if world.shift is None else world.shift.began_utc  # without shifts there is no next one
    for job in world.jobs:
        for channel in job.channels:
            since_utc = channel.track.overdue_utc
            if since_utc is not None and since_utc < began_utc:
                yield Finding(job.permit.ticket.id, channel.device.id, quality_words(channel, world.now_s))


def unwatched(world: World) -> Iterator[Finding]:
    """Work that must be watched all the time, without a detector for it (GB 30871-2022 5.3.1 d, 6.5)."""
    for job in world.jobs:
        gases = {channel.gas for channel in job.channels}
        bound = gases | {samples.kind_of(gas, world.rulebook) for gas in gases}
        for kind in job.work.watched:
            if kind not in bound:
                name = samples.name_of(kind, world.rulebook)
                words = Words(f"未绑定{name.zh}检测仪", f"no detector of {name.en} is bound")
                yield Finding(job.permit.ticket.id, kind, words)


def _danger(channel: Channel, now_s: float) -> Words:
    where = channel.device.name
    if channel.quality is Quality.OVERRANGE:
        return Words(f"{where.zh}：超量程", f"{where.en}: over-range")
    if channel.beyond_stop:
        return level_words(channel)
    if not channel.device_alarm:
        return _not_back(channel, now_s)
    now = level_words(channel) if has_number(channel.quality) else quality_words(channel, now_s)
    return Words(f"{where.zh}：检测仪自身报警，{now.zh}", f"{where.en}: the detector's own alarm; {now.en}")


def _not_back(channel: Channel, now_s: float) -> Words:
    """Danger that nothing has ended: not yet back by the hysteresis, or no trusted value since."""
    now = level_words(channel) if has_number(channel.quality) else quality_words(channel, now_s)
    return Words(f"{now.zh}，尚未恢复到限值以内", f"{now.en}; not back well inside its limits yet")


RULES = (
    Rule(
        name="gas_dangerous",
        code="GAS-01",
        find=dangerous,
        effect=Effect.EVACUATE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.CRITICAL,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        latch=True,
        retest=True,
        act_within_s=10,
        looks=True,
        clause="GB 30871-2022 5.2.6, 5.3.2, 6.4, 6.5",
        ledger="1-29, 0-13",
        text=Text(
            title=Words("气体危险 撤离", "Dangerous gas: evacuate"),
            cause=Words(
                "气体超限、缺氧、超量程或检测仪报警",
                "gas over its limit, low oxygen, over-range or the detector's alarm",
            ),
            consequence=Words("中毒、窒息或爆炸", "poisoning, suffocation or explosion"),
            action=Words("立即撤离到上风向，清点人数，报告", "Leave at once, upwind; count people; report"),
        ),
    ),
    Rule(
        name="gas_warning",
        code="GAS-02",
        find=rising,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        on_delay=lambda book, _: book.gas.warn_on_s.value,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        clause="GB 30871-2022 6.4",
        ledger="0-13",
        text=Text(
            title=Words("气体偏高", "Gas is rising"),
            cause=Words("气体超过预警值", "gas beyond its warning limit"),
            consequence=Words("可能很快超限停工", "work may soon be stopped"),
            action=Words("查明原因，准备撤离", "Find the cause; be ready to leave"),
        ),
    ),
    Rule(
        name="gas_oxygen_rich",
        code="GAS-19",
        find=rich,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        on_delay=lambda book, _: book.gas.oxygen_warn_on_s.value,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        clause="GB 30871-2022 6.4 a; R: on line above 21.0 %vol for 60 s (docs/domain.md 1.8)",
        ledger="1-29, 0-13",
        text=Text(
            title=Words("氧气偏高", "Oxygen is high"),
            cause=Words("氧气浓度超过预警值", "oxygen above its warning limit"),
            consequence=Words(
                "富氧环境中火势更猛，可能很快停工", "things burn fiercely; work may soon be stopped"
            ),
            action=Words(
                "查找供氧来源，禁止火种，准备撤离", "Find where it comes from; no sparks; be ready to leave"
            ),
        ),
    ),
    Rule(
        name="gas_not_good",
        code="GAS-03",
        find=not_good,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.HIGH,
        blame=Blame.DEVICE,
        on_delay=grace,
        clause="GB 30871-2022 6.5",
        ledger="2-45, 0-11",
        text=Text(
            title=Words("气体数据缺失 不得作业", "Gas data missing: do not work"),
            cause=Words(
                "检测仪离线、故障、预热或数据过期", "the detector is offline, faulty, warming up or stale"
            ),
            consequence=Words("危险气体无法被发现", "dangerous gas would not be noticed"),
            action=Words("离开作业点，检查检测仪", "Leave the work point; see to the detector"),
        ),
    ),
    Rule(
        name="gas_calibration_overdue",
        code="GAS-04",
        find=calibration_overdue,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        act_within_s=1800,
        clause="JJG 693 (calibration interval at most one year)",
        ledger="0-09",
        text=Text(
            title=Words("检测仪标定过期", "Detector past its calibration"),
            cause=Words("超过标定有效期", "its calibration date has passed"),
            consequence=Words("读数可能偏低", "it may read too low"),
            action=Words("更换或标定检测仪", "Replace or calibrate the detector"),
        ),
    ),
    Rule(
        name="gas_calibration_overdue_next_shift",
        code="GAS-17",
        find=calibration_overdue_too_long,
        effect=Effect.PAUSE,
        pause_class=PauseClass.INTEGRITY,
        priority=Priority.MEDIUM,
        blame=Blame.DEVICE,
        clause="R: overdue during work warns, and pauses at the next shift (docs/domain.md 2.3, 7); JJG 693",
        ledger="0-09, 2-45",
        text=Text(
            title=Words("标定过期已跨班", "Past its calibration into the next shift"),
            cause=Words("上一班起标定已过期，仍未处理", "its calibration ran out, and the shift has ended since"),
            consequence=Words("读数可能偏低", "it may read too low"),
            action=Words("更换或标定检测仪后再恢复", "Replace or calibrate the detector before you go on"),
        ),
    ),
    Rule(
        name="gas_unwatched",
        code="GAS-05",
        find=unwatched,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        act_within_s=1800,
        clause="GB 30871-2022 5.3.1 d, 6.5: combustible gas, toxic gas and oxygen, continuously",
        ledger="0-10",
        text=Text(
            title=Words("缺少连续气体检测", "No continuous gas detection"),
            cause=Words("此类作业要求的检测仪没有绑定", "a detector that this kind of work asks for is not bound"),
            consequence=Words("危险气体无法被发现", "dangerous gas would not be noticed"),
            action=Words("绑定连续检测的检测仪", "Bind detectors that measure continuously"),
        ),
    ),
)
