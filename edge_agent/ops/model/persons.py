"""Every person of a picture, and whether helmet and vest are worn, missing, or cannot be told."""

from enum import StrEnum

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.ops.model import wearing
from edge_agent.ops.model.eyes import Band, Eyes
from edge_agent.ops.model.shelf import Floats, Picture
from edge_agent.sense.camera.boxes import Boxes

NO_BOXES: Floats = np.zeros((0, 4), np.float32)
TOUCHES_PX = 2.0  # of the picture's upper edge: the head may be outside


class Verdict(StrEnum):
    """What can be said of one thing on one person."""

    WORN = "worn"
    MISSING = "missing"
    UNSURE = "unsure"


class Shares(Struct, frozen=True):
    """Per person how surely a helmet and a vest are worn (0 to 1; n x 2), from each witness and from all.

    `judge` is not a number where there is none.
    """

    boxes: Floats
    judge: Floats

    @property
    def all(self) -> Floats:
        """The mean of both, or what there is: either alone was far worse than their mean."""
        mean = np.where(np.isnan(self.judge), self.boxes, (self.boxes + self.judge) / 2)
        return mean.astype(np.float32)


def shares(eyes: Eyes, picture: Picture, persons: Floats, boxes: Boxes) -> Shares:
    """What is seen of `persons` (corners in pixels), who may come from `boxes` or from elsewhere."""

    def of(label: str) -> tuple[Floats, Floats]:
        if label not in eyes.entry.labels:
            return NO_BOXES, NO_BOXES[:, 0]
        found = boxes.only(boxes.labels == eyes.entry.labels.index(label))
        return found.corners, found.scores

    helmet = wearing.helmets(persons, of("hardhat"), of("no_hardhat"))
    vest = wearing.vests(persons, of("vest"), of("no_vest"))
    return Shares(np.stack((_share(helmet), vest.worn), 1), eyes.judged(picture, persons))


def _share(seen: wearing.Evidence) -> Floats:
    """Half where nothing is seen, more for a box that says worn, less for one that says missing."""
    return ((1 + seen.worn - seen.missing) / 2).astype(np.float32)


def verdicts(eyes: Eyes, persons: Floats, found: Shares) -> list[tuple[Verdict, Verdict]]:
    """Helmet and vest of each person."""
    both = found.all
    high = persons[:, 3] - persons[:, 1]
    told = high >= eyes.wearing.least_px
    head = told & ((persons[:, 1] > TOUCHES_PX) | (found.boxes[:, 0] != 0.5))  # noqa: PLR2004 (nothing seen)
    helmet, vest = _told(both[:, 0], eyes.wearing.helmet, head), _told(both[:, 1], eyes.wearing.vest, told)
    return list(zip(helmet, vest, strict=True))


def _told(share: Floats, band: Band, can_tell: NDArray[np.bool_]) -> list[Verdict]:
    worn, missing = can_tell & (share >= band.worn_from), can_tell & (share < band.missing_below)
    return [
        Verdict.WORN if on else Verdict.MISSING if off else Verdict.UNSURE
        for on, off in zip(worn, missing, strict=True)
    ]
