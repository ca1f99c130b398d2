"""From a picture to boxes: letterbox, the model, its YOLOX head, one box per thing."""

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.manifest import Model
from edge_agent.sense.camera.runtimes import Runtime, Tensor

STRIDES = (8, 16, 32)  # of the YOLOX head's three output levels, in pixels of the input
PADDING = 114  # grey of the letterbox in training
LOW_SCORE = 0.1  # ByteTrack: below, a box is noise; between this and the threshold it may extend a track

Floats = NDArray[np.float32]


class Boxes(Struct, frozen=True, kw_only=True):
    """Detections of one picture: corners x1, y1, x2, y2 (n x 4), scores (n), label numbers (n)."""

    corners: Floats
    scores: Floats
    labels: NDArray[np.intp]

    def only(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> "Boxes":
        """The chosen ones."""
        return Boxes(corners=self.corners[chosen], scores=self.scores[chosen], labels=self.labels[chosen])


def grid(width: int, height: int) -> tuple[Floats, Floats]:
    """Cell corner (n x 2) and stride (n x 1) of every row of the head's output, in its order."""
    cells, strides = [], []
    for stride in STRIDES:
        ys, xs = np.mgrid[0 : height // stride, 0 : width // stride]
        level = np.stack((xs.ravel(), ys.ravel()), axis=1)
        cells.append(level)
        strides.append(np.full((len(level), 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


def decode(raw: Floats, cells: Floats, strides: Floats, low_score: float) -> Boxes:
    """Boxes of one raw output (n x (4 + 1 + classes)) in pixels of the input, scores above `low_score`.

    xy = (o + cell) * stride, wh = exp(o) * stride, score = objectness * class (both already sigmoid).
    Only rows whose objectness alone passes are looked at: a class is at most 1.
    """
    rows = np.flatnonzero(raw[:, 4] > low_score)
    near = raw[rows]
    labels = near[:, 5:].argmax(axis=1)
    scores = near[:, 4] * near[:, 5:].max(axis=1)
    centre = (near[:, :2] + cells[rows]) * strides[rows]
    half = np.exp(near[:, 2:4]) * strides[rows] / 2
    corners: Floats = np.concatenate((centre - half, centre + half), axis=1)
    return Boxes(corners=corners, scores=scores, labels=labels).only(scores > low_score)


def one_per_thing(boxes: Boxes, iou: float) -> Boxes:
    """Non-maximum suppression within each class, best score first."""
    if len(boxes.scores) == 0:
        return boxes
    sized = boxes.corners.copy()
    sized[:, 2:] -= sized[:, :2]
    kept = cv2.dnn.NMSBoxesBatched(
        sized.astype(np.float64).tolist(), boxes.scores.tolist(), boxes.labels.tolist(), 0.0, iou
    )
    return boxes.only(np.asarray(kept, dtype=np.intp).ravel())


class Detector:
    """One model and its input buffer, used for the pictures of all cameras in turn."""

    def __init__(self, runtime: Runtime, model: Model) -> None:
        """`runtime` has loaded the weights of `model`."""
        self._runtime = runtime
        self._model = model
        width, height = model.input
        self._cells, self._strides = grid(width, height)
        self._canvas = np.full((height, width, 3), PADDING, np.uint8)
        self._tensor: Tensor = np.empty((1, 3, height, width), np.float32)
        self._shape = (0, 0)

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the label numbers."""
        return self._model.labels

    @property
    def hints(self) -> tuple[str, ...]:
        """Labels that are not to be shown to anybody."""
        return self._model.hints

    @property
    def threshold(self) -> float:
        """The score from which a detection counts."""
        return self._model.score_threshold

    def fit(self, picture: Picture) -> Picture:
        """Reduce `picture` into the input's top left corner; returns that part (valid until the next)."""
        width, height = self._model.input
        share = min(width / picture.shape[1], height / picture.shape[0])
        shape = max(1, round(picture.shape[0] * share)), max(1, round(picture.shape[1] * share))
        if shape != self._shape:
            self._canvas[:] = PADDING
            self._shape = shape
        part = self._canvas[: shape[0], : shape[1]]
        cv2.resize(picture, (shape[1], shape[0]), dst=part, interpolation=cv2.INTER_LINEAR)
        return part

    def look(self) -> Boxes:
        """What the model sees in the picture that was fitted last; corners as fractions of it."""
        for channel, plane in enumerate(cv2.split(self._canvas)):
            self._tensor[0, channel] = plane
        raw = self._runtime.run(self._tensor)[0]
        boxes = one_per_thing(decode(raw, self._cells, self._strides, LOW_SCORE), self._model.nms_iou)
        height, width = self._shape
        size = np.array((width, height, width, height), np.float32)
        return Boxes(corners=np.clip(boxes.corners / size, 0, 1), scores=boxes.scores, labels=boxes.labels)
