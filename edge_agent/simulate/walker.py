"""How a person with a tag moves: at a post, on the way to another place, or not at all."""

import math
import random
from typing import Literal

from msgspec import Struct

Mode = Literal["post", "walk", "still"]
STROLL_M_S = 0.6  # the pace of small walking around a post
STAND_S = (0.5, 4.0)  # how long somebody stands between two small walks


class Place(Struct, frozen=True):
    """A point in site metres."""

    x_m: float
    y_m: float

    def to(self, other: "Place") -> float:
        """Distance in metres."""
        return math.hypot(other.x_m - self.x_m, other.y_m - self.y_m)

    def towards(self, other: "Place", step_m: float) -> "Place":
        """`step_m` metres on the way to `other`, or `other` if it is nearer."""
        left_m = self.to(other)
        if left_m <= step_m:
            return other
        part = step_m / left_m
        return Place(self.x_m + (other.x_m - self.x_m) * part, self.y_m + (other.y_m - self.y_m) * part)


class Walker:
    """One person. `moving` is what the tag's motion sensor says, not what the position suggests."""

    def __init__(self, post: Place, roam_m: float, chance: random.Random, now_s: float) -> None:
        """Stands at `post` and strolls within `roam_m` of it."""
        self.at = post
        self.moving = True
        self._post = post
        self._roam_m = roam_m
        self._chance = chance
        self._mode: Mode = "post"
        self._target = post
        self._speed_m_s = STROLL_M_S
        self._stand_until_s = now_s
        self._now_s = now_s

    @property
    def speed_m_s(self) -> float:
        """How fast it goes now."""
        return 0.0 if self.at == self._target or self._mode == "still" else self._speed_m_s

    @property
    def mode(self) -> Mode:
        """At the post, on the way, or still."""
        return self._mode

    def go(self, place: Place, speed_m_s: float) -> None:
        """Walk to another post."""
        self._mode, self._post, self._target, self._speed_m_s = "walk", place, place, speed_m_s

    def stay_still(self) -> None:
        """No motion at all, as a tag that hangs on a rail."""
        self._mode, self.moving, self._target = "still", False, self.at

    def stir(self) -> None:
        """Move about the post again."""
        self._mode, self._target = "post", self.at

    def step(self, now_s: float) -> None:
        """Let the time pass until monotonic second `now_s`."""
        passed_s, self._now_s = now_s - self._now_s, now_s
        if self._mode == "still":
            return
        before = self.at
        self.at = before.towards(self._target, self._speed_m_s * passed_s)
        # A person who stands shifts and turns: the motion sensor sees that in most intervals.
        self.moving = self.at != before or self._chance.random() < 0.7  # noqa: PLR2004 - a guess of ours
        if self.at == self._target:
            self._arrive(now_s)

    def _arrive(self, now_s: float) -> None:
        if self._mode == "walk":
            self._mode = "post"
        if now_s < self._stand_until_s:
            return
        self._stand_until_s = now_s + self._chance.uniform(*STAND_S)
        angle, far_m = self._chance.uniform(0, math.tau), self._roam_m * math.sqrt(self._chance.random())
        self._target = Place(self._post.x_m + far_m * math.cos(angle), self._post.y_m + far_m * math.sin(angle))
        self._speed_m_s = STROLL_M_S
