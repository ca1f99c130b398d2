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
from edge_agent.sense.wearables.extras import Unreadable
from edge_agent.sense.wearables.family import Fix
from edge_agent.sense.wearables.fields import Flag, Number
from edge_agent.sense.wearables.memory import TagBook
from edge_agent.sense.wearables.place import Frame, from_wgs84
from edge_agent.settings.site_worn import PositioningTable
from tests.sense.field_fakes import FRAME, SITE, TAG
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
    "properties": {
        "moving": True,
        "worn": True,
        "sos": False,
        "battery_pct": 81,
        "button": "none",
        "alarms": {"fall": False, "still_ms": 400},
        "vitals": {"hr": 66},
        "firmware": "2.4",
    },
}
ZONED = replace(
    FRAME,
    positioning=PositioningTable(zones={"beacon-4": "tank-mouth"}, floors_m={"0": 0.0, "1": 4.5, "1.5": 6.0}),
)


def read(frame: Frame = FRAME, **changed: object) -> Fix:
    message = {key: value for key, value in (FIX | changed).items() if value != "gone"}
    return omlox.read(json.dumps(message).encode(), TAG, frame, NOW)


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
        no_motion_s=0.4,
        heart_rate_bpm=66.0,
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


def test_what_the_wearer_is_and_does_is_read_by_the_profile() -> None:
    told = {
        "button": "Confirm ",
        "alarms": {"fall": 1, "still_ms": "61000"},
        "vitals": {"hr": "0"},
    }
    position = read(properties=told).position
    assert (position.here, position.fall, position.no_motion_s, position.heart_rate_bpm) == (True, True, 61.0, 0.0)


NOTHING_SAID = Position(source="tag-7", at_s=500.0, x_m=12.5, y_m=-3.0, z_m=1.2, accuracy_m=0.3, age_s=2.0)


@pytest.mark.parametrize(
    "properties",
    [
        None,
        {},
        {"moving": None, "worn": None, "sos": None, "button": None, "battery_pct": None},
        {"alarms": None, "vitals": None},
        {"alarms": {"fall": None, "still_ms": None}, "vitals": {"hr": None}},
        {"alarms": "fall", "vitals": [0], "button": ["confirm"]},
        {"alarms": {"fall": "", "still_ms": ""}, "vitals": {"hr": "null"}, "sos": "none"},
        {"alarms": {"still_ms": -1}, "vitals": {"hr": 255}, "battery_pct": 101},
        {"alarms": {"still_ms": True}, "vitals": {"hr": "inf"}, "battery_pct": "1e400"},
        {"vitals": {"hr": 301}, "fall": True, "here": True, "no_motion_s": 5, "heart_rate_bpm": 0},
    ],
    ids=str,
)
def test_null_is_not_nought_and_an_unknown_key_is_nothing(properties: dict[str, object] | None) -> None:
    assert read(properties=properties).position == NOTHING_SAID


def test_a_heart_rate_is_read_only_where_the_site_says_so() -> None:
    quiet = replace(TAG, heart_rate=False)
    assert omlox.read(json.dumps(FIX).encode(), quiet, FRAME, NOW).position.heart_rate_bpm is None


@pytest.mark.parametrize("said", [{"sos": "maybe"}, {"alarms": {"fall": "perhaps"}}, {"sos": {"on": True}}])
def test_a_call_for_help_that_cannot_be_read_is_not_taken_for_no(said: dict[str, object]) -> None:
    with pytest.raises(Unreadable, match=r"sos|alarms\.fall") as told:
        read(properties=said)
    assert faults(told.value.words) == []


def test_a_platform_with_other_names_is_another_file() -> None:
    other = replace(
        TAG.profile,
        worn=Flag(key="offWrist", yes=("0",), no=("1",)),
        sos=Flag(key="event", yes=("panic", "sos"), no=("idle", "heartbeat")),
        battery_pct=Number(key="batt", scale=100.0),
        fall=None,
    )
    message = FIX | {"properties": {"offWrist": 1, "event": "PANIC", "batt": 0.25, "alarms": {"fall": True}}}
    position = omlox.read(json.dumps(message).encode(), replace(TAG, profile=other), FRAME, NOW).position
    assert (position.worn, position.sos, position.battery_pct, position.fall) == (False, True, 25.0, False)


def test_one_beacon_heard_is_a_zone_and_no_metres() -> None:
    position = read(ZONED, provider_type="ibeacon", source="beacon-4").position
    assert (position.x_m, position.y_m, position.z_m, position.zone) == (None, None, None, "tank-mouth")
    by_number = replace(FRAME, positioning=PositioningTable(zones={"7": "tank-mouth"}))
    assert read(by_number, provider_type="rfid", source=7).position.zone == "tank-mouth"


