"""The same picture as another camera gives it: light, colours, and the faults of cheap ones."""

import cv2
import numpy as np
from numpy.random import Generator

from edge_agent.ops.model.shelf import Picture

HUE, SATURATION, LIGHT = 0.02, 0.6, 0.45  # shares of change
GREY, WORSE = 0.05, 0.3  # shares of the pictures
BLUR_PX, ENCODER_QUALITY, NOISE, CURVE = (0.5, 1.6), (15, 60), (3.0, 14.0), (-0.7, 0.9)


def another_camera(picture: Picture, rng: Generator) -> Picture:
    """Other light and colours; now and then grey, blurred, noisy, or squeezed by a poor encoder."""
    hue, saturation, light = 1 + rng.uniform(-1, 1, 3) * (HUE, SATURATION, LIGHT)
    steps = np.arange(256)
    tables = (steps * hue % 180, np.minimum(steps * saturation, 255), np.minimum(steps * light, 255))
    table = np.stack(tables, 1).astype(np.uint8)[None]
    picture = _made(cv2.cvtColor(cv2.LUT(cv2.cvtColor(picture, cv2.COLOR_BGR2HSV), table), cv2.COLOR_HSV2BGR))
    if rng.random() < GREY:
        picture = _made(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR))
    return _worse(picture, rng) if rng.random() < WORSE else picture


def _worse(picture: Picture, rng: Generator) -> Picture:
    """One fault of cheap cameras."""
    match rng.integers(4):
        case 0:
            return _made(cv2.GaussianBlur(picture, (0, 0), rng.uniform(*BLUR_PX)))
        case 1:
            packed = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*ENCODER_QUALITY))])
            return _made(cv2.imdecode(packed[1], cv2.IMREAD_COLOR))
        case 2:
            noise = rng.standard_normal(picture.shape, np.float32) * rng.uniform(*NOISE)
            return _made(np.clip(picture + noise, 0, 255))
        case _:
            curve = np.linspace(0, 1, 256) ** np.exp(rng.uniform(*CURVE)) * 255
            return _made(cv2.LUT(picture, curve.astype(np.uint8)))


def _made(picture: object) -> Picture:
    return np.asarray(picture).astype(np.uint8, copy=False)
