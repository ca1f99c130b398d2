"""What a walk test must show, point by point: guards' posts, the edges of areas, with and without a helmet. Pure.

A point is ticked by the box's own words about pictures that came one behind the other, with one person in them.
"""

import math
from collections.abc import Iterator
from typing import Literal

import cv2
import numpy as np
from msgspec import Struct

from edge_agent.domain.observation import Sighting, View, Worn
from edge_agent.domain.words import NOTHING, Words
from edge_agent.domain.zone import PictureArea

HELMET = "helmet"
IN_A_ROW = 5  # judged pictures: a second at the usual rate
NEAR = 0.6  # of the way from the middle of an area to its corner: whoever stands beyond that is at the corner
Point = tuple[float, float]
Kind = Literal["post", "edge", "worn", "bare"]


class Wanted(Struct, frozen=True, kw_only=True):
    """One point: where it is on the picture, and what the walker does for it."""

    id: str
    kind: Kind
    says: Words
    called: Words = NOTHING  # of a corner: only those may be left out
    at: Point | None = None
    corners: tuple[Point, ...] = ()


def points(areas: tuple[PictureArea, ...], names: dict[str, Words], *, helmets: bool) -> tuple[Wanted, ...]:
    """All of a camera. `names` are what people call the areas of the plan; `helmets`: whether it tells them."""
    found = [one for area in areas for one in _of(area, names.get(area.area, Words(area.area, area.area)))]
    return (*found, *(_HELMETS if helmets else ()))


_HELMETS = (
    Wanted(
        id=Worn.WORN,
        kind="worn",
        says=Words(
            "戴好安全帽，面向摄像机站 3 秒", "With the helmet on, face the camera and stand still for 3 seconds"
        ),
    ),
    Wanted(
        id=Worn.MISSING,
        kind="bare",
        says=Words(
            "站到没有坠物危险的地方，摘下安全帽，面向摄像机站 3 秒",
            "Where nothing can fall on you take the helmet off, face the camera and stand still for 3 seconds",
        ),
    ),
)


def _of(area: PictureArea, name: Words) -> Iterator[Wanted]:
    middle = _middle(area.corners)
    if area.post:
        says = Words(f"站到 {name.zh} 的监护位，停 3 秒", f"Stand at the guard's post of {name.en} for 3 seconds")
        yield Wanted(id=f"post-{area.id}", kind="post", says=says, at=middle, corners=area.corners)
        return
    for number, corner in enumerate(area.corners, 1):
        says = Words(
            f"走到 {name.zh} 的第 {number} 个角（画面上的圆圈），脚在区域内",
            f"Walk to corner {number} of {name.en} (the ring on the picture), your feet inside the area",
        )
        at = (middle[0] + (corner[0] - middle[0]) * 0.8, middle[1] + (corner[1] - middle[1]) * 0.8)
        called = Words(f"{name.zh} 第 {number} 个角", f"corner {number} of {name.en}")
        yield Wanted(
            id=f"edge-{area.id}-{number}", kind="edge", says=says, called=called, at=at, corners=area.corners
        )


def _middle(corners: tuple[Point, ...]) -> Point:
    return (sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners))


def shows(wanted: Wanted, said: Sighting) -> bool:
    """Whether one word about a picture shows this point: one person, at the place or dressed as it says."""
    if said.view is not View.CLEAR or len(said.persons) != 1:
        return False
    person = said.persons[0]
    if wanted.kind in {"worn", "bare"}:
        return person.ppe.get(HELMET) == wanted.id
    feet = ((person.box[0] + person.box[2]) / 2, person.box[3])
    if not _inside(feet, wanted.corners):
        return False
    return wanted.kind == "post" or _at_corner(feet, wanted)


def _inside(feet: Point, corners: tuple[Point, ...]) -> bool:
    outline = np.array(corners, np.float32).reshape(-1, 1, 2) * 1e4  # OpenCV tests in 32-bit floats
    return cv2.pointPolygonTest(outline, (feet[0] * 1e4, feet[1] * 1e4), measureDist=False) >= 0


def _at_corner(feet: Point, wanted: Wanted) -> bool:
    corner = wanted.corners[int(wanted.id.rpartition("-")[2]) - 1]
    nearest = min(wanted.corners, key=lambda one: math.dist(one, feet))
    return nearest == corner and math.dist(feet, corner) <= NEAR * math.dist(corner, _middle(wanted.corners))


class Ticks:
    """Which points were shown, in pictures that came one behind the other."""

    def __init__(self, wanted: tuple[Wanted, ...]) -> None:
        """None yet."""
        self.wanted = wanted
        self.done: set[str] = set()
        self.left: set[str] = set()
        self._row: dict[str, int] = {}

    def hear(self, said: Sighting) -> tuple[str, ...]:
        """The points that this word completes. What a doubtful picture breaks off begins anew."""
        new = []
        for one in self.wanted:
            if one.id in self.done:
                continue
            self._row[one.id] = self._row.get(one.id, 0) + 1 if shows(one, said) else 0
            if self._row[one.id] >= IN_A_ROW:
                self.done.add(one.id)
                new.append(one.id)
        return tuple(new)

    def leave(self, id_: str) -> Wanted | None:
        """A corner that nobody can reach is asked for no more; None: it is none, or was shown already."""
        found = next((one for one in self.wanted if one.id == id_ and one.kind == "edge"), None)
        if found is None or id_ in self.done | self.left:
            return None
        self.left.add(id_)
        return found

    @property
    def unwalked(self) -> tuple[Wanted, ...]:
        """The first corner of each area of which every corner was left out: nobody has shown where it ends."""
        areas: dict[str, list[Wanted]] = {}
        for one in self.wanted:
            if one.kind == "edge":
                areas.setdefault(one.id.rpartition("-")[0], []).append(one)
        return tuple(corners[0] for corners in areas.values() if self.left.issuperset(one.id for one in corners))

    @property
    def next(self) -> Wanted | None:
        """What is to be shown now; None: everything was."""
        return next((one for one in self.wanted if one.id not in self.done | self.left), None)
