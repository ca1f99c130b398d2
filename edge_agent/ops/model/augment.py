"""One picture of the shelf as training shows it: another size, place, tilt, light, camera.

Pictures stay whole. Small things come from whole pictures made small and set four to a canvas: a mosaic that
cuts people at the waist teaches half people. A box of which too little is left is a region about which
nothing is claimed, never "nothing here".
"""

from collections.abc import Callable

import cv2
import numpy as np
from msgspec import Struct
from numpy.random import Generator
from numpy.typing import NDArray

from edge_agent.ops.model.claims import Claims
from edge_agent.ops.model.other_camera import another_camera
from edge_agent.ops.model.shelf import LABELS, Floats, Picture
from edge_agent.sense.camera.persons.crops import PADDING

SIDEWAYS, FOUR, PASTED = 0.03, 0.25, 0.3  # shares of the pictures
TILTED, TILT_DEG = 0.5, 12.0
SCALE, SCALE_OF_FOUR = (0.55, 1.3), (0.85, 1.0)  # of the longer side, to the canvas
STRETCH = 1.12  # each side: some sets were squeezed to squares
LEFT_OVER = 0.35  # of a box that must be inside for it to be shown as such
LEAST_PX = 4.0
PASTED_HEIGHT, PASTED_LEAST_PX = (0.12, 0.6), 16  # of the canvas; of the person before
PASTED_ZOOM, HIDDEN = 2.0, 0.1  # at most: larger is a blur; share of a labelled box that may be covered


class Sample(Struct, frozen=True):
    """A picture for the network; label and corners, and doubtful corners, in its pixels."""

    picture: Picture
    boxes: Floats
    doubtful: Floats


