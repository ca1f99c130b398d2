"""Rate of rise: a robust slope over kept medians, with its uncertainty (ledger 0-07, 2-33).

Theil-Sen: the median of all slopes between two points; one wild point moves it little. Its interval
comes from the rank statistic of Kendall: how many slopes could lie on the other side by chance.
"""

import math
from statistics import median

from msgspec import Struct
from msgspec.structs import replace


class Trend(Struct, frozen=True, kw_only=True, gc=False):
    """How a level moves: per second, between `low_per_s` and `high_per_s`, from `level` now."""

    level: float
    per_s: float
    low_per_s: float
    high_per_s: float
    span_s: float  # over which it was seen


class Series(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The bucket being collected, and the medians of those before it as (bucket, median), newest last."""

    bucket: int = -1
    samples: tuple[float, ...] = ()
    medians: tuple[tuple[int, float], ...] = ()
    trend: Trend | None = None


class View(Struct, frozen=True, kw_only=True):
    """How a series is cut: a median per bucket, a slope over so many buckets, with at least so many medians."""

    bucket_s: float
    buckets: int
    least: int
    sigma: float


def collected(before: Series, at_s: float, level: float, view: View) -> Series:
    """With one more sample; a finished bucket becomes a median, and the slope is measured anew."""
    bucket = int(at_s // view.bucket_s)
    if bucket <= before.bucket:  # a value that comes late (a gateway's age register) belongs to no new bucket
        return replace(before, samples=(*before.samples, level))
    done = ((before.bucket, median(before.samples)),) if before.samples else ()
    medians = tuple(one for one in (*before.medians, *done) if bucket - one[0] <= view.buckets)
    return Series(bucket=bucket, samples=(level,), medians=medians, trend=slope(medians, view))


def slope(medians: tuple[tuple[int, float], ...], view: View) -> Trend | None:
    """The slope through the medians; None where there are too few of them."""
    count = len(medians)
    if count < max(view.least, 2):
        return None
    level, span_s = medians[-1][1], (medians[-1][0] - medians[0][0]) * view.bucket_s
    if all(one[1] == level for one in medians):  # nothing moves: nearly always
        return Trend(level=level, per_s=0.0, low_per_s=0.0, high_per_s=0.0, span_s=span_s)
    slopes = sorted(
        (late - early) / (to - since)
        for at, (since, early) in enumerate(medians)
        for to, late in medians[at + 1 :]
    )
    spread = view.sigma * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low = max(0, math.floor((len(slopes) - spread) / 2))
    high = min(len(slopes) - 1, math.ceil((len(slopes) + spread) / 2))
    return Trend(
        level=level,
        per_s=median(slopes) / view.bucket_s,
        low_per_s=slopes[low] / view.bucket_s,
        high_per_s=slopes[high] / view.bucket_s,
        span_s=span_s,
    )


def reaches_s(trend: Trend, low: float | None, high: float | None, least_move: float) -> float | None:
    """In how many seconds a limit is reached at the slow end of the slope; None: not that can be said.

    The move seen so far must exceed `least_move` even at its slow end: what moves by less than a
    detector can tell has not moved.
    """
    ends: list[float] = []
    if high is not None and trend.low_per_s * trend.span_s > least_move:
        ends.append((high - trend.level) / trend.low_per_s)
    if low is not None and -trend.high_per_s * trend.span_s > least_move:
        ends.append((trend.level - low) / -trend.high_per_s)
    return max(0.0, min(ends)) if ends else None
