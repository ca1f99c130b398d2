"""What a model found in one picture, and one box per thing."""

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Boxes(Struct, frozen=True, kw_only=True):
    """Detections of one picture: corners x1, y1, x2, y2 (n x 4), scores (n), label numbers (n)."""

    corners: Floats
    scores: Floats
    labels: NDArray[np.intp]

    def only(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> "Boxes":
        """The chosen ones."""
        return Boxes(corners=self.corners[chosen], scores=self.scores[chosen], labels=self.labels[chosen])


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
