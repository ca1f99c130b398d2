"""The chain: every edit, drop, swap and insertion is found, and named by its row."""

import hashlib

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.store.chain import GENESIS, AuditRow, Sealed, event_body, event_of, seal, verify
from tests.support.store_values import data, event, seal_all

bodies = st.lists(st.fixed_dictionaries({"kind": st.sampled_from(["event", "start"]), "data": data}), min_size=1)


def rows(sealed: tuple[Sealed, ...]) -> list[AuditRow]:
    return [AuditRow(n=n, **msgspec.structs.asdict(row)) for n, row in enumerate(sealed, start=1)]


@given(bodies)
def test_what_was_sealed_verifies_and_the_same_records_give_the_same_hashes(records) -> None:
    sealed = seal_all(records, GENESIS)
    assert verify(rows(sealed)) is None
    assert seal_all(records, GENESIS) == sealed


@given(bodies)
def test_the_hash_is_sha256_over_the_canonical_record_and_the_hash_before(records) -> None:
    head = GENESIS
    for row, record in zip(seal_all(records, GENESIS), records, strict=True):
        assert row.prev_hash == head
        assert row.hash == hashlib.sha256(rfc8785.dumps({"body": record, "prev": head})).hexdigest()
        head = row.hash


@given(bodies, st.data())
def test_a_changed_byte_is_found_at_its_row(records, draw) -> None:
    chain = rows(seal_all(records, GENESIS))
    victim = draw.draw(st.integers(0, len(chain) - 1))
    body = bytearray(chain[victim].body)
    at = draw.draw(st.integers(0, len(body) - 1))
    body[at] ^= draw.draw(st.integers(1, 255))
    chain[victim] = msgspec.structs.replace(chain[victim], body=bytes(body))
    broken = verify(chain)
    assert broken is not None
    assert broken.n == victim + 1
    assert "altered" in broken.why


@given(st.lists(st.builds(lambda d: {"kind": "event", "data": d}, data), min_size=3, max_size=8), st.data())
def test_a_dropped_row_and_a_swapped_pair_are_found(records, draw) -> None:
    chain = rows(seal_all(records, GENESIS))
    at = draw.draw(st.integers(0, len(chain) - 2))
    dropped = verify(chain[:at] + chain[at + 1 :])
    assert dropped is not None
    assert dropped.why == f"row {at + 1} is missing"
    renumbered = chain[:at] + [msgspec.structs.replace(row, n=row.n - 1) for row in chain[at + 1 :]]
    assert verify(renumbered) is not None
    assert verify([*chain[:at], chain[at + 1], chain[at], *chain[at + 2 :]]) is not None


def test_a_changed_kind_is_found_although_the_body_was_left_alone() -> None:
    chain = rows(seal_all([{"kind": "event", "x": 1}, {"kind": "start", "x": 2}], GENESIS))
    chain[1] = msgspec.structs.replace(chain[1], kind="event")
    assert verify(chain).n == 2


def test_verification_can_go_on_from_a_known_row() -> None:
    chain = rows(seal_all([{"kind": "event", "x": x} for x in range(5)], GENESIS))
    assert verify(chain[3:], head=chain[2].hash, after=3) is None
    assert verify(chain[3:], head=chain[1].hash, after=3).n == 4


def test_an_event_comes_back_from_its_record() -> None:
    one = event(7, level=1.5, gas="h2s", name="硫化氢")
    assert event_of(seal(event_body(one), GENESIS).body) == one


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 2**53])
def test_a_record_that_json_cannot_carry_is_refused(bad) -> None:
    with pytest.raises(ValueError, match=r"safe integer|representable"):
        seal({"kind": "event", "x": bad}, GENESIS)
