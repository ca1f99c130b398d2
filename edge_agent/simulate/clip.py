"""Short films made of nothing: moving shapes for tests, darkness for a camera whose light has failed."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def write_clip(
    path: Path, *, seconds: float = 4.0, size_px: tuple[int, int] = (320, 240), rate_hz: int = 10
) -> Path:
    """An H.264 film of a box and a bar that move before a grey wall; a key frame every second."""
    count = max(1, round(seconds * rate_hz))
    write_pictures(path, (_shapes(n, count, size_px) for n in range(count)), size_px=size_px, rate_hz=rate_hz)
    return path


def write_dark(path: Path, *, seconds: float = 2.0, size_px: tuple[int, int], rate_hz: int) -> Path:
    """Darkness as a sensor sees it: almost black, with noise that never stands still."""
    count = max(1, round(seconds * rate_hz))
    write_pictures(path, _darkness(count, size_px), size_px=size_px, rate_hz=rate_hz)
    return path


def write_pictures(path: Path, pictures: Iterable[Picture], *, size_px: tuple[int, int], rate_hz: int) -> None:
    """Encode RGB pictures as a surveillance camera would: no B-frames, a key frame every second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(rate_hz))
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23", "bf": "0", "g": str(rate_hz), "sc_threshold": "0"}
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))


def _shapes(number: int, count: int, size_px: tuple[int, int]) -> Picture:
    """A light box on a round trip and a dark bar, so that every picture differs from the one before."""
    width, height = size_px
    picture = np.full((height, width, 3), 110, np.uint8)
    picture[:, :: max(2, width // 16)] = 90  # a texture that stands still
    side = height // 4
    x = abs((2 * number * (width - side) // count) - (width - side))
    picture[height // 3 : height // 3 + side, x : x + side] = (230, 200, 60)
    bar = number * height // count
    picture[bar : bar + max(2, height // 20)] = (20, 60, 200)
    return picture


def _darkness(count: int, size_px: tuple[int, int]) -> Iterator[Picture]:
    chance = np.random.default_rng(1)
    for _ in range(count):
        yield chance.integers(0, 14, (size_px[1], size_px[0], 3), dtype=np.uint8)
