"""New PINs and badges over the real socket: hashed in the desk, and nothing that is guessed at once."""

from typing import Any

import pytest

from edge_agent.domain.person import PersonChange, Role
from edge_agent.tell.who.hashing import matches
from edge_agent.tell.who.proof import hint
from tests.support.desk_site import BADGE, Browser, Site


def asked(site: Site, **fields: Any) -> dict[str, Any]:
    browser = Browser()
    assert browser.log_in(site, person="li", pin="2468")["accepted"]
    record = {"id": "new-1", "name": "New", "roles": ["worker"], "language": "en"}
    return browser.ask(site, **{"ask": "person", "permit": "", "pin": "2468", "record": record, **fields})


def test_a_new_person_reaches_the_brain_with_hashes_alone(site: Site) -> None:
    assert asked(site, new_pin="8305", new_badge="04:FF:01")["accepted"]
    (request,) = site.requests
    record = request.record
    assert record is not None
    assert record.pin_hash is not None
    assert record.pin_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(record.pin_hash, "8305")
    assert matches(record.badge_hash, "04:FF:01")
    assert record.badge_hint == hint("04:FF:01")
    assert "8305" not in repr(request)
    assert "04:FF:01" not in repr(request)
    plain = PersonChange(id="new-1", name="New", roles=(Role.WORKER,), language="en")
    assert (record.id, record.name, record.roles, record.language) == (
        plain.id,
        plain.name,
        plain.roles,
        plain.language,
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"new_pin": "123"}, "4 to 12 digits"),
        ({"new_pin": "12a4"}, "4 to 12 digits"),
        ({"new_pin": "\uff11\uff12\uff13\uff15"}, "4 to 12 digits"),
        ({"new_pin": "8" * 13}, "4 to 12 digits"),
        ({"new_pin": "7777"}, "guessed at once"),
        ({"new_pin": "3456"}, "guessed at once"),
        ({"new_pin": "987654"}, "guessed at once"),
        ({"new_pin": "8461", "record": {"id": "8461", "name": "x", "roles": ["worker"]}}, "guessed at once"),
        ({"new_badge": "04"}, "read it again"),
        ({"new_badge": BADGE}, "registered for"),
    ],
)
def test_what_is_guessed_at_once_or_belongs_to_somebody_is_none(
    site: Site, fields: dict[str, Any], says: str
) -> None:
    answer = asked(site, **fields)
    assert says in answer["reasons"][0]["en"]
    assert answer["reasons"][0]["zh"]
    assert site.requests == []
    assert str(fields.get("new_pin")) not in answer["reasons"][0]["en"]


def test_without_a_fresh_proof_nothing_is_hashed(site: Site) -> None:
    asked(site, pin=None, new_pin="8305")
    (request,) = site.requests
    assert request.record is not None
    assert request.record.pin_hash is None  # and the brain refuses it: a log-in is not enough


@pytest.mark.parametrize(
    "record",
    [{"name": "x"}, {"id": "a", "pin_hash": "$"}, {"id": "a", "roles": ["king"]}, {"id": "a", "language": "fr"}],
)
def test_a_record_that_cannot_be_meant_is_malformed(site: Site, record: dict[str, Any]) -> None:
    assert "malformed" in asked(site, record=record)["reasons"][0]["en"]
    assert site.requests == []
