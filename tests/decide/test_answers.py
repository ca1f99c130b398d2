"""Whoever sends something hears whether it was taken, once, in the step that took it."""

from edge_agent.decide.asking.answer import ERRANDS, HANDLERS
from edge_agent.domain.device import DeviceRecord, DeviceStatus
from edge_agent.domain.noted import LoggedIn
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask
from tests.support.story import T0_UTC, Story, scenario_site, ticket


def answers(told: Story) -> dict[str, bool]:
    """After one step: what was answered, and whether it was accepted."""
    told.step()
    given = [(one.request, one.accepted) for one in told.decisions[-1].answers]
    assert len(given) == len(dict(given))
    return dict(given)


def test_everything_that_arrives_is_answered() -> None:
    told = Story(scenario_site())
    told.bring(ticket())
    told.bring(ticket(area="nowhere", version=2))
    told.bring(told.known("li-na", valid_until_utc=T0_UTC + 60))
    told.bring(told.known("li-na", valid_until_utc=T0_UTC - 60))
    told.bring(DeviceRecord(id="gas-o2", status=DeviceStatus.IN_SERVICE))
    told.ask(Ask.CHECK_IN, "li-na", permit="P-none")
    assert answers(told) == {"r1": True, "r2": False, "r3": True, "r4": False, "r5": True, "r6": False}
    assert answers(told) == {}


def test_everything_that_can_be_asked_has_one_who_answers() -> None:
    assert set(Ask) == {*HANDLERS, *ERRANDS}
    assert not HANDLERS.keys() & ERRANDS.keys()


def test_who_has_logged_in_is_on_record() -> None:
    told = Story(scenario_site())
    told.file(LoggedIn(id="r1", at_s=told.now_s, person="li-na", proof=Proof.PIN, panel=True))
    assert answers(told) == {}
    (event,) = told.decisions[-1].events
    assert (event.type, event.subject, event.data["proof"], event.data["panel"]) == (
        "person.logged_in",
        "li-na",
        "pin",
        True,
    )
