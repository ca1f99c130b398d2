"""Where people stand in a camera's picture, and since when each of them is known to live.

A coat on a hook or a poster is a person to a detector, and never moves. Somebody alive does, within minutes: so a
stand that has kept its box for too long proves nobody. A stand is known by its place, not by its track's number
alone: the track of a coat breaks when the light flickers, and the coat does not come to life by that.
"""

from collections.abc import Iterable
from statistics import median

from msgspec import Struct

from edge_agent.domain.observation import SeenPerson

Box = tuple[float, float, float, float]

SMOOTHED = 5  # pictures: the box is their median, so that one bad box is no movement
KEPT_S = 30.0  # so long a place is remembered of which the detector has lost sight
# An edge of the box that went further than this share of the box's height or width has moved.
# Measured on four films: people on a still picture, with noise and in dusk, at most 0.021 in 24 s; people at work
# 0.06 to 0.37 in 8 s, and people who stand and read were below it for 17 s at most.
MOVED = 0.03


class Stand(Struct, frozen=True, kw_only=True):
    """One place at which somebody, or something, stands: where, since when it has not moved, when last seen."""

    track: int
    box: Box
    since_s: float
    seen_s: float
    lately: tuple[Box, ...]  # the last boxes of its track


def stands(before: tuple[Stand, ...], people: Iterable[SeenPerson], now_s: float) -> tuple[Stand, ...]:
    """After one more picture: those seen in it first, in their order, then those out of sight for a moment."""
    people = tuple(people)
    tracks = {person.track for person in people}
    known = {stand.track: stand for stand in before}
    lost = [stand for stand in before if stand.track not in tracks and now_s - stand.seen_s <= KEPT_S]
    seen = []
    for person in people:
        last = known.get(person.track)
        lately = (*(() if last is None else last.lately), person.box)[-SMOOTHED:]
        box = _middle(lately)
        if last is None:
            last = next((stand for stand in lost if _same(stand.box, box)), None)
            lost = [stand for stand in lost if stand is not last]
        stays = last is not None and _same(last.box, box)
        seen.append(
            Stand(
                track=person.track,
                box=last.box if last is not None and stays else box,
                since_s=last.since_s if last is not None and stays else now_s,
                seen_s=now_s,
                lately=lately,
            )
        )
    return (*seen, *lost)


def _middle(boxes: tuple[Box, ...]) -> Box:
    x1, y1, x2, y2 = (median(side) for side in zip(*boxes, strict=True))
    return x1, y1, x2, y2


def _same(one: Box, other: Box) -> bool:
    """Whether no edge has moved."""
    wide, high = one[2] - one[0], one[3] - one[1]
    across = max(abs(one[0] - other[0]), abs(one[2] - other[2]))
    down = max(abs(one[1] - other[1]), abs(one[3] - other[3]))
    return across <= MOVED * wide and down <= MOVED * high
