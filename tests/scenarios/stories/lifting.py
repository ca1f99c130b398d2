"""Lifting and temporary power: nobody under the load, and no power beyond the work that it serves."""

from typing import Any

from edge_agent.domain.person import Certificate
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval, Point, WorkType
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story
from tests.support.story import GOOD_AIR, T0_UTC, Story, ticket

LIFT: dict[str, Any] = {
    "type": WorkType.LIFTING,
    "level": "3",
    "area": "yard",
    "point": Point(20.0, 0.0),
    "workers": ("wu-gang",),
    "approvals": (Approval(role="specialist_department", person="qian-wei", at_utc=T0_UTC - 3600),),
    "devices": ("relay-1",),
    "video_required": False,
}
POWER: dict[str, Any] = {
    "id": "P-power",
    "type": WorkType.TEMPORARY_POWER,
    "area": "yard",
    "point": Point(40.0, 0.0),
    "linked": ("P-1",),
    "guards": ("chen-jie",),
    "workers": ("wu-gang",),
    "approvals": (Approval(role="power_supplier", person="qian-wei", at_utc=T0_UTC - 3600),),
    "devices": ("gas-ch4", "gas-o2", "gas-h2s", "relay-1"),  # one job: what the tank asks for holds here too
    "video_required": False,
    "coordinator": "qian-wei",
}


def lifting(site: Settings) -> Story:
    """A load hangs at 20 m east; its rigger may stand beside it."""
    told = Story(site)
    wu_gang = told.known("wu-gang")
    rigger = Certificate(number="C-lift", scopes=("lifting",), valid_to_utc=T0_UTC + 90 * 86400)
    told.bring(told.known("wu-gang", certificates=(*wu_gang.certificates, rigger)))
    told.field.wind_mps = 2.0
    told.field.guard |= {"x_m": 28.0, "y_m": 0.0}
    told.field.also["tag-worker-2"] = {"x_m": 21.0, "y_m": 0.0, "moving": True}
    told.begin_work(**LIFT)
    told.run(2)
    return told


@story
def somebody_walks_under_the_load(site: Settings) -> Story:
    told = lifting(site)
    told.field.worker |= {"x_m": 30.1, "y_m": 0.0}  # a hand's breadth outside
    told.run(15)
    told.field.worker |= {"x_m": 26.0, "y_m": 9.0}  # less than 10 m east and north of it, and 10.8 m away
    told.run(3)
    told.field.worker |= {"x_m": 24.0, "y_m": 0.0}
    told.run(4)  # he hurries through
    told.field.worker |= {"x_m": 40.0}
    told.run(2)
    told.field.worker |= {"x_m": 22.0}
    told.run(8)
    told.field.worker |= {"x_m": 40.0}
    told.run(4)
    told.resume("wang-lei", "li-na", "qian-wei")
    told.run(2)
    return told


@story
def temporary_power_that_outlasts_the_work_it_serves(site: Settings) -> Story:
    told = Story(site)
    certified = Certificate(number="C-lv", scopes=("low_voltage",), valid_to_utc=T0_UTC + 90 * 86400)
    told.bring(told.known("wu-gang", certificates=(certified,)))
    told.field.also["tag-guard-2"] = {"x_m": 40.0, "y_m": 0.5, "moving": True}
    told.bring(ticket(linked=("P-power",), coordinator="qian-wei"))
    told.bring(ticket(**POWER, valid_to_utc=T0_UTC + 3 * 3600 + 1))
    told.run(2)
    told.ask(Ask.CHECK_IN, "chen-jie", permit="P-power")
    told.ask(Ask.RETEST, "sun-yan", permit="P-power", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei", permit="P-power")
    told.run(2)
    told.bring(ticket(**POWER, version=2))  # until the same minute
    told.step()
    told.ask(Ask.CHECK_IN, "chen-jie", permit="P-power")
    told.ask(Ask.RETEST, "sun-yan", permit="P-power", samples=GOOD_AIR)
    told.run(2)
    told.ask(Ask.START, "wang-lei", permit="P-power")
    told.step()
    return told


@story
def the_work_that_a_line_serves_ends_before_the_line_is_taken_down(site: Settings) -> Story:
    told = Story(site)
    certified = Certificate(
        number="C-lv", scopes=("low_voltage", "confined_space"), valid_to_utc=T0_UTC + 90 * 86400
    )
    told.bring(told.known("wu-gang", certificates=(certified,)))
    told.field.also["tag-guard-2"] = {"x_m": 40.0, "y_m": 0.5, "moving": True}
    told.bring(ticket(linked=("P-power",), coordinator="qian-wei"))
    told.bring(ticket(**POWER))
    told.run(2)
    for guard, permit in (("li-na", "P-1"), ("chen-jie", "P-power")):
        told.ask(Ask.CHECK_IN, guard, permit=permit)
        told.ask(Ask.RETEST, "sun-yan", permit=permit, samples=GOOD_AIR)
    told.run(2)
    for guard, permit in (("li-na", "P-1"), ("chen-jie", "P-power")):
        told.ask(Ask.START, "wang-lei", permit=permit)
        told.ask(Ask.START, guard, permit=permit)
    told.run(3)
    served = ticket(linked=("P-power",), coordinator="qian-wei", version=2, valid_to_utc=T0_UTC + 7200)
    told.bring(served)  # it will end sooner than its power: no reason to stop now
    told.run(3)
    for person in ("wang-lei", "feng-tao"):
        told.ask(Ask.CLOSE, person, people_inside=0)
        told.run(2)
    told.run(2)
    for person in ("wang-lei", "feng-tao"):
        told.ask(Ask.CLOSE, person, permit="P-power", people_inside=0)
        told.run(2)
    told.run(3)
    return told
