"""Wearables: motion, distance, and in which area somebody stands."""

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry import Polygon

from edge_agent.domain.device import Device, DeviceKind
from edge_agent.domain.observation import Position
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area
from edge_agent.fuse.memory import Memory, TagMemory, absorb, moved
from edge_agent.fuse.people import Tag, area_of, tag

DEVICE = Device(id="t", kind=DeviceKind.WEARABLE, name=Words("牌", "tag"), period_s=1, stale_after_s=3)
SQUARE = Area(id="sq", name=Words("方", "square"), corners=((0, 0), (4, 0), (4, 4), (0, 4)))


def fix(at_s: float, x_m: float | None = 0.0, **more: object) -> Position:
    return Position(source="t", at_s=at_s, x_m=x_m, y_m=None if x_m is None else 0.0, **more)  # type: ignore[arg-type]


def walk(*fixes: Position) -> TagMemory:
    memory: TagMemory | None = None
    for one in fixes:
        memory = moved(memory, one, 3.0)
    assert memory is not None
    return memory


def test_motion_is_the_imus_word_or_a_displacement_beyond_accuracy() -> None:
    assert walk(fix(0), fix(5, moving=True)).moved_s == 5
    assert walk(fix(0), fix(5, x_m=2.9)).moved_s == 0
    assert walk(fix(0), fix(5, x_m=3.1)).moved_s == 5
    assert walk(fix(0), fix(5, x_m=6.0, accuracy_m=10.0)).moved_s == 0, "the fix is coarser than the step"


def test_slow_drift_is_found_because_the_anchor_stays() -> None:
    drift = [fix(float(second), x_m=second * 0.5) for second in range(9)]
    assert walk(*drift).moved_s == 7


def test_a_tag_off_the_wrist_does_not_move() -> None:
    assert walk(fix(0), fix(5, x_m=50.0, moving=True, worn=False)).moved_s == 0


def test_a_fix_without_a_place_keeps_the_last_ones_age() -> None:
    memory = walk(fix(0), fix(10, x_m=None))
    judged = tag(DEVICE, memory, (), 10.0)
    assert judged.placed_age_s == 10
    assert judged.heard_age_s == 0
    assert not judged.fresh
    assert judged.distance_m(Point(0, 0)) is None


def test_the_age_of_a_fix_counts_from_when_it_was_taken() -> None:
    memory = walk(fix(100, age_s=30.0))
    assert tag(DEVICE, memory, (), 100.0).placed_age_s == 30


def test_a_tag_that_was_never_placed_gets_its_first_place() -> None:
    memory = walk(fix(0, x_m=None), fix(5, x_m=10.0), fix(6, x_m=10.0))
    assert memory.placed_s == 6
    assert memory.moved_s == 0


def test_never_heard_is_nothing_at_all() -> None:
    assert tag(DEVICE, None, (), 5.0) == Tag(device=DEVICE)


def test_height_counts_where_both_know_it() -> None:
    at = Tag(device=DEVICE, x_m=3.0, y_m=4.0, z_m=12.0)
    assert at.distance_m(Point(0, 0)) == 5
    assert at.distance_m(Point(0, 0, 0)) == 13


def test_a_platforms_own_zone_is_believed() -> None:
    memory = walk(fix(0, x_m=None, zone="sq"))
    assert tag(DEVICE, memory, (SQUARE,), 0.0).area == "sq"
    assert area_of(None, None, (SQUARE,)) is None


@given(st.floats(-1, 5), st.floats(-1, 5))
def test_inside_agrees_with_shapely_away_from_the_edge(x_m: float, y_m: float) -> None:
    polygon = Polygon(SQUARE.corners)
    if polygon.boundary.distance(ShapelyPoint(x_m, y_m)) > 1e-9:
        assert (area_of(x_m, y_m, (SQUARE,)) == "sq") == polygon.contains(ShapelyPoint(x_m, y_m))


@given(st.permutations([fix(1.0), fix(2.0, x_m=9.0), fix(3.0, moving=True)]))
def test_absorbing_is_the_same_one_by_one_or_at_once(fixes: list[Position]) -> None:
    one_by_one = Memory(booted_s=0)
    for one in fixes:
        one_by_one = absorb(one_by_one, (one,))
    assert absorb(Memory(booted_s=0), tuple(fixes)) == one_by_one
