"""Two films of a drawn yard: nobody is near; and somebody walks in from the right, stands, and walks out again.

Far behind, beside the zone, a second one paces up and down in both: a picture in which nothing moves counts as
frozen.

Drawn (sense/camera/proof/drawn.py), so that the picture in which his feet cross the zone's edge is known exactly,
and so that every machine has them; the shipped models see these people as they see real ones.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from edge_agent.domain.zone import Corner
from edge_agent.sense.camera.proof.drawn import HEIGHT, WIDTH, Scene, Worker, drawn
from edge_agent.simulate.clip import Picture, write_pictures

FILM_HZ = 15
WALK_PX_S = 184.0  # 1.4 m/s for somebody 230 pixels high
HIGH_PX, FEET_PX = 230, 440
OUTSIDE_PX, STANDS_PX = 720.0, 340.0  # between the feet: beyond the picture's edge, and in the middle of the zone
STANDS_S = 1.0
NOISE = 2.0
PACES = (575, 345, 100, 30, 4.0)  # between which feet, how high, how far each way (pixels), how long (s)


def _places() -> list[float]:
    """Where his feet are in each picture, in pixels from the left."""
    step_px = WALK_PX_S / FILM_HZ
    walk = list(np.arange(OUTSIDE_PX, STANDS_PX, -step_px))
    return [*walk, *[STANDS_PX] * round(STANDS_S * FILM_HZ), *reversed(walk)]


def entered(corners: tuple[Corner, ...]) -> int:
    """The number of the picture in which his feet are first on the outline `corners` (fractions), or in it."""
    up = FEET_PX / HEIGHT
    edges = zip(corners, (*corners[1:], corners[0]), strict=True)
    crossed = [
        (x1 + (x2 - x1) * (up - y1) / (y2 - y1)) * WIDTH
        for (x1, y1), (x2, y2) in edges
        if (y1 <= up) != (y2 <= up)
    ]
    return next(number for number, feet_px in enumerate(_places()) if feet_px <= max(crossed))


def last() -> int:
    """The number of the scene's last picture: he has left."""
    return len(_places()) - 1


def write_empty(path: Path) -> Path:
    """Nobody near; four seconds, as long as the one behind takes for his way."""
    return _write(path, ((n, ()) for n in range(round(PACES[-1] * FILM_HZ))))


def write_entry(path: Path) -> Path:
    """Somebody comes and goes."""
    return _write(path, ((n, (Worker(round(x), FEET_PX, HIGH_PX),)) for n, x in enumerate(_places())))


def _write(path: Path, scenes: Iterator[tuple[int, tuple[Worker, ...]]]) -> Path:
    write_pictures(path, (picture(n, who) for n, who in scenes), size_px=(WIDTH, HEIGHT), rate_hz=FILM_HZ)
    return path


def picture(number: int, workers: tuple[Worker, ...]) -> Picture:
    """RGB; the sensor's noise is never the same twice."""
    x, y, high, wide, period_s = PACES
    behind = Worker(round(x + wide * np.sin(2 * np.pi * number / FILM_HZ / period_s)), y, high)
    noise = np.random.default_rng(number).normal(0, NOISE, (HEIGHT, WIDTH, 3))
    bgr = np.clip(drawn(Scene(workers=(behind, *workers), seed=7)) + noise, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(bgr[:, :, ::-1])
