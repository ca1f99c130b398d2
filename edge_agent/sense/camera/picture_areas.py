"""Who stands where: the areas drawn on a camera's picture, asked by the point between the feet."""

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.domain.zone import PictureArea

Box = tuple[float, float, float, float]
_FINE = 10_000.0  # OpenCV tests in 32-bit floats: fractions are enlarged to keep four digits


class Outline(Struct, frozen=True):
    """One picture area, ready to be asked."""

    area: str
    contour: NDArray[np.float32]


def outlines(areas: tuple[PictureArea, ...]) -> tuple[Outline, ...]:
    """The outlines of `areas`; a concave one is as good as a convex one."""
    return tuple(Outline(a.area, np.array(a.corners, np.float32).reshape(-1, 1, 2) * _FINE) for a in areas)


def areas_of(box: Box, among: tuple[Outline, ...]) -> tuple[str, ...]:
    """Ids of the plan areas in which the person in `box` (fractions) stands; the edge belongs to it.

    The feet are taken to be at the middle of the lower edge; where the picture cuts a person off,
    that is the best guess there is.
    """
    feet = ((box[0] + box[2]) / 2 * _FINE, box[3] * _FINE)
    inside = {o.area for o in among if cv2.pointPolygonTest(o.contour, feet, measureDist=False) >= 0}
    return tuple(sorted(inside))
