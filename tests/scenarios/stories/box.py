"""Interlocks on site, the box's own power, and more data than it can take in."""

from msgspec.structs import replace

from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_devices import ContactTable
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import Story, scenario_site


def interlocked() -> Settings:
    """The demo tank with an earth clamp, a door and a mains contact on its relay module."""
    base = scenario_site()
    relay = base.site.relays["relay-1"]
    contacts = {
        "earth-clamp": ContactTable(input=2, kind="interlock", name=Words("接地夹", "Earth clamp")),
        "door": ContactTable(input=3, kind="interlock"),
        "mains": ContactTable(input=4, kind="mains"),
    }
    relay = replace(relay, contacts={**relay.contacts, **contacts})
    return replace(base, site=replace(base.site, relays={"relay-1": relay}))


def unwell(told: Story, source: str, words: Words) -> Story:
    """A part of the box says that all is well, then what is wrong, then that all is well again."""
    for said, seconds in ((NOTHING, 2), (words, 3), (NOTHING, 3)):
        told.field.unwell[source] = said
        told.run(seconds)
    return told


def guarded(site: Settings) -> Story:
    """Work is under way with everything closed."""
    told = Story(site)
    told.field.contacts = {"earth-clamp": True, "door": True, "mains": True}
    told.begin_work()
    told.run(2)
    return told


@story_at(interlocked)
def the_earth_clamp_comes_off(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["earth-clamp"] = False
    told.step()
    told.field.contacts["earth-clamp"] = True  # it bounces
    told.run(2)
    told.field.contacts["earth-clamp"] = False
    told.run(3)
    told.field.contacts["earth-clamp"] = True
    told.run(5)
    told.resume("wang-lei", "li-na", "qian-wei")
    told.run(2)
    return told


@story_at(interlocked)
def a_door_contact_that_cannot_be_read_is_open(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["door"] = None
    told.run(3)
    return told


@story_at(interlocked)
def no_start_with_an_interlock_that_was_never_heard(site: Settings) -> Story:
    told = Story(site)
    told.field.contacts = {"earth-clamp": True, "mains": True}
    told.begin_work()
    told.run(2)
    return told


@story_at(interlocked)
def the_box_loses_its_mains(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["mains"] = False
    told.run(2)  # shorter than a switch-over
    told.field.contacts["mains"] = True
    told.run(2)
    told.field.contacts["mains"] = False
    told.run(20)
    told.run(3)
    told.field.contacts["mains"] = True
    told.run(5)
    told.resume()
    told.run(2)
    return told


@story_at(interlocked)
def the_mains_are_back_before_the_battery_is_low(site: Settings) -> Story:
    told = guarded(site)
    told.field.contacts["mains"] = False
    told.run(18)
    told.field.contacts["mains"] = True
    told.run(3)
    return told


@story
def the_battery_speaks_for_itself(site: Settings) -> Story:
    told = working(site)
    told.field.unwell["power"] = Words("电池剩余 40 %", "battery at 40 %")
    told.run(5)
    told.field.unwell["power"] = NOTHING
    told.run(3)
    return told


@story
def a_new_model_is_refused(site: Settings) -> Story:
    """The one before it goes on, and the work with it."""
    return unwell(working(site), "model", Words("模型 b 未通过启用检查，仍用 a", "b was refused, a goes on"))


@story
def more_pictures_come_than_are_judged(site: Settings) -> Story:
    return unwell(
        working(site), "load", Words("cam-1 每秒识别 1.0 帧，应为 5.0 帧", "cam-1: 1.0 of 5.0 are judged")
    )


@story
def the_disk_refuses_the_evidence(site: Settings) -> Story:
    """The work goes on: what is decided is recorded elsewhere."""
    return unwell(working(site), "evidence", Words("磁盘已满", "no space left on the disk"))


@story
def more_is_heard_than_the_box_can_take_in(site: Settings) -> Story:
    told = working(site)
    told.field.unwell["inbox"] = Words("120 条较早的数据未处理", "120 older values left out")
    told.run(2)
    told.field.unwell["inbox"] = NOTHING
    told.run(8)
    return told
