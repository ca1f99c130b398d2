"""All states x triggers, and random lives: no path to permitted work without named people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.decide.permit_machine import ONLY_PEOPLE, PERMITTED, TRANSITIONS, Trigger, after
from edge_agent.domain.permit import TERMINAL, UNDER_WAY, State


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("trigger", Trigger)
def test_only_people_lead_to_permitted_work(state: State, trigger: Trigger) -> None:
    if after(state, trigger) in PERMITTED:
        assert trigger in ONLY_PEOPLE


@pytest.mark.parametrize("state", sorted(TERMINAL))
@pytest.mark.parametrize("trigger", Trigger)
def test_an_ended_permit_stays_ended(state: State, trigger: Trigger) -> None:
    assert after(state, trigger) is None


@pytest.mark.parametrize("state", sorted(set(State) - TERMINAL))
def test_every_open_permit_can_expire_and_be_withdrawn(state: State) -> None:
    assert after(state, Trigger.EXPIRE) is State.EXPIRED
    assert after(state, Trigger.REVOKE) is State.REVOKED


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_a_rule_or_a_hand_always_ends_permitted_work(state: State) -> None:
    """Whatever is under way is not permitted after a pause or a stop, at the latest one trigger on."""
    for trigger in (Trigger.RULE_PAUSES, Trigger.STOP, Trigger.RESTART):
        assert (after(state, trigger) or state) not in PERMITTED


def test_a_restart_leaves_nothing_running_and_nothing_ready() -> None:
    for state in State:
        came_up = after(state, Trigger.RESTART) or state
        assert came_up not in {State.ACTIVE, State.RESUME_CHECK, State.FIRE_WATCH, State.READY}


def test_paused_work_leaves_only_by_people_or_by_ending() -> None:
    leaving = {
        trigger
        for (state, trigger), to in TRANSITIONS.items()
        if state in {State.PAUSED, State.SUSPENDED} and to not in {State.PAUSED, State.SUSPENDED}
    }
    assert leaving == {Trigger.ASK_RESUME, Trigger.CLOSE, Trigger.EXPIRE, Trigger.REVOKE}


def test_a_fire_watch_begins_with_people_at_the_point_or_straight_from_the_work() -> None:
    into = {(state, trigger) for (state, trigger), to in TRANSITIONS.items() if to is State.FIRE_WATCH}
    assert into == {(State.ACTIVE, Trigger.END_WORK), (State.RESUME_CHECK, Trigger.RESUME_WATCH)}


@given(st.lists(st.sampled_from(Trigger), max_size=30))
def test_no_life_without_people_ever_permits_work(triggers: list[Trigger]) -> None:
    state = State.RECEIVED
    for trigger in triggers:
        if trigger not in ONLY_PEOPLE:
            state = after(state, trigger) or state
        assert state not in PERMITTED
