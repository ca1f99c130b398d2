"""What people report, and tickets that are drawn up on the box."""

from typing import Any

from edge_agent.domain.observation import Quality
from edge_agent.domain.person import Proof
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import DraftTicket, Measure, MeasureKind, Point
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, working
from tests.support.story import DEVICES, T0_UTC, Story, ticket

HERE = "box-edge-1-"  # how the id of a ticket of this box begins


def drafted(**changes: Any) -> DraftTicket:
    """The demo tank's job, as its holder writes it down."""
    base: dict[str, Any] = {
        "type": "confined_space",
        "area": "tank-inside",
        "point": Point(6.5, 0.0),
        "valid_to_utc": T0_UTC + 3 * 3600,
        "holder": "wang-lei",
        "guards": ("li-na",),
        "workers": ("zhou-qiang", "wu-gang"),
        "devices": DEVICES,
    }
    return DraftTicket(**base | changes)


def own(told: Story) -> str:
    """The newest ticket of the box's own."""
    return [id_ for id_ in told.decisions[-1].state.permits if id_.startswith(HERE)][-1]


def confirmed(told: Story, id_: str, person: str = "li-na") -> None:
    """The guard has looked at every measure that people must look at."""
    ticket_ = told.decisions[-1].state.permits[id_].ticket
    manual = tuple(one.id for one in ticket_.measures if one.kind is MeasureKind.MANUAL)
    told.ask(Ask.CONFIRM, person, permit=id_, about=manual)


@story
def anybody_reports_what_he_sees(site: Settings) -> Story:
    """A worker in the tank, a guard by his key alone, somebody without a wearable who names the place."""
    told = working(site)
    told.field.wind_mps = 3.2
    told.run(2)
    told.ask(Ask.REPORT, "zhou-qiang", permit="", report=Report(kind="no_ventilation"))
    told.ask(Ask.REPORT, "li-na", permit="", proof=Proof.KEY, report=Report(kind="ppe", note="no gloves"))
    told.step()
    told.ask(Ask.REPORT, "qian-wei", permit="", report=Report(kind="fire_lane", area="yard"))
    told.ask(Ask.REPORT, "wang-lei", report=Report(kind="other"))  # the permit says where
    told.ask(Ask.REPORT, "sun-yan", permit="", report=Report(kind="leak"))  # nobody knows where
    told.step()
    return told


@story
def a_report_tells_unknown_levels_as_unknown(site: Settings) -> Story:
    """Of gas, of wind and of the shift: more wind than can be measured, then none heard; then no time."""
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": None, "quality": Quality.FAULT}
    told.field.silent |= {"gas-co", "tag-worker-1"}
    told.field.wind_quality, told.field.wind_mps = Quality.OVERRANGE, 60.0
    told.run(20)
    told.ask(Ask.REPORT, "zhou-qiang", permit="", report=Report(kind="leak"))
    told.field.wind_mps = None
    told.run(90)
    told.trusted = False
    told.ask(Ask.REPORT, "zhou-qiang", permit="", report=Report(kind="leak"))
    told.step()
    return told


@story
def reports_that_are_refused(site: Settings) -> Story:
    """For what is written wrongly, and for who has not shown who he is; never for what nobody knows."""
    told = working(site)
    told.ask(Ask.REPORT, "zhou-qiang", permit="")
    told.ask(Ask.REPORT, "zhou-qiang", permit="P-9", report=Report(kind="dragon", area="moon"))
    told.ask(Ask.REPORT, "zhou-qiang", permit="", proof=Proof.NONE, report=Report(kind="fire"))
    told.ask(Ask.REPORT, "nobody", permit="", report=Report(kind="fire"))
    told.ask(Ask.REPORT, "zhou-qiang", permit="", proof=Proof.SIGNED, report=Report(kind="fire"))
    told.step()
    return told


@story
def a_job_without_a_central_system(site: Settings) -> Story:
    """Drawn up by its holder, approved by the area owner, started at the same gate, extended as a new ticket."""
    told = Story(site)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted())
    told.run(2)
    id_ = own(told)
    told.ask(Ask.CHECK_IN, "li-na", permit=id_)
    told.ask(Ask.RETEST, "sun-yan", permit=id_, samples=told.samples)
    told.run(2)
    told.ask(Ask.START, "wang-lei", permit=id_)  # nobody has approved it, nobody has looked at its measures
    told.step()
    confirmed(told, id_)
    told.step()
    told.ask(Ask.APPROVE, "feng-tao", permit=id_)
    told.run(2)
    for person in ("wang-lei", "li-na"):
        told.ask(Ask.START, person, permit=id_)
        told.step()
    told.ask(Ask.APPROVE, "feng-tao", permit=id_)  # nothing is approved under way
    told.ask(Ask.TICKET, "qian-wei", permit="", ticket=DraftTicket(extends=id_, valid_to_utc=T0_UTC + 6 * 3600))
    told.run(2)
    told.ask(Ask.APPROVE, "feng-tao", permit=own(told))
    told.run(2)
    return told


