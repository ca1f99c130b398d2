"""The upper part of one person, cut out of the full picture: what the judge of persons looks at."""

import cv2
import numpy as np

from edge_agent.sense.camera.boxes import Floats
from edge_agent.sense.camera.frames import Picture

PADDING = 114  # grey of what lies outside a picture, in training
WIDTH, HEIGHT = 96, 160  # pixels of the judge's input
MARGIN = 0.12  # of each side: helmets stand out of a tight box
TALL = 1.9  # heights over widths that are kept, from the top: legs say nothing


def region(corners: Floats) -> Floats:
    """Corners of what is cut out for a person with these corners (pixels; may stand out of the picture)."""
    x1, y1, x2, y2 = corners
    wide = x2 - x1
    high = min(y2 - y1, TALL * wide)
    edge = (x1 - MARGIN * wide, y1 - MARGIN * high, x2 + MARGIN * wide, y1 + high * (1 + MARGIN))
    return np.array(edge, np.float32)


def cut(picture: Picture, corners: Floats, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Picture:
    """The region of a person, `size` (width, height); what lies outside the picture is grey."""
    edge = region(corners)
    limit = np.array([picture.shape[1], picture.shape[0]] * 2)
    x1, y1, x2, y2 = np.clip(edge, 0, limit).round().astype(int).tolist()
    canvas = np.full((size[1], size[0], 3), PADDING, np.uint8)
    scale = np.array(size) / np.maximum(edge[2:] - edge[:2], 1)
    left, top = np.clip(((x1, y1) - edge[:2]) * scale, 0, np.array(size) - 1).round().astype(int).tolist()
    right, bottom = np.clip(((x2, y2) - edge[:2]) * scale, 0, size).round().astype(int).tolist()
    if min(x2 - x1, y2 - y1, right - left, bottom - top) < 1:
        return canvas
    how = cv2.INTER_AREA if scale.max() < 1 else cv2.INTER_LINEAR
    canvas[top:bottom, left:right] = cv2.resize(
        picture[y1:y2, x1:x2], (right - left, bottom - top), interpolation=how
    )
    return canvas