def sample(size: int, draw: Callable[[], tuple[Picture, Claims]], rng: Generator) -> Sample:
    """One canvas of `size` x `size`; `draw` gives the next picture."""
    if rng.random() < FOUR:
        made = _four(size, [_placed(size // 2, *draw(), rng, calm=True) for _ in range(4)])
    else:
        made = _placed(size, *draw(), rng, calm=False)
        if rng.random() < PASTED:
            made = _pasted(made, *draw(), rng)
    return Sample(another_camera(made.picture, rng), made.boxes, made.doubtful)


def _placed(size: int, picture: Picture, claims: Claims, rng: Generator, *, calm: bool) -> Sample:
    """The picture somewhere on a canvas; `calm` keeps it whole and upright.

    Shrunk without averaging, as on the box, where averaging takes too long.
    """
    if not calm and rng.random() < SIDEWAYS:
        picture, claims = _turned(picture, claims)
    rows, columns = picture.shape[:2]
    stretch = np.exp(rng.uniform(-1, 1) * np.log(STRETCH))
    zoom = (
        size
        / max(rows / stretch, columns * stretch)
        * np.exp(rng.uniform(*np.log(SCALE_OF_FOUR if calm else SCALE)))
    )
    angle = 0.0 if calm or rng.random() > TILTED else np.deg2rad(rng.uniform(-TILT_DEG, TILT_DEG))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.diag([zoom * stretch * rng.choice((-1.0, 1.0)), zoom / stretch])
    shown = np.array([columns * zoom * stretch, rows * zoom / stretch])
    middle = shown / 2 + (size - shown) * rng.random(2)
    moved = np.concatenate((matrix, (middle - matrix @ np.array([columns / 2, rows / 2]))[:, None]), 1)
    canvas = cv2.warpAffine(picture, moved, (size, size), borderValue=(PADDING,) * 3)
    boxes, doubtful = (_warp(part, moved, columns, rows) for part in (claims.boxes, _as_boxes(claims.doubtful)))
    return _kept(np.asarray(canvas, np.uint8), boxes, doubtful)


def _as_boxes(corners: Floats) -> Floats:
    return np.concatenate((np.full((len(corners), 1), -1, np.float32), corners), 1)


def _warp(boxes: Floats, matrix: NDArray[np.float64], columns: int, rows: int) -> Floats:
    """Boxes around the moved things, taken as ellipses: heads, hats and people have no corners."""
    sides = np.array([columns, rows])
    middle = (boxes[:, 1:3] + boxes[:, 3:]) / 2 * sides
    half = (boxes[:, 3:] - boxes[:, 1:3]) / 2 * sides
    place = middle @ matrix[:, :2].T + matrix[:, 2]
    reach = np.sqrt(np.square(half) @ np.square(matrix[:, :2]).T)
    return np.concatenate((boxes[:, :1], place - reach, place + reach), 1).astype(np.float32)


def _kept(canvas: Picture, boxes: Floats, doubtful: Floats) -> Sample:
    """Boxes cut at the canvas; what is mostly outside or too small to be told becomes doubtful."""
    size = np.array([canvas.shape[1], canvas.shape[0]], np.float32)
    inside = np.concatenate((boxes[:, :1], np.clip(boxes[:, 1:3], 0, size), np.clip(boxes[:, 3:], 0, size)), 1)
    whole, left = np.prod(boxes[:, 3:] - boxes[:, 1:3], 1), np.prod(inside[:, 3:] - inside[:, 1:3], 1)
    sides = (inside[:, 3:] - inside[:, 1:3]).min(1, initial=np.inf)
    good = (left >= LEFT_OVER * whole) & (sides >= LEAST_PX)
    unsure = np.concatenate((inside[~good, 1:], np.clip(doubtful[:, 1:], 0, np.tile(size, 2))))
    return Sample(canvas, inside[good], unsure[np.prod(unsure[:, 2:] - unsure[:, :2], 1) > 0])


def _four(size: int, parts: list[Sample]) -> Sample:
    """Four whole pictures on one canvas."""
    half = size // 2
    canvas = np.full((size, size, 3), PADDING, np.uint8)
    boxes, doubtful = [], []
    for part, (x, y) in zip(parts, ((0, 0), (half, 0), (0, half), (half, half)), strict=True):
        canvas[y : y + half, x : x + half] = part.picture
        boxes.append(part.boxes + np.array([0, x, y, x, y], np.float32))
        doubtful.append(part.doubtful + np.array([x, y, x, y], np.float32))
    return Sample(canvas, np.concatenate(boxes), np.concatenate(doubtful))


def _pasted(made: Sample, picture: Picture, claims: Claims, rng: Generator) -> Sample:
    """One person of another picture, with all that is labelled on them, where they hide nobody."""
    persons = claims.boxes[claims.boxes[:, 0] == LABELS.index("person"), 1:]
    if not len(persons):
        return made
    edge = persons[rng.integers(len(persons))]
    part = _cut_out(picture, claims, edge)
    size, (rows, columns) = made.picture.shape[0], part.picture.shape[:2]
    if min(rows, columns) < PASTED_LEAST_PX:
        return made
    zoom = min(size * np.exp(rng.uniform(*np.log(PASTED_HEIGHT))) / rows, size / columns, PASTED_ZOOM)
    part = _resized(part, max(1, int(columns * zoom)), max(1, int(rows * zoom)))
    rows, columns = part.picture.shape[:2]
    x, y = rng.integers(size - columns + 1), rng.integers(size - rows + 1)
    if _hidden(made.boxes[:, 1:], np.array([x, y, x + columns, y + rows], np.float32)):
        return made
    canvas = made.picture.copy()
    canvas[y : y + rows, x : x + columns] = part.picture
    place = np.array([0, x, y, x, y], np.float32)
    return Sample(
        canvas,
        np.concatenate((made.boxes, part.boxes + place)),
        np.concatenate((made.doubtful, part.doubtful + place[1:])),
    )


def _cut_out(picture: Picture, claims: Claims, edge: Floats) -> Sample:
    """The part of a picture within `edge`, and what is claimed of it."""
    sides = np.array([picture.shape[1], picture.shape[0]] * 2, np.float32)
    x1, y1, x2, y2 = (edge * sides).round().astype(int).tolist()
    shift = np.array([0, x1, y1, x1, y1], np.float32)
    boxes = claims.boxes * np.concatenate((np.ones(1, np.float32), sides)) - shift
    return _kept(picture[y1:y2, x1:x2], boxes, _as_boxes(claims.doubtful * sides) - shift)


def _resized(part: Sample, columns: int, rows: int) -> Sample:
    scale = np.array([1, *[columns / part.picture.shape[1], rows / part.picture.shape[0]] * 2], np.float32)
    picture = np.asarray(cv2.resize(part.picture, (columns, rows)), np.uint8)
    return _kept(picture, part.boxes * scale, _as_boxes(part.doubtful * scale[1:]))


def _hidden(boxes: Floats, by: Floats) -> bool:
    """Whether one of `boxes` would be covered too far."""
    shared = np.minimum(boxes[:, 2:], by[2:]) - np.maximum(boxes[:, :2], by[:2])
    covered = np.prod(np.clip(shared, 0, None), 1)
    return bool((covered > HIDDEN * np.prod(boxes[:, 2:] - boxes[:, :2], 1)).any())


def _turned(picture: Picture, claims: Claims) -> tuple[Picture, Claims]:
    """A quarter to the left: cameras are hung sideways too."""

    def turned(boxes: Floats) -> Floats:
        x1, y1, x2, y2 = boxes.T
        return np.stack((y1, 1 - x2, y2, 1 - x1), 1)

    boxes = np.concatenate((claims.boxes[:, :1], turned(claims.boxes[:, 1:])), 1)
    return np.rot90(picture), Claims(boxes, turned(claims.doubtful))
