"""What the outputs say: stop work and leave sound different, the worse wins, and no area is left unwarned."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide import outputs
from edge_agent.domain.outcome import Action, Alarm, AlarmState, Effect, Output, Priority, Pulse
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import OutputTable, RelayTable
from tests.scenarios.stories.telling import working
from tests.support.story import ROOT, Story, scenario_site, ticket
from tests.support.verdict import verdict

STOP_WORK = Pulse(on_s=1, off_s=1)
SILENT, LEAVE = (False, None), (True, None)
STOP = (True, STOP_WORK)


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def siren(actions: tuple[Action, ...], device: str = "relay-1", output: Output = Output.SIREN) -> Any:
    (action,) = [one for one in actions if one.device == device and one.output is output]
    return action.on, action.pulse


def told(story: Story, device: str = "relay-1", output: Output = Output.SIREN) -> Any:
    return siren(story.decisions[-1].actions, device, output)


def with_relays(site: Settings, **relays: RelayTable) -> Settings:
    return replace(site, site=replace(site.site, relays=relays))


def with_evacuate(site: Settings) -> Settings:
    """The demo tank with a second sounder for evacuation alone."""
    table = site.site.relays["relay-1"]
    outputs_ = {**table.outputs, "leave": OutputTable(coil=9, does="evacuate")}
    return with_relays(site, **{"relay-1": replace(table, outputs=outputs_)})


def alarm(effect: Effect, permit: str = "P-1", facts: dict[str, Any] | None = None, **changes: Any) -> Alarm:
    finding = replace(verdict().finding, permit=permit, facts=facts or {})
    judged = verdict(effect=effect, finding=finding, **changes)
    return Alarm(verdict=judged, state=AlarmState.UNACK_ACTIVE, first_seen_s=0.0, last_seen_s=0.0)


def test_how_it_sounds_is_the_rulebooks(site: Settings) -> None:
    limits = site.rulebook.alarm
    on_s, off_s = replace(limits.siren_on_s, value=0.5), replace(limits.siren_off_s, value=1.5)
    book = replace(site.rulebook, alarm=replace(limits, siren_on_s=on_s, siren_off_s=off_s))
    story = working(replace(site, rulebook=book))
    story.field.silent.add("gas-ch4")
    story.run(20)
    assert told(story) == (True, Pulse(on_s=0.5, off_s=1.5))


def test_a_stop_sounds_in_pulses_until_somebody_has_seen_it(site: Settings) -> None:
    story = working(with_evacuate(site))
    assert told(story) == SILENT
    story.field.silent.add("gas-ch4")
    story.run(90)
    assert story.state is State.PAUSED
    assert told(story) == STOP
    assert told(story, output=Output.EVACUATE) == SILENT
    story.ask(Ask.ACKNOWLEDGE, "li-na")
    story.run(2)
    assert told(story) == SILENT


def test_an_evacuation_sounds_without_a_break_until_its_danger_is_over(site: Settings) -> None:
    story = working(with_evacuate(site))
    story.field.gas["gas-ch4"] = {"level": 12.0}
    story.run(2)
    assert told(story) == LEAVE
    assert told(story, output=Output.EVACUATE) == LEAVE
    assert told(story, output=Output.BEACON) == LEAVE
    story.ask(Ask.ACKNOWLEDGE, "li-na")
    story.run(2)
    assert told(story) == LEAVE, "people may still be on their way"
    story.field.gas["gas-ch4"] = {"level": 0.0}
    story.comes_out()
    story.run(90)
    assert told(story) == SILENT


def test_of_all_permits_at_a_siren_the_worst_is_heard(site: Settings) -> None:
    story = working(site)
    first = story.decisions[-1].state.permits["P-1"]
    permits = [first, replace(first, ticket=replace(first.ticket, id="P-2"))]
    alarms = [alarm(Effect.PAUSE, "P-1"), alarm(Effect.EVACUATE, "P-2")]
    assert siren(outputs.wanted(site, permits, alarms[:1])) == STOP
    assert siren(outputs.wanted(site, permits, alarms)) == LEAVE
    assert siren(outputs.wanted(site, permits, alarms[::-1])) == LEAVE


def test_what_is_wrong_with_the_unit_is_heard_wherever_work_is_stopped_by_it(site: Settings) -> None:
    story = working(site)
    permits = story.decisions[-1].state.permits.values()
    assert siren(outputs.wanted(site, permits, [alarm(Effect.PAUSE, "")])) == STOP
    waiting = [replace(permit, state=State.READY) for permit in permits]
    assert siren(outputs.wanted(site, waiting, [alarm(Effect.PAUSE, "")])) == SILENT
    assert siren(outputs.wanted(site, permits, [alarm(Effect.WARN, "")])) == SILENT


def test_an_overridden_alarm_is_silent(site: Settings) -> None:
    permits = working(site).decisions[-1].state.permits.values()
    assert siren(outputs.wanted(site, permits, [alarm(Effect.PAUSE, overridden=True)])) == SILENT


def test_danger_is_heard_before_the_work_has_begun_and_after_its_ticket_is_withdrawn(site: Settings) -> None:
    story = Story(site)
    story.bring(ticket())
    story.run(2)
    story.field.gas["gas-ch4"] = {"level": 12.0}
    story.run(2)
    assert story.state is State.RECEIVED
    assert told(story) == LEAVE
    over = replace(story.decisions[-1].state.permits["P-1"], state=State.REVOKED, leaving=True)
    assert siren(outputs.wanted(site, [over], [alarm(Effect.EVACUATE)])) == LEAVE
    out = replace(over, leaving=False)
    assert siren(outputs.wanted(site, [out], [alarm(Effect.EVACUATE)])) == SILENT, "everybody is out"


@pytest.fixture(scope="module")
def plant() -> Settings:
    return scenario_site(ROOT / "zones" / "demo-plant")


def everywhere(actions: tuple[Action, ...]) -> dict[str, Any]:
    return {one.device: (one.on, one.pulse) for one in actions if one.output is Output.SIREN}


def test_chlorine_where_nobody_works_is_heard_there(plant: Settings) -> None:
    story = Story(plant)
    story.field.gas = {"gas-cl2": {"level": 0.5}}
    story.run(3)
    assert everywhere(story.decisions[-1].actions) == dict.fromkeys(plant.site.relays, SILENT)
    for ppm in (2.0, 4.0):
        story.field.gas = {"gas-cl2": {"level": ppm}}
        story.run(3)
        assert everywhere(story.decisions[-1].actions) == {
            **dict.fromkeys(plant.site.relays, SILENT),
            "relay-4": LEAVE,
        }
    assert told(story, "relay-4", Output.BEACON) == LEAVE


def test_where_no_siren_is_known_to_be_heard_every_siren_of_the_site_sounds(plant: Settings) -> None:
    facts = {"area": "yard"}
    level = alarm(Effect.WARN, "", clears=True, facts=facts, priority=Priority.CRITICAL)
    assert everywhere(outputs.wanted(plant, [], [level])) == dict.fromkeys(plant.site.relays, LEAVE)
    over = replace(level, state=AlarmState.UNACK_RTN)
    assert everywhere(outputs.wanted(plant, [], [over])) == dict.fromkeys(plant.site.relays, SILENT)


def test_a_permit_that_binds_no_siren_is_heard_in_its_area(plant: Settings) -> None:
    permit = working(scenario_site()).decisions[-1].state.permits["P-1"]
    deaf = replace(permit, ticket=replace(permit.ticket, area="scaffold", devices=("gas-ch4",)))
    actions = outputs.wanted(plant, [deaf], [alarm(Effect.EVACUATE)])
    assert everywhere(actions) == {**dict.fromkeys(plant.site.relays, SILENT), "relay-3": LEAVE}
    assert everywhere(outputs.wanted(plant, [deaf], [alarm(Effect.PAUSE)])) == dict.fromkeys(
        plant.site.relays, SILENT
    )
    mute = plant.site.relays["relay-1"]
    mute = replace(mute, outputs={"permissive": mute.outputs["permissive"]})
    silent = with_relays(plant, **{**plant.site.relays, "relay-1": mute})
    bound = replace(permit, ticket=replace(permit.ticket, area="chlorine-station", devices=("relay-1",)))
    assert everywhere(outputs.wanted(silent, [bound], [alarm(Effect.EVACUATE)]))["relay-4"] == LEAVE


def test_a_pulse_begins_with_sound() -> None:
    assert [STOP_WORK.sounds(10.0, now_s) for now_s in (10.0, 10.9, 11.0, 11.9, 12.0)] == [
        True, True, False, False, True,
    ]  # fmt: skip


def with_heart(site: Settings) -> Settings:
    table = site.site.relays["relay-1"]
    heart = OutputTable(coil=9, does="heartbeat", period_s=1.0)
    return with_relays(site, **{"relay-1": replace(table, outputs={**table.outputs, "heart": heart})})


def test_the_heartbeat_goes_on_through_a_stop_that_was_seen_to_be_done(site: Settings) -> None:
    beats = (True, Pulse.even(1.0))
    story = working(with_heart(site))
    assert told(story, output=Output.HEARTBEAT) == beats
    story.field.silent.add("gas-ch4")
    story.run(90)
    assert story.state is State.PAUSED
    assert told(story, output=Output.HEARTBEAT) == beats


def test_a_stop_that_cannot_be_confirmed_ends_the_heartbeat_until_somebody_has_seen_that_it_was_done(
    site: Settings,
) -> None:
    story = working(with_heart(site))
    story.field.stuck = True
    story.field.silent.add("gas-ch4")
    story.run(90)
    assert not told(story, output=Output.HEARTBEAT)[0]
    story.field.stuck = None  # the relay outside has cut the power: the mirror contact opens
    story.run(5)
    assert not told(story, output=Output.HEARTBEAT)[0], "a relay outside that resets itself would give it back"
    story.ask(Ask.ACKNOWLEDGE, "li-na")
    story.run(2)
    assert told(story, output=Output.HEARTBEAT)[0]


@pytest.mark.parametrize("state", [one for one in AlarmState if one is not AlarmState.SHELVED])
def test_only_an_alarm_that_has_gone_and_been_seen_lets_the_heart_beat(site: Settings, state: AlarmState) -> None:
    story = working(with_heart(site))
    stopped = replace(alarm(Effect.PAUSE, ends_heartbeat=True), state=state)
    permits = story.decisions[-1].state.permits.values()
    (beat,) = [one for one in outputs.wanted(story.settings, permits, [stopped]) if one.output is Output.HEARTBEAT]
    assert beat.on is (state in {AlarmState.NORMAL, AlarmState.PENDING, AlarmState.SUPPRESSED})
