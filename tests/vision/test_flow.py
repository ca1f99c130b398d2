"""Missing pictures are counted by the stream's own time, against what is wanted and promised."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.sense.camera.flow import Flow
from edge_agent.sense.camera.limits import STANDARD as L


def fed(flow: Flow, rate_hz: float, seconds: float, kept: float = 1.0, start_s: float = 0.0) -> float:
    chance = np.random.default_rng(1)
    for n in range(round(rate_hz * seconds)):
        if chance.random() < kept:
            flow.took(start_s + n / rate_hz)
    return flow.missing


@given(st.floats(1, 60), st.floats(0.2, 15), st.floats(-1e5, 1e5))
def test_a_regular_stream_misses_nothing(rate_hz: float, wanted: float, start_s: float) -> None:
    for promised in (rate_hz, None):
        assert (
            fed(Flow(wanted, promised, L), rate_hz, 30, start_s=start_s) <= 0.25
        )  # one picture in four at 0.5 Hz


@pytest.mark.parametrize("promised", [5.0, 10.0])
def test_seventy_in_a_hundred_lost_is_told(promised: float) -> None:
    assert fed(Flow(5, promised, L), 5, 30, kept=0.3) > L.dropping_share


def test_a_stream_that_promises_nothing_is_held_to_its_best() -> None:
    flow = Flow(5, None, L)
    assert fed(flow, 5, 20) < L.dropping_share
    assert fed(flow, 5, 20, kept=0.3, start_s=20) > L.dropping_share
    assert fed(flow, 5, 20, start_s=40) < L.dropping_share


def test_long_exposures_at_night_that_still_give_what_is_wanted_are_no_fault() -> None:
    assert fed(Flow(5, 25.0, L), 6, 30) < L.dropping_share


def test_nothing_is_said_before_a_window_has_passed() -> None:
    assert fed(Flow(5, 25.0, L), 1, L.dropping_window_s - 1) == 0


def test_a_clock_that_is_set_anew_begins_the_count_anew() -> None:
    flow = Flow(5, 5.0, L)
    fed(flow, 5, 20)
    assert fed(flow, 5, 4, start_s=90_000) == 0
    assert fed(flow, 5, 20, start_s=0) < L.dropping_share


def test_damaged_pictures_are_missing_even_where_enough_are_left() -> None:
    flow = Flow(5, 25.0, L)
    for n in range(300):
        flow.took(n / 12)
        flow.lost(1)
    assert flow.missing == pytest.approx(0.5, abs=0.01)
