"""Wearables: motion, distance, and in which area somebody stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry import Polygon

from edge_agent.domain.device import Device, DeviceKind
from edge_agent.domain.observation import Position
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area, Corner
from edge_agent.fuse.memory import Memory, absorb
from edge_agent.fuse.people import Tag, area_of, nearest_m, tag
from edge_agent.fuse.tags import WINDOW, TagMemory, quantile, remembered

DEVICE = Device(id="t", kind=DeviceKind.WEARABLE, name=Words("牌", "tag"), period_s=1, stale_after_s=3)
SQUARE = Area(id="sq", name=Words("方", "square"), corners=((0, 0), (4, 0), (4, 4), (0, 4)))

ASLANT: tuple[Corner, ...] = ((1, -3), (5, 1), (2, 6), (-4, 2))


def fix(at_s: float, x_m: float | None = 0.0, **more: object) -> Position:
    return Position(source="t", at_s=at_s, x_m=x_m, y_m=None if x_m is None else 0.0, **more)  # type: ignore[arg-type]


def walk(*fixes: Position) -> TagMemory:
    memory: TagMemory | None = None
    for one in fixes:
        memory = remembered(memory, one, 3.0, 600.0)
    assert memory is not None
    return memory


def test_motion_is_the_imus_word_or_a_displacement_beyond_accuracy() -> None:
    assert walk(fix(0), fix(5, moving=True, worn=True)).moved_s == 5
    felt = (fix(4, x_m=3.1, moving=True, worn=True), fix(5, x_m=3.1, moving=True, worn=True))
    assert walk(fix(0), *felt).walked_s == 5
    assert walk(fix(0), fix(4, x_m=2.9), fix(5, x_m=2.9)).moved_s == 0
    assert walk(fix(0), fix(1), fix(4, x_m=3.1), fix(5, x_m=3.1)).moved_s == 5
    assert walk(fix(0), fix(4, x_m=6.0, accuracy_m=10.0), fix(5, x_m=6.0, accuracy_m=10.0)).moved_s == 0


def test_one_jump_is_no_walk_and_a_still_imu_takes_no_step() -> None:
    assert walk(fix(0), fix(4, x_m=25.0), fix(5, x_m=0.5), fix(6, x_m=-30.0)).walked_s == 0
    assert walk(fix(0), fix(1), fix(4, x_m=25.0), fix(5, x_m=None), fix(6, x_m=25.0)).walked_s == 6
    still = walk(fix(0), *(fix(second, x_m=9.0, moving=False, worn=True) for second in range(1, 9)))
    assert (still.moved_s, still.walked_s, still.stirred_s) == (0, 0, 0)


def test_what_shakes_a_badge_that_nobody_is_known_to_wear_is_no_sign_of_life() -> None:
    shaken = walk(fix(0), fix(5, moving=True))
    assert (shaken.moved_s, shaken.stirred_s) == (0, 5)
    assert walk(fix(0), fix(5, no_motion_s=2.0, worn=True)).moved_s == 3
    assert walk(fix(0), fix(5, moving=True, no_motion_s=2.0, worn=True)).stirred_s == 3, "the lesser claim"


def test_the_button_counts_when_it_goes_down() -> None:
    assert walk(fix(0, here=True)).here_s == 0
    pressed = walk(fix(0), fix(1, here=True), fix(2, here=True))
    assert pressed.here_s == 1
    assert walk(fix(0), fix(1, here=True), fix(2), fix(3, here=True)).here_s == 3


def test_slow_drift_is_found_because_the_anchor_stays() -> None:
    drift = [fix(float(second), x_m=second * 0.5) for second in range(10)]
    assert walk(*drift).moved_s == 9, (
        "beyond 3 m of the first four fixes' middle at 8 s, confirmed by the next fix"
    )


def test_a_first_fix_that_nothing_agreed_with_was_no_place_to_walk_away_from() -> None:
    assert walk(fix(0, x_m=25.0), fix(4), fix(5)).walked_s == 0
    assert walk(fix(0, x_m=25.0), fix(4), fix(5), fix(8, x_m=9.0), fix(9, x_m=9.0)).walked_s == 9
    on_his_way = walk(fix(0), fix(4, x_m=9.0), fix(8, x_m=18.0))
    assert on_his_way.walked_s == 8, "three fixes, three places: nobody would call that one of them wrong"
    assert walk(fix(0), fix(4, x_m=9.0), fix(8, x_m=18.0), fix(9, x_m=27.0), fix(10, x_m=27.0)).walked_s == 8


@given(
    st.floats(14, 100),
    st.lists(st.tuples(st.floats(0.2, 8.0), st.floats(-1, 1), st.floats(1, 103)), min_size=3, max_size=60),
)
def test_a_hung_badge_never_walks_however_wrong_its_first_fix_was(
    outlier_m: float, later: list[tuple[float, float, float]]
) -> None:
    """No fix after the first is off by more than 0.6 of its own accuracy; without an IMU nothing else tells."""
    now_s, fixes = 0.0, [fix(0.0, x_m=outlier_m, accuracy_m=0.5)]
    for accuracy_m, part, gap_s in later:
        now_s += gap_s
        fixes.append(fix(now_s, x_m=0.6 * accuracy_m * part, accuracy_m=accuracy_m, worn=True))
    assert walk(*fixes).walked_s == 0


def test_a_tag_off_the_wrist_does_not_move() -> None:
    hung = walk(fix(0), fix(4, x_m=50.0, worn=False), fix(5, x_m=50.0, moving=True, worn=False))
    assert (hung.moved_s, hung.walked_s, hung.stirred_s) == (0, 0, 5)


def test_a_fix_without_a_place_keeps_the_last_ones_age() -> None:
    memory = walk(fix(0), fix(10, x_m=None))
    judged = tag(DEVICE, memory, (), 10.0)
    assert (judged.placed_s, judged.heard_s) == (0, 10)
    assert judged.heard
    assert not judged.fresh
    assert judged.reach(Point(0, 0)) is None


def test_the_age_of_a_fix_counts_from_when_it_was_taken() -> None:
    memory = walk(fix(100, age_s=30.0))
    assert tag(DEVICE, memory, (), 100.0).placed_s == 70


def test_a_tag_that_was_never_placed_gets_its_first_place() -> None:
    memory = walk(fix(0, x_m=None), fix(5, x_m=10.0), fix(6, x_m=10.0))
    assert memory.placed_s == 6
    assert memory.moved_s == 0


def test_never_heard_is_nothing_at_all() -> None:
    assert tag(DEVICE, None, (), 5.0) == Tag(device=DEVICE)


def test_a_place_is_as_far_as_its_accuracy_says() -> None:
    at = Tag(device=DEVICE, x_m=3.0, y_m=4.0, z_m=12.0, accuracy_m=2.0)
    reach = at.reach(Point(0, 0, 0))
    assert reach is not None
    assert (reach.near_m, reach.likely_m, reach.far_m) == (3, 5, 7), "on the plan: height is asked by itself"
    assert at.above_m(Point(0, 0, 14.0)) == -2
    assert at.above_m(Point(0, 0)) is None
    unsure = Tag(device=DEVICE, x_m=3.0, y_m=4.0).reach(Point(0, 0))
    assert unsure is not None
    assert (unsure.near_m, unsure.likely_m, unsure.far_m) == (0, 5, 5), "unknown accuracy proves no distance"


def test_a_fix_that_names_an_area_only_may_be_anywhere_in_it() -> None:
    named = tag(DEVICE, walk(fix(0, x_m=None, zone="sq")), (SQUARE,), 0.0)
    assert named.fresh
    reach = named.reach(Point(7, 0))
    assert reach is not None
    assert (reach.near_m, reach.far_m) == (3, (7**2 + 4**2) ** 0.5)
    assert named.reach(Point(2, 2)).near_m == 0  # type: ignore[union-attr]
    assert tag(DEVICE, walk(fix(0, x_m=None, zone="elsewhere")), (SQUARE,), 0.0).reach(Point(2, 2)) is None


def test_a_platforms_own_zone_is_believed() -> None:
    memory = walk(fix(0, x_m=None, zone="sq"))
    assert tag(DEVICE, memory, (SQUARE,), 0.0).area == "sq"
    assert area_of(None, None, (SQUARE,)) is None


@given(st.floats(-1, 5), st.floats(-1, 5))
def test_inside_agrees_with_shapely_away_from_the_edge(x_m: float, y_m: float) -> None:
    polygon = Polygon(SQUARE.corners)
    if polygon.boundary.distance(ShapelyPoint(x_m, y_m)) > 1e-9:
        assert (area_of(x_m, y_m, (SQUARE,)) == "sq") == polygon.contains(ShapelyPoint(x_m, y_m))


@given(st.floats(-9, 9), st.floats(-9, 9), st.sampled_from([SQUARE.corners, ASLANT]))
def test_the_nearest_of_an_area_agrees_with_shapely(x_m: float, y_m: float, corners: tuple[Corner, ...]) -> None:
    twice = (*corners, corners[-1])  # a corner written twice changes nothing
    truth_m = Polygon(corners).distance(ShapelyPoint(x_m, y_m))
    assert abs(nearest_m(x_m, y_m, twice) - truth_m) < 1e-9


@given(st.permutations([fix(1.0), fix(2.0, x_m=9.0), fix(3.0, moving=True)]))
def test_absorbing_is_the_same_one_by_one_or_at_once(fixes: list[Position]) -> None:
    one_by_one = Memory(booted_s=0)
    for one in fixes:
        one_by_one = absorb(one_by_one, (one,))
    assert absorb(Memory(booted_s=0), tuple(fixes)) == one_by_one


STOREYS = tuple(
    Area(id=name, name=SQUARE.name, corners=SQUARE.corners, floor_m=floor_m, ceiling_m=ceiling_m)
    for name, floor_m, ceiling_m in (("ground", 0.0, 5.0), ("first", 5.0, 10.0))
)


@pytest.mark.parametrize(
    ("z_m", "area"),
    [
        (2.0, "ground"),
        (7.0, "first"),
        (-4.0, "ground"),
        (14.0, "first"),
        (15.1, "sq"),
        (-5.1, "sq"),
        (None, "ground"),
    ],
)
def test_height_tells_two_storeys_apart(z_m: float | None, area: str) -> None:
    assert area_of(2.0, 2.0, (*STOREYS, SQUARE), z_m, off_m=5.0) == area


@given(st.lists(st.floats(0.1, 700.0), max_size=250))
def test_a_tags_intervals_are_its_last_ones_without_its_absences(gaps_s: list[float]) -> None:
    at_s, memory, own = 0.0, None, []
    for drawn_s in [0.0, *gaps_s]:
        gap_s = at_s + drawn_s - at_s  # as two seconds of the clock tell it: a sum is rounded
        at_s += drawn_s
        memory = remembered(memory, Position(source="tag-1", at_s=at_s, zone="here"), 3.0, 600.0)
        own += [gap_s] if 0 < gap_s <= 600.0 else []
    assert memory is not None
    assert memory.gaps == pytest.approx(own[-WINDOW:], abs=0.11)
    for pct in (50, 99):
        if memory.gaps:
            limit_s = quantile(memory.gaps, pct)
            within = sum(gap_s <= limit_s for gap_s in memory.gaps)
            below = sum(gap_s < limit_s for gap_s in memory.gaps)
            assert below < len(memory.gaps) * pct / 100 <= within


def test_two_words_of_one_moment_are_no_interval() -> None:
    first = remembered(None, Position(source="tag-1", at_s=5.0, zone="here"), 3.0, 600.0)
    assert remembered(first, Position(source="tag-1", at_s=5.0, zone="there"), 3.0, 600.0).gaps == ()
