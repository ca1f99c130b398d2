"""Areas for whoever draws them: as the settings have them, and as GeoJSON there and back without a loss."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.pages import TREE, make_client
from web_ui.records import Records
from web_ui.sessions import COOKIE, Sessions

SQUARE = [[121.5, 31.2], [121.6, 31.2], [121.6, 31.3], [121.5, 31.3], [121.5, 31.2]]


class Keeper:
    """The technician, logged in."""

    def __init__(self, site: Path) -> None:
        self.client: FlaskClient = make_client(site)
        records = Records(site / "web")
        secret, session = Sessions(records, time.time).begin("gu-tech", "kid", time.time() + 3600)
        records.close()
        self.client.set_cookie(COOKIE, secret, secure=True)
        self.headers = {"X-Edge": "1", "X-CSRF": session.csrf}

    def got(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json

    def sent(self, features: list[Any]) -> Any:
        told = {"type": "FeatureCollection", "features": features}
        return self.client.post("/api/v1/areas.geojson", json=told, headers=self.headers).json


@pytest.fixture
def keeper(site: Path) -> Keeper:
    """On a site whose axes are turned."""
    shutil.copy(TREE / "zones" / "demo-tank" / "areas.toml", site / "areas.toml")
    text = (site / "site.toml").read_text("utf-8")
    placed = 'unit = "box-1"\norigin_lat = 31.2\norigin_lon = 121.5\nrotation_deg = 30.0\n'
    (site / "site.toml").write_text(text.replace('unit = "box-1"\n', placed), "utf-8")
    return Keeper(site)


def feature(ring: Any = SQUARE, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": properties}


def test_areas_come_whole_and_with_the_files_hash(keeper: Keeper) -> None:
    told = keeper.got("areas")
    assert [one["id"] for one in told["areas"]] == ["tank-mouth", "tank-inside", "yard"]
    assert told["areas"][1]["ceiling_m"] == 6.0
    assert len(told["sha256"]) == 64


def test_geojson_there_and_back_is_the_same_to_a_centimetre(keeper: Keeper) -> None:
    there = keeper.got("areas.geojson")["features"]
    ring = there[0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert abs(ring[0][0] - 121.5) < 0.001
    assert keeper.sent(there)["areas"] == keeper.got("areas")["areas"]


def test_other_programs_areas_get_an_id_and_a_name(keeper: Keeper) -> None:
    taken = keeper.sent([feature(id="Tank 7 / North", name="Tank 7", colour="red"), feature()])["areas"]
    names = [(one["id"], one["name"]["en"]) for one in taken]
    assert names == [("tank-7-north", "Tank 7"), ("area-2", "area-2")]
    assert len(taken[0]["corners"]) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        feature(SQUARE[:3]),
        feature([[121.5], *SQUARE]),
        feature([[31.2, 121.5], *SQUARE]),
        {**feature(), "geometry": {"type": "Polygon", "coordinates": [SQUARE, SQUARE]}},
        feature(floor_m="high"),
    ],
)
def test_what_is_no_outline_is_told(keeper: Keeper, wrong: Any) -> None:
    assert keeper.sent([wrong])["error"]["code"] == "E-GEO"
