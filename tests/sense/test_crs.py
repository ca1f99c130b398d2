"""Coordinate systems: known points, and every point there and back to within centimetres."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.sense.wearables import crs

# Inside China, away from the edge of the box at which the map services stop moving points.
LATITUDES = st.floats(3.0, 53.0)
LONGITUDES = st.floats(74.0, 135.0)
METRES_PER_DEGREE = 111_320.0
CENTIMETRE = 0.01


def apart_m(one: tuple[float, float], two: tuple[float, float]) -> float:
    return METRES_PER_DEGREE * math.dist(one, two)


@pytest.mark.parametrize(
    ("drawn", "place", "shown"),
    [  # Tiananmen, as the public converters give it (eviltransform, gcoord)
        (crs.gcj02, (39.915, 116.404), (39.91640428150164, 116.41024449916938)),
        (crs.bd09, (39.915, 116.404), (39.92133699351021, 116.41036949371029)),
    ],
)
def test_a_known_point(drawn: object, place: tuple[float, float], shown: tuple[float, float]) -> None:
    assert apart_m(drawn(place), shown) < 0.001  # type: ignore[operator]


@given(LATITUDES, LONGITUDES, st.sampled_from(sorted(crs.DRAWN)))
def test_there_and_back_is_the_same_place(lat: float, lon: float, system: str) -> None:
    back = crs.to_wgs84(system, *crs.DRAWN[system]((lat, lon)))
    assert back is not None
    assert apart_m(back, (lat, lon)) < CENTIMETRE


@given(LATITUDES, LONGITUDES)
def test_gcj02_is_off_by_metres_and_less_than_a_kilometre(lat: float, lon: float) -> None:
    assert 5 < apart_m(crs.gcj02((lat, lon)), (lat, lon)) < 1500


def test_mixing_frames_moves_a_guard_off_his_post() -> None:
    """What a 50 m rule would see if the declared system were wrong: hundreds of metres."""
    post = (30.8142, 121.2987)
    assert apart_m(crs.gcj02(post), post) > 300
    assert apart_m(crs.bd09(crs.gcj02(post)), post) > 600


@pytest.mark.parametrize("place", [(48.8, 2.3), (-33.9, 151.2), (40.7, -74.0)])
def test_outside_of_china_nothing_is_moved(place: tuple[float, float]) -> None:
    assert crs.gcj02(place) == place
    assert crs.to_wgs84("gcj02", *place) == place


@pytest.mark.parametrize("degrees", [(91.0, 0.0), (0.0, 181.0), (math.nan, 1.0), (1.0, math.inf)])
@pytest.mark.parametrize("system", sorted(crs.DRAWN))
def test_what_is_no_degree_is_no_place(system: str, degrees: tuple[float, float]) -> None:
    assert crs.to_wgs84(system, *degrees) is None


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(sorted(crs.DRAWN)))
def test_wherever_it_is_the_answer_closes_or_there_is_none(lat: float, lon: float, system: str) -> None:
    back = crs.to_wgs84(system, lat, lon)
    assert back is None or apart_m(crs.DRAWN[system](back), (lat, lon)) < CENTIMETRE
