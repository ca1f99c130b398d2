"""People kept on the box: what an administrator may change of whom, and that the box never loses its last one."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.domain.outcome import Event
from edge_agent.domain.person import Certificate, Person, PersonChange, Proof, Role
from edge_agent.domain.request import Ask
from tests.support.languages import faults
from tests.support.story import Story, scenario_site

ADMIN = Person(id="boss", name="管理员", roles=(Role.ADMIN,), pin_hash="$boss")
UNCLAIMED = scenario_site()
UNCLAIMED = replace(UNCLAIMED, persons=tuple(one for one in UNCLAIMED.persons if not one.administers))
SITE = replace(UNCLAIMED, persons=(*UNCLAIMED.persons, ADMIN))


def story() -> Story:
    begun = Story(SITE)
    begun.step()
    return begun


def change(told: Story, by: str = "boss", proof: Proof = Proof.PIN, **record: Any) -> list[str]:
    """What stands against it, in English; nothing where it was accepted."""
    told.ask(Ask.PERSON, by, proof=proof, permit="", record=PersonChange(**record))
    told.step()
    (answer,) = told.decisions[-1].answers
    assert answer.accepted is not bool(answer.reasons)
    names = {person.name for person in told.decisions[-1].state.persons.values()}
    unnamed = [words for words in answer.reasons if not any(name in words.en for name in names)]
    assert not [fault for words in unnamed for fault in faults(words)]
    return [words.en for words in answer.reasons]


def newest(told: Story) -> Event:
    return told.decisions[-1].events[-1]


def test_somebody_is_added_and_the_record_says_by_whom_and_never_what_proves_him() -> None:
    told = story()
    assert not change(
        told, id="new-1", name="新人", roles=(Role.WORKER,), language="en", pin_hash="$secret", badge_hash="$b"
    )
    added = told.decisions[-1].state.persons["new-1"]
    assert (added.name, added.roles, added.language, added.pin_hash) == ("新人", (Role.WORKER,), "en", "$secret")
    event = newest(told)
    assert (event.type, event.subject, event.data["by"]) == ("person.changed", "new-1", "boss")
    assert event.data["new"]
    assert event.data["new_pin"]
    assert "$secret" not in repr(event)
    assert "$b" not in repr(event.data)


def test_what_is_not_named_stays_and_empty_text_takes_away() -> None:
    told = story()
    before = told.decisions[-1].state.persons["li-na"]
    licence = Certificate(number="T-9", scopes=("guard",), valid_to_utc=4102444800.0)
    assert not change(told, id="li-na", tag="", areas=("tank-inside",), certificates=(licence,))
    after = told.decisions[-1].state.persons["li-na"]
    assert after == replace(before, tag=None, areas=("tank-inside",), certificates=(licence,))
    assert not change(told, id="li-na", denied="medical")
    assert not change(told, id="li-na", denied="")
    assert told.decisions[-1].state.persons["li-na"].denied is None


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"id": "New One", "name": "x", "roles": (Role.WORKER,)}, "an id is"),
        ({"id": "new-1", "roles": (Role.WORKER,)}, "the name is missing"),
        ({"id": "new-1", "name": "x"}, "at least one role"),
        ({"id": "li-na", "roles": ()}, "at least one role"),
        ({"id": "li-na", "areas": ("moon",)}, "no area moon"),
        ({"id": "li-na", "tag": "tag-99"}, "no wearable tag-99"),
        ({"id": "li-na", "tag": "tag-worker-1"}, "is worn by"),
        ({"id": "boss", "denied": "x"}, "nobody bars himself"),
        ({"id": "boss", "roles": (Role.VIEWER,)}, "needs an administrator"),
        ({"id": "boss", "areas": ("yard",)}, "needs an administrator"),
    ],
)
def test_what_cannot_be_meant_is_refused(record: dict[str, Any], says: str) -> None:
    told = story()
    before = told.decisions[-1].state.persons
    assert says in "; ".join(change(told, **record))
    assert told.decisions[-1].state.persons is before
    assert newest(told).type == "request.refused"


def test_only_an_administrator_with_a_fresh_proof_changes_anybody() -> None:
    told = story()
    assert "only an administrator" in change(told, by="zhao-min", id="li-na", denied="x")[0]
    local = story()
    local.bring(Person(id="local", name="Local", roles=(Role.ADMIN,), areas=("yard",), pin_hash="$"))
    local.step()
    assert "of the whole site" in change(local, by="local", id="local", areas=())[0]  # into all other areas
    assert "once more" in change(told, proof=Proof.KEY, id="li-na", denied="x")[0]
    told.ask(Ask.PERSON, "boss", permit="")
    told.step()
    assert "says of nobody" in told.decisions[-1].answers[0].reasons[0].en


def test_an_administrator_who_cannot_prove_it_administers_nothing() -> None:
    assert ADMIN.administers
    assert not replace(ADMIN, pin_hash=None).administers
    assert not replace(ADMIN, roles=(Role.VIEWER,)).administers
    assert not replace(ADMIN, areas=("yard",)).administers
    # No second claim by barring the first.
    assert replace(ADMIN, pin_hash=None, badge_hash="$b", denied="x").administers


def claims(told: Story, id_: str) -> None:
    record = PersonChange(id=id_, name="Boss", roles=(Role.ADMIN,), pin_hash="$secret")
    told.ask(Ask.PERSON, id_, proof=Proof.CLAIM, permit="", record=record)


def test_a_box_is_claimed_once_and_of_two_at_once_one_is_refused() -> None:
    unclaimed = scenario_site()
    told = Story(
        replace(unclaimed, persons=tuple(one for one in unclaimed.persons if Role.ADMIN not in one.roles))
    )
    told.step()
    claims(told, "boss")
    claims(told, "other")
    told.step()
    assert [answer.accepted for answer in told.decisions[-1].answers] == [True, False]
    state = told.decisions[-1].state
    assert state.persons["boss"].administers
    assert "other" not in state.persons
    assert [event.type for event in told.decisions[-1].events] == [
        "person.changed",
        "unit.claimed",
        "request.refused",
    ]
    assert "$secret" not in repr(told.decisions[-1].events)
    claims(told, "later")
    told.step()
    assert "claimed only once" in told.decisions[-1].answers[0].reasons[0].en


@pytest.mark.parametrize("ask", [ask for ask in Ask if ask not in {Ask.PERSON, Ask.STOP}])
def test_the_claim_code_is_good_for_nothing_else(ask: Ask) -> None:
    told = story()
    told.ask(ask, "boss", proof=Proof.CLAIM, permit="P-1")
    told.step()
    assert not told.decisions[-1].answers[0].accepted
