"""omlox Locations: every trap of docs/domain.md 4.2 WP1, by hand-written messages."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.observation import Position
from edge_agent.sense.wearables import omlox
from edge_agent.sense.wearables.memory import TagBook
from edge_agent.sense.wearables.place import from_wgs84
from tests.sense.field_fakes import SITE
from tests.support.languages import faults

UTC_S = 1_790_000_000.0  # 2026-09-21T14:13:20Z
NOW = Instant(now_s=500.0, utc=UTC_S, trusted=True)
FIX = {
    "position": {"type": "Point", "coordinates": [12.5, -3.0, 1.2]},
    "source": "hall",
    "provider_type": "uwb",
    "provider_id": "T7",
    "timestamp_generated": "2026-09-21T14:13:18Z",
    "timestamp_sent": "2026-09-21T14:13:19Z",
    "accuracy": 0.3,
    "floor": 0,
    "speed": 0.1,
    "properties": {"moving": True, "worn": True, "sos": False, "battery_pct": 81},
}


def read(**changed: object) -> omlox.Fix:
    message = {key: value for key, value in (FIX | changed).items() if value != "gone"}
    return omlox.read(json.dumps(message).encode(), "tag-7", "T7", SITE, NOW)


def place(**changed: object) -> tuple[float | None, float | None]:
    position = read(**changed).position
    return position.x_m, position.y_m


def test_a_plain_message() -> None:
    fix = read()
    assert fix.position == Position(
        source="tag-7",
        at_s=500.0,
        x_m=12.5,
        y_m=-3.0,
        z_m=1.2,
        accuracy_m=0.3,
        age_s=2.0,
        moving=True,
        worn=True,
        sos=False,
        battery_pct=81.0,
    )
    assert fix.generated == UTC_S - 2
    assert not fix.note


@pytest.mark.parametrize("crs", ["gone", None, "", "local", "LOCAL"])
def test_a_missing_crs_is_local(crs: str | None) -> None:
    assert place(crs=crs) == (12.5, -3.0)


def test_wgs84_becomes_site_metres_lon_first() -> None:
    # 0.001 degrees at 31 degrees north: 110.86 m of meridian, 95.5 m of parallel (WGS-84 tables).
    x_m, y_m = place(crs="EPSG:4326", position={"type": "Point", "coordinates": [121.001, 31.001, 40]})
    assert (x_m, y_m) == (pytest.approx(95.5, abs=0.1), pytest.approx(110.86, abs=0.1))
    assert read(crs="EPSG:4326", position={"coordinates": [121.001, 31.001, 40]}).position.z_m is None


def test_a_turned_site_turns_the_axes() -> None:
    quarter = replace(SITE, rotation_deg=90.0)
    x_m, y_m = from_wgs84(quarter, lat=31.001, lon=121.0) or (math.nan, math.nan)
    assert (x_m, y_m) == (pytest.approx(110.86, abs=0.1), pytest.approx(0, abs=1e-6))


@pytest.mark.parametrize(
    "degrees", [[0, 0], [-0.000001, -0.000001], [121.0, 95.0], [200.0, 31.0], [31.0, 121.0], [2.3, 48.8]]
)
def test_fixes_that_are_no_place_on_this_site_give_none(degrees: list[float]) -> None:
    assert place(crs="EPSG:4326", position={"type": "Point", "coordinates": degrees}) == (None, None)


@pytest.mark.parametrize("coordinates", [[None, None], [None, 3], [], [5], ["", "x"], ["nan", "1"]])
def test_null_is_not_nought(coordinates: list[object]) -> None:
    assert place(position={"type": "Point", "coordinates": coordinates}) == (None, None)
    assert place(position=None) == (None, None)


def test_the_sites_own_origin_is_a_place() -> None:
    assert place(position={"type": "Point", "coordinates": [0, 0]}) == (0, 0)


def test_numbers_and_flags_as_text_are_read() -> None:
    position = read(
        position={"type": "Point", "coordinates": ["12.5", "-3", "1"]},
        accuracy="2.5",
        properties={"moving": "true", "worn": 0, "sos": "1", "battery_pct": "55"},
    ).position
    assert (position.x_m, position.y_m, position.z_m, position.accuracy_m) == (12.5, -3.0, 1.0, 2.5)
    assert (position.moving, position.worn, position.sos, position.battery_pct) == (True, False, True, 55.0)


@pytest.mark.parametrize("accuracy", [None, "gone", 0, -1, 9999, 1e9, "?"])
def test_an_accuracy_that_says_nothing_is_unknown_and_not_perfect(accuracy: object) -> None:
    assert read(accuracy=accuracy).position.accuracy_m is None


@pytest.mark.parametrize("flags", [{}, {"moving": None, "worn": None, "sos": None}, {"moving": "?", "worn": 7}])
def test_flags_that_are_not_there_are_unknown(flags: dict[str, object]) -> None:
    position = read(properties=flags).position
    assert (position.moving, position.worn, position.sos) == (None, None, False)


def test_an_sos_that_cannot_be_read_is_not_taken_for_no() -> None:
    with pytest.raises(omlox.Unreadable, match="sos"):
        read(properties={"sos": "maybe"})


def test_an_old_fix_is_old_however_fresh_the_message() -> None:
    assert read(timestamp_generated="2026-09-21T13:13:20Z").position.age_s == 3600.0
    assert read(timestamp_generated="1970-01-01T00:00:00Z").position.age_s > 1e9


def test_a_fix_from_the_future_has_no_age_and_says_so() -> None:
    fix = read(timestamp_generated="2099-01-01T00:00:00Z")
    assert (fix.position.age_s, fix.generated) == (0.0, None)
    assert "future" in fix.note.en
    assert faults(fix.note) == []


@pytest.mark.parametrize("generated", ["gone", None, "", "yesterday"])
def test_a_fix_without_a_time_is_taken_as_of_its_arrival_and_says_so(generated: str | None) -> None:
    fix = read(timestamp_generated=generated)
    assert (fix.position.age_s, fix.generated) == (0.0, None)
    assert "arrival" in fix.note.en
    assert faults(fix.note) == []


def test_without_a_trusted_clock_the_platforms_own_times_tell_the_age() -> None:
    doubtful = replace(NOW, utc=0.0, trusted=False)
    fix = omlox.read(json.dumps(FIX).encode(), "tag-7", "T7", SITE, doubtful)
    assert fix.position.age_s == 1.0
    assert "not trusted" in fix.note.en
    assert faults(fix.note) == []


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"null",
        b'{"position": 5}',
        b'{"position": {"coordinates": 5}}',
        b'{"crs": "GCJ02"}',
        b'{"provider_id": "T8"}',
        b"[" * 5000,
        b"x" * 100_000,
        b'{"accuracy": NaN}',
        b'{"position": {"type": "Polygon", "coordinates": []}}',
        b'{"properties": [1]}',
        b'{"crs": 4326}',
    ],
)
def test_json_of_another_shape_is_refused_in_words(payload: bytes) -> None:
    with pytest.raises(omlox.Unreadable) as told:
        omlox.read(payload, "tag-7", "T7", SITE, NOW)
    assert faults(told.value.words) == []


@given(
    st.binary()
    | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(repr).map(str.encode)
)
def test_any_bytes_are_a_position_or_unreadable(payload: bytes) -> None:
    try:
        fix = omlox.read(payload, "tag-7", "T7", SITE, NOW)
    except omlox.Unreadable:
        return
    assert fix.position.age_s >= 0


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=3)
EXTRAS = st.dictionaries(st.sampled_from(["moving", "worn", "sos", "battery_pct"]), VALUES)
POINTS = st.fixed_dictionaries({"type": st.just("Point"), "coordinates": st.lists(VALUES, max_size=4)})
TIMES = VALUES | st.datetimes().map(lambda moment: moment.isoformat())


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "position": VALUES | POINTS,
            "crs": VALUES | st.sampled_from(["local", "EPSG:4326"]),
            "accuracy": VALUES,
            "timestamp_generated": TIMES,
            "timestamp_sent": TIMES,
            "properties": VALUES | EXTRAS,
        },
    )
)
def test_any_object_gives_finite_metres_or_none(message: dict[str, object]) -> None:
    try:
        position = omlox.read(json.dumps(message).encode(), "tag-7", "T7", SITE, NOW).position
    except omlox.Unreadable:
        return
    for number in (position.x_m, position.y_m, position.z_m, position.accuracy_m, position.age_s):
        assert number is None or math.isfinite(number)
    assert (position.x_m is None) == (position.y_m is None)


def test_an_older_fix_that_arrives_late_is_dropped_a_duplicate_does_no_harm() -> None:
    book = TagBook()
    newest, older = read(), read(timestamp_generated="2026-09-21T14:13:10Z")
    assert book.take(newest) == [newest.position]
    assert book.take(newest) == [newest.position]
    assert book.take(older) == []


def test_an_sos_that_arrives_late_still_counts_without_its_old_place() -> None:
    book = TagBook()
    book.take(read())
    late = book.take(read(timestamp_generated="2026-09-21T14:13:10Z", properties={"sos": True}))
    assert [(p.sos, p.x_m) for p in late if isinstance(p, Position)] == [(True, None)]


def test_one_message_from_the_future_does_not_shut_the_tag_out() -> None:
    book = TagBook()
    book.take(read(timestamp_generated="2099-01-01T00:00:00Z"))
    fix = read()
    assert fix.position in book.take(fix)
