"""Sirens and lamps are tried by hand: on record, told before, never beside people, never what lets tools run."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.domain.outcome import Output
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask
from edge_agent.fuse.sirens import ORDER_LASTS_S, ORDER_TOLD_S
from tests.scenarios.stories.box import WELL, tried
from tests.support.languages import faults
from tests.support.story import Story, scenario_site, ticket

SIREN = "relay-1/siren"


def story(*roles: Role, areas: tuple[str, ...] = ()) -> Story:
    site = scenario_site()
    gu = Person(id="gu", name="顾工", roles=roles or (Role.TECHNICIAN,), areas=areas, pin_hash="$gu")
    begun = Story(replace(site, persons=(*site.persons, gu)))
    begun.step()
    return begun


def asked(told: Story, *outputs: str, **more: Any) -> list[str]:
    told.ask(Ask.TRY, "gu", **{"permit": "", "about": outputs or (SIREN,), "reason": "after the repair", **more})
    told.step()
    (answer,) = told.decisions[-1].answers
    assert not [fault for words in answer.reasons for fault in faults(words)]
    return [words.en for words in answer.reasons]


def on(told: Story) -> set[str]:
    return {f"{one.device}/{one.channel}" for one in told.decisions[-1].actions if one.on}


def events(told: Story, type_: str) -> list[dict[str, Any]]:
    return [one.data for decision in told.decisions for one in decision.events if one.type == type_]


def test_it_is_told_before_goes_on_for_a_moment_alone_and_ends() -> None:
    told = story()
    before = on(told)
    assert asked(told) == []
    (order,) = events(told, "unit.trial_ordered")
    assert (order["by"], list(order["outputs"]), order["reason"]) == ("gu", [SIREN], "after the repair")
    told.run(ORDER_TOLD_S - 2)
    assert on(told) == before
    assert any(alarm.verdict.rule == "siren_trial_near" for alarm in told.decisions[-1].state.alarms.values())
    told.run(3)
    assert on(told) == before | {SIREN}
    told.run(ORDER_LASTS_S)
    assert on(told) == before
    (over,) = events(told, "unit.sirens_tried")
    assert (over["by"], [one["siren"] for one in over["sirens"]]) == ("gu", [SIREN])
    assert told.decisions[-1].state.trial is None
    told.run(60)
    assert len(events(told, "unit.sirens_tried")) == 1


@pytest.mark.parametrize(("contact", "result"), [(True, "passed"), (False, "failed"), (None, "unproven")])
def test_what_its_contact_says_is_what_the_test_proves(*, contact: bool | None, result: str) -> None:
    site = tried()
    gu = Person(id="gu", name="顾工", roles=(Role.TECHNICIAN,), pin_hash="$gu")
    told = Story(replace(site, persons=(*site.persons, gu)))
    told.field.contacts = dict(WELL)
    told.run(1)
    assert asked(told) == []
    told.run(ORDER_TOLD_S)
    told.field.contacts |= {"siren-sounds": contact}
    told.run(ORDER_LASTS_S + 1)
    (over,) = events(told, "unit.sirens_tried")
    assert over["result"] == result


def test_nothing_that_lets_tools_run_is_ever_tried() -> None:
    told = story()
    for id_, table in scenario_site().site.relays.items():
        for name, row in table.outputs.items():
            why = asked(story(), f"{id_}/{name}")
            lets_run = Output(row.does) in {Output.PERMISSIVE, Output.INTERLOCK, Output.HEARTBEAT}
            assert bool(why) is lets_run, (id_, name, why)
    (why,) = asked(told, "relay-1/nothing")
    assert why == "there is no output relay-1/nothing"
    assert events(told, "unit.trial_ordered") == []


def test_nothing_is_tried_beside_people_and_what_was_announced_ends_where_somebody_begins() -> None:
    told = story()
    told.begin_work()
    (why,) = asked(told)
    assert why.startswith("P-1 is under way")
    late = story()
    late.bring(ticket())
    late.step()
    assert asked(late) == []
    late.begin_work()
    late.run(ORDER_TOLD_S + ORDER_LASTS_S)
    assert late.decisions[-1].state.trial is None
    assert not any(SIREN in {f"{a.device}/{a.channel}" for a in one.actions if a.on} for one in late.decisions)


def test_who_may_and_how_he_shows_it() -> None:
    assert asked(story(Role.SAFETY_OFFICER)) == []
    assert "only a technician" in asked(story(Role.GUARD))[0]
    assert "only a technician" in asked(story(Role.TECHNICIAN, areas=("yard",)))[0]
    assert "PIN or badge once more" in asked(story(), proof=Proof.KEY)[0]
    assert asked(story(), reason=" ") == ["say why: a reason is needed"]
    assert asked(story(), about=()) == ["say which outputs are to be tried"]
    told = story()
    asked(told)
    assert asked(told) == ["a test is announced or under way already: wait for its end"]
