"""From the picture to the plan: known cameras are found again, and what cannot be known is not told."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edge_agent.domain.plan_view import FLOOR_M, general, place, suspect, view_of
from edge_agent.domain.zone import Corner, PlanPoint

HEIGHT_M, DOWN = 4.0, math.radians(30)


def seen_at(x_m: float, y_m: float, height_m: float = HEIGHT_M, down: float = DOWN) -> Corner:
    """A point of the floor as a camera over the origin sees it that looks along y, and down; 90 degrees wide."""
    ahead = y_m * math.cos(down) + height_m * math.sin(down)
    below = height_m * math.cos(down) - y_m * math.sin(down)
    return 0.5 + x_m / ahead / 2, 0.5 + below / ahead / 2


def points(*on_plan: Corner) -> tuple[PlanPoint, ...]:
    return tuple(PlanPoint(picture=seen_at(*one), plan_m=one) for one in on_plan)


FOUR = points((-3.0, 5.0), (3.0, 5.0), (4.0, 12.0), (-4.0, 12.0))
VIEW = view_of(FOUR)


def standing(x_m: float, y_m: float, high: float = 0.2) -> tuple[float, float, float, float]:
    x, y = seen_at(x_m, y_m)
    return x - 0.03, y - high, x + 0.03, y


@given(st.floats(-6, 6), st.floats(4, 25))
def test_feet_are_found_on_the_plan_as_exactly_as_is_said(x_m: float, y_m: float) -> None:
    x, y = seen_at(x_m, y_m)
    assume(0 <= x <= 1 and y < 0.99)
    found = place(VIEW, standing(x_m, y_m, high=0.05))
    if found is not None:
        assert math.dist((found.x_m, found.y_m), (x_m, y_m)) < 1e-6
        assert found.accuracy_m >= FLOOR_M
    lower = place(VIEW, (x - 0.03, y - 0.05, x + 0.03, y + 0.001))  # the box ends a little too low
    if found is not None and lower is not None:
        assert math.dist((lower.x_m, lower.y_m), (x_m, y_m)) <= found.accuracy_m


def test_whoever_is_further_away_is_less_exactly_known() -> None:
    near, far = (place(VIEW, standing(0.0, y_m)) for y_m in (5.0, 15.0))
    assert near is not None
    assert far is not None
    assert near.accuracy_m < far.accuracy_m


def test_feet_that_are_not_seen_are_nowhere() -> None:
    assert place(VIEW, (0.4, 0.5, 0.5, 1.0)) is None, "cut off by the picture"
    assert place(VIEW, (0.4, 0.0, 0.5, 0.05)) is None, "above the horizon"
    x, y = seen_at(0.0, 4000.0)
    assert place(VIEW, (x - 0.03, y - 0.2, x + 0.03, y)) is None, "at it"


@given(st.integers(0, 2**32 - 1))
def test_points_that_are_off_say_by_how_much(seed: int) -> None:
    rng = np.random.default_rng(seed)
    exact = points((-3.0, 5.0), (3.0, 5.0), (4.0, 12.0), (-4.0, 12.0), (0.0, 8.0), (2.0, 9.0))
    assert view_of(exact).residual_m < 1e-9
    off = tuple(
        PlanPoint(
            picture=one.picture, plan_m=(one.plan_m[0] + rng.normal(0, 0.2), one.plan_m[1] + rng.normal(0, 0.2))
        )
        for one in exact
    )
    view = view_of(off)
    assert 0 < view.residual_m < 1.0
    assert view.ahead


def test_one_point_that_was_measured_wrongly_is_named() -> None:
    many = points(*((x, y) for x in (-3.0, 0.0, 3.0) for y in (5.0, 8.0, 12.0)))
    wrong = (*many[:4], PlanPoint(picture=many[4].picture, plan_m=(6.0, 14.0)), *many[5:])
    assert view_of(wrong).residual_m > 1.0
    assert suspect(wrong) == 4
    both = (PlanPoint(picture=many[0].picture, plan_m=(9.0, 9.0)), *wrong[1:])
    assert suspect(both) is None, "two are off"
    assert suspect((*points((-3.0, 5.0), (0.0, 5.0), (3.0, 5.0), (1.0, 5.0), (-1.0, 5.0)), wrong[4])) is None
    assert suspect(FOUR) is None


def test_points_that_are_mixed_up_are_not_all_ahead() -> None:
    one, two, three, four = FOUR
    crossed = (
        PlanPoint(picture=one.picture, plan_m=two.plan_m),
        PlanPoint(picture=two.picture, plan_m=one.plan_m),
        three,
        four,
    )
    assert VIEW.ahead
    assert not view_of(crossed).ahead
    lost = view_of((*crossed, *points((0.0, 8.0))))
    assert not lost.ahead or lost.residual_m > 1.0


@pytest.mark.parametrize(
    ("on_plan", "fixes"),
    [
        (((-3.0, 5.0), (3.0, 5.0), (4.0, 12.0), (-4.0, 12.0)), True),
        (((-3.0, 5.0), (3.0, 5.0), (4.0, 12.0)), False),
        (((-3.0, 5.0), (0.0, 5.0), (3.0, 5.0), (0.0, 9.0)), False),
        (((-3.0, 5.0), (0.0, 5.0), (3.0, 5.0), (0.0, 9.0), (4.0, 12.0)), True),
        (((1.0, 5.0),) * 4, False),
    ],
)
def test_only_points_in_general_position_fix_a_view(on_plan: tuple[Corner, ...], fixes: bool) -> None:  # noqa: FBT001
    assert general(points(*on_plan)) is fixes
