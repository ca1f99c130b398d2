"""Curves: the worst sample of a step is kept, a gap is a gap, nothing is doubted and shown as good."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.observation import Observation, Position, Quality, Reading, Weather
from edge_agent.fuse import gas, gas_site
from edge_agent.fuse.gas import Channel
from edge_agent.settings.site import Settings
from edge_agent.settings.site_sensors import GaugeTable
from edge_agent.tell.curves import KEPT_S, LETTERS, STEP_S, Remembered
from edge_agent.tell.live_curves import Curve
from tests.scenarios.stories.gauges import REACTOR, ROOM, of
from tests.support.story import Story, scenario_site

BEGAN_S, UTC = 1000.0, 1_795_000_000.0
SITE = scenario_site()
CO = next(device for device in SITE.devices if device.id == "gas-co")


@pytest.fixture(scope="module")
def site() -> Settings:
    return SITE


def at(now_s: float) -> Instant:
    return Instant(now_s=now_s, utc=UTC + now_s - BEGAN_S, trusted=True)


def co(at_s: float, level: float | None, quality: Quality = Quality.GOOD) -> Reading:
    return Reading(source="gas-co", at_s=at_s, channel="co", level=level, unit="ppm", quality=quality)


def curve(
    site: Settings, heard: list[Observation], until_s: float, channels: dict[str, Channel] | None = None
) -> Curve:
    one = Remembered(site, BEGAN_S)
    one.hear(heard)
    one.close(until_s, channels or {})
    return one.curves(at(until_s))["gas-co"]


def test_a_point_is_two_seconds_and_begins_at_its_date(site: Settings) -> None:
    drawn = curve(site, [co(1000.5 + second, second) for second in range(10)], 1010.0)
    assert (drawn.from_utc, drawn.step_s) == (UTC, STEP_S)
    assert drawn.levels == (1.0, 3.0, 5.0, 7.0, 9.0)
    assert set(drawn.quality) == {"g"}


def test_a_short_danger_is_not_lost_between_two_points(site: Settings) -> None:
    limit = site.rulebook.gases["co"].stop_high
    assert limit is not None
    drawn = curve(site, [co(1000.2, 1.0), co(1000.6, limit.value + 5), co(1001.4, 1.0)], 1002.0)
    assert drawn.levels == (limit.value + 5,)


def test_a_gap_is_a_gap_from_the_first_word_that_did_not_come(site: Settings) -> None:
    drawn = curve(site, [co(1000.5, 1.0), co(1001.5, 2.0), co(1009.0, 3.0)], 1010.0)
    assert drawn.levels == (2.0, None, None, None, 3.0)
    assert drawn.quality == ("g", "m", "m", "m", "g")


def test_a_fault_has_no_level_and_says_what_it_is(site: Settings) -> None:
    drawn = curve(site, [co(1000.5, 7.0), co(1002.5, None, Quality.COMM_FAIL)], 1004.0)
    assert (drawn.levels, drawn.quality) == ((7.0, None), ("g", "l"))


def test_what_the_box_doubts_is_not_drawn_as_good(site: Settings) -> None:
    told = Story(site)
    told.run(2)
    devices = {device.id: device for device in site.devices}
    channels = gas_site.channels(site, told.decisions[-1].state.memory, devices, told.now_s)
    doubted = {"gas-co": replace(channels["gas-co"], quality=Quality.SUSPECT)}
    drawn = curve(site, [co(1000.5, 7.0)], 1002.0, doubted)
    assert (drawn.levels, drawn.quality) == ((7.0,), ("d",))


def test_what_is_dangerous_by_a_limit_that_was_moved_is_so_in_the_curve(site: Settings) -> None:
    """The centre, or whoever signed, has made it stricter: the point says what the box decided."""
    limits = site.rulebook.gases["co"]
    assert limits.stop_high is not None
    level = limits.stop_high.value / 2
    stricter = replace(limits, stop_high=replace(limits.stop_high, value=level / 2))
    decided = gas.channel(CO, "co", co(1000.0, level), stricter, 1000.0)
    one = Remembered(site, BEGAN_S)
    one.hear([co(1000.5, level)])
    first = one.close(1002.0, {"gas-co": decided})["gas-co"][1]
    one.hear([co(1002.5, level)])
    second = one.close(1004.0, {"gas-co": decided})["gas-co"][1]
    assert [point.danger for point in (*first, *second) if point is not None] == [False, True]


def test_every_quality_has_its_own_letter() -> None:
    assert set(LETTERS) == set(Quality)
    assert len(set(LETTERS.values())) == len(Quality)


def test_only_the_last_quarter_of_an_hour_is_kept(site: Settings) -> None:
    one = Remembered(site, BEGAN_S)
    for second in range(int(KEPT_S) + 100):
        one.hear([co(BEGAN_S + second, float(second))])
        one.close(BEGAN_S + second, {})
    now = at(BEGAN_S + KEPT_S + 100)
    one.close(now.now_s, {})
    drawn = one.curves(now)["gas-co"]
    assert (len(drawn.levels), drawn.levels[-1]) == (KEPT_S / STEP_S, KEPT_S + 99)
    assert drawn.from_utc == now.utc - KEPT_S


def test_a_long_silence_of_the_recorder_itself_is_a_gap(site: Settings) -> None:
    one = Remembered(site, BEGAN_S)
    one.hear([co(1000.5, 1.0)])
    one.close(1002.0, {})
    one.close(1002.0 + 10 * KEPT_S, {})
    levels = one.curves(at(1002.0 + 10 * KEPT_S))["gas-co"].levels
    assert (len(levels), set(levels)) == (KEPT_S / STEP_S, {None})


def test_where_somebody_was_is_kept_and_an_unknown_place_is_none(site: Settings) -> None:
    one = Remembered(site, BEGAN_S)
    one.hear(
        [Position(source="tag-guard", at_s=1000.5, x_m=1.0, y_m=2.0), Position(source="tag-guard", at_s=1003.0)]
    )
    one.close(1004.0, {})
    way = one.ways(at(1004.0), 600.0, ["tag-guard", "nobody"])["tag-guard"]
    assert way.places == ((1.0, 2.0), None)


@given(
    st.lists(st.tuples(st.floats(0, 60), st.floats(0, 30)), max_size=60), st.lists(st.floats(0, 70), max_size=8)
)
def test_the_curve_does_not_depend_on_when_it_is_looked_at(
    heard: list[tuple[float, float]], looks: list[float]
) -> None:
    """In order of arrival, however often the steps are closed in between."""
    site = SITE
    words = sorted(heard)

    def told(looked: list[float]) -> Iterator[tuple[float | None, ...]]:
        one, left = Remembered(site, BEGAN_S), list(words)
        for until in (*sorted(looked), 70.0):
            while left and left[0][0] <= until:
                after_s, level = left.pop(0)
                one.hear([co(BEGAN_S + after_s, level)])
            one.close(BEGAN_S + until, {})
        yield one.curves(at(BEGAN_S + 70.0))["gas-co"].levels

    assert list(told(looks)) == list(told([]))


def gauged(**tables: GaugeTable) -> Remembered:
    return Remembered(of(**tables)(), BEGAN_S)


def test_a_gauge_has_a_curve_and_its_danger_is_not_lost_between_two_points() -> None:
    one = gauged(reactor=REACTOR)

    def says(at_s: float, level: float) -> Reading:
        return Reading(
            source="reactor", at_s=at_s, channel="temperature", level=level, unit="degC", quality=Quality.GOOD
        )

    one.hear([says(1000.2, 20.0), says(1000.6, 90.0), says(1001.4, 20.0), says(1002.5, 30.0)])
    closed = one.close(1004.0, {})
    assert "reactor" not in closed, "the gas history is of gas"
    drawn = one.curves(at(1004.0), only=["reactor"])["reactor"]
    assert (drawn.levels, drawn.quality) == ((90.0, 30.0), ("g", "g"))


def test_a_gauge_that_is_read_off_the_weather_station_has_one_too() -> None:
    one = gauged(room=ROOM)
    one.hear([Weather(source="weather-1", at_s=1000.5, quality=Quality.GOOD, wind_mps=1.0, humidity_pct=60.0)])
    one.hear([Weather(source="weather-1", at_s=1002.5, quality=Quality.GOOD, wind_mps=1.0)])
    one.close(1004.0, {})
    drawn = one.curves(at(1004.0))["room"]
    assert (drawn.levels, drawn.quality) == ((60.0, None), ("g", "f"))
