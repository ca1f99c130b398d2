"""Platforms read by a profile alone: every trap of docs/domain.md 4.2 WP2-WP4, by hand-written messages."""

import json
import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.observation import Position
from edge_agent.sense.wearables import crs, profile
from edge_agent.sense.wearables.family import Fix, Tag, Told
from edge_agent.sense.wearables.fields import Flag
from edge_agent.sense.wearables.mapped import Mapped
from edge_agent.sense.wearables.memory import TagBook
from edge_agent.sense.wearables.place import Frame
from edge_agent.settings.site_worn import PositioningTable
from tests.sense.field_fakes import ROOT, SITE
from tests.support.languages import faults

UTC_S = 1_790_000_000.0  # 2026-09-21T14:13:20Z
NOW = Instant(now_s=500.0, utc=UTC_S, trusted=True)
HERE = (31.0005, 121.0002)  # 55 m north and 19 m east of the site's origin
ZONES = PositioningTable(zones={"10001-23": "tank-mouth", "GW0012": "tank-mouth"}, floors_m={"1": 0.0, "2": 4.5})
CARD = {
    "floorId": 2,
    "x": HERE[1],
    "y": HERE[0],
    "z": None,
    "cardAddr": "C0:FF:EE:00:00:07",
    "entityName": "李娜",
    "temperature": "36.4",
    "heartrate": "71",
    "spo": None,
    "beacon": json.dumps(
        [
            {"beaconstatus": "0", "rssi": "-71", "major": "10001", "minor": "23"},
            {"beaconstatus": "0", "rssi": "-80", "major": "10001", "minor": "24"},
        ]
    ),
    "timestamp": str(int((UTC_S - 3) * 1000)),
    "number": "255",
    "gateway": "GW0012",
    "strength": "-97",
    "alarmStatus": "00000010",
    "sat": "0",
    "dopInt": None,
}
BAND = {
    "content": "300B",
    "MAC": "c0ffee000007",
    "gateway id": "GW0012",
    "SOS": 0,
    "heart rate": "66",
    "wear": 1,
    "move": 1,
    "battery level": "81",
    "serial": 7,
}
UPLINK: dict[str, Any] = {
    "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
    "time": "2026-09-21T14:13:18.123456789+00:00",
    "deviceInfo": {"devEui": "C0FFEE0000000007", "deviceName": "tracker"},
    "fCnt": 10,
    "fPort": 85,
    "object": {"battery": 90, "latitude": HERE[0], "longitude": HERE[1], "motion_status": "moving"},
}
ABEEWAY = {
    "messageType": "POSITION_MESSAGE",
    "gpsLatitude": HERE[0],
    "gpsLongitude": HERE[1],
    "age": 16,
    "horizontalAccuracy": 7,
    "batteryLevel": 64,
    "sosFlag": 0,
    "dynamicMotionState": "STATIC",
}
IDS = {
    "cn_card_platform": "c0ffee000007",
    "cn_wristband_gateway": "C0:FF:EE:00:00:07",
    "chirpstack_at101": "c0ffee0000000007",
    "chirpstack_abeeway": "c0ffee0000000007",
}
TOPICS = {
    "cn_card_platform": "cards/7/position",
    "cn_wristband_gateway": "GW0012_Health",
    "chirpstack_at101": "application/a/device/c0ffee0000000007/event/up",
    "chirpstack_abeeway": "application/a/device/c0ffee0000000007/event/up",
}


def family(name: str, system: str = "wgs84", **changed: object) -> Mapped:
    spoken = profile.load(ROOT, name)
    assert isinstance(spoken, profile.MappedProfile)
    spoken = replace(spoken, **changed)
    tag = Tag(device="tag-7", provider_id=IDS[name], profile=spoken, heart_rate=True)
    return Mapped(spoken, [tag], Frame(site=SITE, positioning=ZONES), system if spoken.x else None)


