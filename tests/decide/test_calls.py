"""Who is to feel it: everybody whose work stops, or the one who has to answer."""

import pytest
from msgspec.structs import replace

from edge_agent.decide.calls import Call, calls
from edge_agent.decide.speech import Urgency
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import working
from tests.support.story import scenario_site


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def test_the_guard_is_called_to_answer_and_everybody_when_the_work_stops(site: Settings) -> None:
    story = working(site)
    state = story.decisions[-1].state
    assert calls(site, state) == ()
    story.field.silent.add("gas-ch4")
    story.run(90)
    called = calls(site, story.decisions[-1].state)
    assert {one.urgency for one in called} == {Urgency.STOP}
    assert "tag-guard" in {one.tag for one in called}
    assert len(called) > 1
    story.ask(Ask.ACKNOWLEDGE, "li-na")
    story.run(2)
    assert calls(site, story.decisions[-1].state) == ()


def test_an_alarm_about_one_wearable_calls_that_one_alone(site: Settings) -> None:
    story = working(site)
    story.field.silent.add("gas-ch4")
    story.run(90)
    state = story.decisions[-1].state
    (alarm,) = [one for one in state.alarms.values() if one.verdict.rule == "gas_not_good"]

    def about(subject: str) -> tuple[Call, ...]:
        finding = replace(alarm.verdict.finding, subject=subject)
        warned = replace(alarm.verdict, finding=finding, effect=1, signal=("vibrate",))
        return calls(site, replace(state, alarms={"one": replace(alarm, verdict=warned)}))

    assert about("tag-worker-1") == (Call(Urgency.ANSWER, "tag-worker-1"),)
    guard = state.permits["P-1"].guard
    assert guard is not None
    assert about(guard) == about("guard") == (Call(Urgency.ANSWER, "tag-guard"),)
    bare = {id_: replace(person, tag=None) for id_, person in state.persons.items()}
    nobody = replace(alarm.verdict.finding, subject="guard")
    warned = replace(alarm.verdict, finding=nobody, effect=1, signal=("vibrate",))
    without = replace(state, persons=bare, alarms={"one": replace(alarm, verdict=warned)})
    assert calls(site, without) == (), "who wears nothing cannot be called"
