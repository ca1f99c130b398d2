"""Averages of minutes: what is missing makes them incomplete, and never lower."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.clock import Instant
from edge_agent.fuse.gas_average import (
    MINUTE_S,
    Exposure,
    Minutes,
    aged,
    average,
    carried,
    collected,
    silent_minutes,
)

OF = "co ppm"
LEAST = 45.0  # samples that a minute needs


def measured(levels: list[float | None], *, per_minute: int = 60) -> Minutes:
    """One level for each minute, None for a silent one; one more minute closes the last."""
    minutes = Minutes()
    for minute, level in enumerate([*levels, 0.0]):
        for sample in range(per_minute if level is not None else 0):
            minutes = collected(minutes, OF, minute * MINUTE_S + sample * MINUTE_S / per_minute, level, LEAST)
    return minutes


def test_fifteen_known_minutes_are_complete() -> None:
    found = measured([20.0] * 14 + [35.0]).stel
    assert found is not None
    assert (found.value, found.complete, found.at_least) == (21.0, True, 21.0)


def test_eight_hours_say_little_after_ten_minutes() -> None:
    found = measured([20.0] * 10).twa
    assert found is not None
    assert (found.value, found.known, found.complete) == (20.0, 10, False)
    assert found.at_least == pytest.approx(20.0 * 10 / 480)


def test_a_minute_with_too_few_samples_is_missing() -> None:
    assert measured([20.0] * 3, per_minute=44).stel is None
    assert collected(Minutes(of=OF), OF, 1.0, None, LEAST) == Minutes(of=OF), (
        "a sample without a number is no sample"
    )


@given(st.lists(st.none() | st.floats(0, 1000), min_size=1, max_size=30))
def test_a_missing_minute_never_lowers_what_is_known(levels: list[float | None]) -> None:
    """The average is that of the minutes that were measured: silence counts neither as clean nor as measured."""
    found = measured(levels).stel
    known = [level for level in levels[-15:] if level is not None]
    if not known:
        assert found is None
        return
    assert found is not None
    assert found.known == len(known)
    assert found.value >= sum(known) / len(known) - 1e-3
    assert found.complete == (len(known) == 15)
    assert found.at_least <= found.value


def test_no_more_than_eight_hours_are_kept() -> None:
    minutes = collected(measured([5.0] * 3), OF, 20 * 3600.0, 1.0, LEAST)
    assert len(minutes.kept) == 480
    assert minutes.twa is None


def test_silence_since_the_last_minute_makes_it_incomplete() -> None:
    minutes = measured([20.0] * 15)
    assert aged(None, 7) is None
    fresh = aged(minutes.stel, silent_minutes(minutes, 15 * MINUTE_S + 59))
    assert fresh is not None
    assert fresh.complete
    later = aged(minutes.stel, silent_minutes(minutes, 20 * MINUTE_S))
    assert later is not None
    assert (later.value, later.known) == (20.0, 11)
    much_later = aged(minutes.stel, silent_minutes(minutes, 60 * MINUTE_S))
    assert much_later is not None
    assert (much_later.known, much_later.at_least) == (0, 0.0)


def test_the_average_of_nothing_is_nothing() -> None:
    assert average((None, None), 15) is None


def instant(now_s: float, utc: float, *, trusted: bool = True) -> Instant:
    return Instant(now_s=now_s, utc=utc, trusted=trusted)


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        (instant(964.0, 5005.0), 0),  # the same clock, five seconds later
        (instant(7.0, 5007.0), 0),  # another boot's clock
        (instant(1159.0, 5200.0), 3),
        (instant(30.0, 5230.0), 3),
        (instant(30.0, 4000.0), 0),  # a clock that was set back makes nothing longer
        (instant(30.0, 5000.0, trusted=False), 1),  # nobody knows how long it was: nothing is complete
        (instant(30.0, 5000.0 + 9 * 3600.0), 480),
    ],
)
def test_what_was_averaged_goes_on_by_date(now: Instant, missing: int) -> None:
    before = measured([20.0] * 15)
    exposure = Exposure(at=instant(959.0, 5000.0), minutes={"co": before})
    woken = carried(exposure, now)["co"]
    assert woken.kept == before.kept
    found = aged(woken.stel, silent_minutes(woken, now.now_s))
    assert found is not None
    assert found.minutes - found.known == min(15, missing)
    after = collected(woken, OF, now.now_s + MINUTE_S, 20.0, LEAST)
    assert after.kept.count(None) in {missing, missing + 1}  # the one that begins may be cut short by the clocks
