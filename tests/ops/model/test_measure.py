"""The figures, against plain accounts of the same things."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.ops.model import measure
from edge_agent.ops.model.measure import Hits
from edge_agent.ops.model.people import MISSING, NOBODY, UNKNOWN, WORN


def test_a_label_is_found_once_and_by_the_best_box() -> None:
    truth = np.array([[0, 0, 10, 10], [20, 0, 30, 10]], np.float32)
    found = np.array([[0, 0, 10, 9], [0, 0, 10, 10], [21, 0, 30, 10], [50, 50, 60, 60]], np.float32)
    got = measure.hits(found, np.array([0.9, 0.8, 0.7, 0.6], np.float32), truth)
    assert got.right.tolist() == [True, False, True, False]
    assert got.wanted == 2
    assert measure.hits(found, np.array([0.9, 0.8, 0.7, 0.6], np.float32), truth[:0]).right.tolist() == [False] * 4


def test_average_precision_of_a_known_case() -> None:
    """Right, wrong, right, of three wanted: 1/3 at precision 1, 1/3 at 2/3, the last never."""
    got = Hits(np.array([0.9, 0.8, 0.7], np.float32), np.array([True, False, True]), 3)
    assert got.average_precision == pytest.approx(1 / 3 + 2 / 9)
    assert got.at(0.85) == (1.0, pytest.approx(1 / 3))
    assert got.at(0.95) == (None, 0.0)
    assert Hits(np.zeros(0, np.float32), np.zeros(0, bool), 0).average_precision is None
    assert Hits(np.zeros(0, np.float32), np.zeros(0, bool), 5).average_precision == 0.0


@given(st.lists(st.booleans(), min_size=1, max_size=30), st.integers(0, 5))
def test_average_precision_is_the_area_under_the_best_precision_at_each_recall(
    right: list[bool], more: int
) -> None:
    wanted = sum(right) + more
    got = Hits(np.linspace(1, 0.1, len(right), dtype=np.float32), np.array(right), wanted)
    points = [(sum(right[:n]) / wanted, sum(right[:n]) / n) for n in range(1, len(right) + 1)] if wanted else []
    area, before = 0.0, 0.0
    for recall in sorted({r for r, _ in points}):
        area += (recall - before) * max(p for r, p in points if r >= recall)
        before = recall
    assert got.average_precision == (pytest.approx(area) if wanted else None)


def test_missing_is_counted_against_those_who_are_known() -> None:
    told = np.array(["missing", "missing", "missing", "worn", "unsure", "unsure", "missing", "worn"])
    states = np.array([MISSING, WORN, NOBODY, MISSING, MISSING, WORN, UNKNOWN, WORN], np.int8)
    got = measure.missing(told, states)
    assert (got.found, got.false, got.missing, got.passed, got.unsure, got.known) == (1, 2, 3, 1, 2, 6)
    assert got.precision == pytest.approx(1 / 3)
    assert got.recall == pytest.approx(1 / 3)
    assert measure.missing(told[:0], states[:0]).precision is None


def test_the_hits_of_several_pictures_are_ranked_together() -> None:
    parts = [
        Hits(np.array([0.5], np.float32), np.array([True]), 1),
        Hits(np.array([0.9], np.float32), np.array([False]), 1),
    ]
    assert measure.joined(parts).average_precision == pytest.approx(0.25)
    assert measure.joined([]).average_precision is None
