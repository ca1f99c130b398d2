"""Gauges: the site's limits against what each says, and that nothing but a good value is ever within them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.domain.gauge import GaugeLimits
from edge_agent.domain.observation import Observation, Quality, Reading, Weather, has_number
from edge_agent.fuse.gauges import Gauge, crossed, gauges, judged, standing
from edge_agent.fuse.memory import Memory, absorb
from edge_agent.fuse.urgent import is_urgent
from tests.scenarios.stories.gauges import POOL, REACTOR, ROOM, limit, of

SITE = of(reactor=REACTOR, pool=POOL, room=ROOM)()
DEVICES = {device.id: device for device in SITE.devices}
ALL = GaugeLimits(high_high=limit(90, "m"), high=limit(80, "m"), low=limit(20, "m"), low_low=limit(10, "m"))


def said(level: float | None, quality: Quality = Quality.GOOD, **more: object) -> Reading:
    base = Reading(source="reactor", at_s=100.0, channel="temperature", level=level, unit="degC", quality=quality)
    return replace(base, **more)


def now(*heard: Observation, at_s: float = 100.0, beyond: dict[str, str] | None = None) -> dict[str, Gauge]:
    memory = absorb(Memory(booted_s=0, beyond=beyond or {}), heard)
    return gauges(SITE.site, memory, DEVICES, at_s)


@pytest.mark.parametrize(
    ("level", "beyond", "near"),
    [
        (90.1, "high_high", ""), (90.0, "", "high"), (80.1, "", "high"), (80.0, "", ""), (20.0, "", ""),
        (19.9, "", "low"), (10.0, "", "low"), (9.9, "low_low", ""), (None, "", ""),
    ],
)  # fmt: skip
def test_a_limit_itself_is_still_permitted(level: float | None, beyond: str, near: str) -> None:
    assert crossed(ALL, Quality.GOOD, level) == (beyond, near)


@pytest.mark.parametrize(
    ("quality", "limits", "beyond", "near"),
    [
        (Quality.OVERRANGE, ALL, "high_high", ""),
        (Quality.OVERRANGE, GaugeLimits(high=limit(1, "m")), "", "high"),
        (Quality.OVERRANGE, GaugeLimits(low=limit(1, "m")), "", ""),
        (Quality.UNDERRANGE, ALL, "low_low", ""),
        (Quality.UNDERRANGE, GaugeLimits(low=limit(1, "m")), "", "low"),
        (Quality.UNDERRANGE, GaugeLimits(high=limit(1, "m")), "", ""),
    ],
)
def test_out_of_its_range_it_is_beyond_the_limit_on_that_side(
    quality: Quality, limits: GaugeLimits, beyond: str, near: str
) -> None:
    assert crossed(limits, quality, None) == (beyond, near)


@given(
    st.sampled_from(Quality), st.one_of(st.none(), st.floats(allow_nan=True)), st.sampled_from(["degC", "", "K"])
)
def test_only_a_good_number_in_the_very_unit_is_known(quality: Quality, level: float | None, unit: str) -> None:
    one = judged(DEVICES["reactor"], REACTOR, said(level, quality, unit=unit), stale=False)
    number = level is not None and unit == "degC" and abs(level) < float("inf")
    assert one.known is (quality is Quality.GOOD and number)
    assert (one.level is not None) is (has_number(quality) and number)
    assert judged(DEVICES["reactor"], REACTOR, said(20.0, quality), stale=True).known is False


def test_silence_is_no_value() -> None:
    never = now()["reactor"]
    assert (never.quality, never.level, never.known, never.blind) == (Quality.MISSING, None, False, True)
    old = now(said(20.0), at_s=100.0 + DEVICES["reactor"].stale_after_s + 0.1)["reactor"]
    assert (old.quality, old.level) == (Quality.STALE, None)


def test_a_danger_stands_until_a_good_value_ends_it() -> None:
    hot = absorb(Memory(booted_s=0), (said(90.0),))
    beyond = standing(SITE.site, hot, DEVICES, 100.0)
    assert beyond == {"reactor": "high_high"}
    silent = now(said(None, Quality.FAULT), beyond=beyond)["reactor"]
    assert (silent.beyond, silent.near, silent.blind) == ("high_high", "", False)
    assert now(said(60.0), beyond=beyond)["reactor"].beyond == ""
    assert now(said(4.0), beyond=beyond)["reactor"].beyond == "low_low"


def test_what_an_interlock_is_to_be_expected_for_is_known() -> None:
    tables = (REACTOR, replace(REACTOR, trips=None), replace(REACTOR, trips=None, without_trip="the DCS"), POOL)
    ones = [judged(DEVICES["reactor"], table, None, stale=False).unlocked for table in tables]
    assert ones == [False, True, False, False]


def test_its_own_alarm_counts_while_it_measures() -> None:
    reactor = DEVICES["reactor"]
    assert judged(reactor, REACTOR, said(20.0, device_alarm=True), stale=False).own_alarm
    assert not judged(reactor, REACTOR, said(None, Quality.WARMUP, device_alarm=True), stale=False).own_alarm


def test_it_is_read_off_a_weather_station() -> None:
    air = Weather(source="weather-1", at_s=100.0, quality=Quality.GOOD, wind_mps=1.0, humidity_pct=96.0)
    damp = now(air)["room"]
    assert (damp.level, damp.unit, damp.beyond, damp.known) == (96.0, "%RH", "high_high", True)
    lacks = now(replace(air, humidity_pct=None))["room"]
    assert (lacks.quality, lacks.blind) == (Quality.FAULT, True)
    blown = now(replace(air, quality=Quality.OVERRANGE, wind_mps=None, humidity_pct=None))["room"]
    assert not blown.known
    warm = replace(SITE.site.gauges["room"], measures="temperature", limits=GaugeLimits(high=limit(30, "degC")))
    site = replace(SITE.site, gauges={"room": warm})
    memory = absorb(Memory(booted_s=0), (replace(air, temperature_c=31.0),))
    assert gauges(site, memory, DEVICES, 100.0)["room"].near == "high"


@pytest.mark.parametrize(
    ("before", "after", "wakes"),
    [(60.0, 90.0, True), (90.0, 91.0, False), (90.0, 60.0, False), (60.0, 80.0, False), (90.0, 4.0, True)],
)
def test_what_crosses_a_danger_limit_waits_for_no_tick(before: float, after: float, *, wakes: bool) -> None:
    memory = absorb(Memory(booted_s=0), (said(before),))
    assert is_urgent(said(after), memory, SITE, DEVICES) is wakes
    assert is_urgent(said(None, Quality.FAULT), memory, SITE, DEVICES)
