"""What a still says of itself, in words: when, by which clock, where, of which work, by which camera."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.words import Words
from edge_agent.field.film.parts import Stamp
from edge_agent.ops.recordings.label import label
from edge_agent.sense.wearables.place import from_wgs84, to_wgs84
from edge_agent.settings.site import Settings
from tests.ops.test_beside_the_brain import Box

UTC_S = datetime(2026, 11, 27, 9, 0, 3, tzinfo=UTC).timestamp()
STAMP = Stamp(
    site="demo-tank", unit="edge-1", camera="cam-1", area="tank-inside", permit="P-1", point_m=(6.5, 0.0),
    clock_trusted=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Box(Path(tmp_path_factory.mktemp("site"))).settings


def said(settings: Settings, stamp: Stamp = STAMP, taken_utc: float | None = UTC_S - 1) -> tuple[str, ...]:
    return label(settings, stamp, Instant(now_s=5.0, utc=UTC_S, trusted=stamp.clock_trusted), taken_utc)


def test_it_says_all_that_an_inspector_asks(settings: Settings) -> None:
    time, site, area, permit, camera, position = said(settings)
    assert time == "2026-11-27 17:00:03 +08:00 时钟可信 clock trusted"
    assert site.startswith("站点 demo-tank/edge-1 ")
    assert settings.site.site.name.zh in site
    assert area.startswith("区域 tank-inside ")
    assert next(one.name.zh for one in settings.areas if one.id == "tank-inside") in area
    assert permit == "作业票 P-1"
    assert camera.startswith("摄像机 cam-1 ")
    assert position.startswith("作业点 6.5, 0.0 m = ")


def test_a_clock_that_is_not_trusted_is_said_on_the_picture(settings: Settings) -> None:
    time, *_ = said(settings, replace(STAMP, clock_trusted=False))
    assert time.endswith("时钟未校准 CLOCK NOT TRUSTED")


def test_an_old_picture_does_not_pass_for_one_of_now(settings: Settings) -> None:
    assert "画面早 600 s, picture older by that" in said(settings, taken_utc=UTC_S - 600)
    assert "画面时间未知 age of picture unknown" in said(settings, taken_utc=UTC_S + 600)
    assert not any("画面" in field for field in said(settings))


def test_what_is_not_known_is_said_to_be_so(settings: Settings) -> None:
    fields = said(settings, Stamp(site="demo-tank", unit="edge-1", camera="cam-9"))
    assert "区域未知 area unknown" in fields
    assert "无作业票 no permit" in fields
    assert fields[-1].startswith("站点位置 site at ")


def test_one_name_in_two_languages_is_not_said_twice(settings: Settings) -> None:
    site = replace(settings.site, site=replace(settings.site.site, name=Words("T1", "T1")))
    assert said(replace(settings, site=site))[1] == "站点 demo-tank/edge-1 T1"


metres = st.floats(-5000, 5000)


@given(st.tuples(metres, metres), st.tuples(st.floats(-70, 70), st.floats(-180, 180)), st.floats(0, 360))
def test_a_place_on_the_globe_leads_back_to_the_same_metres(
    settings: Settings, point_m: tuple[float, float], origin: tuple[float, float], turn: float
) -> None:
    site = replace(settings.site.site, origin_lat=origin[0], origin_lon=origin[1], rotation_deg=turn)
    there = to_wgs84(site, *point_m)
    back = from_wgs84(site, *there)
    if back is not None:  # near 0, 0 nothing is a place
        assert back == pytest.approx(point_m, abs=0.01)
