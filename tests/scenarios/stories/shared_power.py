"""One output gives power to several jobs: what one of them takes from the others, and how it comes back."""

from edge_agent.domain.permit import Permit
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Approval, Point, Ticket, WorkType
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story
from tests.support.story import T0_UTC, Story, ticket

GUARDS = {"P-1": "li-na", "P-2": "chen-jie"}
SIGNED = (Approval(role="specialist_department", person="qian-wei", at_utc=T0_UTC - 3600),)


def dig(id_: str, guard: str, x_m: float, *devices: str) -> Ticket:
    return ticket(
        id=id_, type=WorkType.EXCAVATION, area="yard", point=Point(x_m, 20.0), guards=(guard,),
        workers=("wu-gang",), approvals=SIGNED, coordinator="qian-wei", devices=devices, video_required=False,
    )  # fmt: skip


def both_at_work(told: Story, other: str = "relay-1") -> Story:
    """P-1 and P-2 are under way, with the power of relay-1 (P-2: of another module)."""
    told.field.guard |= {"x_m": 20.0, "y_m": 20.5}
    told.field.also["tag-guard-2"] = {"x_m": 60.0, "y_m": 20.5, "moving": True}
    told.bring(dig("P-1", "li-na", 20.0, "relay-1"))
    told.bring(dig("P-2", "chen-jie", 60.0, other))
    told.run(2)
    for id_, guard in GUARDS.items():
        told.ask(Ask.CHECK_IN, guard, permit=id_)
        told.run(2)
        sign(told, Ask.START, id_, "wang-lei", guard)
    return told


def sign(told: Story, ask: Ask, id_: str, *people: str) -> None:
    for person in people:
        told.ask(ask, person, permit=id_, people_inside=0)
        told.step()
    told.step()


def of(told: Story, id_: str) -> Permit:
    return told.decisions[-1].state.permits[id_]


def stop(told: Story, id_: str) -> None:
    told.ask(Ask.STOP, "zhou-qiang", permit=id_, proof=Proof.NONE, reason="smell")
    told.step()


def resume(told: Story, id_: str) -> None:
    told.ask(Ask.ACKNOWLEDGE, "wang-lei", permit=id_)
    told.run(2 * told.settings.rulebook.resume.clean_s.value + 5)
    sign(told, Ask.RESUME, id_, "wang-lei", GUARDS[id_])


@story
def a_job_takes_the_power_of_another_and_of_one_that_has_not_begun(site: Settings) -> Story:
    """The one that stopped is closed, the other one goes on by its own people; then that one is closed, too."""
    told = both_at_work(Story(site))
    told.bring(dig("P-3", "chen-jie", 80.0, "relay-1"))
    told.run(2)
    stop(told, "P-2")
    told.run(2)
    sign(told, Ask.CLOSE, "P-2", "wang-lei", "feng-tao")
    told.run(3)
    resume(told, "P-1")
    stop(told, "P-1")
    told.run(3)
    sign(told, Ask.CLOSE, "P-1", "wang-lei", "feng-tao")
    told.run(2)
    return told


@story
def whoever_is_resumed_first_waits_for_the_power(site: Settings) -> Story:
    told = both_at_work(Story(site))
    stop(told, "P-2")
    told.run(2)
    resume(told, "P-1")
    told.run(2)
    told.field.stuck = False  # the contactor takes a moment
    resume(told, "P-2")
    told.field.stuck = None
    told.run(2)
    return told
