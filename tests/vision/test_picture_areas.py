"""Feet in areas, against shapely's geometry."""

import shapely
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera.picture_areas import areas_of, outlines

CONCAVE = PictureArea(
    id="l", area="bay", corners=((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.1, 0.4))
)
SQUARE = PictureArea(id="s", area="tank", corners=((0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0)))
part = st.floats(0, 1)


@given(part, part, st.floats(0.01, 0.3), st.floats(0.01, 0.5))
def test_feet_are_in_the_areas_that_geometry_says(x: float, y: float, width: float, height: float) -> None:
    feet = shapely.Point(x, y)
    found = areas_of((x - width / 2, y - height, x + width / 2, y), outlines((CONCAVE, SQUARE)))
    for area in (CONCAVE, SQUARE):
        outline = shapely.Polygon(area.corners)
        if outline.exterior.distance(feet) > 1e-3:
            assert (area.area in found) == outline.contains(feet)


def test_the_edge_belongs_to_the_area() -> None:
    assert areas_of((0.7, 0.5, 0.8, 1.0), outlines((SQUARE,))) == ("tank",)


def test_two_outlines_of_one_area_are_one_place() -> None:
    twice = outlines((SQUARE, PictureArea(id="s2", area="tank", corners=SQUARE.corners)))
    assert areas_of((0.7, 0.5, 0.8, 0.8), twice) == ("tank",)


def test_nobody_stands_in_no_area() -> None:
    assert areas_of((0.0, 0.0, 0.1, 0.1), outlines((SQUARE,))) == ()
    assert areas_of((0.0, 0.0, 0.1, 0.1), ()) == ()
