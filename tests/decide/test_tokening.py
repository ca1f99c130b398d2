"""A program is let read: by an administrator of the whole site with PIN or badge alone, all of it on record."""

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.domain.person import Person, Proof, Role
from edge_agent.domain.request import Ask
from edge_agent.domain.token import DAY_S, Reads, TokenWish
from edge_agent.tell.contract.check import event_fault
from tests.support.languages import faults
from tests.support.story import Story, scenario_site

BOSS = Person(id="boss", name="Boss", roles=(Role.ADMIN,), pin_hash="x")
WISH = TokenWish(id="a" * 16, name="dashboard", reads=Reads.READ, days=30)


def asked(ask: Ask, proof: Proof, person: Person = BOSS, **more: object) -> Story:
    told = Story(scenario_site())
    told.bring(person)
    told.step()
    told.ask(ask, person.id, permit="", proof=proof, **more)
    told.step()
    return told


def events(told: Story, type_: str) -> list[dict[str, object]]:
    found = [event for event in told.decisions[-1].events if event.type == type_]
    assert not [event_fault(event.type, event.data) for event in found if event_fault(event.type, event.data)]
    return [event.data for event in found]


def test_who_lets_which_program_read_what_until_when_is_on_record() -> None:
    told = asked(Ask.LET_READ, Proof.PIN, token=WISH)
    assert told.decisions[-1].answers[-1].accepted
    (made,) = events(told, "token.made")
    said = {name: made[name] for name in ("by", "token", "name", "reads", "until_utc")}
    until_utc = told.utc + 30 * DAY_S
    assert said == {"by": "boss", "token": WISH.id, "name": "dashboard", "reads": "read", "until_utc": until_utc}


def test_who_shuts_it_out_is_on_record_and_needs_no_pin_for_it() -> None:
    told = asked(Ask.END_READING, Proof.KEY, about=(WISH.id, WISH.name))
    assert told.decisions[-1].answers[-1].accepted
    (gone,) = events(told, "token.revoked")
    assert "dashboard" in str(gone["words"])
    assert (gone["by"], gone["token"], gone["name"]) == ("boss", WISH.id, "dashboard")


@pytest.mark.parametrize(
    ("ask", "proof", "person", "more"),
    [
        (Ask.LET_READ, Proof.KEY, BOSS, {"token": WISH}),  # logged in is not enough
        (Ask.LET_READ, Proof.PIN, replace(BOSS, areas=("tank",)), {"token": WISH}),
        (Ask.LET_READ, Proof.PIN, replace(BOSS, roles=(Role.TECHNICIAN,)), {"token": WISH}),
        (Ask.LET_READ, Proof.PIN, replace(BOSS, denied="left"), {"token": WISH}),
        (Ask.LET_READ, Proof.PIN, BOSS, {}),
        (Ask.LET_READ, Proof.PIN, BOSS, {"token": replace(WISH, name=" ")}),
        (Ask.END_READING, Proof.KEY, replace(BOSS, roles=(Role.TECHNICIAN,)), {"about": (WISH.id, "x")}),
        (Ask.END_READING, Proof.KEY, BOSS, {"about": (WISH.id,)}),
    ],
)
def test_whoever_else_asks_is_refused_in_words_on_record(
    ask: Ask, proof: Proof, person: Person, more: dict[str, object]
) -> None:
    told = asked(ask, proof, person, **more)
    answer = told.decisions[-1].answers[-1]
    assert not answer.accepted
    assert not [fault for words in answer.reasons for fault in faults(words)]
    assert not events(told, "token.made")
    (refused,) = events(told, "request.refused")
    assert refused["ask"] == ask.value


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": 367}, {"name": ""}, {"reads": "write"}, {"id": "../x"}])
def test_a_wish_out_of_its_range_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**msgspec.to_builtins(WISH), **wrong}, type=TokenWish)
