"""Works that do not go together: which open permits stand too near to each other, by the rulebook's matrix.

Every pair is looked at only where it can matter: in one area, on one pipe, or within the longest distance of
any row (a grid of that width), so that fifty jobs spread over a site are not twelve hundred comparisons.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edge_agent.domain.claim import Claim
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.work_limits import Conflict, SimopsLimits
from edge_agent.domain.zone import Area
from edge_agent.fuse.same import Same

Band = tuple[float, float]


class Clash(Struct, frozen=True, kw_only=True):
    """Two works of which a row of the matrix says that they do not go together here."""

    row: Conflict
    one: Claim
    other: Claim
    distance_m: float  # on the plan

    def against(self, permit: str) -> Claim:
        """The other work, as seen from a permit of this box."""
        return self.other if self.one.permit == permit and not self.one.unit else self.one


def clashes(claims: Iterable[Claim], book: Rulebook, areas: tuple[Area, ...]) -> tuple[Clash, ...]:
    """Every clash between two works of which one at least is under way: what blocks, else who must coordinate."""
    return _found("all", book.conflicts, book.simops, areas, *claims)


# Works change a few times an hour and steps come five times a second: fifty jobs in one area take 9 ms to compare.
@Same
def _found(
    matrix: tuple[Conflict, ...], limits: SimopsLimits, areas: tuple[Area, ...], *claims: Claim
) -> tuple[Clash, ...]:
    heights = {area.id: area for area in areas}
    sides = [_sides(claim, matrix) for claim in claims]
    found: list[Clash] = []
    for at, beside in _near_pairs(claims, _longest_m(matrix, limits)):
        one, other = claims[at], claims[beside]
        if one.under_way or other.under_way:
            meant = sides[at].first & sides[beside].second | sides[beside].first & sides[at].second
            rows = [
                row for n, row in enumerate(matrix) if meant >> n & 1 and _fits(row, one, other, limits, heights)
            ]
            blocking = [row for row in rows if row.effect == "block"]
            apart_m = _apart_m(one, other)
            found.extend(Clash(row=row, one=one, other=other, distance_m=apart_m) for row in blocking or rows[:1])
    return tuple(found)


class _Sides(Struct, frozen=True):
    """The rows (one bit each) whose first, or second, work this is."""

    first: int
    second: int


def _sides(claim: Claim, rows: tuple[Conflict, ...]) -> _Sides:
    names = {"*", claim.type, claim.kind, *claim.uses}
    first = sum(1 << n for n, row in enumerate(rows) if row.first in names)
    return _Sides(first, sum(1 << n for n, row in enumerate(rows) if row.second in names))


def _longest_m(matrix: tuple[Conflict, ...], limits: SimopsLimits) -> float:
    widest = max((row.within_m.value for row in matrix if row.within_m is not None), default=0.0)
    return widest + 2 * limits.point_m.value


def _near_pairs(claims: tuple[Claim, ...], reach_m: float) -> Iterator[tuple[int, int]]:
    """Each pair once, by place in the list; one of another box only with one of ours."""
    placed: dict[object, list[int]] = defaultdict(list)
    for at, claim in enumerate(claims):
        near: dict[int, None] = {}
        for key in _keys(claim, reach_m):
            near.update(dict.fromkeys(placed[key]))
        for before in sorted(near):
            if not (claim.unit and claims[before].unit):
                yield before, at
        for key in _home(claim, reach_m):
            placed[key].append(at)


def _home(claim: Claim, reach_m: float) -> Iterator[object]:
    yield claim.area
    if claim.pipe:
        yield ("pipe", claim.pipe)
    yield _cell(claim, reach_m)


def _keys(claim: Claim, reach_m: float) -> Iterator[object]:
    """Where a neighbour of this claim may be found."""
    x, y = _cell(claim, reach_m)
    yield from (claim.area, ("pipe", claim.pipe))
    yield from ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def _cell(claim: Claim, reach_m: float) -> tuple[int, int]:
    width_m = max(reach_m, 1.0)
    return math.floor(claim.point.x_m / width_m), math.floor(claim.point.y_m / width_m)


def _fits(row: Conflict, one: Claim, other: Claim, limits: SimopsLimits, areas: Mapping[str, Area]) -> bool:
    """Whether two works that a row means stand where it counts."""
    if _lifted(row, one, other):
        return False
    if row.near == "pipe":
        return bool(one.pipe) and one.pipe == other.pipe
    within = row.within_m is not None and _apart_m(one, other) - limits.point_m.value <= row.within_m.value
    if row.near == "fall_line":
        return within  # whatever the height: one works above the other
    here = one.area == other.area or within
    return here and (row.any_height or _overlap(_band(one, areas), _band(other, areas), limits.vertical_m.value))


def _lifted(row: Conflict, one: Claim, other: Claim) -> bool:
    """Whether something between the two keeps them apart: a deck; high up, a double one (GB 30871-2022 8.2.8)."""
    between = {*one.uses, *other.uses}
    if row.unless_above and row.unless_above in between:
        return True
    if not row.unless or row.unless not in between:
        return False
    heights_m = [claim.point.z_m for claim in (one, other) if claim.point.z_m is not None]
    limit = row.unless_up_to_m
    return limit is None or (len(heights_m) == 2 and max(heights_m) <= limit.value)  # noqa: PLR2004 (both)


def _apart_m(one: Claim, other: Claim) -> float:
    return math.dist((one.point.x_m, one.point.y_m), (other.point.x_m, other.point.y_m))


def _band(claim: Claim, areas: Mapping[str, Area]) -> Band | None:
    """Between which heights this work is; None where nobody has said."""
    if claim.point.z_m is not None:
        return claim.point.z_m, claim.point.z_m
    area = areas.get(claim.area)
    if area is None or area.floor_m is None or area.ceiling_m is None:
        return None
    return area.floor_m, area.ceiling_m


def _overlap(one: Band | None, other: Band | None, vertical_m: float) -> bool:
    """Heights nearer than `vertical_m`; an unknown height proves no distance."""
    if one is None or other is None:
        return True
    return one[0] - vertical_m <= other[1] and other[0] - vertical_m <= one[1]
