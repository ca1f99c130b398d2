"""What a ticket of the box holds: its measures, its links, and what it cannot do without."""

from msgspec.structs import replace

from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import DraftTicket, Measure, MeasureKind, Point
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.reports import confirmed, drafted, own
from tests.scenarios.stories.telling import story
from tests.support.story import GOOD_AIR, T0_UTC, Story, ticket

WELDING = {
    "type": "hot",
    "level": "1",
    "point": Point(0.0, 0.0),
    "guards": ("chen-jie",),
    "workers": ("wu-gang",),
    "jsa": "JSA-2",
    "outdoor": False,
}
SIGNERS = ("feng-tao", "qian-wei", "zhao-min")  # area owner, workshop manager, safety director


def two_tickets(site: Settings) -> tuple[Story, str, str]:
    """A tank is to be entered, and welded in: the second ticket names the first."""
    told = Story(site)
    told.field.also["tag-guard-2"] = {"x_m": 6.0, "y_m": -1.0, "moving": True}
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted())
    told.run(2)
    space = own(told)
    told.ask(Ask.APPROVE, "feng-tao", permit=space)
    told.run(2)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(**WELDING, linked=(space,)))
    told.run(2)
    return told, space, own(told)


def approved(told: Story, *permits: str) -> None:
    """By everybody whom either kind of work asks for."""
    for permit in permits:
        for person in SIGNERS:
            told.ask(Ask.APPROVE, person, permit=permit)
            told.run(2)


def prepared(told: Story, permit: str, guard: str) -> None:
    """The guard is there, the air is sampled, every measure is looked at."""
    told.ask(Ask.CHECK_IN, guard, permit=permit)
    told.ask(Ask.RETEST, "sun-yan", permit=permit, samples=GOOD_AIR)
    confirmed(told, permit, guard)
    told.run(2)


def started(told: Story, permit: str, *people: str) -> None:
    """Everybody signs for the start."""
    for person in people:
        told.ask(Ask.START, person, permit=permit)
        told.step()


@story
def hot_work_in_a_confined_space_by_two_tickets_of_the_box(site: Settings) -> Story:
    """Drawing up the second takes the first one's signature away; both are approved as both kinds ask."""
    told, space, weld = two_tickets(site)
    for permit, guard in ((space, "li-na"), (weld, "chen-jie")):
        prepared(told, permit, guard)
    told.ask(Ask.START, "wang-lei", permit=space)  # its approval is void
    approved(told, space)
    started(told, space, "qian-wei", "wang-lei", "li-na")
    told.ask(Ask.APPROVE, "qian-wei", permit=weld)
    told.ask(Ask.APPROVE, "zhao-min", permit=weld)
    told.run(2)
    told.ask(Ask.START, "wang-lei", permit=weld)  # approved as hot work, not as entry
    told.step()
    told.ask(Ask.APPROVE, "feng-tao", permit=weld)
    told.run(2)
    started(told, weld, "qian-wei", "wang-lei", "chen-jie")
    told.run(5)
    return told


@story
def a_job_of_two_tickets_is_given_more_time(site: Settings) -> Story:
    """Each is extended by a ticket of its own; the second extension names the first, and is named by it."""
    told, space, weld = two_tickets(site)
    approved(told, space, weld)
    for permit, guard in ((space, "li-na"), (weld, "chen-jie")):
        prepared(told, permit, guard)
    started(told, space, "qian-wei", "wang-lei", "li-na")
    started(told, weld, "qian-wei", "wang-lei", "chen-jie")
    for permit in (space, weld):
        told.ask(
            Ask.TICKET, "wang-lei", permit="", ticket=DraftTicket(extends=permit, valid_to_utc=T0_UTC + 14400)
        )
        told.run(2)
    return told


