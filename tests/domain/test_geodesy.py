"""Degrees and metres are told back and forth without loss, wherever the site lies and however it is turned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.geodesy import to_degrees
from edge_agent.domain.words import Words
from edge_agent.sense.wearables.place import from_wgs84
from edge_agent.settings.site_itself import SiteTable


def site(lat: float, lon: float, rotation_deg: float) -> SiteTable:
    return SiteTable(
        id="s",
        unit="u",
        name=Words("站", "site"),
        rulebook="r",
        origin_lat=lat,
        origin_lon=lon,
        rotation_deg=rotation_deg,
    )


@given(
    st.floats(-80, 80),
    st.floats(1, 180),
    st.floats(-180, 180),
    st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)),
)
def test_there_and_back(lat: float, lon: float, rotation_deg: float, point: tuple[float, float]) -> None:
    at = to_degrees((lat, lon), rotation_deg, *point)
    back = from_wgs84(site(lat, lon, rotation_deg), *at)
    assert back == pytest.approx(point, abs=0.001)


def test_a_hundred_metres_north_and_east_at_thirty_degrees() -> None:
    """A minute of latitude is a nautical mile, within half a per cent: a check by other means."""
    lat, lon = to_degrees((30.0, 121.0), 0.0, 0.0, 1852.0)
    assert (lat - 30.0) * 60 == pytest.approx(1.0, rel=0.005)
    assert lon == pytest.approx(121.0)
    lat, lon = to_degrees((30.0, 121.0), 90.0, 1852.0, 0.0)  # x points north
    assert (lat - 30.0) * 60 == pytest.approx(1.0, rel=0.005)
    lat, lon = to_degrees((0.0, 121.0), 0.0, 1852.0, 0.0)
    assert (lon - 121.0) * 60 == pytest.approx(1.0, rel=0.005)
