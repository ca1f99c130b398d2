"""What no contact reads back stands in the name of somebody who was there; what gives power never does."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide.sights import DAY_S, sight
from edge_agent.domain.outcome import Output
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask
from edge_agent.fuse.sirens import ORDER_LASTS_S, ORDER_TOLD_S, TRIABLE
from edge_agent.settings.site_relays import OutputTable
from tests.decide.test_trying import asked as tried
from tests.decide.test_trying import events
from tests.scenarios.stories.box import WELL, interlocked
from tests.support.languages import faults
from tests.support.story import Story, scenario_site

SIREN = "relay-1/siren"


def story(*roles: Role, areas: tuple[str, ...] = (), contacts: bool = False, interlock: bool = False) -> Story:
    site = interlocked() if contacts else scenario_site()
    if interlock:
        relay = site.site.relays["relay-1"]
        outputs = {**relay.outputs, "heater": OutputTable(coil=9, does="interlock")}
        relays = {**site.site.relays, "relay-1": replace(relay, outputs=outputs)}
        site = replace(site, site=replace(site.site, relays=relays))
    gu = Person(id="gu", name="顾工", roles=roles or (Role.TECHNICIAN,), areas=areas, pin_hash="$gu")
    begun = Story(replace(site, persons=(*site.persons, gu)))
    if contacts:
        begun.field.contacts = dict(WELL)
    begun.step()
    return begun


def gone_on(told: Story, *outputs: str) -> Story:
    assert tried(told, *outputs) == []
    told.run(ORDER_TOLD_S + ORDER_LASTS_S + 1)
    return told


def seen(told: Story, *outputs: str, **more: Any) -> list[str]:
    told.ask(Ask.SEEN, "gu", **{"permit": "", "about": outputs or (SIREN,), "reason": "at the tank", **more})
    told.step()
    (answer,) = told.decisions[-1].answers
    assert not [fault for words in answer.reasons for fault in faults(words)]
    return [words.en for words in answer.reasons]


def standing(told: Story, key: str = SIREN, *, later_s: float = 0.0) -> bool:
    kept = told.decisions[-1].state.commissioning
    return sight(told.settings, kept, key, told.utc + later_s) is not None


def test_it_stands_in_his_name_on_record_and_for_as_long_as_a_walk_test_counts() -> None:
    told = gone_on(story())
    assert not standing(told)
    assert seen(told) == []
    (event,) = events(told, "unit.output_seen")
    assert (event["by"], list(event["outputs"]), event["reason"]) == ("gu", [SIREN], "at the tank")
    assert "顾工" in event["words"]["zh"]
    days = told.settings.site.commissioning.valid_days
    assert event["until_utc"] == pytest.approx(told.utc + days * DAY_S, abs=2)
    assert standing(told)
    assert standing(told, later_s=days * DAY_S - 5)
    assert not standing(told, later_s=days * DAY_S + 5)
    assert not standing(told, "relay-1/beacon"), "nobody has seen that one"


def test_another_wiring_makes_it_void_and_so_does_a_contact() -> None:
    told = gone_on(story())
    seen(told)
    kept, site = told.decisions[-1].state.commissioning, told.settings
    relay = site.site.relays["relay-1"]

    def other(**changes: Any) -> bool:
        relays = {**site.site.relays, "relay-1": replace(relay, **changes)}
        return sight(replace(site, site=replace(site.site, relays=relays)), kept, SIREN, told.utc) is not None

    assert other()
    assert other(name=replace(relay.name, en="Another name"))
    assert not other(unit_id=relay.unit_id + 1)
    assert not other(outputs={**relay.outputs, "siren": OutputTable(coil=7, does="siren")})
    assert not other(outputs={name: row for name, row in relay.outputs.items() if name != "siren"})
    assert not other(contacts=interlocked().site.relays["relay-1"].contacts)
    gone = replace(site, site=replace(site.site, relays={}))
    assert sight(gone, kept, SIREN, told.utc) is None


def test_what_gives_or_cuts_power_is_never_believed_on_sight() -> None:
    told = story(interlock=True)
    outputs = told.settings.site.relays["relay-1"].outputs
    assert {"permissive", "interlock"} <= {row.does for row in outputs.values()}
    for name, row in outputs.items():
        why = seen(told, f"relay-1/{name}")
        assert ("only its feedback contact shows that" in why[0]) is (Output(row.does) not in TRIABLE), name
    assert seen(told, "relay-1/nothing") == ["there is no output relay-1/nothing"]
    assert seen(told, "relay-9/siren") == ["there is no output relay-9/siren"]


def test_without_a_date_nothing_is_put_down() -> None:
    told = gone_on(story())
    told.trusted = False
    assert "the clock is not trusted: what was seen needs a date" in seen(told)


def test_what_has_a_contact_is_measured() -> None:
    told = gone_on(story(contacts=True))
    assert seen(told) == [f"{SIREN} has a feedback contact: the box measures it"]


def test_only_what_went_on_just_before_can_have_been_seen() -> None:
    told = story()
    assert seen(told) == [f"{SIREN} was not tried within ten minutes: try it first"]
    gone_on(told)
    told.run(601)
    assert seen(told) == [f"{SIREN} was not tried within ten minutes: try it first"]
    assert not standing(told)


def test_what_lies_ahead_of_a_clock_that_was_set_back_was_not_just_now() -> None:
    told = gone_on(story())
    told.utc -= 3600
    assert seen(told) == [f"{SIREN} was not tried within ten minutes: try it first"]
    gone_on(told)
    assert seen(told) == []


def test_who_may_and_how_he_shows_it() -> None:
    assert seen(gone_on(story(Role.SAFETY_OFFICER))) == []
    assert "only a technician" in seen(story(Role.GUARD))[0]
    assert "only a technician" in seen(story(Role.TECHNICIAN, areas=("yard",)))[0]
    assert "PIN or badge once more" in seen(story(), proof=Proof.KEY)[0]
    told = gone_on(story())
    assert seen(told, reason=" ") == ["say where you were"]
    assert seen(told, about=()) == ["say which outputs were seen or heard"]
    assert events(told, "unit.output_seen") == []
