"""Whether something grows: a slope that neither the hour of the day nor a step nor a single high sample moves.

Samples of one hour of the day are compared with those of the same hour on other days alone, and of all these
slopes the median counts (Theil-Sen within seasons: Hirsch, Slack and Smith 1982).
"""

import itertools
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

DAY_H = 24
HOUR_S = 3600.0


class Bound(Struct, frozen=True, kw_only=True):
    """How much of something may come to each day, and below how much in all it is noise."""

    per_day: float
    noise: float = 0.0


class Grown(Struct, frozen=True, kw_only=True):
    """What became of one figure over the days."""

    name: str
    first: float
    last: float
    most: float
    per_day: float
    bound: float
    grew: bool


def seasonal_slope(samples: Sequence[tuple[int, float]]) -> float:
    """How much a day; `samples` are (hour since the beginning, value). 0 where no hour of the day came twice."""
    seasons: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for hour, value in samples:
        seasons[hour % DAY_H].append((hour, value))
    slopes = [
        (y2 - y1) / ((x2 - x1) / DAY_H)
        for season in seasons.values()
        for (x1, y1), (x2, y2) in itertools.combinations(season, 2)
        if x1 != x2
    ]
    return statistics.median(slopes) if slopes else 0.0


def judged(name: str, samples: Sequence[tuple[int, float]], bound: Bound) -> Grown:
    """The verdict about one figure."""
    per_day = seasonal_slope(samples)
    days = (samples[-1][0] - samples[0][0]) / DAY_H
    return Grown(
        name=name,
        first=samples[0][1],
        last=samples[-1][1],
        most=max(value for _, value in samples),
        per_day=per_day,
        bound=bound.per_day,
        grew=per_day > bound.per_day and per_day * days > bound.noise,
    )


def lines(grown: Mapping[str, Grown]) -> list[str]:
    """For people."""
    return [
        f"  {one.name:16} {one.first:10.2f} -> {one.last:10.2f}  most {one.most:10.2f}  {one.per_day:+9.4f} a day "
        f"(at most {one.bound:g})  {'GREW' if one.grew else 'stands'}"
        for one in grown.values()
    ]
