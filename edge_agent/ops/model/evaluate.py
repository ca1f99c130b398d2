"""Looking at labelled pictures with a model: hits by label, and what is told of people against what is true."""

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.domain.observation import Worn
from edge_agent.ops.model import measure, people, shelf
from edge_agent.ops.model.eyes import Eyes
from edge_agent.ops.model.shelf import LABELS, Floats, Labelled, Picture, Source
from edge_agent.sense.camera.boxes import Boxes
from edge_agent.sense.camera.manifest import PERSON
from edge_agent.sense.camera.persons.told import LEAST_SCORE, verdicts
from edge_agent.sense.camera.tracker import overlaps, pairs

KINDS = ("helmet", "vest")


class Told(Struct, frozen=True):
    """Some persons: corners in pixels, shares of the two witnesses, what is told, what is true (n x 2)."""

    corners: Floats
    boxes: Floats
    judge: Floats
    told: NDArray[np.str_]
    states: NDArray[np.int8]

    @property
    def heights(self) -> Floats:
        """In pixels."""
        return self.corners[:, 3] - self.corners[:, 1]


class OnePicture(Struct, frozen=True):
    """One picture: its labels in pixels, every box seen, what was told of whom (`given`: the labels' persons)."""

    item: Labelled
    picture: Picture
    truth: Floats
    seen: Boxes
    given: Told | None
    found: Told


class Result(Struct, frozen=True):
    """One set: hits by label; persons of the labels, told on their own boxes; persons whom the model found."""

    pictures: int
    hits: dict[str, measure.Hits]
    given: Told
    found: Told


def evaluate(
    eyes: Eyes, items: list[Labelled], source: Source, each: Callable[[OnePicture], None] | None = None
) -> Result:
    """Look at every picture of one set, and hand each to `each`. Raises BadShelf."""
    labels = [label for label in eyes.entry.labels if label in LABELS and label in source.labelled]
    hits: dict[str, list[measure.Hits]] = {label: [] for label in labels}
    given, found = [], []
    for item in items:
        one = _looked(eyes, item, source)
        for label, parts in hits.items():
            true = one.truth[one.truth[:, 0] == LABELS.index(label), 1:]
            parts.append(_hits(one.seen, eyes.entry.labels.index(label), true))
        given += [] if one.given is None else [one.given]
        found.append(one.found)
        if each is not None:
            each(one)
    return Result(
        len(items), {name: measure.joined(parts) for name, parts in hits.items()}, _all(given), _all(found)
    )


def _looked(eyes: Eyes, item: Labelled, source: Source) -> OnePicture:
    picture = shelf.picture(item.path)
    truth = item.boxes * np.array([1, *[picture.shape[1], picture.shape[0]] * 2], np.float32)
    seen = eyes.look(picture, LEAST_SCORE)
    own = truth[truth[:, 0] == people.PERSON, 1:] if PERSON in source.labelled else None
    given = None if own is None else _told(eyes, picture, own, seen, people.truth(own, truth))
    found = _end_to_end(eyes, picture, seen, truth, own)
    return OnePicture(item, picture, truth, seen, given, found)


def _hits(seen: Boxes, label: int, truth: Floats) -> measure.Hits:
    boxes = seen.only(seen.labels == label)
    return measure.hits(boxes.corners, boxes.scores, truth)


def _told(eyes: Eyes, picture: Picture, corners: Floats, seen: Boxes, truth: people.People) -> Told:
    shares = eyes.shares(picture, corners, seen)
    told = np.array(verdicts(eyes.wearing, corners, shares), "U8").reshape(-1, 2)
    return Told(corners, shares.boxes, shares.judge, told, np.stack((truth.helmet, truth.vest), 1))


def _end_to_end(eyes: Eyes, picture: Picture, seen: Boxes, truth: Floats, own: Floats | None) -> Told:
    """The model's own persons.

    Where the labels name persons (`own`), everybody missed counts as not told, and every box that is on none
    of them as nobody.
    """
    counted = (seen.labels == eyes.entry.labels.index(PERSON)) & (seen.scores >= eyes.entry.score_threshold)
    corners = seen.only(counted).corners
    if own is None:
        return _told(eyes, picture, corners, seen, people.truth(corners, truth))
    states = np.full((len(corners), 2), people.NOBODY, np.int8)
    true = people.truth(own, truth)
    overlap = overlaps(own.astype(np.float64), corners.astype(np.float64))
    same = pairs(overlap, measure.IOU)
    for row, column in same:
        states[column] = true.helmet[row], true.vest[row]
    seen_rows = {row for row, _ in same}
    missed = [row for row in range(len(own)) if row not in seen_rows]
    told = _told(eyes, picture, corners, seen, people.People(corners, states[:, 0], states[:, 1]))
    nothing = np.full((len(missed), 2), np.nan, np.float32)
    unseen = Told(
        own[missed],
        nothing,
        nothing,
        np.full((len(missed), 2), str(Worn.UNSURE)),
        np.stack((true.helmet, true.vest), 1)[missed],
    )
    return _all([told, unseen])


def _all(parts: list[Told]) -> Told:
    return Told(
        np.concatenate([np.zeros((0, 4), np.float32), *(part.corners for part in parts)]),
        np.concatenate([np.zeros((0, 2), np.float32), *(part.boxes for part in parts)]),
        np.concatenate([np.zeros((0, 2), np.float32), *(part.judge for part in parts)]),
        np.concatenate([np.zeros((0, 2), "U8"), *(part.told for part in parts)]),
        np.concatenate([np.zeros((0, 2), np.int8), *(part.states for part in parts)]),
    )
