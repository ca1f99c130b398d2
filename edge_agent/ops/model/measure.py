"""The figures: average precision of boxes, and how often "missing" is right and found."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.domain.observation import Worn
from edge_agent.ops.model.people import MISSING, NOBODY, WORN, States
from edge_agent.ops.model.shelf import Floats
from edge_agent.sense.camera.tracker import overlaps

IOU = 0.5
Flags = NDArray[np.bool_]


class Hits(Struct, frozen=True):
    """Of one label over many pictures: each box's score and whether it is right, and how many were to be found."""

    scores: Floats
    right: Flags
    wanted: int

    @property
    def average_precision(self) -> float | None:
        """Area under precision over recall, precision made falling; None where nothing was to be found."""
        if not self.wanted:
            return None
        right = self.right[np.argsort(-self.scores, kind="stable")]
        found = np.cumsum(right)
        precision = found / np.arange(1, len(right) + 1)
        falling = np.maximum.accumulate(precision[::-1])[::-1]
        return float((falling * right).sum() / self.wanted)

    def at(self, score: float) -> tuple[float | None, float | None]:
        """Precision and recall of the boxes from `score` on."""
        counted = self.scores >= score
        right = int(self.right[counted].sum())
        return ratio(right, int(counted.sum())), ratio(right, self.wanted)


def ratio(part: int, whole: int) -> float | None:
    """None where there is nothing to divide by."""
    return part / whole if whole else None


def hits(corners: Floats, scores: Floats, truth: Floats, iou: float = IOU) -> Hits:
    """In one picture: each box, best score first, takes the label that it overlaps most and nobody took."""
    overlap = overlaps(corners.astype(np.float64), truth.astype(np.float64))
    order = np.argsort(-scores, kind="stable")
    right, free = np.zeros(len(scores), bool), np.ones(len(truth), bool)
    for number in order.tolist():
        row = np.where(free, overlap[number], -1.0)
        if len(row) and row.max() >= iou:
            free[row.argmax()] = False
            right[number] = True
    return Hits(scores[order], right[order], len(truth))


def joined(parts: list[Hits]) -> Hits:
    """The hits of all pictures."""
    scores, right = (
        [np.zeros(0, np.float32), *(p.scores for p in parts)],
        [np.zeros(0, bool), *(p.right for p in parts)],
    )
    return Hits(np.concatenate(scores), np.concatenate(right), sum(part.wanted for part in parts))


class Missing(Struct, frozen=True):
    """How "missing" was told of people of whom the truth is known.

    `found` truly missing and told so; `false` worn, or nobody at all, and told missing; `missing` all that
    truly are; `unsure` of the `known`, told neither way; `passed` truly missing and told worn: the worst.
    """

    found: int
    false: int
    missing: int
    passed: int
    unsure: int
    known: int

    @property
    def precision(self) -> float | None:
        """Of those told missing."""
        return ratio(self.found, self.found + self.false)

    @property
    def recall(self) -> float | None:
        """Of those truly missing; who was not told is not found."""
        return ratio(self.found, self.missing)


def missing(told: NDArray[np.str_], states: States) -> Missing:
    """Count. Of whom nothing is known, nothing is counted."""
    alarm, worn, unsure = told == Worn.MISSING, told == Worn.WORN, told == Worn.UNSURE
    lacks, known = states == MISSING, (states == MISSING) | (states == WORN)
    return Missing(
        found=int((alarm & lacks).sum()),
        false=int((alarm & ((states == WORN) | (states == NOBODY))).sum()),
        missing=int(lacks.sum()),
        passed=int((worn & lacks).sum()),
        unsure=int((unsure & known).sum()),
        known=int(known.sum()),
    )
