"""Every person of a picture, and whether helmet and vest are worn, missing, or cannot be told."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.domain.observation import Worn
from edge_agent.sense.camera.boxes import Boxes, Floats
from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.persons import crops, evidence
from edge_agent.sense.camera.persons.entry import Band, Wearing
from edge_agent.sense.camera.runtimes import Runtime

LEAST_SCORE = 0.01  # of a box that speaks about a person: weaker ones change neither a figure nor a verdict
NO_BOXES: Floats = np.zeros((0, 4), np.float32)
TOUCHES_PX = 2.0  # of the picture's upper edge: the head may be outside
NOTHING_SEEN = 0.5  # halfway between worn and missing
SPEAK_OF = (("hardhat", "no_hardhat"), ("vest", "no_vest"))  # labels that say helmet or vest worn, or missing


class Shares(Struct, frozen=True):
    """Per person how surely a helmet and a vest are worn (0 to 1; n x 2), from each witness and from all.

    Not a number where a witness cannot know: `judge` where there is none, `boxes` where the detector has no label
    that speaks of the item.
    """

    boxes: Floats
    judge: Floats

    @property
    def all(self) -> Floats:
        """The mean of both, or what there is: either alone was far worse than their mean.

        Not a number where nobody can know, and where no box was seen and there is no judge.
        """
        alone = np.where(self.boxes == NOTHING_SEEN, np.nan, self.boxes)
        both = np.where(np.isnan(self.boxes), self.judge, (self.boxes + self.judge) / 2)
        return np.where(np.isnan(self.judge), alone, both).astype(np.float32)


def witnessed(labels: tuple[str, ...], *, judge: bool) -> tuple[bool, bool]:
    """Whether helmet and vest can be told at all by a detector with these labels, with or without a judge."""
    helmet, vest = (judge or not set(names).isdisjoint(labels) for names in SPEAK_OF)
    return helmet, vest


def shares(labels: tuple[str, ...], persons: Floats, boxes: Boxes, judge: Floats) -> Shares:
    """What is seen of `persons` (corners in pixels), who may come from `boxes` (`labels` names theirs) or not.

    `judge` is what the second model says of each (n x 2).
    """

    def of(label: str) -> tuple[Floats, Floats]:
        if label not in labels:
            return NO_BOXES, NO_BOXES[:, 0]
        found = boxes.only(boxes.labels == labels.index(label))
        return found.corners, found.scores

    helmet = evidence.helmets(persons, of("hardhat"), of("no_hardhat"))
    vest = evidence.vests(persons, of("vest"), of("no_vest"))
    said = np.stack((_share(helmet), vest.worn if "vest" in labels else _share(vest)), 1)
    return Shares(np.where(witnessed(labels, judge=False), said, np.nan).astype(np.float32), judge)


def _share(seen: evidence.Evidence) -> Floats:
    """Half where nothing is seen, more for a box that says worn, less for one that says missing."""
    return ((1 + seen.worn - seen.missing) / 2).astype(np.float32)


def verdicts(wearing: Wearing, persons: Floats, found: Shares) -> list[tuple[Worn, Worn]]:
    """Helmet and vest of each person."""
    both = found.all
    told = tall_enough(wearing, persons)
    seen = ~np.isnan(found.boxes[:, 0]) & (found.boxes[:, 0] != NOTHING_SEEN)
    head = told & ((persons[:, 1] > TOUCHES_PX) | seen)
    helmet, vest = _told(both[:, 0], wearing.helmet, head), _told(both[:, 1], wearing.vest, told)
    return list(zip(helmet, vest, strict=True))


def tall_enough(wearing: Wearing, persons: Floats) -> NDArray[np.bool_]:
    """Who is large enough in the picture (corners in pixels) to be told anything about."""
    high: NDArray[np.bool_] = persons[:, 3] - persons[:, 1] >= wearing.least_px
    return high


def _told(share: Floats, band: Band, can_tell: NDArray[np.bool_]) -> list[Worn]:
    worn, missing = can_tell & (share >= band.worn_from), can_tell & (share < band.missing_below)
    return [
        Worn.WORN if on else Worn.MISSING if off else Worn.UNSURE for on, off in zip(worn, missing, strict=True)
    ]


def judged(judge: Runtime | None, cut: list[Picture]) -> Floats:
    """What the judge of persons says of each that was cut out (n x 2); without a judge, not a number."""
    if judge is None or not cut:
        return nothing_said(len(cut))
    return np.stack([judge.run(_tensor(person))[0] for person in cut])


def nothing_said(count: int) -> Floats:
    """The shares of so many persons at whom the judge did not look."""
    return np.full((count, 2), np.nan, np.float32)


def cut(picture: Picture, persons: Floats) -> list[Picture]:
    """Copies of the upper part of each person (corners in pixels), as the judge wants them."""
    return [crops.cut(picture, corners) for corners in persons]


def _tensor(picture: Picture) -> NDArray[np.float32]:
    return np.ascontiguousarray(picture.transpose(2, 0, 1)[None], dtype=np.float32)
