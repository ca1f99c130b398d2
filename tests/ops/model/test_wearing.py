"""Hats and vests go to the right persons, and what cannot be known stays unknown."""

import numpy as np
import pytest

from edge_agent.ops.model import people
from edge_agent.ops.model.people import MISSING, UNKNOWN, WORN
from edge_agent.ops.model.tune import band
from edge_agent.sense.camera.persons import crops, evidence

TWO = np.array([[0, 100, 50, 250], [40, 90, 90, 250]], np.float32)  # side by side, overlapping


def boxes(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32)


def test_a_hat_belongs_to_the_head_below_it() -> None:
    hats = boxes((10, 95, 35, 115), (52, 88, 80, 105), (10, 200, 30, 220), (200, 95, 220, 115))
    assert evidence.hat_owners(TWO, hats).tolist() == [0, 1, -1, -1]


def test_of_two_persons_a_hat_belongs_to_whose_top_it_is_nearest() -> None:
    behind = boxes((0, 0, 100, 300), (20, 60, 80, 300))
    assert evidence.hat_owners(behind, boxes((40, 62, 60, 85), (40, 2, 60, 30))).tolist() == [1, 0]


def test_a_vest_belongs_to_whom_it_covers() -> None:
    vests = boxes((2, 130, 48, 190), (45, 130, 88, 190), (60, 130, 200, 190))
    assert evidence.vest_owners(TWO, vests).tolist() == [0, 1, -1]


def test_nobody_owns_what_is_alone() -> None:
    nobody = np.zeros((0, 4), np.float32)
    assert evidence.hat_owners(nobody, TWO).tolist() == [-1, -1]
    assert evidence.vest_owners(nobody, TWO).tolist() == [-1, -1]
    assert evidence.hat_owners(TWO, nobody).tolist() == []


def test_truth_is_worn_missing_or_unknown() -> None:
    persons = boxes((0, 0, 50, 150), (100, 0, 150, 150), (200, 0, 250, 150), (300, 0, 350, 150))
    labels = boxes(
        (1, 15, 0, 35, 20),  # the first has a helmet
        (3, 115, 0, 135, 25),  # the second a bare head
        (1, 215, 0, 235, 20), (3, 215, 2, 235, 27),  # the third both: a mix-up
        (2, 5, 40, 45, 80), (4, 105, 40, 145, 80),
    )  # fmt: skip
    found = people.truth(persons, labels)
    assert found.helmet.tolist() == [WORN, MISSING, UNKNOWN, UNKNOWN]
    assert found.vest.tolist() == [WORN, MISSING, UNKNOWN, UNKNOWN]


def test_the_best_box_of_a_person_speaks() -> None:
    scores = np.array([0.2, 0.7, 0.9], np.float32)
    np.testing.assert_allclose(evidence.best_of(2, np.array([0, 0, -1]), scores), [0.7, 0])


def test_a_crop_holds_the_upper_part_and_is_grey_outside_the_picture() -> None:
    picture = np.zeros((300, 200, 3), np.uint8)
    picture[:, :, 1] = np.arange(300)[:, None] * 255 // 300
    crop = crops.cut(picture, np.array([50, 0, 110, 290], np.float32))
    assert crop.shape == (crops.HEIGHT, crops.WIDTH, 3)
    margin = round(crops.HEIGHT * crops.MARGIN / (1 + 2 * crops.MARGIN))
    assert (crop[: margin - 1] == 114).all()
    assert (crop[margin + 1 :] != 114).any()
    bottom = 60 * crops.TALL * (1 + crops.MARGIN)
    assert abs(int(crop[-1, 40, 1]) - bottom * 255 / 300) < 5, "legs are left out"
    for outside in ([-90, -90, -20, -20], [250, 10, 300, 90], [10, 10, 10.2, 10.2]):
        assert crops.cut(picture, np.array(outside, np.float32)).shape == crop.shape


def test_lines_are_drawn_where_most_are_right() -> None:
    shares = np.linspace(0, 1, 200, dtype=np.float32)
    states = np.where(shares < 0.5, MISSING, WORN).astype(np.int8)
    states[100:110] = UNKNOWN  # whoever is unknown does not move a line
    clean = band(shares, states)
    assert clean.missing_below == clean.worn_from == pytest.approx(0.525, abs=0.03)
    noisy = band(
        shares,
        np.where((shares < 0.3) | ((shares < 0.7) & (np.arange(200) % 2 == 0)), MISSING, WORN).astype(np.int8),
    )
    assert 0.3 <= noisy.missing_below < 0.4
    assert 0.6 < noisy.worn_from <= 0.7
    mixed = band(shares, np.where(np.arange(200) % 2, MISSING, WORN).astype(np.int8))
    assert (mixed.missing_below, mixed.worn_from) == (0.0, 1.0), "nothing is told where nothing tells"
    few = band(shares[:30], np.where(np.arange(30) < 10, MISSING, WORN).astype(np.int8))
    assert few.missing_below == 0.0, "ten people are too few to draw a line"
