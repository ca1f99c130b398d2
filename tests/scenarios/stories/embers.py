"""Hot work ends with its ticket and not with its fire watch: somebody stays, and nothing new begins beside it."""

from typing import Any

from msgspec.structs import replace

from edge_agent.domain.claim import Claim
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Point, WorkType
from edge_agent.settings.site import Settings
from tests.scenarios.stories.simops import two_boxes
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import HOT, T0_UTC, Story, ticket

SHORT = {"valid_to_utc": T0_UTC + 40}
WATCH_S = 20  # of the demo's rulebook
# The next job at the same place, and one that stands in the yard.
NEXT: dict[str, Any] = {"id": "P-2", "guards": ("li-na", "chen-jie")}
YARD: dict[str, Any] = {
    "id": "P-2",
    "type": WorkType.ROAD_CLOSURE,
    "area": "yard",
    "guards": ("chen-jie",),
    "coordinator": "qian-wei",
    "devices": (),
    "video_required": False,
}


def ended(site: Settings, **changes: Any) -> Story:
    """Hot work, withdrawn while it was under way; its people are out, and its guard is still there."""
    told = working(site, **HOT, **changes)
    told.ask(Ask.REVOKE, "zhao-min", reason="刷漆未干 the paint is still wet")
    told.step()
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.step()
    return told


def tries(told: Story, guard: str = "li-na") -> None:
    """The people of the next job try to begin it: what stands against it is told."""
    told.ask(Ask.CHECK_IN, guard, permit="P-2")
    told.ask(Ask.RETEST, "sun-yan", permit="P-2", samples=told.samples)
    told.run(2)
    for person in ("wang-lei", guard):
        told.ask(Ask.START, person, permit="P-2")
        told.step()


def relief(told: Story) -> None:
    """The second guard comes to the point."""
    told.field.also["tag-guard-2"] = {"x_m": 6.0, "y_m": 1.0, "moving": True}


@story
def the_fire_watch_goes_on_when_the_ticket_has_run_out(site: Settings) -> Story:
    """Its guard stays, and the next job waits until he has watched for the whole time."""
    told = working(site, **HOT, **SHORT)
    told.bring(ticket(**NEXT))
    told.run(30)
    tries(told)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.run(WATCH_S - 5)
    tries(told)
    return told


@story
def nobody_keeps_the_fire_watch_of_a_withdrawn_ticket(site: Settings) -> Story:
    """Its guard leaves: people are called one after the other, until somebody watches, from the beginning."""
    told = ended(site)
    told.ask(Ask.CHECK_OUT, "li-na")
    told.run(30)
    relief(told)
    told.ask(Ask.CHECK_IN, "zhou-qiang")  # no guard
    told.ask(Ask.CHECK_IN, "chen-jie")  # one whom its ticket does not name
    told.run(WATCH_S - 2)
    told.ask(Ask.CLOSE, "zhao-min", people_inside=0)  # he has looked, and the time has passed since the end
    told.run(2)
    return told


@story
def embers_are_unwatched_for_a_second_too_few(site: Settings) -> Story:
    told = ended(site)
    told.field.guard["worn"] = False
    told.run(site.rulebook.guard.unwatched_s.value)
    told.field.guard["worn"] = True
    told.run(WATCH_S)
    return told


@story
def the_guard_of_the_next_job_takes_the_fire_watch_over(site: Settings) -> Story:
    """By a check-in at the ended job: one at his own is not enough. Begun, his work goes on without."""
    told = ended(site)
    told.bring(ticket(**NEXT))
    relief(told)
    told.run(2)
    tries(told, "chen-jie")
    told.ask(Ask.CHECK_IN, "chen-jie")
    told.run(2)
    for person in ("wang-lei", "chen-jie"):
        told.ask(Ask.START, person, permit="P-2")
        told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    told.run(WATCH_S)
    return told


