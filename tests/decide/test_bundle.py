"""Another text of a file of the settings: by whom, and never while anybody is at work."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide.settings_effect import effects, interlocks_on
from edge_agent.domain.device import DeviceRecord, DeviceStatus
from edge_agent.domain.permit import State
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.settings_change import Loss, SettingsChange
from edge_agent.domain.words import Words
from tests.scenarios.stories.gauges import HEATER, REACTOR, heated, of
from tests.support.languages import faults
from tests.support.story import Story, scenario_site, ticket

MOVED = SettingsChange(
    file="areas.toml",
    sha256="b" * 64,
    before="a" * 64,
    changes=(Words("区域 yard：边界", "area yard: its outline"),),
    areas=("yard",),
)


def story(*roles: Role, areas: tuple[str, ...] = ()) -> Story:
    """A site with somebody of these roles."""
    site = scenario_site()
    gu = Person(id="gu", name="顾工", roles=roles or (Role.TECHNICIAN,), areas=areas, pin_hash="$gu")
    begun = Story(replace(site, persons=(*site.persons, gu)))
    begun.step()
    return begun


def asked(told: Story, change: SettingsChange | None = MOVED, **more: Any) -> list[str]:
    """What stands against it, in English; nothing where it was accepted."""
    told.ask(Ask.SETTINGS, "gu", **{"permit": "", "settings": change, "reason": "surveyed anew", **more})
    told.step()
    (answer,) = told.decisions[-1].answers
    assert answer.accepted is not bool(answer.reasons)
    assert not [fault for words in answer.reasons for fault in faults(words)]
    return [words.en for words in answer.reasons]


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.ADMIN])
def test_whoever_keeps_the_whole_sites_devices_may_and_it_stands_in_the_records(role: Role) -> None:
    told = story(role)
    assert asked(told) == []
    event = told.decisions[-1].events[-1]
    assert (event.type, event.subject) == ("settings.changed", "unit")
    assert {name: event.data[name] for name in ("by", "file", "areas", "permits", "reason")} == {
        "by": "gu", "file": "areas.toml", "areas": ["yard"], "permits": [], "reason": "surveyed anew",
    }  # fmt: skip
    assert (event.data["sha256"], event.data["before"]) == (MOVED.sha256, MOVED.before)


def test_nobody_else_may() -> None:
    for told in (story(Role.SAFETY_OFFICER), story(Role.TECHNICIAN, areas=("yard",))):
        (why,) = asked(told)
        assert "technician" in why
        assert not [one for one in told.decisions[-1].events if one.type == "settings.changed"]
    (why,) = asked(story(), proof=Proof.KEY)
    assert "PIN or badge once more" in why


def test_a_secret_of_before_is_shown_to_somebody_else_by_an_administrator_alone() -> None:
    shown = replace(MOVED, shown_to_others=("uplink.password_file", "cameras.cam-1.login"))
    told = story(Role.TECHNICIAN)
    (why,) = asked(told, shown)
    assert why.startswith("uplink.password_file, cameras.cam-1.login: a password or key of before would be shown")
    assert not [one for one in told.decisions[-1].events if one.type == "settings.changed"]
    told = story(Role.ADMIN)
    assert asked(told, shown) == []
    (said,) = told.decisions[-1].events[-1].data["effects"]
    assert "would be shown to somebody else" in said["en"]


@pytest.mark.parametrize("change", [None, replace(MOVED, changes=())])
def test_nothing_new_is_no_change(change: SettingsChange | None) -> None:
    (why,) = asked(story(), change)
    assert why == "nothing in it is another than now"


def test_nobody_is_at_work_under_the_old_ones() -> None:
    told = story()
    told.begin_work()
    assert told.decisions[-1].state.permits["P-1"].state is State.ACTIVE
    (why,) = asked(told)
    assert why.startswith("P-1 is under way")


def test_an_open_ticket_keeps_its_area_and_is_named_where_that_is_another() -> None:
    told = story()
    told.bring(ticket())
    told.step()
    area = ticket().area
    (why,) = asked(told, replace(MOVED, areas=(), removed=(area,)))
    assert why == f"the area {area} is that of the open ticket P-1"
    assert asked(told, replace(MOVED, areas=(area,))) == []
    assert told.decisions[-1].events[-1].data["permits"] == ["P-1"]


LOST = Words("gas.gas-1 被删除", "gas.gas-1 would be no more")


def stopped() -> Story:
    told = story()
    told.begin_work()
    told.ask(Ask.STOP, "gu", permit="P-1", reason="a detector is broken")
    told.step()
    assert told.decisions[-1].state.permits["P-1"].state is State.SUSPENDED
    return told


def test_work_that_stands_still_stays_so_and_the_change_says_what_it_needs_anew() -> None:
    told = stopped()
    assert asked(told, replace(MOVED, losses=(Loss(area="elsewhere", words=LOST),))) == []
    (effect,) = told.decisions[-1].events[-1].data["effects"]
    assert effect["en"].startswith("P-1 stays paused")


@pytest.mark.parametrize("area", ["", ticket().area])
def test_work_that_has_begun_never_loses_what_guards_it(area: str) -> None:
    (why,) = asked(stopped(), replace(MOVED, losses=(Loss(area=area, words=LOST),)))
    assert why == "P-1 would lose: gas.gas-1 would be no more; end it first"


def test_nobody_is_left_without_a_siren_while_a_place_is_left() -> None:
    told = stopped()
    permits = dict(told.decisions[-1].state.permits)
    one = permits["P-1"]
    cause = replace(one.causes[0], evacuate=True)
    (effect,) = effects([replace(one, causes=(cause,))], MOVED)
    assert (effect.refused, "evacuated" in effect.words.en) == (True, True)
    (effect,) = effects([replace(one, leaving=True)], MOVED)
    assert effect.refused
    assert effects([replace(one, state=State.CLOSED)], MOVED) == ()


def test_a_ticket_that_has_not_begun_is_told_and_not_in_the_way() -> None:
    told = story()
    told.bring(ticket())
    told.step()
    assert asked(told, replace(MOVED, losses=(Loss(area="", words=LOST),))) == []
    (effect,) = told.decisions[-1].events[-1].data["effects"]
    assert effect["en"] == "P-1 has not begun: gas.gas-1 would be no more"


def test_the_record_of_a_swapped_detector_is_closed_on_record_and_the_new_ones_counts() -> None:
    told = stopped()
    first, second = (
        DeviceRecord(id="gas-1", status=DeviceStatus.IN_SERVICE, calibration_due_utc=due) for due in (2e9, None)
    )
    assert asked(told, replace(MOVED, swapped=(first,))) == []
    assert asked(told, replace(MOVED, swapped=(second,))) == []
    (event,) = (one for one in told.decisions[-1].events if one.type == "device.swapped")
    assert (event.subject, event.data["was"]["calibration_due_utc"]) == ("gas-1", 2e9)
    assert event.data["record"]["calibration_due_utc"] is None
    assert told.decisions[-1].state.records["gas-1"] == second


@pytest.mark.parametrize(
    ("more", "voids"),
    [
        ({}, True),
        ({"bump_tested_utc": 1e9}, True),
        ({"calibration_due_utc": 2e9}, True),
        ({"bump_tested_utc": 1e9, "calibration_due_utc": 2e9}, False),
    ],
    ids=["of neither", "of the bump test", "of the calibration", "of both"],
)
def test_a_detector_is_told_to_be_tested_anew_unless_the_files_tell_of_both(
    more: dict[str, float], *, voids: bool
) -> None:
    record = DeviceRecord(id="gas-1", status=DeviceStatus.IN_SERVICE, **more)  # type: ignore[arg-type]
    told = effects((), replace(MOVED, swapped=(record,)))
    assert [one.words.en.partition(":")[0] for one in told] == (
        ["this voids the bump test and the calibration of gas-1"] if voids else []
    )
    assert not any(one.refused for one in told)


def test_plant_behind_an_interlock_stops_with_the_box_and_is_told_before_anybody_signs() -> None:
    site = of(reactor=REACTOR)()
    gu = Person(id="gu", name="顾工", roles=(Role.TECHNICIAN,), pin_hash="$gu")
    told = Story(replace(site, persons=(*site.persons, gu)))
    told.step()
    assert interlocks_on(told.decisions[-1].state.outputs) == ()
    assert asked(told) == []
    assert told.decisions[-1].events[-1].data["effects"] == []
    told, _, _ = heated(told.settings)
    told.ask(Ask.STOP, "gu", permit="P-1", reason="a detector is broken")
    told.step()
    assert interlocks_on(told.decisions[-1].state.outputs) == (HEATER,)
    for change in (MOVED, replace(MOVED, interlocks_off=("relay-1/other",))):
        (why,) = asked(told, change)
        assert why.startswith(f"{HEATER} will fall")
        assert "must agree to that first" in why
        assert not [one for one in told.decisions[-1].events if one.type == "settings.changed"]
    assert asked(told, replace(MOVED, interlocks_off=(HEATER,))) == []
    assert told.decisions[-1].events[-1].data["interlocks_off"] == [HEATER]
    _, effect = told.decisions[-1].events[-1].data["effects"]
    assert "ENV-18" in effect["en"]
    assert "ENV-18" in effect["zh"]
    assert effect["en"].startswith(f"{HEATER} will fall")
