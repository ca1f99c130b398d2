"""Real gas beside an announced bump test: what one bottle at one detector does not explain is told as gas."""

import pytest
from msgspec.structs import replace

from edge_agent.domain.claim import Claim
from edge_agent.domain.device_test import DeviceTest
from edge_agent.domain.observation import Quality, Reading
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Point
from edge_agent.settings.site import Settings
from tests.decide.test_device_testing import BOTTLE, GOOD, H2S, begun, bump, refused, sounding, under_the_bottle
from tests.scenarios.stories.gas import air, two_for_chlorine, with_clean, with_more
from tests.scenarios.stories.simops import two_boxes
from tests.support.story import Story, scenario_site, ticket

NEXT_DOOR = Claim(
    permit="P-77", type="blinding", level="", area="tank-inside", point=Point(0.0, 0.0), state=State.ACTIVE
)


def standing(told: Story) -> set[str]:
    return {one.verdict.code for one in told.decisions[-1].state.alarms.values()}


def site_with_range(top: float) -> Settings:
    base = scenario_site()
    site = replace(base.site, gas={**base.site.gas, H2S: replace(base.site.gas[H2S], range=top, unit="ppm")})
    return replace(base, site=site)


def test_a_bottle_that_the_detector_cannot_show_is_a_slip_of_the_pen() -> None:
    """Everything up to it would pass as the bottle's."""
    told = begun(site_with_range(100.0))
    assert any("shows no more than 100 ppm" in words for words in bump(told, level=200.0))
    assert bump(told) == []


def test_no_test_begins_while_the_site_responds_to_this_very_gas() -> None:
    """Chlorine's first level begins below the limit that stops work, and holds on below both."""
    told = with_clean(Story(two_for_chlorine()), "cl2-1", "cl2-2")
    told.run(3)
    air(told, "cl2-1", 0.32, 0.32)
    assert "GAS-13" in standing(told)
    assert any("in alarm without the gas" in words for words in bump(told, device="cl2-1", level=2.0))


def test_no_test_begins_on_gas_that_is_rising() -> None:
    told = begun(scenario_site())
    told.field.gas[H2S]["level"] = 6.0
    told.run(2)
    assert any("in alarm without the gas" in words for words in bump(told))


def test_oxygen_that_strays_over_its_upper_warning_is_tested_all_the_same() -> None:
    told = begun(scenario_site())
    told.field.gas["gas-o2"]["level"] = 21.2
    told.run(2)
    assert bump(told, device="gas-o2", level=18.0) == []


def test_what_has_once_been_more_than_the_bottle_holds_is_gas_until_the_test_is_over() -> None:
    told = under_the_bottle(waits=False)
    told.field.gas[H2S]["level"] = BOTTLE * 1.5
    told.run(2)
    told.field.gas[H2S]["level"] = BOTTLE * 0.8
    told.run(told.settings.rulebook.gas.danger_off_s.value + 3)
    assert sounding(told) == ["GAS-20"]


def said(at_s: float, level: float, **more: float) -> Reading:
    return Reading(source=H2S, at_s=at_s, channel="h2s", level=level, unit="ppm", quality=Quality.GOOD, **more)


def test_more_than_the_bottle_holds_between_two_values_of_one_step_is_gas() -> None:
    told = under_the_bottle(waits=False)
    told.wires[H2S] = lambda now: (said(now.now_s - 0.5, BOTTLE * 3), said(now.now_s, BOTTLE * 0.8))
    told.step()
    told.wires[H2S] = lambda now: (said(now.now_s, BOTTLE * 0.8),)
    told.run(2)
    assert sounding(told) == ["GAS-20"]


def test_what_was_measured_before_the_bottle_was_put_on_is_gas() -> None:
    told = under_the_bottle(waits=False)
    told.wires[H2S] = lambda now: (said(now.now_s, BOTTLE * 0.8, age_s=3.0),)
    told.step()
    assert sounding(told) == ["GAS-20"]


def test_two_detectors_of_one_gas_in_one_area_are_tested_one_after_the_other() -> None:
    """Two that see gas at once confirm each other: a bottle is at one of them."""
    told = with_clean(Story(with_more(h2s_2=("h2s", "tank-inside", 1.0))), "h2s-2")
    told.run(3)
    assert bump(told) == []
    assert any("one after the other" in words for words in bump(told, device="h2s-2"))
    assert bump(told, device="gas-co", level=100.0) == []
    told.field.gas[H2S]["level"] = told.field.gas["h2s-2"]["level"] = BOTTLE
    told.run(2)
    assert sounding(told) == ["GAS-20"]


