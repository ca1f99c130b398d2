"""One output gives power to several jobs: it falls with one of them, and comes back by the people of all."""

import pytest
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.alarms import ACTIVE, OVER
from edge_agent.domain.observation import Contact, Observation
from edge_agent.domain.permit import Cause, State
from edge_agent.domain.request import Ask
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from tests.scenarios.stories import shared_power
from tests.scenarios.stories.shared_power import dig, of, resume, sign, stop
from tests.support.story import Story, scenario_site

RULES = {"power_taken", "power_waits"}


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def other_module(now: Instant) -> tuple[Observation, ...]:
    """Nothing hangs on it: whether it says anything is all that counts."""
    return (Contact(source="relay-2", at_s=now.now_s, channel="stop-button", closed=True),)


def both_at_work(site: Settings, other: str = "relay-1") -> Story:
    told = Story(site)
    told.wires["relay-2"] = other_module
    shared_power.both_at_work(told, other)
    assert (of(told, "P-1").state, of(told, "P-2").state) == (State.ACTIVE, State.ACTIVE)
    assert told.powered
    return told


def standing(told: Story, id_: str) -> set[str]:
    alarms = told.decisions[-1].state.alarms.values()
    own = (one for one in alarms if one.verdict.finding.permit == id_ and one.state in ACTIVE)
    return {one.verdict.rule for one in own} & RULES


def test_who_loses_his_power_by_anothers_stop_is_stopped_too(site: Settings) -> None:
    told = both_at_work(site)
    stop(told, "P-2")
    assert not told.powered, "in the very step of the stop"
    told.step()
    assert of(told, "P-1").state is State.PAUSED
    (cause,) = of(told, "P-1").causes
    assert isinstance(cause, Cause)
    assert (cause.rule, cause.subject) == ("power_taken", "relay-1/permissive")
    assert "P-2" in cause.detail.en
    assert [one.rule for one in of(told, "P-2").causes] == ["stop"], "it is not stopped by its own stop"


def test_no_power_comes_back_for_work_that_nobody_resumed(site: Settings) -> None:
    told = both_at_work(site)
    stop(told, "P-2")
    told.run(2)
    resume(told, "P-2")
    assert of(told, "P-2").state is State.ACTIVE
    assert of(told, "P-1").state is State.PAUSED
    assert not told.powered
    assert standing(told, "P-2") == {"power_waits"}, "its people are told that power may come at any moment"
    resume(told, "P-1")
    assert (of(told, "P-1").state, of(told, "P-2").state) == (State.ACTIVE, State.ACTIVE)
    assert told.powered
    told.step()
    assert not standing(told, "P-2")


def test_no_power_comes_back_by_the_close_of_the_work_that_took_it(site: Settings) -> None:
    told = both_at_work(site)
    stop(told, "P-2")
    told.run(2)
    sign(told, Ask.CLOSE, "P-2", "wang-lei", "feng-tao")
    assert of(told, "P-2").state is State.CLOSED
    told.run(3)
    assert of(told, "P-1").state is State.PAUSED
    assert not told.powered
    resume(told, "P-1")
    assert told.powered


def test_each_may_be_resumed_first_and_a_second_stop_stops_again(site: Settings) -> None:
    told = both_at_work(site)
    stop(told, "P-2")
    told.run(2)
    resume(told, "P-1")
    assert of(told, "P-1").state is State.ACTIVE, "its people know that P-2 keeps the power off"
    assert standing(told, "P-1") == {"power_waits"}
    assert not told.powered
    resume(told, "P-2")
    assert told.powered
    stop(told, "P-2")
    told.step()
    assert of(told, "P-1").state is State.PAUSED


def test_a_job_of_another_module_goes_on(site: Settings) -> None:
    table = site.site.relays["relay-1"]
    more = replace(site.site, relays={"relay-1": table, "relay-2": table})
    told = both_at_work(replace(site, site=more, devices=derived(more, site.rulebook)), "relay-2")
    told.bring(dig("P-3", "li-na", 80.0, "relay-1"))
    told.run(2)
    stop(told, "P-2")
    told.run(2)
    assert not against(told, "P-3")
    assert of(told, "P-2").state is State.SUSPENDED
    assert "power_taken" not in {one.rule for one in of(told, "P-1").causes}


def test_work_that_has_not_begun_waits_for_who_keeps_its_power_off(site: Settings) -> None:
    told = both_at_work(site)
    told.bring(dig("P-3", "li-na", 80.0, "relay-1"))
    told.run(2)
    assert not against(told, "P-3")
    stop(told, "P-2")
    told.step()
    assert "P-2" in against(told, "P-3")
    for id_ in ("P-2", "P-1"):
        sign(told, Ask.CLOSE, id_, "wang-lei", "feng-tao")
    told.run(2)
    assert not against(told, "P-3")


def against(told: Story, id_: str) -> str:
    """Who stands against its start by the power that they keep off."""
    alarms = told.decisions[-1].state.alarms.values()
    found = (one.verdict.finding for one in alarms if one.verdict.rule == "power_taken" and one.state not in OVER)
    return " ".join(one.detail.en for one in found if one.permit == id_)
