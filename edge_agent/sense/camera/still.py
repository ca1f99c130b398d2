"""A camera's pictures with boxes, time and state: one with faces, and the masked one that everybody may see.

Each is replaced atomically.
"""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from msgspec import Struct

from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera.frames import Picture
from edge_agent.store.folder import put_unsynced

QUALITY = 80  # JPEG: 720p in about 150 kB
_COLOURS = {"person": (255, 200, 0), "hardhat": (0, 220, 0), "vest": (0, 220, 220), "no_hardhat": (0, 0, 255)}
_GREY = (200, 200, 200)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_SCALE = 0.55
_LINE = 22  # pixels


class Mark(Struct, frozen=True):
    """One box to draw: fractions of the picture, the model's label, and the words beside it (ASCII)."""

    box: tuple[float, float, float, float]
    label: str
    words: str


def still_name(camera: str) -> str:
    """File name of a camera's still in the runtime folder: with faces, for those who may see them."""
    return f"{camera}.jpg"


def masked_name(camera: str) -> str:
    """File name of the still that everybody may see. No camera's id has a dot in it."""
    return f"{camera}.masked.jpg"


def drawn(picture: Picture, marks: Iterable[Mark], areas: tuple[PictureArea, ...], caption: str) -> Picture:
    """A copy of the picture with areas, boxes and a caption along the top."""
    canvas = picture.copy()
    height, width = canvas.shape[:2]
    for area in areas:
        corners = (np.array(area.corners) * (width, height)).round().astype(np.int32)
        cv2.polylines(canvas, [corners], isClosed=True, color=_GREY, thickness=1)
    for mark in marks:
        colour = _COLOURS.get(mark.label, _GREY)
        x1, y1, x2, y2 = (round(v * s) for v, s in zip(mark.box, (width, height) * 2, strict=True))
        cv2.rectangle(canvas, (x1, y1), (x2, y2), colour, 2)
        if mark.words:
            _write(canvas, mark.words, (x1, max(_LINE * 2, y1)), colour)
    _write(canvas, caption, (0, _LINE), (255, 255, 255))
    return canvas


def _write(canvas: Picture, words: str, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """One line of words on black, its lower left corner `at`: readable on any picture."""
    (width, _), _ = cv2.getTextSize(words, _FONT, _SCALE, 1)
    x, y = at
    cv2.rectangle(canvas, (x, y - _LINE), (x + width + 6, y), (0, 0, 0), cv2.FILLED)
    cv2.putText(canvas, words, (x + 3, y - 6), _FONT, _SCALE, colour, 1, cv2.LINE_AA)


def put(folder: Path, picture: Picture, *names: str) -> None:
    """Write the still under each name so that a reader sees the old or the new one, never half of one."""
    done, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        raise ValueError(f"{names[0]}: the picture could not be made into a JPEG")
    for name in names:
        put_unsynced(folder / name, jpeg.tobytes())
