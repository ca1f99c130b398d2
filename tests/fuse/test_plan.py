"""The plan finds the same areas as somebody who looks at all of them."""

from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.words import NOTHING
from edge_agent.domain.zone import Area
from edge_agent.fuse.plan import Plan, holds, plan_of

METRES = st.floats(-500, 500, allow_nan=False)
CORNERS = st.lists(st.tuples(METRES, METRES), min_size=3, max_size=6).map(tuple)


@given(polygons=st.lists(CORNERS, max_size=8), x_m=METRES, y_m=METRES, at_corner=st.booleans())
def test_it_finds_what_looking_at_every_area_finds(polygons, x_m, y_m, *, at_corner: bool) -> None:
    areas = tuple(Area(id=str(at), name=NOTHING, corners=corners) for at, corners in enumerate(polygons))
    if at_corner and areas:
        x_m, y_m = areas[0].corners[0]
    assert Plan(areas).holding(x_m, y_m) == [area for area in areas if holds(area.corners, x_m, y_m)]


def test_who_stands_a_roundings_width_outside_the_box_is_found_too() -> None:
    """holds() rounds: it has a point on the edge inside, which the box of the corners has not."""
    sliver = Area(id="a", name=NOTHING, corners=((1.0, 0.0), (1.0, 1.0), (1e-123, 0.0)))
    assert holds(sliver.corners, 0.0, 0.0)
    assert Plan((sliver,)).holding(0.0, 0.0) == [sliver]


def test_a_site_is_planned_once() -> None:
    here = (Area(id="a", name=NOTHING, corners=((0.0, 0.0), (9.0, 0.0), (9.0, 9.0))),)
    same = (Area(id="a", name=NOTHING, corners=((0.0, 0.0), (9.0, 0.0), (9.0, 9.0))),)
    assert plan_of(here) is plan_of(here)
    assert plan_of(same) is not plan_of(here), "compared by identity, never by a hundred polygons"
