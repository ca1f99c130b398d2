"""Nearest gateway by smoothed strength with hysteresis: jitter flips nobody, a walk does, silence forgets."""

import itertools
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.clock import Instant
from edge_agent.sense.wearables import profile
from edge_agent.sense.wearables.family import Tag, Told
from edge_agent.sense.wearables.place import Frame
from edge_agent.sense.wearables.proximity import Near, Tuning, after
from edge_agent.sense.wearables.scan import Scan
from edge_agent.settings.site_worn import PositioningTable
from edge_agent.simulate.dice import dice
from tests.sense.field_fakes import ROOT, SITE
from tests.support.languages import faults

TUNING = Tuning(hysteresis_db=7.0, smooth_s=4.0, forget_s=10.0, least_dbm=-95.0)
UTC_S = 1_790_000_000.0
MOUTH, YARD = "AC:23:3F:00:00:01", "ac233f000002"
FRAME = Frame(site=SITE, positioning=PositioningTable(zones={MOUTH: "tank-mouth", YARD: "yard"}))
# The example of April Brother's own guide: 00, address 12 3b 6a 1a 64 cf, RSSI aa (-86), advertisement.
GUIDE = bytes.fromhex("00123b6a1a64cfaa0201061aff4c000215b5b182c7eab14988aa99b5c1517008d90001cf64c5")


def heard(words: list[tuple[str, float, float]]) -> list[str | None]:
    """Who holds the beacon after each word: gateway, dBm, second."""
    near, held = Near(), []
    for gateway, dbm, at_s in words:
        near = after(near, gateway, dbm, at_s, TUNING)
        held.append(near.gateway)
    return held


def test_jitter_of_one_who_stands_between_two_gateways_moves_nobody() -> None:
    chance = dice("jitter")
    words = [("a" if at % 2 else "b", -70 + chance.gauss(0, 4), at / 2) for at in range(2000)]
    held = heard(words)
    flips = sum(one != two for one, two in itertools.pairwise(held))
    assert flips <= 4
    plain = [max(((dbm, gateway) for gateway, dbm, _ in pair))[1] for pair in itertools.pairwise(words)]
    assert sum(one != two for one, two in itertools.pairwise(plain)) > 200


def test_one_who_walks_over_is_at_the_other_gateway_within_seconds() -> None:
    before = [(gateway, dbm, float(at)) for at in range(10) for gateway, dbm in (("a", -55.0), ("b", -75.0))]
    then = [(gateway, dbm, float(at)) for at in range(10, 30) for gateway, dbm in (("a", -75.0), ("b", -55.0))]
    held = heard(before + then)
    assert held[len(before) - 1] == "a"
    assert held.index("b") - len(before) <= 2 * 6
    assert held[-1] == "b"


def test_the_hysteresis_is_what_its_figure_says() -> None:
    close = [(gateway, dbm, float(at)) for at in range(60) for gateway, dbm in (("a", -70.0), ("b", -63.1))]
    clear = [(gateway, dbm, float(at)) for at in range(60) for gateway, dbm in (("a", -70.0), ("b", -62.9))]
    assert (heard(close)[-1], heard(clear)[-1]) == ("a", "b")


def test_one_strong_word_of_a_gateway_far_away_is_chance() -> None:
    assert heard([("a", -70.0, 0.0), ("a", -70.0, 1.0), ("far", -40.0, 2.0), ("a", -70.0, 3.0)])[-2:] == ["a", "a"]


def test_a_gateway_that_hears_nothing_any_more_holds_nobody() -> None:
    assert heard([("a", -50.0, 0.0), ("b", -90.0, 10.0)]) == ["a", "a"]
    assert heard([("a", -50.0, 0.0), ("b", -90.0, 10.1)]) == ["a", "b"]


def test_who_is_hardly_heard_is_nowhere() -> None:
    assert heard([("a", -96.0, 0.0)]) == [None]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-120, 0), st.floats(0, 3)), max_size=60))
def test_whoever_holds_it_hears_it_best_or_nearly(words: list[tuple[str, float, float]]) -> None:
    near, now_s = Near(), 0.0
    for gateway, dbm, gap_s in words:
        now_s += gap_s
        near = after(near, gateway, dbm, now_s, TUNING)
        if near.gateway is not None:
            others = [one.dbm for one in near.heard.values() if one.words >= 3]
            assert all(dbm < near.heard[near.gateway].dbm + TUNING.hysteresis_db for dbm in others)
            assert now_s - near.heard[near.gateway].at_s <= TUNING.forget_s


