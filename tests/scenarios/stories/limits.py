"""Just short of a limit and just beyond it, where no other story comes near (tests/scenarios/moved_limits.py)."""

from msgspec.structs import replace

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.observation import Quality, View, Worn
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval, Point, WorkType
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.gas import OWN, air, three_for_h2s, with_clean
from tests.scenarios.stories.guard_video import AT_POST, at_post, watched_post
from tests.scenarios.stories.people import seen, vests_asked
from tests.scenarios.stories.simops import WELDING, tries, two_boxes
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import GOOD_AIR, HOT, T0_UTC, Story, scenario_site, ticket

ROUTER = Words("路由器重启", "the router restarts")
DAY_S = 86_400.0
SPECIALIST = (Approval(role="specialist_department", person="qian-wei", at_utc=T0_UTC - 600),)


@story
def danger_is_back_only_well_inside_its_limit(site: Settings) -> Story:
    """By five in a hundred of its limit; oxygen by half a count."""
    told = working(site, goes_in=())
    air(told, "gas-h2s", 7.3, *(6.85,) * 6, *(6.83,) * 5)
    air(told, "gas-o2", 19.4, *(19.548,) * 6, *(19.552,) * 5)
    return told


@story_at(three_for_h2s)
def detectors_side_by_side_differ_by_a_fifth(site: Settings) -> Story:
    told = with_clean(Story(site), "h2s-2", "h2s-3")
    told.begin_work(goes_in=(), devices=OWN)
    told.run(2)
    told.field.gas["gas-h2s"] = {"level": 6.0}
    told.field.gas["h2s-3"] |= {"level": 5.4}
    air(told, "h2s-2", *(4.85,) * 9)  # less than a fifth of the higher one
    air(told, "h2s-2", *(4.76,) * 9)  # more
    return told


@story
def a_link_that_flaps_three_times_within_a_minute(site: Settings) -> Story:
    """The third time comes 59 s after the first: it chatters."""
    told = working(site)
    for well_s in (22, 23, 12):
        told.field.unwell["uplink"] = ROUTER
        told.run(7)
        told.field.unwell["uplink"] = NOTHING
        told.run(well_s)
    return told


@story
def a_link_that_flaps_three_times_in_a_minute(site: Settings) -> Story:
    """... and 60 s after it: it does not."""
    told = working(site)
    for well_s in (23, 23, 12):
        told.field.unwell["uplink"] = ROUTER
        told.run(7)
        told.field.unwell["uplink"] = NOTHING
        told.run(well_s)
    return told


def _ten_alarms(site: Settings, apart_s: float) -> Story:
    """A camera fails ten times, the tenth time so long after the first; never so often that it chatters."""
    told = working(site, video_required=False, goes_in=())
    for gap_s in (*(66.0,) * 8, apart_s - 8 * 66.0, 68.0):
        told.field.view = View.GONE
        told.run(5)
        told.field.view = View.CLEAR
        told.run(60, every_s=10.0)
        told.run(gap_s - 65)
    return told


@story
def ten_alarms_within_ten_minutes_are_a_flood(site: Settings) -> Story:
    return _ten_alarms(site, 599.0)


@story
def ten_alarms_in_ten_minutes_are_none(site: Settings) -> Story:
    return _ten_alarms(site, 600.0)


@story
def steps_of_three_metres_are_a_walk_and_shorter_ones_are_not(site: Settings) -> Story:
    told = working(site)
    told.field.guard |= {"moving": None, "accuracy_m": 0.5}
    for ends_m in ((3.6, 0.5, 3.6), (0.7, 3.6, 0.7)):
        for end_m in ends_m:
            told.field.guard["y_m"] = end_m
            told.run(10)
    return told


@story
def a_guard_a_little_more_than_one_storey_higher(site: Settings) -> Story:
    told = working(site, point=Point(6.5, 0.0, 1.0))
    told.field.guard["z_m"] = 6.2
    told.run(9)
    return told


@story_at(watched_post)
def a_guard_whose_badge_is_dead_was_alone_too_long_ago(site: Settings) -> Story:
    """Four seconds ago: one too many."""
    told = at_post(site)
    told.field.silent.add("tag-guard")
    told.run(7)
    told.field.seen = (AT_POST, AT_POST)
    told.run(5)
    return told


@story
def a_helmet_is_missing_in_more_than_half_of_many_pictures(site: Settings) -> Story:
    """Seven of twelve are not enough; eight of thirteen are."""
    told = working(site)
    for missing, all_, every_s in ((7, 12, 0.45), (8, 13, 0.4)):
        for at in range(3 * all_):
            worn = Worn.WORN if at % all_ < all_ - missing else Worn.MISSING
            told.field.seen = seen(1, helmet=worn)
            told.step(every_s=every_s)
    return told


def without_shifts() -> Settings:
    """The demo tank without shifts: the eight hours of the book are one."""
    base = scenario_site()
    return replace(base, site=replace(base.site, shifts=()), local_time=LocalTime())


def _three_stops(site: Settings, apart_s: float) -> Story:
    """The guard's strap breaks three times; by the clock, the third stop comes `apart_s` after the first."""
    told = Story(site)
    told.begin_work(goes_in=(), valid_to_utc=T0_UTC + 20 * 3600)
    told.run(2)
    for at in range(3):
        if at == 2:
            first_utc = told.decisions[-1].state.permits["P-1"].stops[0].at_utc
            told.utc = first_utc + apart_s - 3
        told.field.guard["worn"] = False
        told.run(6)
        told.field.guard["worn"] = True
        told.run(15)
        told.resume()
        told.run(2)
    return told