def test_a_zone_that_stands_for_no_area_is_no_place_and_says_so() -> None:
    fix = read(ZONED, provider_type="ibeacon", source="beacon-5")
    assert (fix.position.x_m, fix.position.zone) == (None, None)
    assert "beacon-5" in fix.note.en
    assert faults(fix.note) == []


def test_a_hall_that_a_good_fix_names_does_not_take_the_place_of_its_metres() -> None:
    position = read(ZONED, source="beacon-4").position
    assert (position.x_m, position.zone) == (12.5, None)


def test_without_metres_a_known_zone_still_counts() -> None:
    assert read(ZONED, source="beacon-4", position=None).position.zone == "tank-mouth"
    nowhere = read(ZONED, position=None)
    assert (nowhere.position.zone, nowhere.note.en) == (None, "")


@pytest.mark.parametrize(
    ("floor", "reference", "z", "height"),
    [
        (0, "floor", 1.2, 1.2),
        (1, "floor", 1.2, 5.7),
        ("1.5", None, 0.0, 6.0),
        (None, None, 1.2, 1.2),
        (1, None, None, 4.5),
        (1, "wgs84", 40.0, 4.5),
        (7, "floor", 1.2, None),
        (7, None, None, None),
        (None, "wgs84", 40.0, None),
        (None, "floor", "gone", None),
    ],
)
def test_a_height_is_above_its_floor(floor: object, reference: object, z: object, height: float | None) -> None:
    point = {"type": "Point", "coordinates": [1, 2] if z == "gone" else [1, 2, z]}
    assert read(ZONED, floor=floor, elevation_ref=reference, position=point).position.z_m == height


def test_without_known_floors_only_the_ground_floor_has_a_height() -> None:
    assert read(floor=0).position.z_m == 1.2
    assert read(floor=2).position.z_m is None


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
    fix = omlox.read(json.dumps(FIX).encode(), TAG, FRAME, doubtful)
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
    with pytest.raises(Unreadable) as told:
        omlox.read(payload, TAG, FRAME, NOW)
    assert faults(told.value.words) == []


@given(
    st.binary()
    | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(repr).map(str.encode)
)
def test_any_bytes_are_a_position_or_unreadable(payload: bytes) -> None:
    try:
        fix = omlox.read(payload, TAG, FRAME, NOW)
    except Unreadable:
        return
    assert fix.position.age_s >= 0


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=3)
KEYS = st.sampled_from(["moving", "worn", "sos", "battery_pct", "button", "alarms", "vitals"])
INNER = st.dictionaries(st.sampled_from(["fall", "still_ms", "hr"]), VALUES | st.sampled_from([0, 255, "0", 1e-9]))
EXTRAS = st.dictionaries(KEYS, VALUES | INNER)
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
            "source": VALUES | st.sampled_from(["beacon-4", "hall"]),
            "provider_type": VALUES | st.sampled_from(["uwb", "ibeacon"]),
            "floor": VALUES,
            "elevation_ref": VALUES | st.sampled_from(["floor", "wgs84"]),
            "properties": VALUES | EXTRAS,
        },
    )
)
def test_any_object_gives_finite_figures_or_none(message: dict[str, object]) -> None:
    try:
        position = omlox.read(json.dumps(message).encode(), TAG, ZONED, NOW).position
    except Unreadable:
        return
    for number in (position.x_m, position.y_m, position.z_m, position.accuracy_m, position.age_s):
        assert number is None or math.isfinite(number)
    for figure in (position.no_motion_s, position.heart_rate_bpm, position.battery_pct):
        assert figure is None or 0 <= figure < math.inf
    assert position.zone in {None, "tank-mouth"}
    assert position.zone is None or position.x_m is None
    assert {type(one) for one in (position.sos, position.fall, position.here)} == {bool}
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


def test_a_fall_that_arrives_late_still_counts_without_its_old_place() -> None:
    book = TagBook()
    book.take(read())
    late = book.take(read(timestamp_generated="2026-09-21T14:13:10Z", properties={"alarms": {"fall": True}}))
    assert [(p.fall, p.x_m) for p in late if isinstance(p, Position)] == [(True, None)]


def test_one_message_from_the_future_does_not_shut_the_tag_out() -> None:
    book = TagBook()
    book.take(read(timestamp_generated="2099-01-01T00:00:00Z"))
    fix = read()
    assert fix.position in book.take(fix)
