"""Spoils the pictures of a film as light, weather, networks and time do: how much, a seed says."""

import random

import cv2
import numpy as np
from msgspec import Struct

from edge_agent.sense.camera.frames import Picture


class Spoil(Struct, frozen=True, kw_only=True):
    """What is done to every picture of one showing of the film."""

    gain: float = 1.0  # brightness
    offset: float = 0.0  # grey levels
    noise: float = 0.0  # grey levels, sigma
    blur_px: float = 0.0  # sigma
    quality: int = 100  # JPEG
    shift_px: tuple[int, int] = (0, 0)
    lost: tuple[tuple[float, float], ...] = ()  # from and to, seconds of the film: no picture comes

    def gone(self, at_s: float) -> bool:
        """Whether no picture comes at this second of the film."""
        return any(begins <= at_s < ends for begins, ends in self.lost)

    def done(self, picture: Picture, chance: np.random.Generator) -> Picture:
        """The picture, spoilt."""
        height, width = picture.shape[:2]
        across, down = self.shift_px
        moved = cv2.warpAffine(
            picture,
            np.array([[1, 0, across], [0, 1, down]], np.float32),
            (width, height),
            borderMode=cv2.BORDER_REPLICATE,
        )
        if self.blur_px:
            moved = cv2.GaussianBlur(moved, (0, 0), self.blur_px)
        grey = moved.astype(np.float32) * self.gain + self.offset
        if self.noise:
            grey += self.noise * chance.standard_normal(grey.shape, np.float32)
        spoilt = np.clip(grey, 0, 255).astype(np.uint8)
        if self.quality < 100:
            _, jpeg = cv2.imencode(".jpg", spoilt, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
            spoilt = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR), np.uint8)
        return spoilt


def drawn_from(dice: random.Random, length_s: float) -> Spoil:
    """Of each kind nothing in every other showing; drop-outs of 1 to 6 s, as a camera's hiccups are."""

    def perhaps(least: float, most: float, else_: float) -> float:
        return dice.uniform(least, most) if dice.random() < 0.5 else else_

    begins = [dice.uniform(0, length_s) for _ in range(dice.choice((0, 0, 1, 2)))]
    return Spoil(
        gain=perhaps(0.5, 1.3, 1.0),
        offset=perhaps(-15, 20, 0.0),
        noise=perhaps(2, 12, 0.0),
        blur_px=perhaps(0.5, 1.2, 0.0),
        quality=round(perhaps(25, 70, 100)),
        shift_px=(round(perhaps(-6, 6, 0)), round(perhaps(-4, 4, 0))),
        lost=tuple((at_s, at_s + dice.uniform(1, 6)) for at_s in begins),
    )
