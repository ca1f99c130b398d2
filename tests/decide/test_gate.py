"""Rules of the start gate that the demo's rulebook does not ask for."""

import pytest
from msgspec.structs import replace

from edge_agent.decide.step import step
from edge_agent.domain.outcome import Alarm
from edge_agent.settings.site import Settings
from tests.support.story import T0_UTC, Story, scenario_site

DAY_S = 86400.0


@pytest.fixture(scope="module")
def strict() -> Settings:
    """The demo tank under a rulebook that asks for the day's class."""
    site = scenario_site()
    people = replace(site.rulebook.people, daily_class=True)
    return replace(site, rulebook=replace(site.rulebook, people=people))


def without_class(site: Settings, *finished_utc: float | None) -> list[str]:
    """Who is held back before the start, when holder, guard and workers finished the class then."""
    told = Story(site)
    for id_, at_utc in zip(("wang-lei", "li-na", "zhou-qiang", "wu-gang"), finished_utc, strict=True):
        told.bring(told.known(id_, daily_class_utc=at_utc))
    told.begin_work()
    return [alarm.verdict.finding.subject for alarm in _alarms(told)]


def _alarms(told: Story) -> list[Alarm]:
    alarms = told.decisions[-1].state.alarms.values()
    return [alarm for alarm in alarms if alarm.verdict.rule == "no_daily_class"]


def test_the_class_of_another_day_does_not_count(strict: Settings) -> None:
    yesterday = T0_UTC - DAY_S
    assert without_class(strict, T0_UTC, yesterday, None, T0_UTC + DAY_S) == ["li-na", "zhou-qiang", "wu-gang"]


def test_everybody_who_finished_todays_class_may_begin(strict: Settings) -> None:
    assert without_class(strict, *(T0_UTC,) * 4) == []


def test_the_next_day_stops_nobody_who_works(strict: Settings) -> None:
    told = Story(strict)
    for id_ in ("wang-lei", "li-na", "zhou-qiang", "wu-gang"):
        told.bring(told.known(id_, daily_class_utc=T0_UTC))
    told.begin_work(valid_to_utc=T0_UTC + 5 * 3600)
    told.utc = T0_UTC + 17_700  # past midnight in Shanghai
    assert step(strict, told.decisions[-1].state, told.inputs()).state.permits["P-1"].state == "active"


def test_a_rulebook_that_does_not_ask_for_it_gets_none() -> None:
    assert without_class(scenario_site(), None, None, None, None) == []


def test_a_rulebook_that_asks_for_no_training_gets_none() -> None:
    site = scenario_site()
    book = replace(site.rulebook, people=replace(site.rulebook.people, training=False))
    told = Story(replace(site, rulebook=book))
    told.bring(told.known("wu-gang", training_ok_until_utc=T0_UTC + 20))
    told.bring(told.known("wang-lei", training_ok_until_utc=None))
    told.begin_work()
    told.run(30)
    raised = {event.data.get("rule") for decision in told.decisions for event in decision.events}
    assert told.state == "active"
    assert not raised & {"untrained", "papers_end_soon"}