def told(name: str, message: object, *, now: Instant = NOW, **changed: object) -> list[Told]:
    payload = message if isinstance(message, bytes) else json.dumps(message).encode()
    return list(family(name, **changed).heard(TOPICS[name], payload, now))  # type: ignore[arg-type]


def fix(name: str, message: object, **changed: object) -> Fix:
    (only,) = told(name, message, **changed)
    assert only.fix is not None, only.wrong
    assert faults(only.fix.note) == []
    return only.fix


def card(**changed: object) -> Fix:
    return fix("cn_card_platform", CARD | changed)


def at101(**changed: object) -> Fix:
    return fix("chirpstack_at101", UPLINK | {"object": UPLINK["object"] | changed})


def abeeway(**changed: object) -> Fix:
    return fix("chirpstack_abeeway", UPLINK | {"object": ABEEWAY | changed})


def is_here(position: Position) -> bool:
    return position.x_m == pytest.approx(19.1, abs=0.1) and position.y_m == pytest.approx(55.4, abs=0.1)


def is_nowhere(position: Position) -> bool:
    return (position.x_m, position.y_m, position.z_m, position.zone) == (None, None, None, None)


def test_a_card_with_numbers_in_text_and_json_within_a_text() -> None:
    found = card()
    position = found.position
    assert is_here(position)
    assert (position.z_m, position.age_s, position.heart_rate_bpm) == (4.5, 3.0, 71.0)
    assert (position.accuracy_m, position.worn, position.moving, position.battery_pct) == (None, None, None, None)
    assert (position.sos, found.generated, found.note.en) == (False, UTC_S - 3, "")


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_a_place_is_where_it_is_whichever_map_the_platform_draws(system: str) -> None:
    lat, lon = crs.DRAWN[system](HERE)
    found = fix("cn_card_platform", CARD | {"x": str(lon), "y": str(lat)}, system=system)
    assert is_here(found.position)
    assert not is_here(fix("cn_card_platform", CARD | {"x": lon, "y": lat}).position)


def test_a_map_of_its_own_is_in_metres() -> None:
    found = fix("cn_card_platform", CARD | {"x": "12.5", "y": "-3"}, system="local").position
    assert (found.x_m, found.y_m) == (12.5, -3.0)


@pytest.mark.parametrize(
    "beacons",
    [
        [{"rssi": "-71", "major": "10001", "minor": "23"}],
        {"rssi": "-71", "major": "10001", "minor": "23"},
        ['{"rssi": -71, "major": 10001, "minor": 23}'],
        [{"rssi": "-71", "major": 10001, "minor": 23}, {"rssi": "-70", "major": "10001", "minor": "23"}],
    ],
    ids=["one", "no list", "text within text", "the same twice"],
)
def test_a_single_beacon_is_a_zone_and_no_metres(beacons: object) -> None:
    for written in (beacons, json.dumps(beacons)):
        position = card(beacon=written).position
        assert (position.x_m, position.y_m, position.zone) == (None, None, "tank-mouth")


@pytest.mark.parametrize("beacons", ["[{", "nonsense", 7, [7], [{"rssi": -70}], {"a": 1}])
def test_beacons_that_cannot_be_read_make_no_place(beacons: object) -> None:
    found = card(beacon=beacons)
    assert is_nowhere(found.position)
    assert "beacons" in found.note.en


@pytest.mark.parametrize("beacons", [None, "", "null", [], "[]"])
def test_without_beacons_the_fix_is_by_satellite(beacons: object) -> None:
    assert is_here(card(beacon=beacons).position)


def test_a_beacon_that_stands_for_no_area_is_no_place_and_says_so() -> None:
    found = card(beacon=[{"rssi": "-71", "major": "10001", "minor": "99"}])
    assert is_nowhere(found.position)
    assert "10001-99" in found.note.en


