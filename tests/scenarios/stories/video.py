"""Who asks for video: ticket, kind of work or site; where nobody does, a blind camera is a hole only."""

from typing import Any

from msgspec.structs import replace

from edge_agent.domain.observation import Filming, View
from edge_agent.domain.ticket import Approval
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
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
