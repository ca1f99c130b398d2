"""The end of a permit's life: the fire watch that nobody can skip, and stops that need a new ticket."""

from edge_agent.domain.observation import Quality
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Point
from edge_agent.settings.site import Settings
from tests.scenarios.stories.gas import OWN, air, two_for_chlorine, with_clean
from tests.scenarios.stories.simops import BOTH_APPROVE, WELDING
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import GOOD_AIR, HOT, Story, ticket


def _close(told: Story) -> None:
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.step()
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.step()


@story
def hot_work_that_has_not_begun_cannot_end(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(**HOT))
    told.run(2)
    told.ask(Ask.END_WORK, "wang-lei")
    told.step()
    return told


def _walks_a_little(told: Story) -> None:
    """The guard stretches his legs, and is back."""
    for x_m in (10.5, 6.5):
        told.field.guard["x_m"] = x_m
        told.run(3)


@story
def hot_work_that_was_stopped_is_not_closed_without_its_fire_watch(site: Settings) -> Story:
    """Stopped by hand, then ended: only the watch is left, and it begins with the guard at the point."""
    told = working(site, **HOT)
    told.ask(Ask.STOP, "wu-gang", reason="the seam is done")
    told.run(2)
    _close(told)
    told.ask(Ask.END_WORK, "li-na")
    told.ask(Ask.END_WORK, "wang-lei")
    told.step()
    told.ask(Ask.END_WORK, "wang-lei")
    _close(told)
    told.run(3)
    told.resume()
    told.run(5)
    _close(told)
    told.run(15)
    _close(told)
    return told


@story
def a_rule_pauses_hot_work_and_its_holder_ends_it(site: Settings) -> Story:
    """The watch was kept in full before the guard left: then the signatures are all that is missing."""
    told = working(site, **HOT)
    told.field.guard["worn"] = False
    told.run(6)
    told.ask(Ask.END_WORK, "wang-lei")
    told.step()
    _close(told)
    told.run(1860, every_s=5.0)  # longer than an interruption may last: nothing will be lit again
    told.field.guard["worn"] = True
    _walks_a_little(told)
    told.resume()
    told.run(18)
    told.ask(Ask.STOP, "li-na", reason="just short of the whole watch")
    told.run(5)
    _close(told)
    told.resume()
    told.run(20)
    told.field.guard["worn"] = False
    told.run(6)
    _close(told)
    return told


@story
def a_fire_watch_that_the_box_slept_through_was_none(site: Settings) -> Story:
    told = working(site, **HOT)
    told.ask(Ask.END_WORK, "wang-lei")
    told.run(3)
    again = told.again(60.0)
    again.run(2)
    _close(again)
    again.resume()
    again.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    again.run(3)
    again.resume()
    again.run(21)
    _close(again)
    return again


@story
def a_linked_ticket_shortens_the_break(site: Settings) -> Story:
    """Entry may rest for an hour; linked to hot work of level 1, for half an hour."""
    told = Story(site)
    told.begin_work(goes_in=(), linked=("P-2",), approvals=BOTH_APPROVE)
    inside = {**WELDING, "area": "tank-inside", "point": Point(0.0, 0.0), "linked": ("P-1",)}
    told.bring(ticket(**{**inside, "approvals": BOTH_APPROVE}))
    told.run(2)
    told.ask(Ask.STOP, "wang-lei", reason="a meal")
    told.run(1780, every_s=5.0)
    _walks_a_little(told)
    told.ask(Ask.RESUME, "wang-lei")
    told.run(20)
    told.ask(Ask.RESUME, "li-na")
    told.step()
    return told


@story_at(two_for_chlorine)
def after_the_third_level_a_new_ticket_is_needed(site: Settings) -> Story:
    told = with_clean(Story(site), "cl2-1", "cl2-2")
    told.begin_work(goes_in=(), devices=(*OWN, "cl2-1"))
    told.bring(ticket(**WELDING))  # in the yard, without a chlorine detector: another job's ticket is not over
    told.run(2)
    air(told, "cl2-1", 3.0, *(0.0,) * 5)  # level 2: passed and signed, it goes on
    told.ask(Ask.RETEST, "sun-yan", samples=told.samples)
    told.run(2)
    told.resume("zhao-min", "wang-lei", "li-na")
    told.run(2)
    told.field.gas["cl2-1"] = {"level": None, "unit": "ppm", "quality": Quality.OVERRANGE}
    told.run(2)
    told.field.gas["cl2-1"] = {"level": 0.0, "unit": "ppm"}
    told.run(6)
    told.ask(Ask.RETEST, "sun-yan", samples=told.samples)
    told.run(5)
    told.resume("zhao-min", "wang-lei", "li-na")
    _close(told)
    return told


@story_at(two_for_chlorine)
def the_third_level_beside_ended_hot_work(site: Settings) -> Story:
    """Nothing is lit again under this ticket; its fire watch is kept all the same."""
    told = with_clean(Story(site), "cl2-1", "cl2-2")
    told.begin_work(**HOT, devices=OWN)
    told.run(2)
    air(told, "cl2-2", 3.1, *(0.0,) * 6)
    told.ask(Ask.RETEST, "sun-yan", samples=told.samples)
    told.ask(Ask.RESUME, "wang-lei")
    told.step()
    told.ask(Ask.END_WORK, "wang-lei")
    told.run(3)
    told.resume("zhao-min", "wang-lei", "li-na")
    told.run(21)
    _close(told)
    return told
