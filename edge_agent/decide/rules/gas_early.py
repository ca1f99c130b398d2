"""Early warning: a level that will reach its limit soon, even at the slow end of its slope (0-07, 2-33)."""

from collections.abc import Iterator

from edge_agent.decide.rules.gas_words import figure
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.gas_limits import TrendLimits
from edge_agent.domain.limit import Limit
from edge_agent.domain.observation import Quality
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import Channel, least_told
from edge_agent.fuse.gas_trend import Trend, reaches_s
from edge_agent.fuse.world import World


def approaching(world: World) -> Iterator[Finding]:
    """A level on its way to its stop limit: there is time to find the cause."""
    for job in world.jobs:
        for channel in job.channels:
            left_s = time_to_limit_s(channel, world.rulebook.trend)
            if left_s is not None:
                yield Finding(job.permit.ticket.id, channel.device.id, _words(channel, left_s))


def time_to_limit_s(channel: Channel, limits: TrendLimits) -> float | None:
    """Seconds until the stop limit, if that is soon in either view; None: not, or it cannot be said."""
    short, long = channel.track.short.trend, channel.track.long.trend
    if not (_moves(short) or _moves(long)):  # nearly always, and asked for every channel in every step
        return None
    if channel.quality is not Quality.GOOD or channel.danger or channel.limits is None:
        return None
    low, high = channel.limits.stop_low, channel.limits.stop_high
    found = (
        (reaches_s(trend, _value(low), _value(high), least_told(channel.limits)), ahead.value)
        for trend, ahead in ((short, limits.ahead_s), (long, limits.long_ahead_s))
        if trend is not None
    )
    return min((left_s for left_s, ahead_s in found if left_s is not None and left_s <= ahead_s), default=None)


def _moves(trend: Trend | None) -> bool:
    """Whether both ends of the slope's interval lie on one side: what may stand still reaches nothing."""
    return trend is not None and (trend.low_per_s > 0 or trend.high_per_s < 0)


def _value(limit: Limit | None) -> float | None:
    return None if limit is None else limit.value


def _words(channel: Channel, left_s: float) -> Words:
    where = channel.device.name
    level = f"{figure(channel.level)} {channel.unit}"
    if left_s < 120:  # noqa: PLR2004 (how it is said, not what is decided)
        return Words(
            f"{where.zh}：{level}，约 {left_s:.0f} 秒后到达停工限值",
            f"{where.en}: {level}, at its stop limit in about {left_s:.0f} s",
        )
    return Words(
        f"{where.zh}：{level}，约 {left_s / 60:.0f} 分钟后到达停工限值",
        f"{where.en}: {level}, at its stop limit in about {left_s / 60:.0f} min",
    )


RULES = (
    Rule(
        name="gas_approaching_limit",
        code="GAS-12",
        find=approaching,
        effect=Effect.WARN,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        off_delay=lambda book, _: book.gas.danger_off_s.value,
        act_within_s=120,
        clause="R: robust slope, limit reached within trend.ahead_s even at its slow end",
        ledger="0-07, 2-33",
        text=Text(
            title=Words("气体将要超限", "Gas will reach its limit"),
            cause=Words("浓度正持续接近限值", "the level keeps moving towards its limit"),
            consequence=Words("不久将停工撤离", "work will soon be stopped and people leave"),
            action=Words("查找泄漏，加强通风，准备撤离", "Look for a leak, ventilate, be ready to leave"),
        ),
    ),
)
