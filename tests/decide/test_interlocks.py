"""Interlock outputs: which may hold, and that only their gauges and people's acknowledgement make them."""

import pytest
from msgspec.structs import replace

from edge_agent.decide.interlocks import holding
from edge_agent.domain.observation import Quality, Reading
from edge_agent.domain.outcome import Action, Output
from edge_agent.fuse.gauges import Gauge, judged
from edge_agent.fuse.relays import Wanted
from tests.fuse.test_gauges import DEVICES
from tests.scenarios.stories.gauges import HEATER, REACTOR

COLD, HOT = 60.0, 90.0


def gauge(level: float | None, quality: Quality = Quality.GOOD, *, trips: str | None = HEATER) -> Gauge:
    said = Reading(source="reactor", at_s=1.0, channel="temperature", level=level, unit="degC", quality=quality)
    return judged(DEVICES["reactor"], replace(REACTOR, trips=trips), said, stale=False)


def held(*, on: bool) -> dict[str, Wanted]:
    action = Action(device="relay-1", channel="heater", output=Output.INTERLOCK, on=on)
    return {HEATER: Wanted(action=action, since_s=0.0)}


@pytest.mark.parametrize("on", [True, False])
def test_it_holds_while_everything_is_good(on: bool) -> None:  # noqa: FBT001
    assert holding([gauge(COLD)], held(on=on), ()) == {HEATER}


@pytest.mark.parametrize("unsure", [gauge(None, Quality.FAULT), gauge(HOT)])
def test_what_held_waits_for_its_trip_and_what_fell_waits_for_a_good_value(unsure: Gauge) -> None:
    assert holding([unsure], held(on=True), ()) == {HEATER}
    assert holding([unsure], held(on=False), ()) == frozenset()
    assert holding([unsure], {}, ()) == frozenset()
    assert holding([gauge(COLD), unsure], held(on=False), ()) == frozenset()


def test_a_gauge_that_trips_nothing_makes_nothing_hold() -> None:
    assert holding([gauge(COLD, trips=None)], held(on=True), ()) == frozenset()
    assert holding([], held(on=True), ()) == frozenset()