def test_work_of_another_box_in_an_area_of_another_name_is_where_its_point_is() -> None:
    told = Story(two_boxes())
    told.field.peers["edge-2"] = (replace(NEXT_DOOR, area="tank-7"),)
    told.run(3)
    assert bump(told) == []
    told.field.gas[H2S]["level"] = BOTTLE
    told.run(2)
    assert sounding(told) == ["GAS-20"]


def test_work_of_another_box_far_away_leaves_the_bottle_a_bottle() -> None:
    told = Story(two_boxes())
    told.field.peers["edge-2"] = (replace(NEXT_DOOR, area="far", point=Point(500.0, 500.0)),)
    told.run(3)
    assert bump(told) == []
    told.field.gas[H2S]["level"] = BOTTLE
    told.run(2)
    assert sounding(told) == []


def test_while_another_box_is_not_heard_the_bottle_explains_nothing() -> None:
    """Somebody may be at work there."""
    told = Story(two_boxes())
    told.run(3)
    assert bump(told) == []
    told.field.gas[H2S]["level"] = BOTTLE
    told.run(2)
    assert sounding(told) == ["GAS-20"]


def test_a_detector_of_which_nobody_knows_where_it_hangs_is_near_every_work() -> None:
    told = Story(replace(two_boxes(), areas=()))
    told.field.peers["edge-2"] = (replace(NEXT_DOOR, area="far", point=Point(500.0, 500.0)),)
    told.run(3)
    assert bump(told) == []
    told.field.gas[H2S]["level"] = BOTTLE
    told.run(2)
    assert sounding(told) == ["GAS-20"]


@pytest.mark.parametrize("first", [True, False], ids=["asked before", "asked after"])
def test_no_test_begins_in_the_step_in_which_work_goes_on(first: bool) -> None:  # noqa: FBT001
    told = Story(scenario_site())
    told.begin_work(goes_in=())
    told.ask(Ask.STOP, "wang-lei")
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.step()
    test = DeviceTest(do="bump", device=H2S, **GOOD)
    if first:
        told.ask(Ask.DEVICE_TEST, "sun-yan", permit="", test=test)
    for person in ("wang-lei", "li-na"):
        told.ask(Ask.RESUME, person)
    if not first:
        told.ask(Ask.DEVICE_TEST, "sun-yan", permit="", test=test)
    assert refused(told) == ["P-1 relies on this detector now: stop the work first"]
    assert told.state is State.ACTIVE


@pytest.mark.parametrize(
    ("area", "relies", "waits"),
    [("tank-inside", False, True), ("yard", True, True), ("yard", False, False)],
    ids=["of its area", "relies on it", "elsewhere"],
)
def test_a_test_holds_up_only_work_that_the_detector_guards(area: str, *, relies: bool, waits: bool) -> None:
    told = begun(scenario_site())
    told.bring(ticket(area=area, devices=("gas-co", *((H2S,) if relies else ()))))
    told.run(2)
    assert bump(told) == []
    told.run(2)
    assert ("GAS-24" in standing(told)) is waits


def test_work_that_stands_still_goes_on_only_when_its_detector_is_free_again() -> None:
    """Under the tester's cap it would not notice real gas: that stands against going on as against beginning."""
    told = Story(scenario_site())
    told.begin_work(goes_in=())
    told.ask(Ask.STOP, "wang-lei")
    told.run(2)
    assert bump(told) == []
    told.resume("wang-lei", "li-na")
    assert told.state is not State.ACTIVE
    said = [words.en for one in told.decisions[-3:] for answer in one.answers for words in answer.reasons]
    assert any(words.startswith("A detector is being tested") for words in said)
    assert "GAS-24" in standing(told)
    told.run(told.settings.rulebook.device.bump_s.value + 2)
    assert "GAS-24" not in standing(told)


def test_while_another_box_is_not_heard_nobody_knows_who_is_near() -> None:
    told = Story(two_boxes())
    told.field.peers["edge-2"] = ()
    told.run(3)
    assert bump(told) == []
    del told.field.peers["edge-2"]
    told.run(told.settings.rulebook.simops.peer_stale_s.value + 2)
    told.field.gas[H2S]["level"] = BOTTLE
    told.run(2)
    assert "GAS-20" in sounding(told)


def test_a_detector_that_shows_nothing_is_not_tested_and_a_relay_is_none() -> None:
    told = begun(scenario_site())
    told.field.gas[H2S] = {"level": None, "quality": Quality.FAULT}
    told.run(2)
    assert any("gives no value now (fault)" in words for words in bump(told))
    assert bump(told, device="relay-1") == ["relay-1 is no gas detector"]
