"""Workers, drawn: pictures with known people in them that every box has and that nobody owns.

Photographs would prove more, and belong to somebody; the shipped models see these people as they see real ones.
They show whether a model works at all - the right colours, size and labels - not how good it is.
"""

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from edge_agent.sense.camera.frames import Picture

Corners = NDArray[np.float64]
Colour = tuple[int, int, int]  # blue, green, red
WIDTH, HEIGHT = 640, 480
YELLOW, ORANGE, WHITE, BLUE = (40, 200, 250), (30, 110, 250), (240, 240, 240), (190, 110, 40)
HI_VIS = (30, 220, 240)
SKIN, HAIR, EYES, LIPS = (140, 170, 215), (25, 30, 40), (40, 40, 50), (90, 90, 160)
SHIRT, TROUSERS, SHOES, TAPE = (110, 80, 60), (90, 60, 40), (30, 30, 40), (215, 215, 215)
SHADE = 0.85
GRAIN, NOISE, BLUR_PX = 6.0, 4.0, 0.8
BOX = (-22.0, 24.0, 101.0)  # left and right of a person a hundred high, and the top, from between the feet


class Worker(Struct, frozen=True):
    """Where somebody stands (between the feet, pixels), how high, and what is worn (None: nothing)."""

    x: int
    y: int
    high: int
    hat: Colour | None = YELLOW
    vest: Colour | None = HI_VIS


class Scene(Struct, frozen=True, kw_only=True):
    """People in a yard; `light` is a share of daylight."""

    workers: tuple[Worker, ...]
    light: float = 1.0
    seed: int = 1

    @property
    def persons(self) -> Corners:
        """Corners of each, as shares of the picture."""
        left, right, top = BOX
        rows = [
            (w.x + left * w.high / 100, w.y - top * w.high / 100, w.x + right * w.high / 100, w.y)
            for w in self.workers
        ]
        size = np.array([WIDTH, HEIGHT] * 2)
        corners: Corners = np.clip(np.array(rows, np.float64).reshape(-1, 4) / size, 0, 1)
        return corners


CANARY = Scene(
    workers=(Worker(180, 440, 230), Worker(430, 380, 150, WHITE, ORANGE), Worker(560, 350, 110, None, None))
)
GATE = (
    CANARY,
    Scene(workers=(Worker(120, 400, 190, ORANGE, ORANGE), Worker(300, 430, 210, None, None)), seed=2),
    Scene(workers=(Worker(500, 460, 260, WHITE), Worker(330, 360, 120), Worker(230, 340, 100)), light=0.6, seed=3),
    Scene(workers=(Worker(90, 330, 95), Worker(250, 340, 105, None), Worker(470, 335, 90, BLUE, ORANGE)), seed=4),
    Scene(workers=(), seed=5),
)


def mirrored(picture: Picture) -> Picture:
    """The same the other way round: to a model another picture."""
    return np.ascontiguousarray(picture[:, ::-1])


def mirrored_boxes(corners: Corners) -> Corners:
    """Where things are in the mirror."""
    x1, y1, x2, y2 = corners.T
    return np.stack((1 - x2, y1, 1 - x1, y2), 1)


def drawn(scene: Scene) -> Picture:
    """The picture of `scene`, the same each time."""
    rng = np.random.default_rng(scene.seed)
    canvas = _yard(rng)
    for worker in scene.workers:
        _worker(canvas, worker)
    blurred = cv2.GaussianBlur(canvas, (0, 0), BLUR_PX).astype(np.float32) * scene.light
    return np.clip(blurred + rng.normal(0, NOISE, canvas.shape), 0, 255).astype(np.uint8)


