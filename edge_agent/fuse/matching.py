"""Who of those in a picture may be who of those that wear something: as many as fit, and never more than is known.

Somebody and a wearable fit if the errors of both allow it. Which of several fits is never guessed: all that is
said is how many people are left over however they are matched.
"""

import math
from collections.abc import Sequence

from msgspec import Struct

from edge_agent.domain.plan_view import Place
from edge_agent.fuse.people import Tag

WALK_MPS = 1.5  # a fix is as old as it is: its wearer has walked on


class Matched(Struct, frozen=True, kw_only=True):
    """For certain: by track, the wearable that alone fits him and nobody else; and how many nobody's fits."""

    certain: dict[int, str]
    left_over: int


def matched(
    people: Sequence[tuple[int, Place]], tags: Sequence[Tag], spare: int, now_s: float, times: float = 1.0
) -> Matched:
    """`spare`: so many more may be there of whom no wearable tells where they are; each of them may be anybody.

    Errors may be so many `times` as large as they are said to be.
    """
    fits = {track: [tag.device.id for tag in tags if _fits(place, tag, now_s, times)] for track, place in people}
    takers = {tag.device.id: [track for track, found in fits.items() if tag.device.id in found] for tag in tags}
    certain = (
        {track: found[0] for track, found in fits.items() if len(found) == 1 and len(takers[found[0]]) == 1}
        if spare == 0
        else {}
    )
    owner: dict[str, int] = {}
    paired = sum(_pair(track, fits, owner, set()) for track in fits)
    return Matched(certain=certain, left_over=max(0, len(people) - paired - spare))


def apart(people: Sequence[tuple[int, Place]], times: float) -> list[tuple[int, Place]]:
    """Those who are surely not one and the same: nobody within the errors of somebody before him."""
    found: list[tuple[int, Place]] = []
    for track, one in people:
        near = (times * (one.accuracy_m + other.accuracy_m) - _between_m(one, other) for _, other in found)
        if all(inside_m <= 0 for inside_m in near):
            found.append((track, one))
    return found


def _between_m(one: Place, other: Place) -> float:
    return math.hypot(one.x_m - other.x_m, one.y_m - other.y_m)


def _fits(place: Place, tag: Tag, now_s: float, times: float) -> bool:
    """Whether he may wear it. One that gives no metres, or not how exact they are, may be anywhere."""
    if tag.x_m is None or tag.y_m is None or tag.accuracy_m is None:
        return True
    age_s = 0.0 if tag.placed_s is None else max(0.0, now_s - tag.placed_s)
    reach_m = times * (place.accuracy_m + tag.accuracy_m) + WALK_MPS * age_s
    return (tag.x_m - place.x_m) ** 2 + (tag.y_m - place.y_m) ** 2 <= reach_m**2


def _pair(track: int, fits: dict[int, list[str]], owner: dict[str, int], tried: set[str]) -> bool:
    """One more pair, others moving up if they can (Kuhn): in the end as many as possible are paired."""
    for tag in fits[track]:
        if tag not in tried:
            tried.add(tag)
            if tag not in owner or _pair(owner[tag], fits, owner, tried):
                owner[tag] = track
                return True
    return False
