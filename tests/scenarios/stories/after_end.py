"""A permit ends while people are at work: the box looks after them until everybody is known to be out."""

from edge_agent.decide.state import Kept
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Point, WorkType
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, working
from tests.support.story import HOT, T0_UTC, Story, ticket

SHORT = {"valid_to_utc": T0_UTC + 40}


@story
def a_permit_runs_out_in_a_release_with_people_inside(site: Settings) -> Story:
    told = working(site, **SHORT)
    told.field.gas["gas-h2s"] |= {"level": 60.0}
    told.run(40)  # it stops, it runs out, and the siren goes on
    told.ask(Ask.RESUME, "wang-lei")
    told.ask(Ask.CONTACT, "li-na")
    told.step()
    told.run(10)  # told to leave, and two are still counted as inside
    told.ask(Ask.CLOSE, "li-na", people_inside=0)
    told.step()
    told.comes_out("wu-gang")
    told.comes_out("zhou-qiang")
    told.run(5)
    told.field.gas["gas-h2s"] |= {"level": 0.0}
    told.run(8)
    told.ask(Ask.ACKNOWLEDGE, "zhao-min")
    told.step()
    told.ask(Ask.CLOSE, "li-na", people_inside=0)
    told.run(3)
    told.ask(Ask.CLOSE, "li-na", people_inside=0)
    told.step()
    return told


@story
def everybody_comes_out_just_before_they_are_missed(site: Settings) -> Story:
    told = working(site, **SHORT)
    told.run(27)
    told.run(site.rulebook.entry.still_inside_s.value - 3)
    told.comes_out()
    told.ask(Ask.CLOSE, "feng-tao", people_inside=0)
    told.run(5)
    return told


@story
def somebody_says_in_time_that_nobody_is_left_at_hot_work(site: Settings) -> Story:
    told = working(site, **HOT)
    told.ask(Ask.REVOKE, "li-na", reason="its paint is still wet")
    told.run(site.rulebook.entry.still_inside_s.value - 2)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.run(3)
    return told


@story
def a_withdrawn_ticket_keeps_the_next_one_waiting(site: Settings) -> Story:
    told = working(site)
    told.bring(ticket(id="P-2"))
    told.ask(Ask.REVOKE, "li-na", reason="动火点旁有人刷漆 somebody paints beside it")
    told.run(3)
    told.ask(Ask.START, "wang-lei", permit="P-2")
    told.ask(Ask.CLOSE, "wu-gang", people_inside=0)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=2)
    told.step()
    told.comes_out()
    told.run(2)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.run(2)
    told.ask(Ask.START, "wang-lei", permit="P-2")
    told.step()
    return told


@story
def an_ended_permit_keeps_waiting_who_shares_its_power_and_nobody_else(site: Settings) -> Story:
    """Two jobs elsewhere on the site: one would have the power of the relay that the ended one had."""
    told = working(site)
    for id_, devices in (("P-2", ("relay-1",)), ("P-3", ())):
        told.bring(
            ticket(
                id=id_,
                type=WorkType.ROAD_CLOSURE,
                area="yard",
                point=Point(60.0, 20.0),
                coordinator="qian-wei",
                devices=devices,
                video_required=False,
            )
        )
    told.ask(Ask.REVOKE, "li-na", reason="somebody paints beside it")
    told.run(3)
    for id_ in ("P-2", "P-3"):
        told.ask(Ask.START, "wang-lei", permit=id_)
    told.step()
    return told


@story
def hot_work_runs_out_and_its_fire_watch_is_told(site: Settings) -> Story:
    told = working(site, **HOT, **SHORT)
    told.run(35)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.run(2)
    return told


@story
def hot_work_runs_out_and_nobody_counts_its_people(site: Settings) -> Story:
    told = working(site, **HOT, **SHORT)
    told.run(55)
    watch = site.rulebook.works["hot.1"].fire_watch_s
    assert watch is not None
    told.run(watch.value)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.run(2)
    return told


@story
def a_ticket_that_runs_out_unused_asks_for_nobody(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket(**SHORT))
    told.run(60)
    return told


@story
def the_box_restarts_and_people_of_an_ended_permit_are_still_inside(site: Settings) -> Story:
    before = working(site, **SHORT)
    before.run(40)
    permit = before.decisions[-1].state.permits["P-1"]
    assert permit.state is State.EXPIRED
    told = Story(site, kept=Kept(permits=(permit,), seq=100), utc=before.utc + 600)
    told.run(8)
    told.ask(Ask.LEAVE, "li-na", about=tuple(one.person for one in permit.inside))
    told.field.worker |= {"x_m": 5.0, "y_m": -1.0}
    told.run(2)
    told.ask(Ask.CLOSE, "zhao-min", people_inside=0)
    told.step()
    return told


@story
def a_ticket_is_withdrawn_before_its_work_while_gas_alarms(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket())
    told.run(2)
    told.field.gas["gas-h2s"] |= {"level": 60.0}
    told.run(3)
    told.ask(Ask.REVOKE, "zhao-min", reason="泄漏 a release")
    told.run(3)
    told.field.gas["gas-h2s"] |= {"level": 0.0}
    told.run(8)
    told.ask(Ask.CLOSE, "zhao-min", people_inside=0)
    told.run(2)
    return told
