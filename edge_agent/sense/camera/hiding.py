"""Who cannot be recognised in a copy of a picture: every head, and all of whoever stands outside the areas.

What the model does not find is not hidden: weak boxes count too, and those of the moment before stay.
"""

from collections.abc import Iterable

import cv2
from msgspec import Struct

from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.picture_areas import Box, Outline, areas_of

LEAST_SCORE = 0.2  # rather somebody too many than a face
HOLD_S = 1.0  # a face that the model loses for a picture or two stays hidden
HEAD = 0.3  # of a person's height, from the top
WIDER = 0.15  # of a box, on each side: it is never exact
BLOCKS = 5  # a hidden part keeps so many blocks across
WHOLE_BLOCKS = 24  # across a picture in which nobody can tell where the people are
HEADS = frozenset({"hardhat", "no_hardhat"})  # labels whose boxes are heads themselves
ALL: Box = (0.0, 0.0, 1.0, 1.0)


class Hidden(Struct, frozen=True, kw_only=True):
    """Parts of a picture, as fractions; `everything`: nobody has told where the people are."""

    parts: tuple[Box, ...] = ()
    everything: bool = False

    def __bool__(self) -> bool:
        """Whether anything is hidden at all."""
        return self.everything or bool(self.parts)


EVERYTHING = Hidden(everything=True)


def of_person(box: Box, areas: tuple[Outline, ...]) -> Box:
    """The part of a person that is hidden: his head; all of him outside the `areas`, where there are any."""
    x1, y1, x2, y2 = box
    wide, high = x2 - x1, y2 - y1
    stranger = bool(areas) and not areas_of(box, areas)
    bottom = y2 + WIDER * high if stranger else y1 + HEAD * high
    return x1 - WIDER * wide, y1 - WIDER * high, x2 + WIDER * wide, bottom


def of_head(box: Box) -> Box:
    """The part of a head that is hidden: a helmet is above a face, which reaches below it."""
    x1, y1, x2, y2 = box
    wide, high = x2 - x1, y2 - y1
    return x1 - WIDER * wide, y1 - WIDER * high, x2 + WIDER * wide, y2 + high


def blurred(picture: Picture, parts: Iterable[Box], blocks: int = BLOCKS) -> Picture:
    """A copy whose parts are a few blocks each: what was there cannot be brought back."""
    copy = picture.copy()
    height, width = copy.shape[:2]
    for x1, y1, x2, y2 in parts:
        left, right = (min(width, max(0, round(x * width))) for x in (x1, x2))
        top, bottom = (min(height, max(0, round(y * height))) for y in (y1, y2))
        if right > left and bottom > top:
            part = copy[top:bottom, left:right]
            small = cv2.resize(part, (blocks, blocks), interpolation=cv2.INTER_AREA)
            part[:] = cv2.resize(small, (right - left, bottom - top), interpolation=cv2.INTER_NEAREST)
    return copy


def masked(picture: Picture, hidden: Hidden) -> Picture:
    """The copy that everybody may see."""
    if hidden.everything:
        return blurred(picture, (ALL,), WHOLE_BLOCKS)
    return blurred(picture, hidden.parts)