def scan(name: str, provider_id: str) -> Scan:
    spoken = profile.load(ROOT, name)
    assert isinstance(spoken, profile.ScanProfile)
    return Scan(spoken, (Tag(device="tag-7", provider_id=provider_id, profile=spoken),), FRAME)


def at(now_s: float) -> Instant:
    return Instant(now_s=now_s, utc=UTC_S + now_s, trusted=True)


def april(mac: str, *frames: object) -> bytes:
    return msgspec.msgpack.encode({"v": "1.5.2", "mid": 1, "time": 7, "mac": mac, "devices": list(frames)})


def test_the_makers_own_frame() -> None:
    family = scan("april_brother_v4", "12:3B:6A:1A:64:CF")
    (told,) = family.heard("gw/1/status", april("AC233F000001", GUIDE), at(1.0))
    assert told.fix is not None
    position = told.fix.position
    assert (position.source, position.zone, position.x_m, position.age_s) == ("tag-7", "tank-mouth", None, 0.0)
    assert list(family.heard("gw/2/status", april("AC233F000002", GUIDE), at(1.1))) == []  # not the nearest


def minew(mac: str, *words: object) -> bytes:
    return json.dumps([{"type": "Gateway", "mac": mac}, *words]).encode()


def test_a_word_that_a_gateway_kept_back_tells_nothing_of_now() -> None:
    family = scan("minew_g1", "AC233F0000AA")
    word = {"timestamp": "2026-09-21T14:13:20Z", "type": "iBeacon", "mac": "AC233F0000AA", "rssi": -60}
    (told,) = family.heard("/gw/1/status", minew("AC233F000001", word), at(2.0))
    assert told.fix is not None
    assert told.fix.position.zone == "tank-mouth"
    assert list(family.heard("/gw/1/status", minew("AC233F000001", word), at(20.0))) == []


def test_a_gateway_that_stands_for_no_area_is_told() -> None:
    (told,) = scan("april_brother_v4", "123b6a1a64cf").heard("gw/9/status", april("AC233F000009", GUIDE), at(1.0))
    assert told.fix is not None
    assert told.fix.position.zone is None
    assert "AC233F000009" in told.fix.note.en
    assert faults(told.fix.note) == []


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xc1",
        b"[" * 3000,
        b"x" * 100_000,
        msgspec.msgpack.encode([1]),
        msgspec.msgpack.encode({"mac": "AC233F000001"}),
        b"[]",
        b"{}",
        b'[{"type": "Gateway"}]',
        b'[{"type": "Gateway", "mac": "1"}, {"type": "Gateway", "mac": "2"}]',
    ],
)
@pytest.mark.parametrize("name", ["april_brother_v4", "minew_g1"])
def test_garbage_is_told_and_is_no_fix(name: str, payload: bytes) -> None:
    (told,) = scan(name, "123b6a1a64cf").heard("t", payload, at(1.0))
    assert told == Told(None, wrong=told.wrong)
    assert faults(told.wrong) == []


@given(
    st.lists(
        st.binary(max_size=12) | st.integers(-(2**63), 2**64 - 1) | st.none() | st.text(max_size=3), max_size=5
    )
)
def test_any_frames_are_a_zone_of_this_site_or_nothing(frames: list[object]) -> None:
    for told in scan("april_brother_v4", "000000000000").heard("t", april("AC233F000001", *frames), at(1.0)):
        assert told.fix is not None
        assert told.fix.position.x_m is None


WORDS = st.dictionaries(
    st.sampled_from(["type", "mac", "rssi", "timestamp"]),
    st.none() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4) | st.just("AC233F0000AA"),
)


@given(st.lists(WORDS, max_size=4))
def test_any_entries_are_a_zone_of_this_site_or_nothing(words: list[object]) -> None:
    for told in scan("minew_g1", "AC233F0000AA").heard("t", minew("AC233F000001", *words), at(1.0)):
        assert told.fix is None or told.fix.position.zone == "tank-mouth"
