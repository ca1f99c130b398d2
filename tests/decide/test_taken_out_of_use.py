"""Why no OUT-OF-SERVICE state is needed (docs/decisions/0004): every line of that page's table."""

import msgspec
import pytest

from edge_agent.decide import shelving
from edge_agent.decide.letting_be import ground
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.device import DeviceRecord, DeviceStatus
from edge_agent.domain.observation import Quality
from edge_agent.domain.outcome import UNTOLD, Alarm, AlarmState, Effect
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import working
from tests.support.story import DEVICES, HOT, ROOT, Story, scenario_site, ticket
from tests.support.verdict import verdict

BOOK = msgspec.toml.decode((ROOT / "zones/rulebooks/gb30871-2022.toml").read_bytes(), type=Rulebook)
SERVICED = (Quality.INHIBITED, Quality.WARMUP, Quality.FAULT)


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def told_alarms(story: Story) -> set[str]:
    return {a.verdict.rule for a in story.decisions[-1].state.alarms.values() if a.state not in UNTOLD}


def called(story: Story, rule: str) -> int:
    return sum(
        event.type == "alarm.escalated" and event.data["rule"] == rule
        for decision in story.decisions
        for event in decision.events
    )


def test_an_acknowledged_standing_fault_nags_nobody_for_a_day(site: Settings) -> None:
    story = Story(site)
    story.field.contacts["mains"] = None
    story.field.unwell["power"] = Words("停电检修", "planned outage")
    story.run(120, every_s=10)
    assert "mains_lost" in told_alarms(story)
    before = called(story, "mains_lost")
    assert before == 1
    story.bring(ticket())
    story.step()
    story.ask(Ask.ACKNOWLEDGE, "li-na", alarm="mains_lost||power")
    story.run(86400, every_s=3600)
    assert "mains_lost" in told_alarms(story), "it stays on the list"
    assert called(story, "mains_lost") == before


@pytest.mark.parametrize("quality", SERVICED)
def test_a_detector_in_service_satisfies_nothing_where_it_is_bound_and_is_silent_where_it_is_not(
    site: Settings, quality: Quality
) -> None:
    others = tuple(device for device in DEVICES if device != "gas-co")
    for devices, against in ((DEVICES, True), (others, False)):
        story = Story(site)
        story.field.gas["gas-co"] = {"level": None, "quality": quality}
        story.bring(ticket(devices=devices))
        story.run(2)
        story.ready()
        rules = {a.verdict.rule for a in story.decisions[-1].state.alarms.values()}
        assert ("gas_not_good" in rules) is against
        assert "gas_not_good" not in told_alarms(story), "before the work it is no alarm"
        if against:
            assert story.state is State.RECEIVED, "no start"
    story = working(site)
    story.field.gas["gas-co"] = {"level": None, "quality": quality}
    story.run(90)
    assert story.state is State.PAUSED


def test_a_device_on_record_as_out_of_service_stops_what_binds_it_and_nobody_else(site: Settings) -> None:
    away = DeviceRecord(id="gas-co", status=DeviceStatus.OUT_OF_SERVICE)
    others = tuple(device for device in DEVICES if device != "gas-co")
    for devices, state in ((DEVICES, State.PAUSED), (others, State.ACTIVE)):
        story = working(site, devices=devices, **HOT)
        story.bring(away)
        story.run(5)
        assert story.state is state
        assert ("device_withdrawn" in told_alarms(story)) is (state is State.PAUSED)


def test_a_ticket_with_a_device_that_is_away_from_the_settings_is_not_even_taken(site: Settings) -> None:
    story = Story(site)
    story.bring(ticket(devices=(*DEVICES, "gas-taken-down")))
    story.run(2)
    assert story.decisions[-1].state.permits == {}
    (refused,) = [event for decision in story.decisions for event in decision.events if "refused" in event.type]
    assert "gas-taken-down" in str(refused.data)


def test_nothing_that_silences_reaches_what_must_never_be_silenced() -> None:
    """Gas danger, SOS, a permit outside its time, missing gas data where the gas must be watched."""
    never = {"outside_window", "gas_not_good"}
    for rule in RULES:
        row = verdict(effect=rule.effect, priority=rule.priority)
        alarm = Alarm(verdict=row, state=AlarmState.UNACK_ACTIVE, first_seen_s=0.0, last_seen_s=0.0)
        danger = rule.effect is Effect.EVACUATE or rule.clears
        assert not (danger and shelving.may_be_shelved(alarm)), rule.name
        for kind in ("confined_space", "hot.special"):
            let_be = ground(rule.name, rule.effect).may(BOOK.works[kind])
            assert not (let_be and (danger or rule.name in never)), rule.name


def test_a_shelved_alarm_still_stops(site: Settings) -> None:
    story = working(site)
    story.field.silent.add("relay-1")
    story.run(90)
    key = "device_silent|P-1|relay-1"
    story.ask(Ask.SHELVE, "zhao-min", alarm=key, for_s=1800, reason="module is being replaced")
    story.run(2)
    assert story.decisions[-1].state.alarms[key].shown is AlarmState.SHELVED
    assert story.state is State.PAUSED
    story.ask(Ask.CHECK_IN, "li-na")
    story.ask(Ask.RESUME, "wang-lei")
    story.run(2)
    assert story.state is State.PAUSED
