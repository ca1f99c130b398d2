"""Who wears what: hats and vests given to persons, and how sure the boxes make us.

A hat belongs to the person in whose upper part its middle lies, nearest to the top; a vest to the person
who covers most of it. Used alike on labels (what is true) and on what a model saw (what it says).
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.sense.camera.boxes import Floats

HEAD_PART = (-0.15, 0.45)  # of the person's height, from the top: where the middle of a hat may lie
SIDE = 0.05  # of the person's width that a hat may stand out
COVERED = 0.6  # share of a vest that must lie on its person
Numbers = NDArray[np.intp]
NOBODY = -1


class Evidence(Struct, frozen=True):
    """Per person: the best box that says worn, and the best that says missing (0 where there is none)."""

    worn: Floats
    missing: Floats


def hat_owners(persons: Floats, hats: Floats) -> Numbers:
    """For each hat (corners) the number of the person who has it on the head, or NOBODY."""
    if not len(persons) or not len(hats):
        return np.full(len(hats), NOBODY)
    middle = (hats[:, None, :2] + hats[:, None, 2:]) / 2
    sides = np.maximum(persons[:, 2:] - persons[:, :2], 1e-6)
    across = (middle[..., 0] - persons[None, :, 0]) / sides[None, :, 0]
    down = (middle[..., 1] - persons[None, :, 1]) / sides[None, :, 1]
    possible = (across > -SIDE) & (across < 1 + SIDE) & (down > HEAD_PART[0]) & (down < HEAD_PART[1])
    return _cheapest(np.abs(down - 0.08) + 0.3 * np.abs(across - 0.5), possible)


def vest_owners(persons: Floats, vests: Floats) -> Numbers:
    """For each vest (corners) the number of the person who wears it, or NOBODY."""
    if not len(persons) or not len(vests):
        return np.full(len(vests), NOBODY)
    low = np.maximum(vests[:, None, :2], persons[None, :, :2])
    high = np.minimum(vests[:, None, 2:], persons[None, :, 2:])
    own = np.prod(vests[:, 2:] - vests[:, :2], 1)[:, None]
    covered = np.prod(np.clip(high - low, 0, None), 2) / np.maximum(own, 1e-6)
    whole = np.prod(persons[:, 2:] - persons[:, :2], 1)[None]
    return _cheapest(1 - covered + 0.1 * whole / (whole + own), covered >= COVERED)


def _cheapest(cost: NDArray[np.floating], possible: NDArray[np.bool_]) -> Numbers:
    best = np.where(possible, cost, np.inf).argmin(1)
    return np.where(possible.any(1), best, NOBODY)


def best_of(count: int, owners: Numbers, scores: Floats) -> Floats:
    """The best score that each of `count` persons owns; 0 where none."""
    best = np.zeros(count, np.float32)
    np.maximum.at(best, owners[owners != NOBODY], scores[owners != NOBODY])
    return best


def helmets(persons: Floats, hats: tuple[Floats, Floats], bare: tuple[Floats, Floats]) -> Evidence:
    """Of each person, given (corners, scores) of hard hats and of bare heads."""
    return Evidence(
        best_of(len(persons), hat_owners(persons, hats[0]), hats[1]),
        best_of(len(persons), hat_owners(persons, bare[0]), bare[1]),
    )


def vests(persons: Floats, worn: tuple[Floats, Floats], without: tuple[Floats, Floats]) -> Evidence:
    """Of each person, given (corners, scores) of vests and of torsos without."""
    return Evidence(
        best_of(len(persons), vest_owners(persons, worn[0]), worn[1]),
        best_of(len(persons), vest_owners(persons, without[0]), without[1]),
    )
