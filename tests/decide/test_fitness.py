"""A person's fitness at one instant: what is missing, expired or withdrawn is said, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.decide.fitness import (
    certificate_faults,
    certified_until_utc,
    daily_class_fault,
    record_fault,
    training_fault,
)
from edge_agent.domain.person import Certificate, Person, Role

NOW = 1_795_000_000.0
CHINA_S = 8 * 3600.0
ANNA = Person(id="anna", name="Anna", roles=(Role.GUARD,))
CARD = Certificate(number="C-1", scopes=("guard", "low_voltage"), valid_to_utc=NOW + 1)


def card(**changes: object) -> Person:
    return replace(ANNA, certificates=(replace(CARD, **changes),))


@pytest.mark.parametrize(
    ("person", "scope", "says"),
    [
        (ANNA, "guard", "no certificate for guarding work"),
        (card(), "high_voltage", "no certificate for high-voltage work"),
        (card(valid_to_utc=NOW), "guard", "C-1 for guarding work expired 0.0 days ago"),
        (card(status="suspended"), "guard", "is suspended"),
        (card(status="revoked"), "low_voltage", "is revoked"),
    ],
)
def test_a_certificate_that_does_not_hold_is_named(person: Person, scope: str, says: str) -> None:
    (said,) = certificate_faults(person, (scope,), NOW)
    assert says in said.en
    assert said.zh


def test_a_scope_of_the_sites_own_is_named_by_its_id() -> None:
    (said,) = certificate_faults(ANNA, ("rope_access",), NOW)
    assert said.en == "Anna has no certificate for rope_access"
    assert said.zh == "Anna 没有“rope_access”资格证"


def test_one_certificate_that_holds_is_enough() -> None:
    old = replace(CARD, number="C-0", valid_to_utc=NOW - 1)
    both = replace(ANNA, certificates=(old, CARD))
    assert not list(certificate_faults(both, ("guard", "low_voltage"), NOW))
    assert len(list(certificate_faults(both, ("guard", "hot", "height"), NOW))) == 2


def test_until_when_all_scopes_are_covered() -> None:
    short = Certificate(number="C-2", scopes=("hot",), valid_to_utc=NOW - 5)
    person = replace(ANNA, certificates=(CARD, short, replace(CARD, status="revoked", valid_to_utc=NOW + 99)))
    assert certified_until_utc(person, ("guard",)) == NOW + 1
    assert certified_until_utc(person, ("guard", "hot")) == NOW - 5
    assert certified_until_utc(person, ("guard", "height")) is None
    assert certified_until_utc(person, ()) is None


def test_training_that_nobody_recorded_is_not_training() -> None:
    assert list(training_fault(ANNA, NOW))
    assert list(training_fault(replace(ANNA, training_ok_until_utc=NOW), NOW))
    assert not list(training_fault(replace(ANNA, training_ok_until_utc=NOW + 1), NOW))


@pytest.mark.parametrize(("done", "fit"), [(None, False), (0.0, True), (1.0, False), (-86400.0, False)])
def test_the_class_is_todays(done: float | None, fit: bool) -> None:  # noqa: FBT001 (a table's column)
    person = replace(ANNA, daily_class_utc=None if done is None else NOW + done)
    assert bool(list(daily_class_fault(person, NOW, CHINA_S))) is not fit


@given(st.integers(0, 86399), st.integers(0, 86399))
def test_a_day_is_the_sites_own(class_s: int, asked_s: int) -> None:
    """Both within one Chinese day: fit exactly if the class came first."""
    midnight = (NOW + CHINA_S) // 86400 * 86400 - CHINA_S
    person = replace(ANNA, daily_class_utc=midnight + class_s)
    assert bool(list(daily_class_fault(person, midnight + asked_s, CHINA_S))) is (class_s > asked_s)


def test_a_record_past_its_deadline() -> None:
    assert not list(record_fault(ANNA, NOW))
    assert not list(record_fault(replace(ANNA, valid_until_utc=NOW + 1), NOW))
    (said,) = record_fault(replace(ANNA, valid_until_utc=NOW - 7200), NOW)
    assert "2.0 h" in said.en
