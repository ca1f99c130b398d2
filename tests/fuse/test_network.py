"""The network: gone when everything on the air falls silent at once, there as soon as one word gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.observation import Observation, Position, Sighting, View
from edge_agent.fuse.memory import Memory, absorb, spoke
from edge_agent.fuse.network import Air, Network, network

AIR = Air(periods={"a": 1.0, "b": 1.0, "cam": 1.0, "slow": 10.0}, least_s=5.0, witnesses=3)
FAST = ("a", "b", "cam")


def word(source: str, at_s: float, view: View = View.CLEAR) -> Observation:
    if source == "cam":
        return Sighting(source=source, at_s=at_s, view=view)
    return Position(source=source, at_s=at_s, x_m=0.0, y_m=0.0)


def heard(*words: Observation, air: Air = AIR) -> Memory:
    memory = Memory(booted_s=0.0, air=air)
    for one in words:
        memory = absorb(memory, (one,))
    return memory


def now(memory: Memory, now_s: float) -> Network:
    return network(memory.air, spoke(memory), now_s)


def test_all_silent_at_once_is_the_network() -> None:
    memory = heard(*(word(source, 10.0) for source in FAST))
    assert now(memory, 14.9).silent_since_s is None, "too short a silence"
    assert now(memory, 15.0).silent_since_s == 10.0


def test_two_are_no_witnesses_enough() -> None:
    assert now(heard(word("a", 10.0), word("b", 10.0)), 100.0).silent_since_s is None


def test_nothing_was_ever_heard() -> None:
    assert now(heard(), 100.0) == Network()


def test_who_was_silent_before_proves_nothing() -> None:
    memory = heard(word("cam", 5.0), word("a", 10.0), word("b", 10.0))
    assert now(memory, 60.0).silent_since_s is None, "the camera fell silent by itself"


def test_a_slow_source_proves_nothing_before_it_has_missed_three_words() -> None:
    memory = heard(word("slow", 8.0), word("a", 10.0), word("b", 10.0))
    assert now(memory, 37.0).silent_since_s is None
    assert now(memory, 38.0).silent_since_s == 10.0


def test_one_that_gets_through_shows_that_the_network_is_there() -> None:
    memory = heard(*(word(source, 10.0) for source in (*FAST, "slow")), word("b", 12.0), word("b", 14.0))
    assert now(memory, 14.9).silent_since_s is None
    assert now(memory, 60.0).silent_since_s is None, "the others had been silent before it was"


def test_what_the_box_says_of_a_lost_stream_is_no_word_on_the_air() -> None:
    memory = heard(*(word(source, 10.0) for source in FAST), word("cam", 14.0, View.GONE))
    assert now(memory, 16.0).silent_since_s == 10.0


def test_a_hole_is_remembered_for_the_source_whose_word_it_took() -> None:
    memory = heard(word("slow", 8.0), *(word(source, 10.0) for source in FAST), word("a", 22.0))
    found = now(memory, 30.0)
    assert found == Network(silent_since_s=None, hole=(10.0, 22.0))
    assert found.excused_s(8.0, 30.0, 30.0) == 14.0
    assert found.excused_s(8.0, 30.0, 5.0) == 5.0, "never more than the grace"
    assert found.excused_s(23.0, 30.0, 30.0) == 0.0, "heard since"
    assert Network().excused_s(8.0, 30.0, 30.0) == 0.0
    assert Network(silent_since_s=10.0, hole=(1.0, 2.0)).excused_s(8.0, 30.0, 60.0) == 22.0


def test_a_source_of_no_known_period_is_not_on_the_air() -> None:
    assert now(heard(word("unknown", 10.0)), 60.0) == Network()


@given(
    st.lists(st.tuples(st.sampled_from(("a", "b", "cam", "slow")), st.floats(0.1, 9.0)), max_size=40),
    st.floats(0, 200),
    st.floats(0, 200),
    st.floats(1, 30),
)
def test_no_excuse_is_longer_than_the_grace(
    said: list[tuple[str, float]], spoke_s: float, later_s: float, grace_s: float
) -> None:
    at_s, words = 0.0, []
    for source, gap_s in said:
        at_s += gap_s
        words.append(word(source, at_s))
    excused_s = now(heard(*words), at_s + later_s).excused_s(min(spoke_s, at_s + later_s), at_s + later_s, grace_s)
    assert 0.0 <= excused_s <= grace_s


@pytest.mark.parametrize("together", [True, False])
def test_words_of_one_step_are_one_word(together: bool) -> None:  # noqa: FBT001
    said = tuple(word(source, 10.0) for source in FAST)
    memory = Memory(booted_s=0.0, air=AIR)
    memory = absorb(memory, said) if together else heard(*said)
    memory = absorb(memory, (word("b", 40.0), word("a", 41.0)))
    assert memory.air.hole == (10.0, 40.0)
    assert memory.air.heard_s == 41.0
