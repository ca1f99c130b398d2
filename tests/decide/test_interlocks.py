"""Interlock outputs: which may hold, and that only their gauges and people's acknowledgement make them."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide.interlocks import TRIPPING, WAITS, holding
from edge_agent.decide.rules import interlocks as rules
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.step import step
from edge_agent.domain.observation import Quality, Reading
from edge_agent.domain.outcome import Action, Alarm, AlarmState, Finding, Output
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask
from edge_agent.fuse.gauges import Gauge, judged
from edge_agent.fuse.relays import Wanted
from edge_agent.fuse.world import World
from tests.fuse.test_gauges import DEVICES
from tests.scenarios.stories.gauges import HEATER, REACTOR, Contactor, Measured, acknowledge, heated, let_hold, of
from tests.support.story import Story
from tests.support.verdict import SAID, verdict

COLD, HOT = 60.0, 90.0


def gauge(level: float | None, quality: Quality = Quality.GOOD, *, trips: str | None = HEATER) -> Gauge:
    said = Reading(source="reactor", at_s=1.0, channel="temperature", level=level, unit="degC", quality=quality)
    return judged(DEVICES["reactor"], replace(REACTOR, trips=trips), said, stale=False)


def held(*, on: bool) -> dict[str, Wanted]:
    action = Action(device="relay-1", channel="heater", output=Output.INTERLOCK, on=on)
    return {HEATER: Wanted(action=action, since_s=0.0)}


def alarm(state: AlarmState, output: str = HEATER) -> Alarm:
    """That an output waits."""
    said = verdict(rule="interlock_waits", finding=Finding("", output, SAID, {WAITS: output}))
    return Alarm(verdict=said, state=state, first_seen_s=1.0, last_seen_s=1.0)


@pytest.mark.parametrize("unsure", [gauge(None, Quality.FAULT), gauge(HOT)])
def test_what_held_waits_for_its_trip_and_what_fell_waits_for_a_good_value(unsure: Gauge) -> None:
    agreed = (alarm(AlarmState.ACK_ACTIVE),)
    assert holding([gauge(COLD)], held(on=True), ()) == {HEATER}
    assert holding([unsure], held(on=True), ()) == {HEATER}
    assert holding([unsure], held(on=False), agreed) == frozenset()
    assert holding([unsure], {}, agreed) == frozenset()
    assert holding([gauge(COLD), unsure], held(on=False), agreed) == frozenset()


@pytest.mark.parametrize("before", [{}, held(on=False)])
def test_what_is_off_holds_when_somebody_has_said_so_and_not_before(before: dict[str, Wanted]) -> None:
    assert holding([gauge(COLD)], before, ()) == frozenset()
    for state in set(AlarmState) - {AlarmState.ACK_ACTIVE}:
        assert holding([gauge(COLD)], before, (alarm(state),)) == frozenset()
    assert holding([gauge(COLD)], before, (alarm(AlarmState.ACK_ACTIVE, "relay-1/other"),)) == frozenset()
    assert holding([gauge(COLD)], before, (alarm(AlarmState.ACK_ACTIVE),)) == {HEATER}


def test_a_gauge_that_trips_nothing_makes_nothing_hold() -> None:
    assert holding([gauge(COLD, trips=None)], held(on=True), ()) == frozenset()
    assert holding([], held(on=True), ()) == frozenset()


def breaks(_world: World) -> list[Finding]:
    raise ZeroDivisionError("planted")


@pytest.mark.parametrize("rule", TRIPPING)
def test_where_a_rule_crashes_that_would_trip_it_an_output_falls(rule: str) -> None:
    """What it would have found is unknown, and unknown holds nothing."""
    told, _, contactor = heated(of(reactor=REACTOR)())
    assert contactor.on
    broken = tuple(replace(row, find=breaks) if row.name == rule else row for row in RULES)
    after = step(told.settings, told.decisions[-1].state, told.inputs(), broken)
    assert not [one for one in after.actions if one.output is Output.INTERLOCK and one.on]


def test_every_rule_whose_findings_trip_is_among_those() -> None:
    assert {row.name for row in rules.RULES} - {"interlock_waits", "interlock_missing"} == set(TRIPPING)


def test_where_no_permit_is_open_somebody_with_a_role_acknowledges_and_nobody_else() -> None:
    site = of(reactor=REACTOR)()
    far = Person(id="far", name="远", roles=(Role.SHIFT_LEAD,), areas=("yard",), pin_hash="$far")
    reads = Person(id="reads", name="审", roles=(Role.AUDITOR,), pin_hash="$reads")
    nobody = Person(id="nobody", name="某", roles=(), pin_hash="$nobody")
    told = Story(replace(site, persons=(*site.persons, far, reads, nobody)))
    reactor, contactor = Measured("reactor", REACTOR, COLD), Contactor(told)
    told.wires |= {"reactor": reactor, "contactor": contactor}
    told.run(3)
    (key,) = (key for key in told.decisions[-1].state.alarms if key.startswith("interlock_waits|"))

    def refused(who: str, alarm: str, **more: Any) -> str:
        told.ask(Ask.ACKNOWLEDGE, who, permit="", alarm=alarm, **more)
        told.step()
        (answer,) = told.decisions[-1].answers
        told.run(2)
        return " ".join(words.en for words in answer.reasons)

    assert not told.decisions[-1].state.permits
    assert "whole site" in refused("far", key)
    assert "whole site" in refused("nobody", key)
    assert "read only" in refused("reads", key)
    assert "badge or PIN" in refused("li-na", key, proof=Proof.NONE)
    for other in ("", "no-such"):
        assert refused("li-na", other) == f"there is no alarm {other}"
    assert not contactor.on
    assert "interlock output" in refused("li-na", key)
    assert not contactor.on
    assert refused("zhao-min", key) == ""
    assert contactor.on
    (event,) = (e for one in told.decisions for e in one.events if e.type == "alarm.acknowledged")
    assert (event.subject, event.data["person"]) == ("unit", "zhao-min")


def test_one_agreement_lets_it_hold_once_however_often_it_was_asked_for() -> None:
    """What waits, comes and goes is chattering and stays on the list: what was agreed to does not stay agreed."""
    told, reactor, contactor = heated(of(reactor=REACTOR)())
    reactor.level = HOT
    told.run(2)
    reactor.level = COLD
    told.run(2)
    acknowledge(told, "interlock_tripped")
    for _ in range(4):  # one moment it is good, the next nobody knows
        reactor.quality = Quality.FAULT
        told.run(1)
        reactor.quality = Quality.GOOD
        told.run(1)
    let_hold(told)
    assert contactor.on
    reactor.level = HOT
    told.run(2)
    assert not contactor.on
    reactor.level = COLD
    told.run(2)
    acknowledge(told, "interlock_tripped")
    told.run(5)
    assert not contactor.on
    let_hold(told)
    assert contactor.on