def _yard(rng: np.random.Generator) -> Picture:
    """Sky, ground, a house, a scaffold."""
    horizon = HEIGHT * 45 // 100
    down = np.linspace(0, 1, HEIGHT)[:, None, None]
    canvas = np.tile(np.array([200, 185, 165]) * (1 - down) + np.array([120, 130, 140]) * down, (1, WIDTH, 1))
    canvas[horizon:] = np.array([105, 118, 128]) * (0.8 + 0.4 * np.linspace(0, 1, HEIGHT - horizon)[:, None, None])
    canvas = np.clip(canvas, 0, 255).astype(np.uint8)
    cv2.rectangle(canvas, (20, 60), (230, HEIGHT // 2), (120, 125, 150), -1)
    for window in range(5):
        cv2.rectangle(canvas, (40 + window * 38, 90), (60 + window * 38, 130), (90, 80, 70), -1)
    for x in (420, 560):
        cv2.line(canvas, (x, 0), (x, HEIGHT * 6 // 10), (60, 70, 80), 6)
    cv2.line(canvas, (400, 150), (WIDTH, 150), (60, 70, 80), 4)
    rough = cv2.resize(
        rng.normal(0, GRAIN, (HEIGHT // 4, WIDTH // 4, 3)), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    return np.clip(canvas + rough, 0, 255).astype(np.uint8)


class _Pen:
    """Draws in hundredths of one worker's height, from between the feet upwards."""

    def __init__(self, canvas: Picture, worker: Worker) -> None:
        self._canvas, self._worker = canvas, worker

    def at(self, across: float, up: float) -> tuple[int, int]:
        share = self._worker.high / 100
        return int(self._worker.x + across * share), int(self._worker.y - up * share)

    def wide(self, hundredths: float) -> int:
        return max(1, int(hundredths * self._worker.high / 100))

    def line(self, begin: tuple[float, float], end: tuple[float, float], wide: float, colour: Colour) -> None:
        cv2.line(self._canvas, self.at(*begin), self.at(*end), colour, self.wide(wide), cv2.LINE_AA)

    def round(
        self, middle: tuple[float, float], half: tuple[float, float], colour: Colour, *, upper: bool = False
    ) -> None:
        axes = (self.wide(half[0]), self.wide(half[1]))
        begin, end = (180, 360) if upper else (0, 360)
        cv2.ellipse(self._canvas, self.at(*middle), axes, 0, begin, end, colour, -1, cv2.LINE_AA)

    def area(self, corners: tuple[tuple[float, float], ...], colour: Colour) -> None:
        points: NDArray[np.int32] = np.array([self.at(*corner) for corner in corners], np.int32)
        cv2.fillPoly(self._canvas, [points], colour, cv2.LINE_AA)


def _shaded(colour: Colour) -> Colour:
    blue, green, red = (int(part * SHADE) for part in colour)
    return blue, green, red


def _worker(canvas: Picture, worker: Worker) -> None:
    pen = _Pen(canvas, worker)
    _body(pen)
    if worker.vest is not None:
        _vest(pen, worker.vest)
    _head(pen, worker.hat)


def _body(pen: _Pen) -> None:
    pen.line((-6, 48), (-8, 5), 11, TROUSERS)
    pen.line((6, 48), (9, 5), 11, _shaded(TROUSERS))
    pen.round((-10, 3), (7, 3), SHOES)
    pen.round((11, 3), (7, 3), SHOES)
    for elbow, hand, shoulder in (((-18, 60), (-16, 44), -13), ((19, 61), (21, 46), 13)):
        pen.line((shoulder, 77), elbow, 7.5, SHIRT)
        pen.line(elbow, hand, 6, SHIRT)
        pen.round((hand[0], hand[1] - 1), (3, 3), SKIN)
    pen.area(((-13, 80), (13, 80), (11, 46), (-11, 46)), SHIRT)


def _vest(pen: _Pen, colour: Colour) -> None:
    pen.area(((-12, 81), (-4, 82), (0, 72), (4, 82), (12, 81), (11, 50), (-11, 50)), colour)
    for up in (62, 54):
        pen.line((-11.5, up), (11.5, up), 3, TAPE)
    for side in (-1, 1):
        pen.line((side * 8, 80), (side * 7, 62), 2.5, TAPE)


def _head(pen: _Pen, hat: Colour | None) -> None:
    pen.line((0, 80), (0, 86), 7, SKIN)
    pen.round((0, 90), (5.6, 7.2), SKIN)
    pen.round((2.5, 90), (3, 6), _shaded(SKIN))
    for across in (-2.2, 2.4):
        pen.round((across, 91), (0.7, 0.7), EYES)
    pen.line((-1.6, 86.5), (1.8, 86.5), 0.7, LIPS)
    if hat is None:
        pen.round((0, 94), (6, 5), HAIR, upper=True)
    else:
        pen.round((0, 94), (7, 7), hat, upper=True)
        pen.round((0, 94), (8.6, 1.5), _shaded(hat))
