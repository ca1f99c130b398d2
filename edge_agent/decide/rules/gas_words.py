"""How a gas channel is told: its level with unit and limits, or why nothing can be told."""

from typing import assert_never

from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.observation import Quality
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.gas import Channel


def figure(level: float | None) -> str:
    """A level as people write it: three digits, and never a power of ten."""
    if level is None:
        return "?"
    return f"{level:.0f}" if abs(level) >= 100 else f"{level:.3g}"  # noqa: PLR2004 (how it is written)


def level_words(channel: Channel) -> Words:
    """The level with its unit and limits, as a person reads it."""
    now, within = measured(channel), NOTHING if channel.limits is None else allowed(channel.limits)
    return Words(f"{now.zh}（允许：{within.zh}）", f"{now.en} (allowed: {within.en})") if within else now


def allowed(limits: GasLimits) -> Words:
    """What work may go on in: "at most 7.2 ppm", "19.5 to 23.5 %vol"; nothing where no level stops it.

    Without signs: it is telephoned, too, and a dash or a sign that a modem does not know halves a message's room.
    """
    low, high = limits.stop_low, limits.stop_high
    if low and high:
        ends = f"{low.value:g}", f"{high.value:g} {high.unit}"
        return Words(" 至 ".join(ends), " to ".join(ends))
    if high:
        return Words(f"不超过 {high.value:g} {high.unit}", f"at most {high.value:g} {high.unit}")
    return Words(f"不低于 {low.value:g} {low.unit}", f"at least {low.value:g} {low.unit}") if low else NOTHING


def measured(channel: Channel) -> Words:
    """Where, which gas, and how much of it."""
    level, where = f"{figure(channel.level)} {channel.unit}", channel.device.name
    gas = channel.limits.name if channel.limits else Words(channel.gas, channel.gas)
    return Words(f"{where.zh}：{gas.zh} {level}", f"{where.en}: {gas.en} {level}")


def quality_words(channel: Channel, now_s: float) -> Words:
    """Why a channel cannot be trusted, in words."""
    why, where = named(channel.quality), channel.device.name
    words = Words(f"{where.zh}：{why.zh}", f"{where.en}: {why.en}")
    detail = channel.detail if channel.detail != why else NOTHING
    if channel.quality is not Quality.STALE or channel.said_s is None:
        return words.then(detail)
    return stale_words(words, now_s - channel.said_s, channel.device.stale_after_s, detail)


def stale_words(words: Words, age_s: float, stale_after_s: float, detail: Words) -> Words:
    """`words` of a source that is stale, with the age of its last word where that is what makes it so.

    One that says just now that it measures nothing new tells itself since when; that word is no value.
    """
    if age_s <= stale_after_s:
        return words.then(detail)
    said = Words(f"当时报告：{detail.zh}", f"it said then: {detail.en}") if detail else NOTHING
    return Words(f"{words.zh}（{age_s:.0f} 秒）", f"{words.en} ({age_s:.0f} s)").then(said)


def named(quality: Quality) -> Words:  # noqa: C901, PLR0911, PLR0912 (one line per quality; assert_never keeps it whole)
    """A quality by name."""
    match quality:
        case Quality.GOOD:
            return Words("正常", "good")
        case Quality.WARMUP:
            return Words("预热中", "warming up")
        case Quality.STALE:
            return Words("数据过期", "stale: no new value")
        case Quality.MISSING:
            return Words("无数据", "missing: never heard")
        case Quality.FAULT:
            return Words("故障", "fault")
        case Quality.OVERRANGE:
            return Words("超量程", "over-range")
        case Quality.UNDERRANGE:
            return Words("低于量程", "under-range")
        case Quality.INHIBITED:
            return Words("被抑制（标定或模拟）", "inhibited (calibration or simulation)")
        case Quality.CAL_OVERDUE:
            return Words("标定过期", "calibration overdue")
        case Quality.SUSPECT:
            return Words("数据可疑", "suspect")
        case Quality.COMM_FAIL:
            return Words("通信失败", "no communication")
        case Quality.CLOCK_BAD:
            return Words("时钟不可信", "its clock is not trusted")
        case Quality.UNBOUND:
            return Words("未绑定", "not bound")
        case _:
            assert_never(quality)
