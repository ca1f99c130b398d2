"""Pictures of any size brought into a model's input (letterbox), and boxes brought back."""

import cv2
import numpy as np

from edge_agent.sense.camera.boxes import Boxes, Floats
from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.manifest import Model
from edge_agent.sense.camera.runtimes import Tensor

BIASED = 0.1  # Ultralytics' own: an odd pixel of padding goes to the right and the bottom


class Fitting:
    """The input buffers of one model, used for the pictures of all cameras in turn."""

    def __init__(self, model: Model) -> None:
        """`model` says how its pictures were given in training."""
        width, height = model.input
        self._model = model
        self._canvas = np.full((height, width, 3), model.pad, np.uint8)
        self._tensor: Tensor = np.empty((1, 3, height, width), np.float32)
        self._shape = (0, 0)
        self._corner = (0, 0)

    def fit(self, picture: Picture) -> Picture:
        """Reduce `picture` into the input, its shape kept; returns that part (valid until the next)."""
        width, height = self._model.input
        share = min(width / picture.shape[1], height / picture.shape[0])
        shape = max(1, round(picture.shape[0] * share)), max(1, round(picture.shape[1] * share))
        if shape != self._shape:
            self._canvas[:] = self._model.pad
            self._tensor[:] = self._canvas.transpose(2, 0, 1)
            self._scaled(self._tensor)
            self._shape = shape
            if self._model.letterbox == "centre":
                self._corner = _before(height - shape[0]), _before(width - shape[1])
        top, left = self._corner
        part = self._canvas[top : top + shape[0], left : left + shape[1]]
        cv2.resize(picture, (shape[1], shape[0]), dst=part, interpolation=cv2.INTER_LINEAR)
        return part

    def tensor(self) -> Tensor:
        """What was fitted last, as the model wants it: 1 x 3 x height x width (valid until the next)."""
        (top, left), (height, width) = self._corner, self._shape
        part = self._tensor[0, :, top : top + height, left : left + width]  # the padding around it stands
        planes = cv2.split(self._canvas[top : top + height, left : left + width])
        for channel, plane in enumerate(planes if self._model.colour == "bgr" else reversed(planes)):
            part[channel] = plane
        self._scaled(part)
        return self._tensor

    def _scaled(self, numbers: Tensor) -> None:
        """In place, from 0-255 to what the model was trained on."""
        if self._model.scale == "0-1":
            numbers /= 255.0

    def back(self, boxes: Boxes) -> Boxes:
        """Boxes in pixels of the input, as fractions of the picture that was fitted last."""
        top, left = self._corner
        height, width = self._shape
        begins = np.array((left, top, left, top), np.float32)
        size = np.array((width, height, width, height), np.float32)
        corners: Floats = np.clip((boxes.corners - begins) / size, 0, 1)
        return Boxes(corners=corners, scores=boxes.scores, labels=boxes.labels)


def _before(free: int) -> int:
    return max(0, round(free / 2 - BIASED))