@pytest.mark.parametrize(
    "changed",
    [
        {"x": None},
        {"x": "", "y": ""},
        {"x": "null", "y": "null"},
        {"x": 0, "y": 0},
        {"x": -0.000001, "y": -0.000001},
        {"x": "-1e-6", "y": "-1e-6"},
        {"x": True, "y": True},
        {"x": "NaN", "y": "1"},
        {"x": [HERE[1]], "y": HERE[0]},
    ],
    ids=str,
)
def test_no_fix_is_no_place_and_nothing_to_complain_of(changed: dict[str, object]) -> None:
    found = card(**changed)
    assert is_nowhere(found.position)
    assert not found.note


@pytest.mark.parametrize("changed", [{"x": HERE[0], "y": HERE[1]}, {"x": 2.3, "y": 48.8}, {"x": 500, "y": 31}])
def test_degrees_of_another_place_are_none_here_and_say_so(changed: dict[str, object]) -> None:
    found = card(**changed)
    assert is_nowhere(found.position)
    assert "50 km" in found.note.en


@pytest.mark.parametrize("time", [None, "", "yesterday", 0, -5, 1e300, {}])
def test_a_fix_whose_time_cannot_be_read_is_no_place(time: object) -> None:
    found = card(timestamp=time)
    assert is_nowhere(found.position)
    assert found.generated is None
    assert "age" in found.note.en


def test_an_old_fix_is_old_however_fresh_its_message() -> None:
    assert card(timestamp=int((UTC_S - 1800) * 1000)).position.age_s == 1800.0
    assert card(timestamp=UTC_S - 1800).position.age_s == 1800.0
    assert abeeway(age=1800).position.age_s == pytest.approx(1801.9, abs=0.1)


def test_an_alarm_bit_is_read_once_the_site_has_learnt_it() -> None:
    def sos(status: object, bit: int) -> bool:
        learnt = Flag(key="alarmStatus", bit=bit)
        return fix("cn_card_platform", CARD | {"alarmStatus": status}, sos=learnt).position.sos

    assert sos("00000010", 1)
    assert not sos("00000010", 0)
    assert sos(2, 1)
    assert not sos(None, 1)
    for spoilt in ("0000002", "help", -2, "1" * 70):
        (only,) = told("cn_card_platform", CARD | {"alarmStatus": spoilt}, sos=Flag(key="alarmStatus", bit=1))
        assert "alarmStatus" in only.wrong.en
        assert faults(only.wrong) == []


def test_a_gateway_is_a_zone_and_an_unworn_band_has_no_pulse() -> None:
    position = fix("cn_wristband_gateway", BAND).position
    assert (position.zone, position.x_m, position.heart_rate_bpm) == ("tank-mouth", None, 66.0)
    assert (position.worn, position.moving, position.battery_pct, position.age_s) == (True, True, 81.0, 0.0)
    off = fix("cn_wristband_gateway", BAND | {"wear": "0", "heart rate": 0}).position
    assert (off.worn, off.heart_rate_bpm) == (False, None)
    assert fix("cn_wristband_gateway", BAND | {"SOS": "1"}).position.sos
    assert fix("cn_wristband_gateway", BAND | {"move": 4711}).position.moving is None


def test_what_is_not_of_a_band_is_nothing() -> None:
    assert told("cn_wristband_gateway", BAND | {"content": "gateway status"}) == []
    assert told("cn_wristband_gateway", BAND | {"MAC": "c0ffee000008"}) == []
    assert told("cn_wristband_gateway", {key: value for key, value in BAND.items() if key != "MAC"}) == []


def test_trackers_over_lorawan() -> None:
    position = at101().position
    assert is_here(position)
    assert (position.moving, position.battery_pct) == (True, 90.0)
    assert position.age_s == pytest.approx(1.9, abs=0.1)
    assert at101(motion_status="stop moving").position.moving is False
    assert at101(motion_status="unknown").position.moving is None
    assert is_nowhere(at101(latitude=-0.000001, longitude=-0.000001).position)
    seen = abeeway().position
    assert is_here(seen)
    assert (seen.accuracy_m, seen.moving, seen.sos) == (7.0, False, False)
    assert abeeway(sosFlag=1).position.sos


