"""The tracker keeps numbers to people, invents nobody, and follows no ghost."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from edge_agent.sense.camera.tracker import TrackLimits, Tracks, follow, overlaps, pairs

LIMITS = TrackLimits(sure_score=0.4)
PERIOD_S = 0.2

side = st.floats(0, 0.6)
size = st.floats(0.05, 0.4)
box = st.builds(lambda x, y, w, h: (x, y, x + w, y + h), side, side, size, size)
detection = st.tuples(box, st.floats(0.1, 1.0))
picture = st.lists(detection, max_size=6)


def step(
    tracks: Tracks, found: list[tuple[tuple[float, ...], float]], now_s: float
) -> tuple[Tracks, list[tuple[int, int]]]:
    corners = np.array([b for b, _ in found], np.float64).reshape(-1, 4)
    return follow(tracks, corners, np.array([s for _, s in found]), now_s, LIMITS)


def walk(film: list[list[tuple[tuple[float, ...], float]]], period_s: float = PERIOD_S) -> list[dict[int, int]]:
    """Track number by box number, for each picture of the film."""
    tracks, told = Tracks(), []
    for n, found in enumerate(film):
        tracks, seen = step(tracks, found, n * period_s)
        told.append({number: track for track, number in seen})
    return told


@settings(max_examples=80, deadline=None)
@given(st.lists(picture, max_size=6))
def test_nobody_is_invented_and_no_number_is_given_twice(
    film: list[list[tuple[tuple[float, ...], float]]],
) -> None:
    tracks, highest = Tracks(), 0
    for n, found in enumerate(film):
        before = {track.id for track in tracks.alive}
        tracks, seen = step(tracks, found, n * PERIOD_S)
        numbers = [track for track, _ in seen]
        boxes = [number for _, number in seen]
        assert len(set(numbers)) == len(numbers)
        assert len(set(boxes)) == len(boxes)
        assert set(boxes) <= set(range(len(found)))
        sure = {i for i, (_, score) in enumerate(found) if score >= LIMITS.sure_score}
        assert sure <= set(boxes)  # whoever is surely seen is told at once
        fresh = set(numbers) - before
        assert all(number > highest for number in fresh)
        highest = max([highest, *numbers])


@settings(max_examples=40, deadline=None)
@given(box, st.lists(st.floats(0.4, 1.0), min_size=2, max_size=30))
def test_a_guard_who_stands_still_keeps_the_number(place: tuple[float, ...], scores: list[float]) -> None:
    told = walk([[(place, score)] for score in scores])
    assert {seen[0] for seen in told} == {1}


@settings(max_examples=40, deadline=None)
@given(st.floats(-0.25, 0.25), st.floats(-0.2, 0.2), st.permutations([0, 1]))
def test_people_who_walk_keep_their_numbers_whatever_the_order(vx: float, vy: float, order: list[int]) -> None:
    film = []
    for n in range(8):
        dx, dy = vx * n * PERIOD_S, vy * n * PERIOD_S
        two = [((0.3 + dx, 0.3 + dy, 0.45 + dx, 0.7 + dy), 0.9), ((0.75, 0.3 + dy, 0.9, 0.7 + dy), 0.8)]
        film.append([two[i] for i in (order if n % 2 else [0, 1])])
    told = walk(film)
    first = [seen[order.index(0) if n % 2 else 0] for n, seen in enumerate(told)]
    assert len(set(first)) == 1


def test_a_fast_walker_is_followed_by_the_guess_of_the_velocity() -> None:
    def at(n: int) -> list[tuple[tuple[float, ...], float]]:
        x = 0.05 * n + 0.012 * n * n  # ever faster: from the sixth step on two boxes in a row hardly overlap
        return [((x, 0.4, x + 0.18, 0.9), 0.9)]

    assert overlaps(np.array([at(6)[0][0]]), np.array([at(7)[0][0]]))[0, 0] < LIMITS.sure_iou
    assert {seen[0] for seen in walk([at(n) for n in range(9)])} == {1}


def test_a_short_gap_keeps_the_number_and_a_long_one_does_not() -> None:
    here = [((0.4, 0.3, 0.5, 0.7), 0.9)]
    short = walk([here, here, [], [], here])
    assert short[4] == {0: 1}
    assert short[2] == {}  # not seen is not told
    long = walk([here, here, [], here], period_s=1.5)
    assert long[3] == {0: 2}


def test_an_unsure_box_extends_a_track_but_begins_none() -> None:
    sure, unsure = [((0.4, 0.3, 0.5, 0.7), 0.9)], [((0.4, 0.3, 0.5, 0.7), 0.2)]
    assert walk([unsure, unsure]) == [{}, {}]
    assert walk([sure, unsure, unsure]) == [{0: 1}, {0: 1}, {0: 1}]


def test_unsure_boxes_alone_do_not_keep_somebody_for_ever() -> None:
    film = [[((0.4, 0.3, 0.5, 0.7), 0.9)]] + [[((0.4, 0.3, 0.5, 0.7), 0.2)]] * 40
    told = walk(film)
    assert told[10] == {0: 1}
    assert told[-1] == {}


def naive(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    w = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h
    return w * h / union if union > 0 else 0.0


@settings(max_examples=60, deadline=None)
@given(st.lists(box, min_size=1, max_size=5), st.lists(box, min_size=1, max_size=5))
def test_overlaps_agree_with_a_plain_computation(
    first: list[tuple[float, ...]], second: list[tuple[float, ...]]
) -> None:
    a, b = np.array(first), np.array(second)
    found = overlaps(a, b)
    assert found == pytest.approx(np.array([[naive(x, y) for y in b] for x in a]), abs=1e-9)
    assert ((found >= 0) & (found <= 1 + 1e-9)).all()
    assert found == pytest.approx(overlaps(b, a).T)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=5), st.floats(0.05, 0.9))
def test_pairs_are_one_to_one_and_leave_no_good_pair_behind(rows: list[list[float]], at_least: float) -> None:
    overlap = np.array(rows)
    found = pairs(overlap, at_least)
    assert len({r for r, _ in found}) == len({c for _, c in found}) == len(found)
    assert all(overlap[r, c] >= at_least for r, c in found)
    free_rows = set(range(len(rows))) - {r for r, _ in found}
    free_columns = {0, 1, 2} - {c for _, c in found}
    assert all(overlap[r, c] < at_least for r in free_rows for c in free_columns)
