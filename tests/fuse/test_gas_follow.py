"""Raw samples alarm: nothing filters, averages or blanks what a detector said (docs/domain.md 2.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.clock import Instant
from edge_agent.domain.observation import Quality, Reading
from edge_agent.domain.permit import State
from edge_agent.fuse.gas_follow import follow
from edge_agent.fuse.gas_track import FRESH, Track
from edge_agent.fuse.memory import Memory, absorb
from tests.scenarios.stories.gas import two_for_chlorine
from tests.scenarios.stories.telling import working
from tests.support.story import scenario_site

SITE = two_for_chlorine()
COUNTS = 10  # of a chlorine detector in one ppm


def heard(levels: list[float | None], *, source: str = "cl2-1", every_s: float = 1.0) -> Track:
    """The track after one sample per step; None is a fault."""
    memory = Memory(booted_s=0.0)
    for at, level in enumerate(levels, start=1):
        quality = Quality.FAULT if level is None else Quality.GOOD
        reading = Reading(
            source=source, at_s=at * every_s, channel="cl2", level=level, unit="ppm", quality=quality
        )
        instant = Instant(now_s=at * every_s, utc=1.8e9 + at * every_s, trusted=True)
        memory = follow(absorb(memory, (reading,)), (reading,), SITE, instant)
    return memory.gas[source]


@pytest.mark.parametrize("counts", [1, 2, 3])
def test_no_small_value_is_blanked_to_nothing(counts: int) -> None:
    """A driver in the field made 0 of everything up to 3 ppm: that hides chlorine's first two levels."""
    told = working(SITE)
    told.field.gas["cl2-1"] = {"level": counts / COUNTS, "unit": "ppm"}
    told.step()
    assert told.decisions[-1].state.memory.readings["cl2-1"].level == counts / COUNTS


def test_three_counts_are_seen_and_the_fourth_is_a_level() -> None:
    assert heard([0.0, 3 / COUNTS]).level == 0
    assert heard([0.0, 4 / COUNTS]).level == 1
    assert heard([0.0, 4 / COUNTS]).danger, "above 0.34 ppm the work stops"


def test_a_single_sample_among_hundreds_of_zeros_is_danger_at_once() -> None:
    """Three sigma, a mean of three, a median: each of them would have made this disappear."""
    track = heard([0.0] * 300 + [5.0])
    assert track.danger
    assert track.level == 3
    assert track.danger_clock is not None
    assert track.danger_clock.at_s == 301.0


@pytest.mark.parametrize(("level", "response"), [(0.3, 0), (0.31, 1), (0.99, 1), (1.0, 2), (3.0, 2), (3.01, 3)])
def test_chlorines_levels_begin_where_the_ledger_says(level: float, response: int) -> None:
    assert heard([level]).level == response


def test_a_missing_value_is_never_clean_air() -> None:
    track = heard([5.0, None, None])
    assert track.danger, "a fault has not ended it"
    assert track.level == 3
    assert not heard([5.0, None, 0.0]).danger


@given(st.lists(st.none() | st.floats(0, 10), min_size=1, max_size=60))
def test_danger_holds_exactly_until_a_trusted_value_is_back(levels: list[float | None]) -> None:
    """Against the naive reading of the rule: begins above 0.34, ends at 5 % below it."""
    wanted = False
    for level in levels:
        if level is not None:
            wanted = level > 0.34 or (wanted and level > 0.34 * 0.95)
    assert heard(levels).danger == wanted


@pytest.mark.parametrize(("gap_s", "long"), [(8.0, False), (8.1, True)])
def test_how_long_it_was_blind_is_known_when_it_measures_again(gap_s: float, long: bool) -> None:  # noqa: FBT001
    track = heard([0.0, 0.0], every_s=gap_s)
    assert (track.blind_until_s is not None) == long


def test_a_reading_of_nobody_is_not_followed() -> None:
    stray = Reading(source="gas-xx", at_s=1.0, channel="x", level=1.0, unit="ppm", quality=Quality.GOOD)
    memory = Memory(booted_s=0.0)
    assert follow(memory, (stray,), SITE, Instant(now_s=1.0, utc=1.8e9, trusted=True)) is memory


def test_what_is_remembered_is_bounded() -> None:
    track = heard([0.1] * 2000)
    assert track != FRESH
    assert len(track.short.medians) <= 21
    assert len(track.long.medians) <= 21


def test_work_goes_on_after_a_single_missed_poll_and_through_noise() -> None:
    told = working(scenario_site())
    for second in range(30):
        told.field.gas["gas-h2s"] = {"level": (second % 3) * 0.1}
        told.field.silent = {"gas-co"} if second % 7 == 0 else set()
        told.step()
    assert told.state is State.ACTIVE
