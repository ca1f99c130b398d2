"""What the centre has lost is told again from the records: the same message, in pieces, and never endlessly."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.outcome import Event, Priority
from edge_agent.store.batch import Batch, Outgoing, Voice
from edge_agent.store.chain import GENESIS
from edge_agent.store.reader import Reader
from edge_agent.store.room import AGAIN
from edge_agent.store.store import Store
from edge_agent.tell import late
from edge_agent.tell.again import LONGEST_S, MOST_AT_ONCE, STALLED_S, Confirmed, Due, heard, rows, told
from tests.support.store_values import entries, event

OLD = Voice(first_seq=1, boot="old", trusted=False, demo=False)
NEW = Voice(first_seq=4, boot="new", trusted=True, demo=False)


def kept(store: Store, events: list[Event], voice: Voice) -> list[Outgoing]:
    """Commit events as a step does, and take them out of the outbox as a PUBACK does; gives what was told."""
    head, messages = store.load().head_hash, []
    for one in events:
        message = told(one, voice, head, site="s", unit="u")
        (entry,) = entries([one], head)
        store.commit(Batch(audit=(entry,), outbox=(message,), voice=voice if one is events[0] else None))
        messages.append(message)
        head = entry.sealed.hash
    with Reader.open(store.path) as reader:
        store.commit(Batch(acked=tuple(row.id for row in reader.outbox(1000))))
    return messages


def test_it_is_the_same_message_whichever_boot_told_it_first(store: Store) -> None:
    first = kept(store, [event(seq, gas="硫化氢", level=12.0) for seq in (1, 2, 3)], OLD)
    second = kept(store, [event(seq, priority=Priority.CRITICAL) for seq in (4, 5)], NEW)
    with Reader.open(store.path) as reader:
        again = rows(reader, Due(after=1, upto=5), site="s", unit="u")
    assert [row.seq for row in again] == [2, 3, 4, 5]
    assert [json.loads(row.payload) for row in again] == [json.loads(one.payload) for one in [*first[1:], *second]]
    assert {row.priority for row in again} == {AGAIN}, "news goes before what is told again"


def test_what_still_waits_is_not_told_twice_and_while_the_next_waits_nothing_is(store: Store) -> None:
    messages = kept(store, [event(seq) for seq in (1, 2, 3, 4)], OLD)
    with Reader.open(store.path) as reader:
        store.commit(Batch(outbox=(messages[2],)))
        assert [row.seq for row in rows(reader, Due(after=1, upto=4), site="s", unit="u")] == [2, 4]
        assert rows(reader, Due(after=2, upto=4), site="s", unit="u") == ()


def test_records_from_before_voices_were_kept_are_told_without_vouching_for_their_time(store: Store) -> None:
    store.commit(Batch(audit=entries([event(1)], GENESIS)))
    with Reader.open(store.path) as reader:
        (row,) = rows(reader, Due(after=0, upto=1), site="s", unit="u")
    body = json.loads(row.payload)
    assert (body["seq"], body["clocktrust"], body["bootid"]) == (1, "untrusted", "")


def known(upto: int, newest: int = 0) -> Confirmed:
    return Confirmed(upto=upto, since_s=0.0, newest=newest or upto)


def test_a_lower_number_is_healed_at_once_and_goes_on_piece_by_piece() -> None:
    newest = 2 * MOST_AT_ONCE + 7
    after, due = heard(known(newest), 0, newest, 1.0)
    assert due == Due(after=0, upto=MOST_AT_ONCE)
    after, due = heard(after, MOST_AT_ONCE - 1, newest, 2.0)
    assert due is None, "the first piece is still on its way"
    after, due = heard(after, MOST_AT_ONCE, newest, 3.0)
    assert due == Due(after=MOST_AT_ONCE, upto=2 * MOST_AT_ONCE)
    after, due = heard(after, 2 * MOST_AT_ONCE, newest + 9, 4.0)
    assert due == Due(after=2 * MOST_AT_ONCE, upto=newest)
    after, due = heard(after, newest, newest + 9, 5.0)
    assert due is None
    assert after.heal_to == 0


def test_the_same_number_is_told_again_only_when_it_has_stalled_and_then_ever_later() -> None:
    after, due = heard(known(5, newest=9), 5, 12, STALLED_S - 1)
    assert due is None
    after, due = heard(after, 5, 12, STALLED_S)
    assert due == Due(after=5, upto=9), "what came later may still be on its way"
    after, due = heard(after, 5, 12, STALLED_S + 1)
    assert due is None
    after, due = heard(after, 5, 12, 2 * STALLED_S)
    assert due is None, "telling it again has not helped: ever more patiently"
    after, due = heard(after, 5, 12, 3 * STALLED_S)
    assert due == Due(after=5, upto=12)
    after, due = heard(after, 6, 12, 3 * STALLED_S + 1)
    assert after.patience_s == STALLED_S, "it goes on"


def test_a_centre_that_has_everything_is_told_nothing_however_often_it_says_so() -> None:
    after = known(9)
    for now_s in (10.0, 100.0, 1000.0):
        after, due = heard(after, 9, 9, now_s)
        assert due is None
    after, due = heard(after, 9, 10, 1001.0)  # news, a second ago: not stalled yet
    assert due is None


class Centre:
    """What has reached its disk."""

    def __init__(self) -> None:
        self.has: set[int] = set()

    @property
    def upto(self) -> int:
        upto = 0
        while upto + 1 in self.has:
            upto += 1
        return upto


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(("arrive", "lost by the broker", "lost by the centre"))),
        max_size=12,
    ),
    st.data(),
)
def test_whatever_is_lost_the_centre_has_everything_in_the_end(
    rounds: list[tuple[int, str]], data: st.DataObject
) -> None:
    centre, newest, now_s, state = Centre(), 0, 0.0, known(0)
    for more, fate in rounds:
        told_now = range(newest + 1, newest + more + 1)
        newest += more
        if fate == "lost by the centre":
            centre.has = {seq for seq in centre.has if seq <= data.draw(st.integers(0, newest))}
        elif fate == "arrive":
            centre.has.update(told_now)
        now_s += data.draw(st.floats(0, 2 * STALLED_S))
        state, due = heard(state, centre.upto, newest, now_s)
        if due is not None:
            assert centre.upto == due.after < due.upto <= newest
            centre.has.update(data.draw(st.sets(st.integers(due.after + 1, due.upto))))
    words = 0
    while centre.upto < newest:
        now_s += LONGEST_S
        state, due = heard(state, centre.upto, newest, now_s)
        if due is not None:
            centre.has.update(range(due.after + 1, due.upto + 1))
        words += 1
        assert words < 10, "a healthy line heals it in a few words"


@pytest.mark.parametrize(
    ("age_s", "trust", "late_"),
    [(61.0, "trusted", True), (59.0, "trusted", False), (3600.0, "untrusted", False), (-5.0, "trusted", False)],
)
def test_what_is_told_late_says_so(age_s: float, trust: str, *, late_: bool) -> None:
    example = json.loads(Path("docs/upstream/examples/events/permit.paused.json").read_text())
    body = json.dumps({**example, "time": "2027-01-15T08:00:00.000Z", "clocktrust": trust}).encode()
    marked = json.loads(late.marked(body, 1_800_000_000.0 + age_s))
    assert marked.pop("ishistorical", False) is late_
    assert marked == json.loads(body)


@pytest.mark.parametrize("body", [b"", b"{}", b"no json", b'{"time":"yesterday","clocktrust":"trusted"}', b"[1]"])
def test_what_has_no_time_stays_as_it_is(body: bytes) -> None:
    assert late.marked(body, 1.8e9) == body
