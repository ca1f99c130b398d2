"""`make week` in small: growth is seen through day and night, and after a power cut the real box is whole."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.ops.folders import JOURNAL
from edge_agent.store.journal import read, segments
from tests.soak.draw import dice
from tests.soak.week.box import Box
from tests.soak.week.growth import Bound, judged, seasonal_slope
from tests.soak.week.living import Living, filled
from tests.soak.week.play import WeekPlay
from tests.soak.week.report import Sample, Week

HOURS = range(7 * 24)


def sample(hour: int) -> Sample:
    return Sample(
        hour=hour, pss_mb=0, open_files=0, threads=0, objects=0, state_kb=0, step_ms=0, step_p99_ms=0, floor_ms=1,
        steps=0, waiting=0, disk_mb={},
    )  # fmt: skip


def by_day_and_night(hour: int) -> float:
    return 120.0 + (30.0 if 8 <= hour % 24 < 18 else 0.0) + dice(str(hour)).gauss(0, 1.0)


def test_day_and_night_are_no_growth_and_a_step_is_none() -> None:
    samples = [(hour, by_day_and_night(hour) + (5.0 if hour > 150 else 0.0)) for hour in HOURS]
    assert abs(seasonal_slope(samples)) < 0.4, "5 in 18 of 168 hours"
    assert not judged("pss_mb", samples, Bound(per_day=1.0)).grew


@pytest.mark.parametrize(("per_day", "grew"), [(0.5, False), (1.5, True)])
def test_growth_is_seen_through_day_and_night(per_day: float, grew: bool) -> None:  # noqa: FBT001
    samples = [(hour, by_day_and_night(hour) + per_day * hour / 24) for hour in HOURS]
    assert seasonal_slope(samples) == pytest.approx(per_day, abs=0.2)
    assert judged("pss_mb", samples, Bound(per_day=1.0)).grew is grew
    assert not judged("pss_mb", samples, Bound(per_day=1.0, noise=100.0)).grew


def test_what_fills_up_for_a_week_is_judged_from_the_eighth_day_on() -> None:
    samples = [sample(hour) for hour in range(264)]
    assert [one.hour for one in filled(samples)] == list(range(168, 264))
    assert filled(samples[:168]) == samples[:168], "a shorter run is judged as a whole"


def test_a_day_alone_shows_no_slope() -> None:
    assert seasonal_slope([(0, 1.0), (23, 9.0)]) == 0.0


def _box(play: WeekPlay) -> Box:
    assert play.box is not None
    return play.box


@pytest.mark.parametrize("orderly", [False, True])
def test_a_box_that_lost_its_power_is_whole(tmp_path: Path, orderly: bool) -> None:  # noqa: FBT001
    living = Living(tmp_path, "cut", 1)
    play = living.play
    play.after(3.0, lambda: living.crews[0].begin(3600.0))
    play.run(30.0)
    box = _box(play)
    seq, steps = box.brain.state.seq, play.steps
    assert seq, "something was told"
    if orderly:
        box.end()
    else:
        box.lose_power()
    play.box = None
    play.run(30.0)
    assert play.steps == steps, "nobody steps without power"
    written = sum(1 for path in segments(play.settings.state_folder / JOURNAL) for _ in read(path)) - 1
    assert (written == steps + 1) is orderly, "what waited in memory is gone with the power, and with it alone"
    play.comes_up()
    box = _box(play)
    assert box.lost is None
    assert box.brain.state.seq >= seq
    assert box.store.verify_chain() is None
    assert living.crews[0].permit is not None
    box.end()


def test_whatever_is_wrong_fails_the_week() -> None:
    good = Week(seed="", hours=1.0, permit_hours=100.0, chain="holds")
    assert good.passed
    assert replace(good, false_pauses=["one"]).passed, "the budget lets expect one in a hundred hours"
    for bad in (
        replace(good, chain="row 3"),
        replace(good, false_pauses=["one"] * 5),
        replace(good, over_quota=["journal"]),
        replace(good, not_begun=["no guard"]),
        replace(good, untold=[7]),
        replace(good, grown={"pss_mb": judged("pss_mb", [(0, 0.0), (24, 9.0)], Bound(per_day=1.0))}),
    ):
        assert not bad.passed
