"""Nights, rest days and holidays: hot work has the rules of the higher kind; and each day is sampled anew."""

from datetime import date, datetime, time
from typing import Any

from msgspec.structs import replace

from edge_agent.domain.calendar import Calendar
from edge_agent.domain.observation import View
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, story_at
from tests.support.story import GOOD_AIR, HOT, T0_UTC, Story, scenario_site

MANAGER = Approval(role="manager", person="feng-tao", at_utc=T0_UTC - 3600)
NIGHT = time(22)
SEEN_BY_NOBODY: dict[str, Any] = HOT | {"video_required": False}


def with_nights(**changes: Any) -> Settings:
    """The demo tank with a calendar as a real site has one. The stories' day is a Wednesday."""
    base = scenario_site()
    calendar = Calendar(night_begins=NIGHT, night_ends=time(6), **changes)
    return replace(base, local_time=replace(base.local_time, calendar=calendar))


def with_a_short_night() -> Settings:
    base = with_nights()
    calendar = replace(base.local_time.calendar, night_ends=time(22, 31))
    return replace(base, local_time=replace(base.local_time, calendar=calendar))


def on_a_holiday() -> Settings:
    return with_nights(holidays=(date(2026, 11, 18),))


def on_a_rest_day() -> Settings:
    return with_nights(rest_days=(2,))


def on_a_rest_day_that_is_worked() -> Settings:
    return with_nights(rest_days=(2,), working_days=(date(2026, 11, 18),))


def _at(site: Settings, hour: int, minute: int, second: int = 0) -> float:
    """UTC seconds of a moment of the stories' day, by the site's clock."""
    day = site.local_time.local(T0_UTC).replace(hour=hour, minute=minute, second=second)
    return datetime.timestamp(day)


def _window(begins_utc: float, **changes: Any) -> dict[str, Any]:
    return {"valid_from_utc": begins_utc - 3600, "valid_to_utc": begins_utc + 6 * 3600} | changes


def _approved(*more: Approval, at_utc: float) -> tuple[Approval, ...]:
    return tuple(replace(one, at_utc=at_utc) for one in (*HOT["approvals"], *more))


@story_at(with_nights)
def the_night_begins_while_hot_work_goes_on(site: Settings) -> Story:
    """Warned half a minute before (half an hour on a real site); unsigned at the higher level, it stops."""
    begins = _at(site, 22, 0)
    told = Story(site, utc=begins - 50)
    told.begin_work(**SEEN_BY_NOBODY | _window(begins))
    told.run(60)
    told.ask(Ask.RESUME, "qian-wei")
    told.step()
    return told


@story_at(with_nights)
def the_night_begins_for_work_that_has_no_higher_level(site: Settings) -> Story:
    """A confined space is the same by night: nobody is warned, and nothing stops."""
    begins = _at(site, 22, 0)
    told = Story(site, utc=begins - 50)
    told.begin_work(goes_in=(), **_window(begins))
    told.run(60)
    return told


@story_at(with_nights)
def the_night_begins_and_the_higher_level_has_signed(site: Settings) -> Story:
    """It goes on; and what the higher kind demands counts from then on: its camera may not fail any more."""
    begins = _at(site, 22, 0)
    told = Story(site, utc=begins - 50)
    signed = _approved(MANAGER, at_utc=begins - 3600)
    told.begin_work(**SEEN_BY_NOBODY | _window(begins, approvals=signed))
    told.field.view = View.DARK
    told.run(15)
    told.field.view = View.CLEAR
    told.run(40)
    told.field.view = View.DARK
    told.run(8)
    return told


@story_at(with_nights)
def hot_work_of_level_two_begins_at_night(site: Settings) -> Story:
    """Level 1 holds: two signatures and an analysis more, and a ticket older than 8 h waits for the morning."""
    begins = _at(site, 22, 30)
    told = Story(site, utc=begins)
    one = Approval(role="area_owner", person="feng-tao", at_utc=begins - 7200)
    old = _window(begins, valid_from_utc=begins - 8.1 * 3600, level="2", approvals=(one,), jsa="")
    told.begin_work(**SEEN_BY_NOBODY | old)
    more = _approved(at_utc=begins - 7200)
    young = _window(begins, valid_from_utc=begins - 7.9 * 3600, level="2", approvals=(one, *more), version=2)
    told.begin_work(**SEEN_BY_NOBODY | young)
    told.run(3)
    return told


