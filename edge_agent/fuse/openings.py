"""Who went through an opening by a camera: in, out, and how sure that is.

Through a line: from one side of it to the other, within its length. Through a mouth that is climbed into: who came
to it and is seen no more went in; who was first seen in it and walks away came out. What broke off half-way, and
whatever happened while nobody could look, is not counted but told as not sure. The guard's register counts for
safety, never this (docs/domain.md 2.6); where both differ, that is a finding.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.observation import SeenPerson, Sighting, View
from edge_agent.domain.zone import Corner, Opening
from edge_agent.fuse.plan import holds

Side = Literal["inner", "outer"]
NEAR = 0.01  # of the picture: nearer to a line than this, the side is not known
GONE_S = 2.5  # a track that nobody has seen for so long is over (sense/camera/tracker.py: 2 s)
MOST = 500  # passages and doubts that are remembered


class Walk(Struct, frozen=True, kw_only=True):
    """One track: on which side it began, on which it was last, when it was seen, whether it was near then."""

    first: Side | None
    last: Side | None
    seen_s: float
    near: bool


class Passage(Struct, frozen=True):
    """One person through the opening: when, and which way."""

    at_s: float
    inward: bool


class Passed(Struct, frozen=True, kw_only=True):
    """What one camera has seen of one opening. `watched_s`: since then it has been looked at without a break."""

    watched_s: float
    looked_s: float
    walks: Mapping[int, Walk] = {}
    passages: tuple[Passage, ...] = ()
    doubts_s: tuple[float, ...] = ()  # when somebody was lost half-way

    def since(self, at_s: float) -> "Count":
        """How many went in and out since then."""
        inward = [one.inward for one in self.passages if one.at_s >= at_s]
        whole = self.watched_s <= at_s and not any(one_s >= at_s for one_s in self.doubts_s)
        return Count(ins=sum(inward), outs=len(inward) - sum(inward), sure=whole)


class Count(Struct, frozen=True, kw_only=True):
    """How many went in and out; not `sure` where nobody looked for a while, or somebody was lost half-way."""

    ins: int
    outs: int
    sure: bool

    @property
    def inside(self) -> int:
        """How many of them are inside now."""
        return self.ins - self.outs


def after(
    before: Mapping[str, Passed], seen: Sighting, openings: Iterable[Opening], gap_s: float
) -> dict[str, Passed]:
    """By opening, after one more picture; one that cannot be trusted is no look."""
    now_s = seen.at_s - seen.age_s
    if seen.view is not View.CLEAR:
        return dict(before)
    return {
        opening.id: _looked(before.get(opening.id), seen.persons, opening, now_s, gap_s) for opening in openings
    }


def _looked(
    last: Passed | None, people: Iterable[SeenPerson], opening: Opening, now_s: float, gap_s: float
) -> Passed:
    if last is None:
        last = Passed(watched_s=now_s, looked_s=now_s)
    unbroken = now_s - last.looked_s <= gap_s
    walks: dict[int, Walk] = {}
    passages, doubts_s = list(last.passages), list(last.doubts_s)
    known = last.walks if unbroken else {}
    for person in people:
        walk, inward = _step(known.get(person.track), person, opening, now_s)
        walks[person.track] = walk
        passages += [] if inward is None else [Passage(now_s, inward)]
    for track, walk in known.items():
        if track in walks:
            continue
        if now_s - walk.seen_s < GONE_S:
            walks[track] = walk
            continue
        inward = _ended(walk, opening)
        passages += [Passage(walk.seen_s, inward)] if inward is not None else []
        doubts_s += [walk.seen_s] if inward is None and _doubtful(walk, opening) else []
    return Passed(
        watched_s=last.watched_s if unbroken else now_s,
        looked_s=now_s,
        walks=walks,
        passages=tuple(passages[-MOST:]),
        doubts_s=tuple(doubts_s[-MOST:]),
    )


def _step(walk: Walk | None, person: SeenPerson, opening: Opening, now_s: float) -> tuple[Walk, bool | None]:
    """One more picture of somebody, and which way he went through by it."""
    feet = (person.box[0] + person.box[2]) / 2, person.box[3]
    side = _side(opening, feet)
    if walk is None:
        return Walk(first=side, last=side, seen_s=now_s, near=_near(opening, feet)), None
    moved = replace(
        walk, last=side or walk.last, first=walk.first or side, seen_s=now_s, near=_near(opening, feet)
    )
    if opening.mouth:
        out = walk.first == "inner" and side == "outer"
        return (replace(moved, first="outer"), False) if out else (moved, None)
    if side is None or walk.last is None or side == walk.last:
        return moved, None
    return moved, side == "inner"


def _ended(walk: Walk, opening: Opening) -> bool | None:
    """Somebody whom nobody sees any more: into a mouth he went if he had come to it."""
    return True if opening.mouth and (walk.first, walk.last) == ("outer", "inner") else None


def _doubtful(walk: Walk, opening: Opening) -> bool:
    """Whether he was lost where he may have gone either way."""
    return walk.last == "inner" if opening.mouth else walk.near


def _side(opening: Opening, feet: Corner) -> Side | None:
    """On which side somebody stands; None beside the line, or too near to tell."""
    if opening.mouth:
        return "inner" if holds(opening.mouth, *feet) else "outer"
    off = _off(opening, feet)
    if not 0 <= _along(opening, feet) <= 1 or abs(off) < NEAR:
        return None
    return "inner" if off * _off(opening, opening.inward) > 0 else "outer"


def _near(opening: Opening, feet: Corner) -> bool:
    """Whether somebody stands so near to the line that he may go either way."""
    return not opening.mouth and -NEAR <= _along(opening, feet) <= 1 + NEAR and abs(_off(opening, feet)) < 2 * NEAR


def _along(opening: Opening, feet: Corner) -> float:
    """How far along the line: 0 at its first end, 1 at the other."""
    (x1, y1), (x2, y2) = opening.line
    return float(((feet[0] - x1) * (x2 - x1) + (feet[1] - y1) * (y2 - y1)) / _length2(opening))


def _off(opening: Opening, point: Corner) -> float:
    """How far from the line, positive on one side."""
    (x1, y1), (x2, y2) = opening.line
    across: float = (x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1)
    return across / float(_length2(opening) ** 0.5)


def _length2(opening: Opening) -> float:
    (x1, y1), (x2, y2) = opening.line
    return float((x2 - x1) ** 2 + (y2 - y1) ** 2)
