"""Somebody of a third party (4-05): entered until a day, shown things, and heard for a stop alone."""

import msgspec
import pytest

from edge_agent.decide.asking.entitled import READS_ONLY, unentitled
from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask, Request
from edge_agent.tell.who.papers import listed
from tests.decide.test_roster import change, story
from tests.support.languages import faults
from tests.support.story import T0_UTC

DAY_S = 86_400.0
UNTIL = T0_UTC + DAY_S


def inspector(**changes: object) -> Person:
    base = Person(id="wu-park", name="吴", roles=(Role.INSPECTOR,), valid_until_utc=UNTIL, pin_hash="$")
    return msgspec.structs.replace(base, **changes)


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({}, "until which day"),
        ({"valid_until_utc": UNTIL, "roles": (Role.INSPECTOR, Role.ADMIN)}, "no other role"),
        ({"valid_until_utc": UNTIL}, ""),
    ],
)
def test_he_is_entered_with_a_last_day_and_as_nothing_else(record: dict[str, object], says: str) -> None:
    told = story()
    given = {"id": "wu-park", "name": "Wu", "roles": (Role.INSPECTOR,), "pin_hash": "$w", **record}
    answer = "; ".join(change(told, **given))
    assert says in answer
    assert bool(answer) is bool(says)
    assert ("wu-park" in told.decisions[-1].state.persons) is not bool(says)


@pytest.mark.parametrize("ask", [ask for ask in Ask if ask is not Ask.STOP])
@pytest.mark.parametrize("proof", [Proof.NONE, Proof.KEY, Proof.PIN, Proof.BADGE])
def test_whatever_he_asks_is_refused(ask: Ask, proof: Proof) -> None:
    request = Request(id="r", at_s=0.0, ask=ask, person="wu-park", proof=proof, permit="P-1")
    assert unentitled(request, inspector(), T0_UTC) == (READS_ONLY,)
    assert not faults(READS_ONLY)


def test_he_stops_the_work_as_anybody_may() -> None:
    told = story()
    told.begin_work()
    told.bring(inspector())
    told.step()
    told.ask(Ask.STOP, "wu-park", permit="P-1", reason="sparks")
    told.step()
    assert told.decisions[-1].answers[0].accepted


@pytest.mark.parametrize(("until", "over"), [(UNTIL, False), (T0_UTC, True), (T0_UTC - 1, True), (None, True)])
def test_his_time_is_over_at_its_end_and_never_began_without_one(until: float | None, *, over: bool) -> None:
    assert inspector(valid_until_utc=until).over_at(T0_UTC) is over
    assert not inspector(valid_until_utc=until, roles=(Role.AUDITOR,)).over_at(T0_UTC)
    assert listed(inspector(valid_until_utc=until)).until_utc == until
