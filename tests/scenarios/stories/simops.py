"""Works beside each other: the matrix, linked tickets, and the other boxes of the site."""

from typing import Any

from msgspec.structs import replace

from edge_agent.domain.claim import Claim
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval, Point, WorkType
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import PeerTable
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import GOOD_AIR, T0_UTC, Story, scenario_site, ticket

BOTH_APPROVE = (
    Approval(role="area_owner", person="feng-tao", at_utc=T0_UTC - 3600),
    Approval(role="workshop_manager", person="qian-wei", at_utc=T0_UTC - 3600),
    Approval(role="safety_director", person="zhao-min", at_utc=T0_UTC - 3600),
)
WELDING: dict[str, Any] = {
    "id": "P-2",
    "type": WorkType.HOT,
    "level": "1",
    "area": "yard",
    "point": Point(14.0, 0.0),
    "guards": ("chen-jie",),
    "workers": ("wu-gang",),
    "approvals": BOTH_APPROVE[1:],
    "jsa": "JSA-2",
}


def tries(told: Story, permit: str = "P-2") -> None:
    """The second job's people try to start it: what stands against it is told."""
    told.run(2)
    told.ask(Ask.START, "wang-lei", permit=permit)
    told.run(2)


@story
def hot_work_beside_an_open_tank_is_refused(site: Settings) -> Story:
    told = working(site)
    told.bring(ticket(**WELDING))
    tries(told)
    told.comes_out()
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.step()
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.run(2)
    tries(told)
    return told


@story
def hot_work_just_far_enough_from_the_tank(site: Settings) -> Story:
    told = working(site)
    told.bring(ticket(**{**WELDING, "point": Point(6.5 + 13.1, 0.0)}))  # 10 m and the 3 m of the point
    tries(told)
    return told


@story
def hot_work_high_above_the_tank_is_another_place(site: Settings) -> Story:
    told = working(site)
    told.bring(ticket(**{**WELDING, "point": Point(14.0, 0.0, 11.1)}))  # the tank ends at 6 m
    tries(told)
    return told


@story
def one_job_with_two_linked_tickets(site: Settings) -> Story:
    told = Story(site)
    told.begin_work(linked=("P-2",), approvals=BOTH_APPROVE)
    told.run(2)
    inside = {**WELDING, "area": "tank-inside", "point": Point(0.0, 0.0), "linked": ("P-1",)}
    told.bring(ticket(**inside))  # not approved as the tank asks
    tries(told)
    told.bring(ticket(**{**inside, "approvals": BOTH_APPROVE, "version": 2}))
    tries(told)
    told.bring(ticket(**{**inside, "approvals": BOTH_APPROVE, "linked": (), "version": 3}))  # one side only
    tries(told)
    return told


@story
def two_jobs_start_in_the_same_moment_and_both_stop(site: Settings) -> Story:
    """A confined space is involved: both stop. Then the earlier one may go on, the later one may not."""
    told = Story(site)
    told.field.also["tag-guard-2"] = {"x_m": 14.0, "y_m": 0.5, "moving": True}
    told.bring(ticket())
    told.bring(ticket(**WELDING))
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.CHECK_IN, "chen-jie", permit="P-2")
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR, permit="P-2")
    told.run(2)
    told.ask(Ask.START, "qian-wei", permit="P-2")
    for person, permit in (("wang-lei", "P-1"), ("wang-lei", "P-2"), ("li-na", "P-1"), ("chen-jie", "P-2")):
        told.ask(Ask.START, person, permit=permit)
    told.run(6)
    told.resume("wang-lei", "li-na", "qian-wei")
    told.run(3)
    return told


