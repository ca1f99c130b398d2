"""Who asks for video: ticket, kind of work or site; where nobody does, a blind camera is a hole only."""

from typing import Any

from msgspec.structs import replace

from edge_agent.domain.observation import Aim, Filming, View
from edge_agent.domain.ticket import Approval
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import PtzTable
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import HOT, T0_UTC, Story, scenario_site

SPECIAL: dict[str, Any] = HOT | {
    "level": "special",
    "approvals": (Approval(role="manager", person="zhao-min", at_utc=T0_UTC - 3600),),
    "video_required": False,
}


def _goes_dark(told: Story) -> Story:
    told.field.view = View.DARK
    told.run(8)
    told.field.view = View.CLEAR
    told.run(4)
    return told


@story
def special_grade_hot_work_is_seen_all_the_time(site: Settings) -> Story:
    return _goes_dark(working(site, **SPECIAL))


@story
def level_one_hot_work_goes_on_without_its_camera(site: Settings) -> Story:
    return _goes_dark(working(site, **HOT | {"video_required": False}))


@story
def special_grade_hot_work_without_a_camera_does_not_begin(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(**SPECIAL | {"devices": ("gas-ch4", "gas-o2", "relay-1")})
    return told


def _stops_filming(told: Story, seconds: float) -> Story:
    told.field.filming = Filming.FAILED
    told.run(seconds)
    told.field.filming = Filming.RUNNING
    told.run(4)
    return told


@story
def special_grade_hot_work_stops_when_it_is_no_longer_filmed(site: Settings) -> Story:
    return _stops_filming(working(site, **SPECIAL), 8)


@story
def a_film_that_begins_anew_at_once_stops_nothing(site: Settings) -> Story:
    return _stops_filming(working(site, **SPECIAL), 3)


@story
def special_grade_hot_work_does_not_begin_where_nothing_is_recorded(site: Settings) -> Story:
    told = Story(site)
    told.field.filming = Filming.OFF
    told.begin_work(**SPECIAL)
    told.field.filming = Filming.READY
    told.run(6)
    return told


@story
def a_film_that_the_ticket_alone_asks_for_fails_and_is_told(site: Settings) -> Story:
    told = working(site, **HOT | {"video_required": True})
    _stops_filming(told, 3)
    return _stops_filming(told, 8)


@story
def clips_cannot_be_kept_and_nobody_asked_to_see_the_work(site: Settings) -> Story:
    told = working(site, video_required=False)
    _stops_filming(told, 3)
    return _stops_filming(told, 8)


@story
def films_are_removed_before_their_time(site: Settings) -> Story:
    told = working(site)
    told.field.unwell["films"] = NOTHING
    told.run(2)
    told.field.unwell["films"] = Words(
        "配额已满，删除了 3 天前的录像", "the quota is full: films of 3 days ago went"
    )
    told.run(3)
    told.field.unwell["films"] = NOTHING
    told.run(3)
    return told


def all_seen() -> Settings:
    """The demo tank, where every job must be seen."""
    base = scenario_site()
    return replace(base, site=replace(base.site, site=replace(base.site.site, video_required=True)))


@story_at(all_seen)
def a_site_that_wants_every_job_seen(site: Settings) -> Story:
    return _goes_dark(working(site, video_required=False))


def turning() -> Settings:
    """The demo tank whose camera can turn: home is the manhole, and one preset shows the inside."""
    base = scenario_site()
    ptz = PtzTable(service="http://192.0.2.9/onvif/device_service", home="home", presets={"tank-inside": "inside"})
    cameras = {"cam-1": replace(base.site.cameras["cam-1"], ptz=ptz)}
    return replace(base, site=replace(base.site, cameras=cameras))


def turned(told: Story, aim: Aim, **said: Any) -> None:
    told.field.aims["cam-1"] = {"aim": aim, "preset": "home" if aim is Aim.HOME else "inside", **said}
    told.run(3)


@story_at(turning)
def a_camera_turns_to_the_gas_and_home_again(site: Settings) -> Story:
    """The stop waits for nothing; while it is away nobody is judged, and nobody resumes."""
    told = Story(site)
    turned(told, Aim.HOME, pan=0.0, tilt=0.0, zoom=0.0)
    told.begin_work()
    told.run(2)
    told.field.gas["gas-ch4"] = {"level": 60.0}
    told.step()
    turned(told, Aim.MOVING)
    turned(told, Aim.AWAY, pan=0.5, tilt=-0.25, zoom=0.4)
    told.field.gas["gas-ch4"] = {"level": 0.0}
    told.run(8)
    turned(told, Aim.MOVING)
    turned(told, Aim.HOME, pan=0.0, tilt=0.0, zoom=0.0)
    return told


@story_at(turning)
def a_camera_that_does_not_turn_stops_nothing_more(site: Settings) -> Story:
    """Its motor is stuck; then somebody sees to it, and it is home."""
    told = Story(site)
    turned(told, Aim.HOME)
    turned(told, Aim.UNKNOWN, ok=False, detail=Words("20 秒内未到预置位 inside", "did not come to preset inside"))
    turned(told, Aim.HOME)
    return told


@story_at(turning)
def a_camera_that_can_turn_and_says_nothing_sees_nobody(site: Settings) -> Story:
    """Nobody knows where it looks: work that must be seen does not begin."""
    told = Story(site)
    told.begin_work()
    told.run(3)
    return told