@story
def links_that_cannot_be_made(site: Settings) -> Story:
    """To nothing, to what is over, to the centre's own, by a stranger, and once the work has begun."""
    told = Story(site)
    told.bring(ticket())
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(**WELDING, linked=("P-9",)))
    told.run(2)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(**WELDING, linked=("P-1",)))
    told.ask(Ask.REVOKE, "zhao-min", reason="not needed")
    told.run(2)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(**WELDING, linked=("P-1",)))
    told.bring(told.known("sun-yan", roles=("holder",)))
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(guards=("li-na",), workers=("zhou-qiang",)))
    told.run(2)
    space = own(told)
    told.ask(Ask.TICKET, "sun-yan", permit="", ticket=drafted(**WELDING, holder="sun-yan", linked=(space,)))
    told.ask(Ask.APPROVE, "feng-tao", permit=space)
    told.run(2)
    told.bring(told.known("sun-yan"))
    told.run(1)
    prepared(told, space, "li-na")
    started(told, space, "wang-lei", "li-na")
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(**WELDING, linked=(space,)))
    told.step()
    return told


@story
def a_shift_lead_links_what_others_drew_up(site: Settings) -> Story:
    """In the very second in which its people start it: a signature for one ticket is none for a job of two."""
    told = Story(site)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted())
    told.run(2)
    space = own(told)
    told.ask(Ask.APPROVE, "feng-tao", permit=space)
    told.run(2)
    prepared(told, space, "li-na")
    started(told, space, "wang-lei")
    told.ask(Ask.TICKET, "qian-wei", permit="", ticket=drafted(**WELDING, linked=(space,)))
    told.ask(Ask.START, "li-na", permit=space)
    told.run(3)
    return told


@story
def power_for_a_ticket_is_named_by_one_side_alone(site: Settings) -> Story:
    """The served work is not signed anew for that."""
    told = Story(site)
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted())
    told.run(2)
    space = own(told)
    told.ask(Ask.APPROVE, "feng-tao", permit=space)
    told.run(2)
    power = drafted(type="temporary_power", guards=("chen-jie",), workers=("wu-gang",), linked=(space,))
    told.ask(Ask.TICKET, "wang-lei", permit="", ticket=power)
    told.run(2)
    told.ask(Ask.APPROVE, "feng-tao", permit=own(told))  # what the served work asks for is not asked of it
    told.run(2)
    return told


@story
def measures_that_nothing_can_show(site: Settings) -> Story:
    """A device shows what it can see, no more; what is left out stands in the record."""
    told = Story(site)

    def drawn(*measures: Measure) -> None:
        told.ask(Ask.TICKET, "wang-lei", permit="", ticket=drafted(measures=measures))
        told.step()

    base = Measure(id="ventilated", kind=MeasureKind.IOT, words=NOTHING, source="gas-h2s")
    watched = replace(base, id="gas_watched")
    own_one = Measure(id="x-1", kind=MeasureKind.AI, words=Words("围栏", "fence"), source="cam-9")
    drawn(base)
    drawn(replace(watched, kind=MeasureKind.AI, source="cam-1"))
    drawn(replace(watched, source="cam-1"))
    drawn(replace(watched, source="gas-9"))
    drawn(own_one)
    drawn(replace(own_one, kind=MeasureKind.MANUAL, source="", words=NOTHING))
    lied = Words("只看了一眼", "glanced at")
    drawn(watched, replace(base, kind=MeasureKind.MANUAL, source="", words=lied), replace(own_one, source="cam-1"))
    told.run(2)
    return told


@story
def what_a_kind_of_work_cannot_do_without(site: Settings) -> Story:
    """The pipe of a blind plate, and whether the wind counts."""
    told = Story(site)
    plate = drafted(type="blind_plate", workers=("wu-gang",))
    scaffold = drafted(type="height", level="1", workers=("zhou-qiang",))
    for one in (
        plate,
        replace(plate, pipe=""),
        replace(plate, pipe="P-104"),
        scaffold,
        replace(scaffold, outdoor=False),
    ):
        told.ask(Ask.TICKET, "wang-lei", permit="", ticket=one)
        told.step()
    return told