@story_at(without_shifts)
def three_stops_by_people_in_eight_hours(site: Settings) -> Story:
    """The third one a second before the eight hours are over: the safety officer signs too."""
    return _three_stops(site, 28_799.0)


@story_at(without_shifts)
def two_stops_by_people_in_eight_hours_and_one_later(site: Settings) -> Story:
    return _three_stops(site, 28_800.0)


@story
def works_beside_each_other_at_the_very_distance(site: Settings) -> Story:
    """Ten metres and the three of the point; on the tank's ceiling and five metres above it."""
    told = working(site)
    for version, point in enumerate(
        (Point(6.5 + 12.9, 0.0), Point(14.0, 0.0, 10.9), Point(6.5 + 13.1, 0.0)), start=1
    ):
        told.bring(ticket(**{**WELDING, "point": point, "version": version}))
        tries(told)
    return told


@story_at(two_boxes)
def the_other_box_falls_silent_while_a_job_waits(site: Settings) -> Story:
    told = Story(site)
    told.field.peers["edge-2"] = ()
    told.bring(ticket())
    told.run(2)
    told.ready()
    told.field.peers.clear()
    told.run(8)
    told.field.peers["edge-2"] = ()
    told.run(2)
    return told


@story
def a_detector_of_hot_work_has_longer_to_come_back(site: Settings) -> Story:
    told = working(site, **HOT)
    told.field.gas["gas-co"] = {"level": None, "quality": Quality.FAULT}
    told.run(6)  # one second short of its grace
    told.field.gas["gas-co"] = {"level": 0.0}
    told.run(3)
    told.field.gas["gas-co"] = {"level": None, "quality": Quality.FAULT}
    told.run(8)
    return told


@story
def a_ticket_of_a_day_and_one_of_a_second_more(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(valid_from_utc=T0_UTC, valid_to_utc=T0_UTC + DAY_S))
    told.bring(ticket(id="P-2", valid_from_utc=T0_UTC, valid_to_utc=T0_UTC + DAY_S + 1))
    told.step()
    return told


@story
def half_an_hour_needs_no_new_test_and_a_second_more_does(site: Settings) -> Story:
    told = working(site, goes_in=())
    told.ask(Ask.STOP, "wang-lei", reason="lunch")
    told.step()
    told.run(1784, every_s=8.0)
    told.run(15)
    told.ask(Ask.RESUME, "wang-lei")  # half an hour: he may sign
    told.step()
    told.ask(Ask.RESUME, "li-na")  # and now a test is needed
    told.step()
    return told


@story
def starts_that_are_on_time_and_one_that_is_not(site: Settings) -> Story:
    """Half an hour after the ticket's beginning is on time; told with the day's figures."""
    told = Story(site)
    for id_, guard, late_s in (("P-1", "li-na", 1800.0), ("P-2", "chen-jie", 1801.0)):
        told.field.also["tag-guard-2"] = {"x_m": 6.5, "y_m": 0.5, "moving": True}
        told.bring(
            ticket(
                id=id_,
                guards=(guard,),
                coordinator="qian-wei",
                valid_from_utc=told.utc + 7 - late_s,
                valid_to_utc=told.utc + 3600,
            )
        )
        told.run(2)
        told.ask(Ask.CHECK_IN, guard, permit=id_)
        told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR, permit=id_)
        told.run(3)
        told.ask(Ask.START, "wang-lei", permit=id_)
        told.step()
        told.ask(Ask.START, guard, permit=id_)
        told.step()
    told.utc += DAY_S
    told.run(2)
    return told


def _two_below_each_other(site: Settings, z_m: float) -> Story:
    """Two at height in one fall line, a deck between them, the upper one so high."""
    high = {"type": WorkType.HEIGHT, "level": "2", "approvals": SPECIALIST}
    told = working(site, **high, workers=("zhou-qiang",), point=Point(6.5, 0.0, z_m))
    below = {"id": "P-2", "guards": ("chen-jie",), "workers": ("wu-gang",), "uses": ("deck",)}
    told.bring(ticket(**high, **below, point=Point(6.5, 0.0, z_m - 6.0)))
    tries(told)
    return told


@story
def a_deck_is_enough_up_to_twenty_four_metres(site: Settings) -> Story:
    return _two_below_each_other(site, 24.0)


@story
def above_twenty_four_metres_one_deck_is_not_enough(site: Settings) -> Story:
    return _two_below_each_other(site, 24.5)


def _in_the_picture(site: Settings, for_s: float) -> Story:
    """Somebody wears his vest, as the area asks, in front of the camera for so long, shortly before midnight."""
    midnight = site.local_time.local(T0_UTC).replace(hour=23, minute=59, second=59).timestamp()
    told = Story(site, utc=midnight - 125)
    told.field.seen = seen(1, vest=Worn.WORN)
    told.run(for_s)
    told.field.seen = ()
    told.run(130 - for_s)
    return told


@story_at(vests_asked)
def somebody_in_the_picture_for_two_minutes_is_looked_at_three_times(site: Settings) -> Story:
    return _in_the_picture(site, 121.0)


@story_at(vests_asked)
def somebody_in_the_picture_for_a_second_less_is_looked_at_twice(site: Settings) -> Story:
    return _in_the_picture(site, 120.0)
