"""What a picture says of itself, written on it for people: a dark band along its lower edge.

OpenCV's own Unicode font (WenQuanYi Micro Hei, within its package) has the Chinese characters: nothing need be
installed on the box. The scene shows through the band, so that nothing that happened there is lost.
"""

from collections.abc import Iterable, Iterator
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # rows x columns x 3 (BGR)

QUALITY = 90  # JPEG: encoded a second time
FONT = "uni"
OF_SIDE = 1 / 32  # letters beside the picture's shorter side
LARGEST_PX, USUAL_PX, SMALLEST_PX = 40, 14, 10  # letters
LINE = 1.3  # letters' heights from one line to the next
BAND_SHARE = 0.4  # of the picture's height that the band may take, until letters are the smallest
DARK = 0.7  # how much of the scene the band takes away: white on it reads on snow (9 : 1) and at night
WHITE = (255, 255, 255)
GAP = "   "  # between two fields of one line
ELLIPSIS = "…"


def lettered(jpeg: bytes, fields: Iterable[str]) -> bytes:
    """The picture with the fields on it; what is no picture stays as it is."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if jpeg else None
    if picture is None:
        return jpeg
    done, again = cv2.imencode(
        ".jpg", banded(picture.astype(np.uint8, copy=False), fields), [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    )
    return again.tobytes() if done else jpeg


def banded(picture: Picture, fields: Iterable[str]) -> Picture:
    """A copy with the fields along its lower edge, as many on a line as fit, cut to its width."""
    copy = picture.copy()
    height, width = copy.shape[:2]
    said = [text for field in fields if (text := " ".join(field.split()))]
    if not said:
        return copy
    size, lines = _layout(said, width, height)
    step = round(size * LINE)
    top = height - min(height, step * len(lines) + size // 3)
    copy[top:] = (copy[top:] * (1 - DARK)).astype(np.uint8)
    for number, line in enumerate(lines):
        at = (size // 2, top + step * number + size)
        cv2.putText(copy, line, at, WHITE, _font(), size)
    return copy


def _layout(fields: list[str], width: int, height: int) -> tuple[int, list[str]]:
    """How large the letters are, and the lines; a picture too small for all of them keeps the first ones."""
    size = min(LARGEST_PX, max(USUAL_PX, round(min(width, height) * OF_SIDE)))
    lines = list(_lines(fields, width, size))
    while size > SMALLEST_PX and len(lines) * size * LINE > BAND_SHARE * height:
        size -= 1
        lines = list(_lines(fields, width, size))
    return size, lines[: max(1, int((height - size // 3) / round(size * LINE)))]


def _lines(fields: list[str], width: int, size: int) -> Iterator[str]:
    room = width - size  # half a letter is left free on each side
    line = ""
    for field in fields:
        longer = f"{line}{GAP}{field}" if line else field
        if not line or _wide(longer, size) <= room:
            line = longer
        else:
            yield _cut(line, room, size)
            line = field
    yield _cut(line, room, size)


def _cut(text: str, room: int, size: int) -> str:
    """The text, or as much of its beginning as fits, and an ellipsis."""
    if _wide(text, size) <= room:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if _wide(text[:middle].rstrip() + ELLIPSIS, size) <= room:
            fits = middle
        else:
            too_long = middle
    return text[:fits].rstrip() + ELLIPSIS


def _wide(text: str, size: int) -> int:
    """Pixels from the beginning of the text to its end."""
    left, _, wide, _ = cv2.getTextSize((0, 0), text, (0, 0), _font(), size)
    return int(left + wide)


@cache
def _font() -> cv2.FontFace:
    """Unpacked once, 8 MB."""
    return cv2.FontFace(FONT)
