"""Gas: a reading judged at this instant, in the unit of its limit."""

import math

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.device import Device
from edge_agent.domain.gas_limits import GasLevel, GasLimits
from edge_agent.domain.gas_units import in_unit
from edge_agent.domain.limit import Limit
from edge_agent.domain.observation import Quality, Reading, has_number
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.gas_average import Average
from edge_agent.fuse.gas_track import FRESH, Track

# A detector's own alarm means nothing while somebody tests it, while it warms up, or where it is only remembered.
ALARM_IS_NONE = frozenset({Quality.INHIBITED, Quality.WARMUP, Quality.STALE, Quality.MISSING})

SHOWS = frozenset({Quality.GOOD, Quality.CAL_OVERDUE})
MEASURING = SHOWS | {Quality.OVERRANGE}


class Channel(Struct, frozen=True, kw_only=True, gc=False):
    """One gas channel now. `level` is in `unit`, the unit of its limits, or None without a number.

    `danger`: beyond a stop limit, over-range, or alarming by itself (docs/domain.md section 7). It stands until
    a sample is back by the hysteresis: a detector that falls silent in a danger has not ended it. So does
    `beyond_warn`, but only while there is a number. Permitted "<= x" trips at > x.
    """

    device: Device
    gas: str
    level: float | None
    unit: str
    quality: Quality
    said_s: float | None  # when its last word was measured (an age would make it another channel in every step)
    device_alarm: bool  # its own alarm, where it counts: also beside a fault
    detail: Words
    limits: GasLimits | None
    danger: bool
    beyond_stop: bool  # by the number alone
    beyond_warn: bool
    area: str = ""
    principle: str = ""
    track: Track = FRESH
    bottled: bool = False  # what it shows is a tester's bottle, and nobody is at work there (bottled.py)
    stel: Average | None = None
    twa: Average | None = None


def shown(channel: Channel | None) -> float | None:
    """What a detector shows now, if it shows anything that counts."""
    if (
        channel is None
        or channel.quality not in SHOWS
        or channel.level is None
        or not math.isfinite(channel.level)
    ):
        return None
    return channel.level


def beyond_stop(level: float | None, limits: GasLimits | None) -> bool:
    """Whether a number crosses the stop limit."""
    return limits is not None and _beyond(level, limits.stop_low, limits.stop_high)


def beyond_warn(level: float | None, limits: GasLimits | None) -> bool:
    """Whether a number crosses the warning limit."""
    return limits is not None and _beyond(level, limits.warn_low, limits.warn_high)


def _beyond(level: float | None, low: Limit | None, high: Limit | None) -> bool:
    return level is not None and (
        (low is not None and level < low.value) or (high is not None and level > high.value)
    )


def back_inside(channel: Channel, percent: float, *, warning: bool) -> bool:
    """Whether a sample ends a danger (or a warning): trusted, and inside its limits by the hysteresis."""
    limits = channel.limits
    if channel.quality not in {Quality.GOOD, Quality.CAL_OVERDUE} or limits is None or channel.device_alarm:
        return False
    low, high = (limits.warn_low, limits.warn_high) if warning else (limits.stop_low, limits.stop_high)
    return not _beyond(channel.level, _tighter(low, limits, percent, 1), _tighter(high, limits, percent, -1))


def least_told(limits: GasLimits | None) -> float:
    """The least difference that usual detectors of this gas can tell; 0 where the book does not say."""
    return 0.0 if limits is None or limits.resolution is None else limits.resolution.value


def response_level(channel: Channel, percent: float = 0.0) -> int:
    """The highest response level reached (0: none); with `percent` of slack, the highest not yet left."""
    levels = () if channel.limits is None else channel.limits.levels
    if not levels:
        return 0
    if channel.quality is Quality.OVERRANGE:
        return len(levels)
    if channel.level is None:
        return 0
    kept = 1 - percent / 100
    return max((at for at, row in enumerate(levels, start=1) if _reached(row, channel.level, kept)), default=0)


def _reached(row: GasLevel, level: float, kept: float) -> bool:
    if row.above is not None:
        return level > row.above.value * kept
    return row.at_least is not None and level >= row.at_least.value * kept


def _tighter(limit: Limit | None, limits: GasLimits, percent: float, sign: int) -> Limit | None:
    if limit is None:
        return None
    by = limit.value * percent / 100 if limits.hysteresis is None else limits.hysteresis.value
    return replace(limit, value=limit.value + sign * by)


def channel(device: Device, gas: str, reading: Reading | None, limits: GasLimits | None, now_s: float) -> Channel:
    """What this detector's last word is worth at `now_s`, by itself."""
    return judged(device, gas, reading, limits, is_stale(device, reading, now_s))


def is_stale(device: Device, reading: Reading | None, now_s: float) -> bool:
    """Whether the last word is too old to say anything of the present."""
    return reading is not None and now_s - reading.at_s + reading.age_s > device.stale_after_s


def judged(
    device: Device,
    gas: str,
    reading: Reading | None,
    limits: GasLimits | None,
    stale: bool,  # noqa: FBT001 (with the others in `Same`)
) -> Channel:
    """What a word is worth. Silence is MISSING or STALE, never a value."""
    unit = limit_unit(limits)
    if reading is None:
        return _never_heard(device, gas, unit, limits)
    quality, level, detail = reading.quality, None, reading.detail
    if stale:
        quality = Quality.STALE
    elif has_number(quality):
        level = comparable(reading.level, reading.unit, limits)
        if level is None:
            quality = Quality.FAULT
            detail = incomparable(reading, unit)
    measures, stop = has_number(quality), beyond_stop(level, limits)
    alarms = reading.device_alarm and quality not in ALARM_IS_NONE
    return Channel(
        device=device,
        gas=gas,
        level=level,
        unit=unit,
        quality=quality,
        said_s=reading.at_s - reading.age_s,
        device_alarm=alarms,
        detail=detail,
        limits=limits,
        danger=quality is Quality.OVERRANGE or alarms or (measures and stop),
        beyond_stop=stop,
        beyond_warn=measures and beyond_warn(level, limits),
    )


def incomparable(reading: Reading, unit: str) -> Words:
    """Why a number is worth nothing: its unit is not that of the limits ("" where there are none)."""
    return Words(
        f"{reading.level} {reading.unit} 无法与以 {unit or '-'} 为单位的限值比较",
        f"{reading.level} {reading.unit} cannot be compared with a limit in {unit or '-'}",
    )


def _never_heard(device: Device, gas: str, unit: str, limits: GasLimits | None) -> Channel:
    return Channel(
        device=device,
        gas=gas,
        level=None,
        unit=unit,
        quality=Quality.MISSING,
        said_s=None,
        device_alarm=False,
        detail=NOTHING,
        limits=limits,
        danger=False,
        beyond_stop=False,
        beyond_warn=False,
    )


def limit_unit(limits: GasLimits | None) -> str:
    """The unit that a gas's limits are written in ("" without limits: then nothing can be compared)."""
    if limits is None:
        return ""
    if limits.stop_high is not None:  # nearly always, and asked for every channel in every step
        return limits.stop_high.unit
    written = (limits.stop_low, limits.warn_high, limits.warn_low)
    return next((limit.unit for limit in written if limit is not None), "")


def comparable(level: float | None, unit: str, limits: GasLimits | None) -> float | None:
    """`level` in the unit of the gas's limits, None where there is no number that could be compared."""
    if level is None or limits is None or math.isnan(level):
        return None
    return in_unit(level, unit, limit_unit(limits), limits)