@story
def hot_work_that_nobody_guards_is_withdrawn(site: Settings) -> Story:
    """Nobody is there to stay: people are called to its fire watch."""
    told = working(site, **HOT)
    told.ask(Ask.CHECK_OUT, "li-na")
    told.run(2)
    told.ask(Ask.REVOKE, "zhao-min", reason="无人监护 nobody guards it")
    told.run(site.rulebook.guard.unwatched_s.value + 2)
    return told


@story
def the_guard_of_embers_guards_nothing_far_away(site: Settings) -> Story:
    """What is near he may guard beside them, and says so; elsewhere somebody else must."""
    told = ended(site)
    far = {**YARD, "guards": ("li-na",)}
    told.bring(ticket(**{**far, "point": Point(60.0, 20.0)}))
    told.bring(ticket(**{**NEXT, "id": "P-3"}))
    told.step()
    for permit in ("P-2", "P-3", "P-1"):
        told.ask(Ask.CHECK_IN, "li-na", permit=permit)
        told.step()
    return told


@story
def work_begins_just_beside_embers_or_just_far_enough(site: Settings) -> Story:
    """11 m, and the 3 m that a point may be off by."""
    told = ended(site)
    told.bring(ticket(**YARD, point=Point(6.5 + 14.1, 0.0)))
    told.bring(ticket(**{**YARD, "id": "P-3"}, point=Point(6.5 + 14.0, 0.0)))
    told.step()
    for permit in ("P-2", "P-3"):
        told.ask(Ask.START, "wang-lei", permit=permit)
    told.step()
    return told


@story
def nobody_watched_and_somebody_in_charge_has_looked(site: Settings) -> Story:
    """Not before the time has passed since the end, and not the guard who was away."""
    told = ended(site)
    told.ask(Ask.CHECK_OUT, "li-na")
    told.run(WATCH_S - 4)
    for person in ("li-na", "zhao-min"):
        told.ask(Ask.CLOSE, person, people_inside=0)
        told.step()
    told.ask(Ask.CLOSE, "zhao-min", people_inside=0)
    told.run(2)
    return told


@story
def gas_breaks_a_fire_watch(site: Settings) -> Story:
    """Nobody watches where people must leave; when it is over the watch begins anew."""
    told = ended(site)
    told.run(10)
    told.field.gas["gas-h2s"] |= {"level": 60.0}
    told.run(3)
    told.field.gas["gas-h2s"] |= {"level": 0.0}
    told.run(site.rulebook.gas.danger_off_s.value)
    told.ask(Ask.ACKNOWLEDGE, "zhao-min")
    told.run(WATCH_S + 2)
    return told


@story
def the_box_restarts_while_embers_are_watched(site: Settings) -> Story:
    """What the box slept through was no watch: it begins anew, and its guard is still the guard."""
    before = ended(site)
    before.run(WATCH_S - 5)
    told = before.again(30)
    told.run(WATCH_S + 2)
    return told


@story
def a_fire_watch_that_was_nearly_kept_when_the_time_ran_out(site: Settings) -> Story:
    """It had begun before: it goes on without a break, and is short."""
    told = working(site, **HOT, **SHORT)
    told.run(20)
    told.ask(Ask.END_WORK, "wang-lei")
    told.run(WATCH_S)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.run(5)
    return told


@story_at(two_boxes)
def embers_of_the_other_box_lie_beside_new_work(site: Settings) -> Story:
    """Until its watch is over, or this job's guard has taken it over there."""
    told = Story(site)
    other = Claim(
        permit="H-7",
        type="hot",
        level="1",
        area="tank-mouth",
        point=Point(8.0, 0.0),
        state=State.EXPIRED,
        fire_watch=True,
    )
    told.field.peers["edge-2"] = (other,)
    told.bring(ticket(**{**NEXT, "id": "P-1"}))
    told.run(2)
    told.ready()
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.field.peers["edge-2"] = (replace(other, watcher="chen-jie"),)
    told.step()
    told.field.peers["edge-2"] = (replace(other, watcher="li-na"),)
    told.step()
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told
