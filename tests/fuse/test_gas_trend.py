"""Slopes: a leak is seen, a wild point is not, and noise stays noise."""

import random
from statistics import median

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.rulebook import Rulebook
from edge_agent.fuse.gas_follow import short_view
from edge_agent.fuse.gas_trend import Series, Trend, View, collected, reaches_s, slope
from tests.support.story import ROOT

VIEW = View(bucket_s=20, buckets=30, least=9, sigma=3)


def seen(levels: list[float], *, every_s: float = 2.0) -> Series:
    series = Series()
    for at, level in enumerate(levels):
        series = collected(series, at * every_s, level, VIEW)
    return series


def test_a_steady_rise_is_measured_exactly() -> None:
    trend = seen([0.01 * at for at in range(400)]).trend
    assert trend is not None
    assert trend.per_s == pytest.approx(0.005)
    assert trend.low_per_s == pytest.approx(0.005)
    left_s = reaches_s(trend, None, 10.0, 0.1)
    assert left_s == pytest.approx((10.0 - trend.level) / 0.005)
    assert reaches_s(trend, 1.0, None, 0.1) is None, "it moves away from the lower limit"


def test_a_steady_fall_reaches_the_lower_limit() -> None:
    trend = seen([20.9 - 0.001 * at for at in range(400)]).trend
    assert trend is not None
    left_s = reaches_s(trend, 19.5, 23.5, 0.1)
    assert left_s == pytest.approx((trend.level - 19.5) / 0.0005)


def test_too_few_medians_prove_nothing() -> None:
    assert seen([0.1 * at for at in range(80)]).trend is None
    assert slope(((0, 1.0),), View(bucket_s=1, buckets=9, least=0, sigma=3)) is None


def test_single_wild_samples_make_no_slope() -> None:
    levels = [0.0] * 400
    levels[150] = levels[290] = 500.0
    trend = seen(levels).trend
    assert trend is not None
    assert (trend.per_s, trend.low_per_s, trend.high_per_s) == (0.0, 0.0, 0.0)


def test_one_step_up_is_no_rise() -> None:
    trend = seen([0.0] * 200 + [3.0] * 100).trend
    assert trend is not None
    assert reaches_s(trend, None, 7.2, 0.1) is None


def test_old_medians_are_forgotten() -> None:
    series = collected(seen([0.01 * at for at in range(400)]), 10_000.0, 4.0, VIEW)
    assert series.medians == ()
    assert series.trend is None


@given(st.lists(st.floats(0, 100), min_size=9, max_size=30))
def test_the_slope_lies_within_its_own_bounds(levels: list[float]) -> None:
    trend = slope(tuple(enumerate(levels)), VIEW)
    assert trend is not None
    assert trend.low_per_s <= trend.per_s <= trend.high_per_s


@given(st.floats(0.1, 5), st.floats(0.1, 5))
def test_a_faster_rise_is_sooner_at_its_limit(one: float, other: float) -> None:
    slow, fast = sorted((one, other))
    left = [
        reaches_s(Trend(level=1.0, per_s=rate, low_per_s=rate, high_per_s=rate, span_s=600), None, 50.0, 0.1)
        for rate in (slow, fast)
    ]
    assert left[0] is not None
    assert left[1] is not None
    assert left[1] <= left[0]


def test_what_is_beyond_its_limit_already_has_no_time_left() -> None:
    trend = Trend(level=9.0, per_s=1.0, low_per_s=1.0, high_per_s=1.0, span_s=60)
    assert reaches_s(trend, None, 7.2, 0.1) == 0.0


@pytest.mark.parametrize(("gas", "level"), [("h2s", 4.9), ("o2", 19.8), ("co", 25.0), ("cl2", 0.2)])
@pytest.mark.parametrize("noise", [0.5, 1.0])
def test_noise_of_a_standing_level_is_no_warning(gas: str, level: float, noise: float) -> None:
    """Fifty hours of each, with noise in counts of the detector, by the limits of a real site."""
    book = msgspec.toml.decode((ROOT / "zones/rulebooks/gb30871-2022.toml").read_bytes(), type=Rulebook)
    limits, view = book.gases[gas], short_view(book)
    assert limits.resolution is not None
    assert limits.stop_high is not None
    count, dice = limits.resolution.value, random.Random(f"{gas}{noise}")  # noqa: S311 (noise, not a secret)
    low = None if limits.stop_low is None else limits.stop_low.value
    medians: tuple[tuple[int, float], ...] = ()
    for bucket in range(int(50 * 3600 / view.bucket_s)):
        heard = [round(level / count + dice.gauss(0, noise)) * count for _ in range(20)]
        medians = (*medians, (bucket, median(heard)))[-view.buckets :]
        trend = slope(medians, view)
        if trend is not None:
            left_s = reaches_s(trend, low, limits.stop_high.value, count)
            assert left_s is None or left_s > book.trend.ahead_s.value


def test_a_value_that_comes_late_opens_no_bucket_of_its_own() -> None:
    """Found by a step that crashed: two medians of one bucket have no slope between them."""
    view = View(bucket_s=10.0, buckets=60, least=3, sigma=1.96)
    series = Series()
    for at_s, level in ((5.0, 1.0), (15.0, 2.0), (12.0, 9.0), (9.0, 4.0), (25.0, 3.0), (14.0, 8.0), (35.0, 5.0)):
        series = collected(series, at_s, level, view)
    assert [bucket for bucket, _ in series.medians] == [0, 1, 2]
    assert series.trend is not None
