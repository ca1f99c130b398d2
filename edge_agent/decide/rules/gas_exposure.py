"""Exposure: the averages over 15 minutes (STEL) and 8 hours (TWA). An incomplete one never shows compliance."""

from collections.abc import Iterator

from edge_agent.decide.rules.gas_words import figure
from edge_agent.decide.rules.rule import Rule, Text
from edge_agent.domain.limit import Limit
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass
from edge_agent.domain.words import Words
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.gas_average import Average
from edge_agent.fuse.world import World

POISONING = Words("中毒", "poisoning")


def short_term(world: World) -> Iterator[Finding]:
    """The 15-minute average of the minutes that are known is over its limit."""
    for job in world.jobs:
        for channel in job.channels:
            limit = channel.limits.stel if channel.limits is not None else None
            if limit is not None and channel.stel is not None and channel.stel.value > limit.value:
                yield _finding(job.permit.ticket.id, channel, channel.stel, limit)


def long_term(world: World) -> Iterator[Finding]:
    """The 8-hour average is over its limit, whatever the missing minutes were."""
    for job in world.jobs:
        for channel in job.channels:
            limit = channel.limits.twa if channel.limits is not None else None
            if limit is not None and channel.twa is not None and channel.twa.at_least > limit.value:
                yield _finding(job.permit.ticket.id, channel, channel.twa, limit)


def perhaps_long_term(world: World) -> Iterator[Finding]:
    """The minutes that are known are over the 8-hour limit, but too few are known to say."""
    for job in world.jobs:
        for channel in job.channels:
            limit = channel.limits.twa if channel.limits is not None else None
            if limit is not None and channel.twa is not None and _perhaps(channel.twa, limit):
                yield _finding(job.permit.ticket.id, channel, channel.twa, limit)


def _perhaps(average: Average, limit: Limit) -> bool:
    return average.at_least <= limit.value < average.value


def _finding(permit: str, channel: Channel, average: Average, limit: Limit) -> Finding:
    """The average with its limit, and how much of it is known."""
    where, missing = channel.device.name, average.minutes - average.known
    level = f"{figure(average.value)} {limit.unit}"
    words = Words(
        f"{where.zh}：{average.minutes} 分钟平均 {level}（限值 {limit.value:g}）",
        f"{where.en}: average over {average.minutes} min {level} (limit {limit.value:g})",
    )
    if not average.complete:
        words = words.then(Words(f"不完整，缺 {missing} 分钟", f"incomplete, {missing} min are missing"))
    return Finding(permit, channel.device.id, words)


RULES = (
    Rule(
        name="gas_stel",
        code="GAS-09",
        find=short_term,
        effect=Effect.PAUSE,
        pause_class=PauseClass.EMERGENCY,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        retest=True,
        act_within_s=30,
        clause="GBZ 2.1 PC-STEL (GB 30871-2022 6.4 b)",
        ledger="1-29",
        text=Text(
            title=Words("15 分钟平均浓度超限", "15-minute average over its limit"),
            cause=Words("短时间接触浓度超限", "short-term exposure limit exceeded"),
            consequence=POISONING,
            action=Words("离开作业点，通风，重新检测", "Leave the work point, ventilate, test again"),
        ),
    ),
    Rule(
        name="gas_twa",
        code="GAS-10",
        find=long_term,
        effect=Effect.BLOCK_START,
        pause_class=PauseClass.RULE,
        priority=Priority.HIGH,
        blame=Blame.RULE,
        clause="GBZ 2.1 PC-TWA (GB 30871-2022 6.4 b)",
        ledger="1-29",
        act_within_s=600,
        text=Text(
            title=Words("8 小时平均浓度超限", "8-hour average over its limit"),
            cause=Words("已用完一个工作班的允许接触量", "what a shift may breathe has been used up"),
            consequence=POISONING,
            action=Words(
                "更换人员或佩戴呼吸防护，通风；本处不得新开工",
                "Change people or wear breathing protection, ventilate; start nothing new here",
            ),
        ),
    ),
    Rule(
        name="gas_twa_incomplete",
        code="GAS-11",
        find=perhaps_long_term,
        effect=Effect.NOTE,
        pause_class=PauseClass.RULE,
        priority=Priority.LOW,
        blame=Blame.RULE,
        clause="GBZ 2.1 PC-TWA; missing minutes: incomplete, never lower (docs/domain.md 2.2)",
        ledger="1-29",
        act_within_s=600,
        text=Text(
            title=Words("8 小时平均浓度不完整", "8-hour average incomplete"),
            cause=Words(
                "已知各分钟的平均超限，但数据不足 8 小时",
                "the known minutes are over it, but 8 hours are not known",
            ),
            consequence=Words("接触量可能超限", "the exposure may be too high"),
            action=Words("留意接触时间", "Mind how long people stay"),
        ),
    ),
)