@story
def tickets_that_nobody_draws_up_so(site: Settings) -> Story:
    """Every reason at once; and only by who may, with a proof of his own."""
    told = Story(site)
    told.ask(Ask.TICKET, "wang-lei", permit="")
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=DraftTicket())
    told.ask(Ask.TICKET, "zhou-qiang", permit="", ticket=drafted())
    told.ask(Ask.TICKET, "wang-lei", permit="", proof=Proof.KEY, ticket=drafted())
    wrong = drafted(
        type="alchemy",
        area="moon",
        valid_to_utc=T0_UTC - 10,
        guards=("wang-lei", "wang-lei"),
        workers=("nobody",),
        devices=("gas-x",),
        measures=(Measure(id="m", kind=MeasureKind.IOT, words=Words("m", "m")),),
    )
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=wrong)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(valid_to_utc=T0_UTC + 25 * 3600))
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=DraftTicket(extends="P-9", valid_to_utc=T0_UTC + 3600))
    told.step()
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted())
    told.run(2)
    id_ = own(told)
    told.ask(Ask.TICKET, "qian-wei", permit="", ticket=DraftTicket(extends=id_))
    told.ask(
        Ask.TICKET,
        "qian-wei",
        permit="",
        ticket=DraftTicket(extends=id_, valid_to_utc=T0_UTC + 3600, type="hot", area="yard"),
    )
    told.step()
    return told


@story
def a_holder_draws_up_tickets_where_he_holds_his_role(site: Settings) -> Story:
    told = Story(site)
    told.bring(told.known("wang-lei", areas=("yard",)))
    told.run(1)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted())
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(area="yard", point=Point(6.5, 14.0)))
    told.step()
    return told


@story
def nobody_draws_up_a_ticket_by_a_clock_that_is_not_trusted(site: Settings) -> Story:
    told = Story(site, trusted=False)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted())
    told.step()
    return told


@story
def approvals_that_do_not_count(site: Settings) -> Story:
    """Not by who lacks the role, not by who drew it up, not twice by one, not on the centre's ticket."""
    told = Story(site)
    told.bring(ticket(id="P-1", approvals=()))
    told.bring(told.known("qian-wei", roles=(*told.known("qian-wei").roles, *told.known("feng-tao").roles)))
    told.ask(Ask.TICKET, "qian-wei", permit="", ticket=drafted())
    told.run(2)
    id_ = own(told)
    told.ask(Ask.APPROVE, "feng-tao")  # the centre's
    told.ask(Ask.APPROVE, "zhao-min", permit=id_)
    told.ask(Ask.APPROVE, "qian-wei", permit=id_)  # he drew it up
    told.ask(Ask.APPROVE, "feng-tao", permit=id_, proof=Proof.KEY)
    told.ask(Ask.APPROVE, "feng-tao", permit=id_, about=("manager",))
    told.step()
    told.ask(Ask.APPROVE, "feng-tao", permit=id_)
    told.step()
    told.ask(Ask.APPROVE, "feng-tao", permit=id_)  # once more
    told.ask(Ask.APPROVE, "zhao-min", permit=id_)  # nobody else is needed
    told.step()
    told.bring(told.known("wang-lei", roles=(*told.known("wang-lei").roles, *told.known("feng-tao").roles)))
    told.ask(Ask.TICKET, "qian-wei", permit="", ticket=drafted())
    told.run(2)
    told.ask(Ask.APPROVE, "wang-lei", permit=own(told))  # his own work
    told.step()
    return told


@story
def hot_work_is_approved_by_two_who_differ(site: Settings) -> Story:
    """Workshop manager and safety director sign on the box: whoever signs as such by his record."""
    told = Story(site)
    told.bring(told.known("qian-wei", signs_as=("workshop_manager", "safety_director")))
    told.bring(told.known("zhao-min", signs_as=("safety_director",)))
    hot = {"type": "hot", "level": "1", "workers": ("wu-gang",), "jsa": "JSA-1", "outdoor": False}
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(**hot))
    told.run(2)
    id_ = own(told)
    told.ask(Ask.APPROVE, "qian-wei", permit=id_)
    told.run(2)
    told.ask(Ask.APPROVE, "qian-wei", permit=id_)  # in the other capacity too
    told.step()
    told.ask(Ask.APPROVE, "zhao-min", permit=id_)
    told.run(2)
    return told


@story
def the_centre_leaves_the_tickets_of_the_box_alone(site: Settings) -> Story:
    """And nobody takes one of the centre's for the box's own."""
    told = Story(site)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted())
    told.run(2)
    told.bring(ticket(id=own(told), version=7))
    told.bring(ticket(id="box-edge-1-99"))
    told.bring(ticket(id="P-2", made_by="wang-lei"))
    told.run(2)
    return told


@story
def a_ticket_of_the_box_is_there_after_a_restart(site: Settings) -> Story:
    """With its signatures; only what must be looked at anew is."""
    told = Story(site)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted())
    told.run(2)
    told.ask(Ask.APPROVE, "feng-tao", permit=own(told))
    confirmed(told, own(told))
    told.run(2)
    id_, woken = own(told), told.again(60)
    woken.run(2)
    woken.ask(Ask.CHECK_IN, "li-na", permit=id_)
    woken.ask(Ask.RETEST, "sun-yan", permit=id_, samples=told.samples)
    woken.run(2)
    for person in ("wang-lei", "li-na"):
        woken.ask(Ask.START, person, permit=id_)
        woken.step()
    return woken