@pytest.mark.parametrize("age", [None, 2040, -8, "old"])
def test_an_age_that_says_nothing_makes_no_place(age: object) -> None:
    assert is_nowhere(abeeway(age=age).position)


@pytest.mark.parametrize("accuracy", [None, 0, -1, 5000, "?"])
def test_an_accuracy_that_says_nothing_is_unknown_and_not_perfect(accuracy: object) -> None:
    assert abeeway(horizontalAccuracy=accuracy).position.accuracy_m is None


def test_a_message_that_comes_twice_counts_once() -> None:
    book = TagBook()
    first = at101()
    assert first.message_id == UPLINK["deduplicationId"]
    assert book.take(first) == [first.position]
    assert book.take(at101()) == []
    again = fix("chirpstack_at101", UPLINK | {"deduplicationId": "another", "fCnt": 11})
    assert book.take(again) == [again.position]


def test_without_a_trusted_clock_the_age_is_the_platforms_own() -> None:
    doubtful = replace(NOW, utc=0.0, trusted=False)
    found = fix("chirpstack_abeeway", UPLINK | {"object": ABEEWAY}, now=doubtful)
    assert found.position.age_s == 16.0
    assert "not trusted" in found.note.en


def test_msgpack_and_lists_of_records_are_read_too() -> None:
    packed = msgspec.msgpack.encode({"data": [CARD, CARD | {"cardAddr": "other"}]})
    (only,) = told("cn_card_platform", packed, format="msgpack", each="data")
    assert only.fix is not None
    assert is_here(only.fix.position)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"7",
        b'"card"',
        b"[7]",
        b"[" * 5000,
        b"x" * 100_000,
        b'{"a": NaN}',
        b"9" * 5000,
    ],
    ids=lambda payload: repr(payload[:10]),
)
@pytest.mark.parametrize("name", sorted(IDS))
def test_garbage_is_told_of_the_broker_and_is_no_fix(name: str, payload: bytes) -> None:
    (only,) = told(name, payload)
    assert (only.device, only.fix) == (None, None)
    assert faults(only.wrong) == []


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["null", "1", "-1e-6"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
BASES: dict[str, dict[str, Any]] = {
    "cn_card_platform": CARD,
    "cn_wristband_gateway": BAND,
    "chirpstack_at101": UPLINK,
    "chirpstack_abeeway": UPLINK | {"object": ABEEWAY},
}


@given(st.data(), st.sampled_from(sorted(BASES)))
def test_whatever_stands_under_a_key_gives_finite_figures_or_none(data: st.DataObject, name: str) -> None:
    base = BASES[name]
    message = base | data.draw(st.dictionaries(st.sampled_from(sorted(base)), ANY, max_size=4))
    if isinstance(message.get("object"), dict):
        inner = message["object"]
        message["object"] = inner | data.draw(st.dictionaries(st.sampled_from(sorted(inner) or ["x"]), ANY))
    for one in family(name).heard(TOPICS[name], json.dumps(message).encode(), NOW):
        assert one.device in {"tag-7", None}
        if one.fix is None:
            assert faults(one.wrong) == []
            continue
        position = one.fix.position
        for number in (position.x_m, position.y_m, position.z_m, position.accuracy_m, position.age_s):
            assert number is None or math.isfinite(number)
        assert position.age_s >= 0
        assert (position.x_m is None) == (position.y_m is None)
        assert position.x_m is None or is_here(position) or "object" in message or {"x", "y"} & message.keys()
        assert position.zone in {None, "tank-mouth"}


@given(st.binary(max_size=200), st.sampled_from(sorted(IDS)), st.sampled_from(["json", "msgpack"]))
def test_any_bytes_are_no_place(payload: bytes, name: str, form: str) -> None:
    for one in family(name, format=form).heard(TOPICS[name], payload, NOW):
        assert one.fix is None
