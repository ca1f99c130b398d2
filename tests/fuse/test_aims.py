"""A camera that can turn: nobody is judged but in a picture that was taken while it looked home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.domain.observation import Aim, Aimed, SeenPerson, Sighting, View
from edge_agent.fuse.aims import LINGERS_S
from edge_agent.fuse.memory import Memory, absorb

SOMEBODY = SeenPerson(track=1, box=(0.1, 0.1, 0.2, 0.5), score=0.9, zones=("tank",))


def seen(at_s: float, view: View = View.CLEAR, age_s: float = 0.0) -> Sighting:
    return Sighting(source="cam-1", at_s=at_s, view=view, persons=(SOMEBODY,), age_s=age_s)


def aimed(at_s: float, aim: Aim) -> Aimed:
    return Aimed(source="cam-1", at_s=at_s, aim=aim)


def last(*heard: Sighting | Aimed, movable: bool = True) -> Sighting:
    memory = Memory(booted_s=0, movable=frozenset({"cam-1"}) if movable else frozenset())
    return absorb(memory, heard).sightings["cam-1"]


@given(
    st.lists(st.tuples(st.floats(0, 100), st.sampled_from(Aim)), max_size=8),
    st.floats(0, 100),
    st.floats(0, 30),
    st.sampled_from(View),
)
def test_nobody_is_judged_in_a_picture_from_elsewhere(
    turns: list[tuple[float, Aim]], at_s: float, age_s: float, view: View
) -> None:
    """Whatever the order of moves, and however late the picture comes."""
    spoken = [aimed(when, aim) for when, aim in sorted(turns, key=lambda turn: turn[0]) if when <= at_s]
    found = last(*spoken, seen(at_s, view, age_s))
    home_s = None
    for one in spoken:
        home_s = None if one.aim is not Aim.HOME else one.at_s if home_s is None else home_s
    at_home = home_s is not None and at_s - age_s >= home_s
    if found.persons:
        assert at_home
    if found.view is View.CLEAR:
        assert at_home
        assert view is View.CLEAR
    if at_home and view is View.CLEAR:
        assert found.persons == (SOMEBODY,)


def test_a_camera_that_cannot_turn_needs_no_word() -> None:
    assert last(seen(1.0), movable=False).view is View.CLEAR
    unknown = last(seen(1.0))
    assert unknown.view is View.UNJUDGED
    assert "位置未知" in unknown.detail.zh


@pytest.mark.parametrize("view", [View.DARK, View.FROZEN, View.GONE])
def test_what_is_wrong_with_the_camera_itself_is_told_wherever_it_looks(view: View) -> None:
    found = last(aimed(0.0, Aim.AWAY), seen(1.0, view))
    assert (found.view, found.persons) == (view, ())


def test_back_home_it_is_not_told_to_have_moved_until_the_other_scene_is_forgotten() -> None:
    turned = (aimed(0.0, Aim.HOME), aimed(1.0, Aim.AWAY), aimed(9.0, Aim.HOME))
    assert last(*turned, seen(9.5, View.MOVED)).view is View.UNJUDGED
    assert last(*turned, seen(9.5 + LINGERS_S, View.MOVED)).view is View.MOVED  # somebody turned it by hand
    assert last(*turned, seen(9.5)).view is View.CLEAR


def test_a_word_that_it_is_still_home_does_not_begin_anew() -> None:
    assert last(aimed(0.0, Aim.HOME), aimed(5.0, Aim.HOME), seen(6.0, age_s=3.0)).view is View.CLEAR
