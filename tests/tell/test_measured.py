"""What is measured all the time: how often it is told, and that what is not known is told as not known."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide.state import State
from edge_agent.domain.observation import Quality, View
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Outgoing
from edge_agent.store.room import TELEMETRY
from edge_agent.tell import health, late, measured
from edge_agent.tell.contract.check import fault_of
from tests.scenarios.stories.box import on_two_supplies, supplied, switched, tried, trying
from tests.scenarios.stories.gauges import REACTOR, heated, of
from tests.scenarios.stories.people import with_hook
from tests.support.story import Story, scenario_site

VOICE = measured.Voice(site="s", unit="u", boot="b", demo=False)


@pytest.fixture
def told() -> Story:
    story = Story(scenario_site())
    story.begin_work()
    return story


def rows(story: Story, settings: Settings | None = None) -> list[Outgoing]:
    state = story.decisions[-1].state
    world = measured.world_of(settings or story.settings, state, story.instant)
    return list(measured.measured(story.settings, world, VOICE))


def body(story: Story, leaf: str) -> dict[str, Any]:
    (row,) = [row for row in rows(story) if row.topic.endswith(f"/{leaf}")]
    assert fault_of(row.topic, row.payload) == ""
    assert (row.priority, row.retain, row.seq) == (TELEMETRY, False, None)
    return dict(json.loads(row.payload))


def state(story: Story) -> State:
    return story.decisions[-1].state


def test_it_is_told_more_often_while_anybody_works_and_most_often_when_people_must_leave(told: Story) -> None:
    assert measured.every_s(Story(told.settings).decisions[-1].state) == measured.IDLE_S
    assert measured.every_s(state(told)) == measured.WORK_S
    told.field.gas["gas-ch4"] = {"level": 20.0}
    told.run(2)
    assert measured.every_s(state(told)) == measured.EMERGENCY_S


def test_while_the_line_is_cut_it_is_told_a_step_slower(told: Story) -> None:
    told.field.unwell["uplink"] = Words("断", "cut")
    told.run(2)
    assert measured.every_s(state(told)) == measured.IDLE_S
    told.field.gas["gas-ch4"] = {"level": 20.0}
    told.run(2)
    assert measured.every_s(state(told)) == measured.WORK_S


def test_a_detector_that_fell_silent_or_is_doubted_has_no_number_that_could_be_read_as_safe(told: Story) -> None:
    told.field.silent.add("gas-ch4")
    told.field.gas["gas-o2"] = {"level": None, "quality": Quality.FAULT}
    told.run(15)
    channels = {one["device"]: one for one in body(told, "gas")["channels"]}
    assert (channels["gas-ch4"]["quality"], channels["gas-ch4"]["level"]) == ("stale", None)
    assert (channels["gas-o2"]["quality"], channels["gas-o2"]["level"]) == ("fault", None)
    assert channels["gas-h2s"]["quality"] == "good"


def test_places_are_told_in_metres_and_degrees_and_an_old_one_says_so(told: Story) -> None:
    told.field.guard |= {"x_m": 6.0, "y_m": 1.0}
    told.run(2)
    places = {one["tag"]: one for one in body(told, "loc")["tags"]}
    guard = places["tag-guard"]
    assert (guard["person"], guard["fresh"], guard["x_m"]) == ("li-na", True, 6.0)
    site = told.settings.site.site
    assert guard["lat"] == pytest.approx(site.origin_lat, abs=0.001)
    assert places["tag-worker-2"]["x_m"] is None
    told.field.silent.add("tag-guard")
    told.run(60)
    assert not {one["tag"]: one for one in body(told, "loc")["tags"]}["tag-guard"]["fresh"]


def test_a_wearable_says_what_it_says_and_no_more(told: Story) -> None:
    told.field.worker |= {"heart_rate_bpm": 101.0, "sos": True}
    told.run(2)
    worn = {one["tag"]: one for one in body(told, "wear")["tags"]}
    assert (worn["tag-worker-1"]["heart_rate_bpm"], worn["tag-worker-1"]["sos"]) == (101.0, True)
    assert (worn["tag-guard"]["heart_rate_bpm"], worn["tag-guard"]["battery_pct"]) == (None, None)


def test_a_wearable_tells_whether_its_wearer_hangs_on_and_since_when() -> None:
    told = Story(with_hook())
    told.field.contacts = {"hook-1": True}
    told.run(5)
    worn = {one["tag"]: one for one in body(told, "wear")["tags"]}
    assert (worn["tag-worker-1"]["hook"], worn["tag-worker-1"]["hook_s"]) == ("worn", 4.0)
    assert (worn["tag-guard"]["hook"], worn["tag-guard"]["hook_s"]) == (None, None)
    told.field.contacts = {"hook-1": None}
    told.run(1)
    worn = {one["tag"]: one for one in body(told, "wear")["tags"]}
    assert (worn["tag-worker-1"]["hook"], worn["tag-worker-1"]["hook_s"]) == ("unsure", None)


def test_health_tells_what_is_wrong_with_what(told: Story) -> None:
    told.field.view = View.COVERED
    told.run(2)
    world = measured.world_of(told.settings, state(told), told.instant)
    row = health.health(told.settings, state(told), world, VOICE, "1.2.3")
    assert fault_of(row.topic, row.payload) == ""
    facts = json.loads(row.payload)["facts"]
    assert (facts["program"], facts["cameras"]["cam-1"]) == ("1.2.3", "covered")
    assert facts["permits"] == {"P-1": "active"}
    heard = replace(state(told), sirens={"relay-1/siren": False})
    row = health.health(
        told.settings, heard, measured.world_of(told.settings, heard, told.instant), VOICE, "1.2.3"
    )
    assert json.loads(row.payload)["facts"]["sirens_heard"] == {"relay-1/siren": False}


def facts(told: Story) -> dict[str, Any]:
    world = measured.world_of(told.settings, state(told), told.instant)
    row = health.health(told.settings, state(told), world, VOICE, "1")
    assert fault_of(row.topic, row.payload) == ""
    found: dict[str, Any] = json.loads(row.payload)["facts"]
    return found


def test_health_tells_how_its_own_hardware_did() -> None:
    """How long an output took to fall and the back-up to come in, what the last test of the sirens showed."""
    told = supplied(on_two_supplies())
    switched(told, mains=False, generator=False, seconds=3)
    switched(told, mains=False, generator=True, seconds=1)
    told.field.gas["gas-ch4"] = {"level": 60.0}
    told.run(3)
    said = facts(told)
    power = said["power"]["relay-1"]
    assert (power["over"], power["delay_s"]) == (False, 3.0)
    assert said["outputs"]["relay-1/permissive"] == {
        "does": "permissive", "wanted_on": False, "feedback": False, "off_after_s": 1.0,
    }  # fmt: skip
    assert said["outputs"]["relay-1/siren"]["feedback"] is None
    assert said["siren_test"] is None
    assert said["wearables"]["tag-guard"] == {"promised_s": 1.0, "intervals": 15, "p50_s": 1.0, "p99_s": 1.0}
    assert said["wearables"]["tag-guard-2"] == {
        "promised_s": 1.0, "intervals": 0, "p50_s": None, "p99_s": None,
    }  # fmt: skip
    tried_ = facts(trying(tried(), sounds=False))["siren_test"]
    assert tried_["result"] == "failed"
    assert tried_["sirens"]["relay-1/siren"] == {"heard": False, "line": "whole"}


def test_gauges_are_told_with_their_figures_and_how_they_stand() -> None:
    told, reactor, _ = heated(of(reactor=REACTOR)())
    assert facts(told)["gauges"]["reactor"] == {
        "quality": "good", "crossed": "", "interlock": "relay-1/heater",
        "limits": {"high_high": 85.0, "high": 75.0, "low_low": 5.0},
    }  # fmt: skip
    reactor.level = 90.0
    told.run(3)
    (one,) = body(told, "gas")["gauges"]
    assert (one["device"], one["measures"], one["level"], one["unit"]) == ("reactor", "temperature", 90.0, "degC")
    assert (one["crossed"], one["quality"], one["area"], one["age_s"]) == ("high_high", "good", "yard", 0.0)
    reactor.quality = Quality.FAULT
    told.run(1)
    (one,) = body(told, "gas")["gauges"]
    assert (one["level"], one["crossed"]) == (None, "high_high")
    assert facts(told)["gauges"]["reactor"]["quality"] == "fault"


def test_a_camera_is_told_with_its_code_on_the_parks_platform_and_one_on_a_cable_without_an_address() -> None:
    site = scenario_site()
    table = site.site.cameras["cam-1"]
    cameras = {
        "cam-1": replace(table, gb28181="34020000001320000001"),
        "cam-2": replace(table, url="usb:///dev/video0", gb28181=None),
    }
    settings = replace(site, site=replace(site.site, cameras=cameras))
    first, second = [json.loads(row.payload) for row in measured.videos(settings, VOICE)]
    assert (first["gb28181"], first["url"]) == ("34020000001320000001", table.url)
    assert (second["gb28181"], second["url"]) == ("", "")


def test_one_that_is_told_late_says_so_once(told: Story) -> None:
    row = rows(told)[0]
    marked = late.marked(row.payload, told.utc + 3600)
    assert json.loads(marked)["is_historical"] is True
    assert marked.count(b"is_historical") == 1
    assert fault_of(row.topic, marked) == ""
    assert late.marked(row.payload, told.utc + 1) == row.payload
