"""Where cameras that can turn are to look: the worst alarm's place for a while, an ordered one, else home."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide.aiming import Wish, wanted
from edge_agent.domain.delivery import CentreOrder, OrderDelivery
from edge_agent.domain.outcome import Alarm, AlarmState
from edge_agent.domain.person import Role
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import PtzTable
from tests.support.story import Story, scenario_site

PTZ = PtzTable(
    service="http://192.0.2.9/onvif/device_service", home="home",
    presets={"tank-inside": "inside", "yard": "yard"}, stay_s=60,
)  # fmt: skip
HOME = Wish(preset="home")


def site(ptz: PtzTable | None = PTZ) -> Settings:
    base = scenario_site()
    cameras = {"cam-1": replace(base.site.cameras["cam-1"], ptz=ptz)}
    return replace(base, site=replace(base.site, cameras=cameras))


@pytest.fixture
def told() -> Story:
    """Gas makes everybody leave."""
    story = Story(site())
    story.begin_work()
    story.field.gas["gas-ch4"] = {"level": 60.0}
    story.run(2)
    return story


def wish(told: Story, after_s: float = 0.0, **alarm: Any) -> Wish:
    """Where the camera is to look now, or later; with the gas alarm changed so."""
    state = told.decisions[-1].state
    alarms = {
        key: changed(one, **alarm) for key, one in state.alarms.items() if one.verdict.rule == "gas_dangerous"
    }
    return wanted(told.settings, replace(state, alarms=alarms), told.now_s + after_s)["cam-1"]


def changed(alarm: Alarm, **changes: Any) -> Alarm:
    finding = replace(alarm.verdict.finding, **{k: changes.pop(k) for k in ("subject", "facts") if k in changes})
    looks = changes.pop("looks", alarm.verdict.looks)
    return replace(alarm, verdict=replace(alarm.verdict, finding=finding, looks=looks), **changes)


def test_it_looks_at_the_place_of_the_work_for_a_while_then_home(told: Story) -> None:
    assert wish(told) == Wish(
        preset="inside", area="tank-inside", why="gas_dangerous|P-1|gas-ch4", permit="P-1"
    )  # fmt: skip
    assert wish(told, after_s=58).preset == "inside"
    assert wish(told, after_s=61) == HOME  # the same alarm does not call it again


@pytest.mark.parametrize(
    "alarm",
    [
        {"state": AlarmState.UNACK_RTN},
        {"state": AlarmState.PENDING},
        {"raised_s": None},
        {"looks": False},
        {"subject": "cam-1/post"},
        {"facts": {"area": "tank-mouth"}},
    ],
    ids=[
        "over",
        "not yet",
        "never raised",
        "of a rule that calls no camera",
        "seen by itself",
        "shown by no preset",
    ],
)
def test_what_does_not_call_it_leaves_it_home(told: Story, alarm: dict[str, Any]) -> None:
    assert wish(told, **alarm) == HOME


def test_level_two_gas_turns_the_cameras_that_it_locks(told: Story) -> None:
    facts = {"area": "yard", "cameras": ["cam-1"]}
    assert wish(told, looks=False, facts=facts).preset == "yard"
    assert wish(told, looks=False, facts=facts | {"cameras": ["cam-2"]}) == HOME


def test_of_two_alarms_the_worse_is_looked_at(told: Story) -> None:
    state = told.decisions[-1].state
    gas = next(one for one in state.alarms.values() if one.verdict.rule == "gas_dangerous")
    lesser = replace(
        changed(gas, facts={"area": "yard"}, raised_s=gas.raised_s - 1),
        verdict=replace(changed(gas, facts={"area": "yard"}).verdict, priority=gas.verdict.priority + 1),
    )  # fmt: skip
    both = replace(state, alarms={"lesser": lesser, "gas": gas})
    assert wanted(told.settings, both, told.now_s)["cam-1"].preset == "inside"


def test_cameras_that_cannot_turn_are_wanted_nowhere(told: Story) -> None:
    assert wanted(site(None), told.decisions[-1].state, told.now_s) == {}


def ordered(told: Story, **changes: Any) -> tuple[bool, Wish]:
    asked = {"camera": "cam-1", "area": "yard", "by": "zhao-min", "role": Role.SAFETY_OFFICER, **changes}
    told.file(OrderDelivery(id="m-1", at_s=told.now_s, order=CentreOrder(id="o-1", do="look", **asked)))
    told.step()
    (answer,) = told.decisions[-1].answers
    return answer.accepted, wanted(told.settings, told.decisions[-1].state, told.now_s)["cam-1"]


def test_the_centre_orders_a_look_for_a_while_and_an_alarm_goes_before_it() -> None:
    told = Story(site())
    told.begin_work()
    assert ordered(told) == (True, Wish(preset="yard", area="yard", why="o-1"))
    told.run(50)
    assert wanted(told.settings, told.decisions[-1].state, told.now_s)["cam-1"].preset == "yard"
    told.field.gas["gas-ch4"] = {"level": 60.0}
    told.run(2)
    assert wanted(told.settings, told.decisions[-1].state, told.now_s)["cam-1"].preset == "inside"
    told.run(15)
    assert told.decisions[-1].state.looks == {}


@pytest.mark.parametrize(
    "changes", [{"role": Role.WORKER}, {"camera": "cam-9"}, {"area": "tank-mouth"}], ids=lambda one: str(*one)
)
def test_a_look_that_cannot_be_had_is_answered_with_its_reason(changes: dict[str, Any]) -> None:
    told = Story(site())
    told.run(2)
    assert ordered(told, **changes) == (False, HOME)
    assert all(reason.zh and reason.en for reason in told.decisions[-1].answers[0].reasons)