@story
def two_jobs_that_nobody_coordinates_start_in_the_same_moment(site: Settings) -> Story:
    """Nothing is dangerous yet: the later one is told, and may not be resumed until somebody coordinates."""
    told = Story(site)
    told.field.also["tag-guard-2"] = {"x_m": 20.0, "y_m": 0.5, "moving": True}
    signed = (Approval(role="specialist_department", person="qian-wei", at_utc=T0_UTC - 3600),)
    digging: dict[str, Any] = {"type": WorkType.EXCAVATION, "level": "", "area": "yard", "approvals": signed}
    told.bring(ticket(**digging))
    told.bring(ticket(**{**WELDING, **digging, "point": Point(20.0, 0.0)}))
    told.run(2)
    told.ask(Ask.CHECK_IN, "li-na")
    told.ask(Ask.CHECK_IN, "chen-jie", permit="P-2")
    told.run(2)
    for person, permit in (("wang-lei", "P-1"), ("wang-lei", "P-2"), ("li-na", "P-1"), ("chen-jie", "P-2")):
        told.ask(Ask.START, person, permit=permit)
    told.run(3)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.run(4)
    return told


@story
def works_that_share_the_yard_without_a_coordinator(site: Settings) -> Story:
    signed = tuple(
        Approval(role=role, person="qian-wei", at_utc=T0_UTC - 3600)
        for role in ("specialist_department", "power_supplier")
    )
    told = working(site, area="yard", type=WorkType.EXCAVATION, outdoor=True, approvals=signed[:1])
    power = {
        **WELDING,
        "type": WorkType.TEMPORARY_POWER,
        "level": "",
        "point": Point(60.0, 20.0),
        "approvals": signed[1:],
    }
    told.bring(ticket(**power))
    tries(told)
    told.bring(ticket(**power, coordinator="qian-wei", version=2))
    tries(told)
    return told


WELDING_NEXT_DOOR = Claim(
    permit="P-77",
    type="hot",
    level="2",
    area="yard",
    point=Point(12.0, 3.0),
    state=State.ACTIVE,
    started_utc=T0_UTC - 900,
)


NOBODYS_KEY = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"  # RFC 8032, 7.1: nothing comes over a broker here


def two_boxes() -> Settings:
    """The demo tank with another box beside it."""
    base = scenario_site()
    beside = PeerTable(unit="edge-2", name=Words("二号主机", "box 2"), ed25519=NOBODYS_KEY)
    return replace(base, site=replace(base.site, peers=(beside,)))


@story_at(two_boxes)
def another_box_guards_hot_work_next_door(site: Settings) -> Story:
    told = Story(site)
    told.field.peers["edge-2"] = (WELDING_NEXT_DOOR,)
    told.begin_work()
    told.run(2)
    told.field.peers["edge-2"] = (replace(WELDING_NEXT_DOOR, state=State.CLOSED),)
    told.run(2)
    told.begin_work(version=2)
    told.run(2)
    told.field.peers["edge-2"] = (
        replace(WELDING_NEXT_DOOR, permit="P-78", started_utc=told.utc),
    )  # it began later
    told.run(3)
    told.field.peers["edge-2"] = ()
    told.run(5)
    told.resume("wang-lei", "li-na", "qian-wei")
    told.run(2)
    return told


@story_at(two_boxes)
def nothing_new_begins_while_the_other_box_is_not_heard(site: Settings) -> Story:
    told = Story(site)
    told.begin_work()  # never heard
    told.run(1)
    told.field.peers["edge-2"] = ()
    told.run(1)
    told.begin_work(version=2)
    told.run(2)
    told.field.peers.clear()
    told.run(8)  # silent: running work goes on
    told.bring(ticket(**{**WELDING, "point": Point(60.0, 20.0)}))
    tries(told)
    told.field.peers["edge-2"] = ()
    tries(told)
    return told


@story_at(two_boxes)
def what_the_other_box_said_last_still_stands(site: Settings) -> Story:
    told = Story(site)
    told.field.peers["edge-2"] = (WELDING_NEXT_DOOR,)
    told.run(1)
    told.field.peers.clear()
    told.run(7)
    told.begin_work()
    told.run(1)
    return told
