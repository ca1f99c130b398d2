"""The change of shift, the end of a permit's time, and clocks that are moved."""

from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from edge_agent.decide.state import Kept
from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import T0_S, T0_UTC, Story, scenario_site, ticket

SEVEN_IN_THE_EVENING = T0_UTC - 400  # the stories begin at 19:06:40 in Shanghai, in the night shift
YEAR_S = 365 * 86400.0
ITEMS = ("gas", "people", "measures", "abnormal", "contacts")


def before_seven(site: Settings, **changes: Any) -> Story:
    """Work is under way shortly before the night shift."""
    told = Story(site, utc=SEVEN_IN_THE_EVENING - 15)
    told.begin_work(**changes)
    told.run(5)
    return told


@story
def the_night_shift_takes_over_in_time(site: Settings) -> Story:
    told = before_seven(site)
    told.run(6)
    told.ask(Ask.HANDOVER, "li-na", about=ITEMS[:3])  # two items left out
    told.ask(Ask.HANDOVER, "zhou-qiang", about=ITEMS)  # a worker
    told.step()
    told.ask(Ask.HANDOVER, "qian-wei", about=ITEMS)
    told.run(20)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(3)
    told.ask(Ask.HANDOVER, "li-na", about=ITEMS)  # nothing is open any more
    told.run(10)
    return told


@story
def the_night_shift_takes_over_at_the_last_minute(site: Settings) -> Story:
    told = before_seven(site, goes_in=())
    told.run(5)
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(280, every_s=5.0)
    told.ask(Ask.HANDOVER, "li-na", about=ITEMS)
    told.run(15)
    return told


@story
def nobody_hands_over_and_the_work_is_paused(site: Settings) -> Story:
    told = before_seven(site)
    told.run(5)
    told.ask(Ask.CHECK_IN, "li-na")  # half of it
    told.run(270, every_s=5.0)
    told.run(35)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.ask(Ask.HANDOVER, "li-na", about=ITEMS)
    told.run(6)
    told.resume()
    told.run(2)
    return told


@story
def a_job_that_waits_over_the_change_of_shift(site: Settings) -> Story:
    told = Story(site, utc=SEVEN_IN_THE_EVENING - 5)
    told.bring(ticket())
    told.run(10)
    told.ask(Ask.HANDOVER, "li-na", about=ITEMS)  # it has not begun
    told.step()
    told.begin_work(version=2)
    told.run(35)
    return told


def without_shifts() -> Settings:
    """The demo tank without shifts."""
    base = scenario_site()
    return replace(base, site=replace(base.site, shifts=()), local_time=LocalTime())


@story_at(without_shifts)
def a_site_without_shifts_hands_nothing_over(site: Settings) -> Story:
    told = before_seven(site)
    told.run(40)
    told.ask(Ask.HANDOVER, "li-na", about=ITEMS)
    told.step()
    return told


def berlin() -> Settings:
    """The demo tank under a summer time that ends in the night of 2027-10-31 at 03:00."""
    base = scenario_site()
    return replace(base, local_time=replace(base.local_time, zone=ZoneInfo("Europe/Berlin")))


@story_at(berlin)
def an_hour_repeats_and_the_permit_ends_when_it_should(site: Settings) -> Story:
    """02:30 comes twice that night; the ticket's last minute does not."""
    hour_repeats = 1824944400.0  # 2027-10-31 01:00 UTC: the clocks go back from 03:00 to 02:00
    told = Story(site, utc=hour_repeats - 20)
    told.begin_work(valid_from_utc=hour_repeats - 3600, valid_to_utc=hour_repeats + 30)
    told.run(50)
    return told


@story
def a_reboot_without_a_clock_cannot_prolong_a_ticket(site: Settings) -> Story:
    """The box wakes a year ago by its own account: unsynchronised, it starts nothing; synchronised, it is over."""
    told = working(site, valid_to_utc=T0_UTC + 60)
    state = told.decisions[-1].state
    again = Story(
        site,
        kept=Kept(permits=tuple(state.permits.values()), alarms=tuple(state.alarms.values()), seq=state.seq),
        trusted=False,
        utc=T0_UTC - YEAR_S,
    )
    again.run(5)
    again.resume()
    again.run(2)
    again.utc = T0_UTC + 120
    again.trusted = True
    again.run(3)
    return again


@story
def the_clock_is_set_back_while_the_end_comes_near(site: Settings) -> Story:
    told = working(site, valid_to_utc=T0_UTC + 70)
    for back_s in (1.0, 3600.0, YEAR_S):
        told.run(5)
        told.utc -= back_s
    told.run(50)
    assert told.now_s < T0_S + 80
    return told


@story
def the_clock_jumps_forward_into_the_next_shift_and_back(site: Settings) -> Story:
    told = Story(site, utc=SEVEN_IN_THE_EVENING - 100)
    told.begin_work()
    told.utc += 3600
    told.run(3)
    told.utc -= 3600
    told.run(40)
    return told
