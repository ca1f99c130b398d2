"""The verdict about memory over hours: growth is seen through noise and steps; what was not seen is no pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.observation import View
from tests.soak.draw import dice
from tests.soak.watching import PROGRAMS, Sample, Watched, judged, passed, slope, table

HOURS = 2


def hours(grown_mb_h: float, *, step_mb: float = 0.0, fds: int = 0) -> list[Sample]:
    """A sample a minute of a program that grows so much, with noise, a step in the warm-up and single peaks."""
    rng, found = dice("watching"), []
    for minute in range(60 * HOURS):
        base = 40 + grown_mb_h * minute / 60 + (step_mb if minute > 10 else 0)
        peak = 20 if minute % 17 == 0 else 0
        found.append(Sample(60.0 * minute, base + rng.uniform(-0.5, 0.5) + peak, 10 + fds * (minute > 100)))
    return found


@pytest.mark.parametrize("mb_h", [0.0, 0.5, -3.0])
def test_noise_peaks_and_a_step_while_it_warms_up_are_no_growth(mb_h: float) -> None:
    assert not judged("agent", 1, hours(mb_h, step_mb=30.0, fds=2)).grew


@pytest.mark.parametrize(("mb_h", "fds"), [(2.0, 0), (40.0, 0), (0.0, 4)])
def test_what_piles_up_is_seen(mb_h: float, fds: int) -> None:
    verdict = judged("agent", 1, hours(mb_h, fds=fds))
    assert verdict.grew
    assert verdict.slope_mb_h == pytest.approx(mb_h, abs=0.3)


@given(st.floats(-50, 50), st.lists(st.integers(0, 10_000), min_size=2, max_size=20, unique=True))
def test_a_straight_line_has_its_own_slope(rise: float, at_s: list[int]) -> None:
    assert slope([(s, 7 + rise * s) for s in at_s]) == pytest.approx(rise, rel=1e-3, abs=1e-3)


def seen(without: str = "", *, captures: int = 2) -> Watched:
    """Two hours of a box of which one program was never there."""
    watched = Watched()
    watched.began_s -= 3600 * HOURS
    for program in PROGRAMS:
        for pid in range(captures if program == "capture" else 1):
            if program != without:
                watched.lives[program, pid] = hours(0.0)
    for camera in ("cam-1", "cam-2"):
        watched.views[camera, View.CLEAR.value] = 120
    return watched


def test_a_quiet_box_passes_and_the_table_names_every_program() -> None:
    watched = seen()
    assert passed(watched, watched.verdicts())
    told = table(watched, watched.verdicts())
    assert all(program in told for program in PROGRAMS)
    assert "cam-2 clear 120 times" in told


@pytest.mark.parametrize("without", sorted(PROGRAMS))
def test_a_program_that_was_not_there_is_no_pass(without: str) -> None:
    watched = seen(without)
    assert not passed(watched, watched.verdicts())


def test_one_camera_alone_a_blind_one_and_one_that_is_started_again_and_again_are_no_pass() -> None:
    one = seen(captures=1)
    assert not passed(one, one.verdicts())
    blind = seen()
    del blind.views["cam-2", View.CLEAR.value]
    assert not passed(blind, blind.verdicts())
    short = seen("capture")
    for pid, begin in enumerate(range(0, 120, 30)):
        short.lives["capture", pid] = hours(0.0)[begin : begin + 30]
    assert not passed(short, short.verdicts())