@story_at(with_a_short_night)
def hot_work_of_level_two_grows_too_old_at_night(site: Settings) -> Story:
    """Eight hours are over while it goes on: it stops until it is morning, and then goes on with signatures."""
    begins = _at(site, 22, 30, 30)
    told = Story(site, utc=begins)
    one = Approval(role="area_owner", person="feng-tao", at_utc=begins - 7200)
    signed = (one, *_approved(at_utc=begins - 7200))
    old = _window(begins, valid_from_utc=begins - 8 * 3600 + 10, level="2", approvals=signed)
    told.begin_work(**SEEN_BY_NOBODY | old)
    told.run(18)
    told.ask(Ask.RESUME, "qian-wei")
    told.run(10)
    told.resume("qian-wei", "wang-lei", "li-na")
    told.run(2)
    return told


@story_at(on_a_holiday)
def hot_work_on_a_holiday(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(**HOT)
    return told


@story_at(on_a_rest_day)
def hot_work_on_a_rest_day(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(**HOT)
    return told


@story_at(on_a_rest_day_that_is_worked)
def a_rest_day_that_is_worked_is_an_ordinary_day(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(**HOT)
    return told


@story_at(with_nights)
def entry_into_a_tank_has_no_higher_kind(site: Settings) -> Story:
    begins = _at(site, 22, 0)
    told = Story(site, utc=begins - 15)
    told.begin_work(**_window(begins))
    told.run(10)
    return told


@story_at(with_nights)
def a_clock_that_was_right_an_hour_ago_still_says_that_it_is_day(site: Settings) -> Story:
    """The time source is lost in the middle of the work: the box counts on by itself."""
    told = Story(site)
    told.begin_work(**HOT)
    told.run(3)
    told.trusted = False
    told.utc += 4 * 3600  # and what the clock says now is nonsense
    told.run(5)
    return told


@story_at(with_nights)
def nobody_knows_whether_it_is_night(site: Settings) -> Story:
    """The box woke without a clock: the stricter one counts."""
    told = Story(site)
    told.begin_work(**HOT)
    told.run(3)
    again = told.again(60.0, trusted=False)
    again.run(3)
    again.trusted = True
    again.run(3)
    return again


@story
def hot_work_over_midnight_is_sampled_anew(site: Settings) -> Story:
    midnight = _at(site, 23, 59, 59) + 1
    told = Story(site, utc=midnight - 20)
    told.begin_work(**HOT | _window(midnight))
    told.run(13)
    told.ask(
        Ask.RETEST, "sun-yan", samples=tuple(replace(s, at_utc=told.utc - 30) for s in GOOD_AIR)
    )  # yesterday's
    told.run(3)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(10)
    return told


@story
def hot_work_over_midnight_without_a_sample_stops(site: Settings) -> Story:
    midnight = _at(site, 23, 59, 59) + 1
    told = Story(site, utc=midnight - 20)
    told.begin_work(**HOT | _window(midnight))
    told.run(25)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(4)
    told.resume()
    told.run(2)
    return told


@story
def a_sample_of_yesterday_opens_no_start(site: Settings) -> Story:
    midnight = _at(site, 23, 59, 59) + 1
    told = Story(site, utc=midnight - 10)
    told.begin_work(**HOT | _window(midnight, valid_from_utc=midnight))
    told.run(5)
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told


@story
def entry_over_midnight_asks_for_no_new_sample(site: Settings) -> Story:
    midnight = _at(site, 23, 59, 59) + 1
    told = Story(site, utc=midnight - 20)
    told.begin_work(**_window(midnight))
    told.run(25)
    return told


@story
def a_clock_set_back_makes_no_sample_younger(site: Settings) -> Story:
    """Midnight has passed by the clock that nobody can move."""
    midnight = _at(site, 23, 59, 59) + 1
    told = Story(site, utc=midnight - 20)
    told.begin_work(**HOT | _window(midnight, valid_from_utc=midnight - 7200))
    told.utc -= 3600
    told.run(25)
    return told


@story
def a_sample_that_did_not_pass_is_none_of_today(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(**HOT)
    bad = tuple(replace(one, level=12.0) if one.gas == "ch4" else one for one in GOOD_AIR)
    told.ask(Ask.RETEST, "sun-yan", samples=bad)
    told.run(8)
    return told
