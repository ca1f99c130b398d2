"""What wakes the brain at once, and what waits for the tick."""

import pytest
from msgspec.structs import replace

from edge_agent.domain.claim import Claim
from edge_agent.domain.observation import (
    Aim,
    Aimed,
    Claims,
    Contact,
    DeviceHealth,
    Observation,
    Position,
    Quality,
    Reading,
    SeenPerson,
    Sighting,
    View,
    Weather,
)
from edge_agent.domain.permit import State
from edge_agent.domain.ticket import Point
from edge_agent.fuse.memory import Memory, absorb
from edge_agent.fuse.urgent import is_urgent
from tests.scenarios.stories.openings import a_stop_zone
from tests.support.story import scenario_site

SITE = scenario_site()
DEVICES = {device.id: device for device in SITE.devices}


def gas(level: float | None, quality: Quality = Quality.GOOD, **more: object) -> Reading:
    return Reading(source="gas-h2s", at_s=1.0, channel="h2s", level=level, unit="ppm", quality=quality, **more)  # type: ignore[arg-type]


WELDING = Claim(permit="P-9", type="hot", level="1", area="yard", point=Point(0.0, 0.0), state=State.ACTIVE)
HOME = Aimed(source="cam-1", at_s=1.0, aim=Aim.HOME)
CALM: tuple[Observation, ...] = (
    gas(0.0),
    Position(source="tag-guard", at_s=1.0),
    Sighting(source="cam-1", at_s=1.0, view=View.CLEAR),
    Contact(source="relay-1", at_s=1.0, channel="stop-button", closed=True),
    DeviceHealth(source="uplink", at_s=1.0, ok=True),
    Weather(source="weather-1", at_s=1.0, quality=Quality.GOOD, wind_mps=2.0),
    Claims(source="edge-2", at_s=1.0, claims=()),
    HOME,
)
KNOWN = absorb(Memory(booted_s=0), CALM)


def seen_in(*zones: str, at_s: float = 2.0) -> Sighting:
    people = tuple(
        SeenPerson(track=n, box=(0.1, 0.1, 0.2, 0.5), score=0.9, zones=(zone,)) for n, zone in enumerate(zones)
    )
    return Sighting(source="cam-1", at_s=at_s, view=View.CLEAR, persons=people)


def test_who_walks_into_a_stop_zone_wakes_the_brain_and_nobody_elsewhere() -> None:
    site = a_stop_zone()
    assert is_urgent(seen_in("yard", "tank-mouth"), KNOWN, site, DEVICES)
    assert not is_urgent(seen_in("yard"), KNOWN, site, DEVICES)
    assert not is_urgent(seen_in("tank-mouth"), KNOWN, SITE, DEVICES), "no stop zone"
    known = absorb(KNOWN, (seen_in("tank-mouth"),))
    assert not is_urgent(seen_in("tank-mouth", "tank-mouth", at_s=3.0), known, site, DEVICES), (
        "the work has stopped"
    )


@pytest.mark.parametrize("same", CALM, ids=lambda seen: type(seen).__name__)
def test_the_same_again_waits_for_the_tick(same: Observation) -> None:
    assert not is_urgent(same, KNOWN, SITE, DEVICES)


@pytest.mark.parametrize(
    "news",
    [
        gas(7.3),
        gas(None, Quality.OVERRANGE),
        gas(None, Quality.FAULT),
        gas(0.0, device_alarm=True),
        Position(source="tag-guard", at_s=2.0, sos=True),
        Position(source="tag-new", at_s=2.0, sos=True),
        Sighting(source="cam-1", at_s=2.0, view=View.GONE),
        Contact(source="relay-1", at_s=2.0, channel="stop-button", closed=False),
        Contact(source="relay-1", at_s=2.0, channel="stop-button", closed=None),
        DeviceHealth(source="uplink", at_s=2.0, ok=False),
        Weather(source="weather-1", at_s=2.0, quality=Quality.FAULT),
        Claims(source="edge-2", at_s=2.0, claims=(WELDING,)),
        replace(HOME, aim=Aim.AWAY),
        replace(HOME, ok=False),
    ],
    ids=lambda seen: type(seen).__name__,
)
def test_danger_and_change_wake_the_brain(news: Observation) -> None:
    assert is_urgent(news, KNOWN, SITE, DEVICES)


@pytest.mark.parametrize(
    "first", [seen for seen in CALM if not isinstance(seen, Position)], ids=lambda seen: type(seen).__name__
)
def test_a_first_word_wakes_the_brain(first: Observation) -> None:
    assert is_urgent(first, Memory(booted_s=0), SITE, DEVICES)


def test_danger_that_goes_on_does_not_wake_it_again() -> None:
    known = absorb(KNOWN, (gas(9.0),))
    assert not is_urgent(gas(9.1), known, SITE, DEVICES)


def test_a_source_that_nobody_configured_is_no_danger() -> None:
    stranger = Reading(source="x", at_s=1.0, channel="x", level=99.0, unit="ppm", quality=Quality.GOOD)
    known = absorb(KNOWN, (stranger,))
    assert not is_urgent(stranger, known, SITE, DEVICES)
