"""Alarms nobody answers, alarms that come too often, and alarms that somebody silences."""

from edge_agent.domain.observation import Quality, View
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, working
from tests.support.story import Story

SILENT_CAMERA = "camera_not_monitored|P-1|cam-1"
ROUTER = Words("路由器重启", "the router restarts")


@story
def nobody_acknowledges_dangerous_gas(site: Settings) -> Story:
    """Local, then the safety officer, then the manager; also after the gas has gone."""
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": 30.0}
    told.run(20)
    told.field.gas["gas-h2s"] = {"level": 0.0}
    told.run(50)
    return told


@story
def somebody_acknowledges_before_the_safety_officer_is_called(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": 30.0}
    told.run(20)
    told.ask(Ask.ACKNOWLEDGE, "li-na", alarm="gas_dangerous|P-1|gas-h2s")
    told.run(20)
    return told


@story
def an_uplink_that_flaps_is_chattering(site: Settings) -> Story:
    """Down for six seconds, up for six, three times in a minute: from then on it must stay up for longer."""
    told = working(site)
    for _ in range(4):
        told.field.unwell["uplink"] = ROUTER
        told.run(7)
        told.field.unwell["uplink"] = NOTHING
        told.run(7)
    told.run(8)
    return told


@story
def a_camera_alarm_is_shelved(site: Settings) -> Story:
    """The safety officer silences it for a minute; it comes back by itself and calls again."""
    told = working(site, video_required=False)
    told.field.view = View.DARK
    told.run(6)
    told.ask(Ask.SHELVE, "wu-gang", alarm=SILENT_CAMERA, for_s=60, reason="lens is being cleaned")  # a worker
    told.step()
    told.ask(Ask.SHELVE, "zhao-min", alarm=SILENT_CAMERA, for_s=7200)  # too long, and why?
    told.step()
    told.ask(Ask.SHELVE, "zhao-min", alarm=SILENT_CAMERA, reason="lens is being cleaned")  # for how long?
    told.step()
    told.ask(Ask.SHELVE, "zhao-min", alarm="no-such", for_s=60, reason="lens is being cleaned")
    told.step()
    told.ask(Ask.SHELVE, "zhao-min", alarm=SILENT_CAMERA, for_s=40, reason="lens is being cleaned")
    told.run(10)
    told.field.view = View.CLEAR
    told.run(5)
    told.field.view = View.DARK  # raised again while it lies on the shelf
    told.run(45)
    told.ask(Ask.SHELVE, "zhao-min", alarm=SILENT_CAMERA, for_s=40, reason="once more")
    told.run(20)
    told.ask(Ask.SHELVE, "zhao-min", alarm=SILENT_CAMERA, for_s=0)  # done: off the shelf
    told.run(2)
    told.ask(Ask.SHELVE, "zhao-min", alarm=SILENT_CAMERA, for_s=0, reason="it is not there")
    told.step()
    return told


@story
def a_shelved_alarm_still_pauses_the_work(site: Settings) -> Story:
    """Silence is not safety: the guard's wearable stays off, so nobody may resume."""
    told = working(site)
    told.field.guard["worn"] = False
    told.run(8)
    told.ask(Ask.SHELVE, "zhao-min", alarm="guard_tag_off|P-1|tag-guard", for_s=60, reason="strap is broken")
    told.run(4)
    told.ask(Ask.RESUME, "wang-lei")
    told.run(20)
    return told


@story
def dangerous_gas_and_sos_are_never_shelved(site: Settings) -> Story:
    told = working(site)
    told.field.gas["gas-ch4"] = {"level": 15.0}
    told.field.worker["sos"] = True
    told.run(2)
    for alarm in ("gas_dangerous|P-1|gas-ch4", "sos|P-1|zhou-qiang"):
        told.ask(Ask.SHELVE, "zhao-min", alarm=alarm, for_s=60, reason="it is too loud")
        told.step()
    return told


@story
def everything_fails_at_once(site: Settings) -> Story:
    """Ten alarms and more within a few seconds are told as one flood, first-out first."""
    told = working(site)
    told.field.gas["gas-ch4"] = {"level": 15.0}
    told.step()
    told.field.silent = {"relay-1"}
    told.field.stop_closed = False
    told.field.view = View.GONE
    told.field.guard = {"x_m": 70.0, "y_m": 0.0, "worn": False, "moving": False}
    told.field.worker["sos"] = True
    for source in ("gas-o2", "gas-h2s", "gas-co"):
        told.field.gas[source] = {"level": None, "quality": Quality.FAULT}
    told.run(12)
    told.field.gas["gas-co"] = {"level": None, "quality": Quality.OVERRANGE}
    told.run(3)
    return told
