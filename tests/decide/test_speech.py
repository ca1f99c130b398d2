"""What is said: every alarm that stops work or asks for an answer has its words, and the worst comes first."""

import pytest
from msgspec.structs import replace

from edge_agent.decide.rules.table import RULES
from edge_agent.decide.speech import Urgency, happened, pieces, spoken, standing
from edge_agent.domain.outcome import AlarmState, Effect, Event, Priority
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import working
from tests.support.story import Story, scenario_site


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def said(story: Story) -> list[tuple[Urgency, tuple[str, ...]]]:
    alarms = story.decisions[-1].state.alarms.values()
    return [(one.urgency, one.pieces) for one in standing(story.settings, alarms)]


def test_everything_that_is_said_can_be_said(site: Settings) -> None:
    known = pieces(RULES, [site.rulebook])
    for rule in RULES:
        assert (f"rule.{rule.name}" in known) is spoken(rule.effect, rule.signal), rule.name
        if rule.effect >= Effect.PAUSE:
            assert f"rule.{rule.name}" in known
    assert all(words.zh and words.en for words in known.values())


def test_a_lost_detector_is_named_by_its_gas_until_somebody_has_seen_it(site: Settings) -> None:
    story = working(site)
    assert said(story) == []
    story.field.silent.add("gas-ch4")
    story.run(90)
    assert (Urgency.STOP, ("head.stop", "gas.ch4", "rule.gas_not_good")) in said(story)
    story.ask(Ask.ACKNOWLEDGE, "li-na")
    story.run(2)
    assert said(story) == []


def test_what_is_acknowledged_is_said_on_only_while_people_must_leave(site: Settings) -> None:
    story = working(site)
    story.field.silent.add("gas-ch4")
    story.run(90)
    (alarm,) = [one for one in story.decisions[-1].state.alarms.values() if one.verdict.rule == "gas_not_good"]
    leave = replace(alarm, verdict=replace(alarm.verdict, effect=Effect.EVACUATE))
    for state, called in (
        (AlarmState.UNACK_ACTIVE, [Urgency.LEAVE, Urgency.STOP]),
        (AlarmState.ACK_ACTIVE, [Urgency.LEAVE]),
        (AlarmState.UNACK_RTN, []),
    ):
        both = (replace(alarm, state=state), replace(leave, state=state))
        assert [one.urgency for one in standing(site, both)] == called
    let_be = replace(leave, verdict=replace(leave.verdict, overridden=True))
    assert standing(site, (let_be,)) == ()


def test_a_drill_is_called_one(site: Settings) -> None:
    story = working(site)
    story.field.silent.add("gas-ch4")
    story.run(90)
    (alarm,) = [one for one in story.decisions[-1].state.alarms.values() if one.verdict.rule == "gas_not_good"]
    (played,) = standing(site, (replace(alarm, verdict=replace(alarm.verdict, drill=True)),))
    assert played.pieces[:2] == ("head.drill", "head.stop")


def test_what_happened_is_told_once(site: Settings) -> None:
    story = working(site)
    events = [event for decision in story.decisions for event in decision.events]
    assert [one.pieces for one in happened(events)] == [("head.started",)]


@pytest.mark.parametrize(("rule", "said_"), [("siren_trial_near", [("head.trial",)]), ("gas_not_good", [])])
def test_a_test_of_the_sirens_is_announced_as_one(rule: str, said_: list[tuple[str, ...]]) -> None:
    raised = Event(
        seq=1, type="alarm.raised", subject="", at_s=0, at_utc=0, priority=Priority.LOW, data={"rule": rule}
    )
    assert [one.pieces for one in happened([raised])] == said_
