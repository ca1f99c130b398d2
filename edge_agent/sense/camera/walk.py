"""A walk test: one person walks what a camera must see; the box tells where it saw him, how often, how soon.

The walker is alone in the picture from the first sight to the last, so every judged picture between them should
show one person. Where it shows none he is taken to be on the straight way between where he was seen before and
after: a blind spot is counted where it lies, however long he stood in it.
"""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from edge_agent.domain.observation import Sighting, View
from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera.picture_areas import areas_of, outlines

COLUMNS, ROWS = 8, 6
LOOKS_LEAST = 20  # of an area: 19 of 20 seen is the least that shows 0.9 at all
SEEN_LEAST = 0.9
SOON_S = 1.0  # the word about a picture, at p95
Point = tuple[float, float]


class Look(Struct, frozen=True):
    """One judged picture: how many people, where one stood (feet, fractions), how old the word was."""

    at_s: float
    people: int
    feet: Point | None
    age_s: float


class Part(Struct, frozen=True, kw_only=True):
    """A cell of the picture, or an area drawn on it: how often somebody was there, and was seen there."""

    name: str
    looks: int
    seen: int

    @property
    def rate(self) -> float:
        """Share of the looks that saw him; 0 where nobody walked."""
        return self.seen / self.looks if self.looks else 0.0


class Certificate(Struct, frozen=True, kw_only=True):
    """What a walk showed, and of what: it is void for another model, other areas, another rate."""

    camera: str
    by: str
    utc: float
    clock_trusted: bool
    key: str
    areas: tuple[Part, ...]
    cells: tuple[Part, ...]  # row by row, "column,row"
    looks: int
    seen: int
    crowded: int  # pictures with more than one person: not counted
    blind_s: float  # the longest time between two sights
    age_p95_s: float
    faults: tuple[str, ...]  # areas not walked enough or not seen enough; "age" if the word came too late

    @property
    def passed(self) -> bool:
        """Whether the camera sees what it is there for."""
        return not self.faults


def key(model_sha256: str, fps: float, areas: tuple[PictureArea, ...]) -> str:
    """What a certificate is of."""
    return hashlib.sha256(msgspec.json.encode((model_sha256, fps, areas))).hexdigest()


def look(seen: Sighting) -> Look | None:
    """What one word says; None where the picture could not be trusted."""
    if seen.view is not View.CLEAR:
        return None
    box = seen.persons[0].box if len(seen.persons) == 1 else None
    feet = None if box is None else ((box[0] + box[2]) / 2, box[3])
    return Look(seen.at_s - seen.age_s, len(seen.persons), feet, seen.age_s)


def placed(looks: Iterable[Look]) -> Iterator[tuple[Point, bool]]:
    """Where the walker was in each picture from the first sight to the last, and whether he was seen there."""
    before: Look | None = None
    missed: list[Look] = []
    for one in looks:
        if one.people == 0:
            missed.append(one)
        elif one.feet is not None:
            if before is not None and before.feet is not None:
                yield from ((_between(before, one, lost.at_s), False) for lost in missed)
            yield one.feet, True
            before, missed = one, []


def _between(before: Look, after: Look, at_s: float) -> Point:
    (x0, y0), (x1, y1) = before.feet or (0.0, 0.0), after.feet or (0.0, 0.0)
    share = (at_s - before.at_s) / (after.at_s - before.at_s) if after.at_s > before.at_s else 0.0
    return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def certificate(  # noqa: PLR0913 (who, when, of what)
    looks: tuple[Look, ...], camera: str, areas: tuple[PictureArea, ...], *,
    by: str, utc: float, clock_trusted: bool, of: str,
) -> Certificate:  # fmt: skip
    """The verdict over a walk. `looks` in their order, each judged picture once."""
    points = tuple(placed(looks))
    drawn = outlines(areas)
    inside = {area.area: [0, 0] for area in areas}
    grid = [[0, 0] for _ in range(COLUMNS * ROWS)]
    for (x, y), seen in points:
        counted = [inside[area] for area in areas_of((x, y, x, y), drawn)]
        for count in (*counted, grid[_cell(x, y)]):
            count[0] += 1
            count[1] += seen
    parts = tuple(Part(name=name, looks=count[0], seen=count[1]) for name, count in inside.items())
    ages = sorted(one.age_s for one in looks)
    age_p95_s = ages[-1 - len(ages) // 20] if ages else float("inf")
    faults = [part.name for part in parts if part.looks < LOOKS_LEAST or part.rate < SEEN_LEAST]
    return Certificate(
        camera=camera, by=by, utc=utc, clock_trusted=clock_trusted, key=of, areas=parts,
        cells=tuple(
            Part(name=f"{at % COLUMNS},{at // COLUMNS}", looks=count[0], seen=count[1])
            for at, count in enumerate(grid)
        ),
        looks=len(points), seen=sum(seen for _, seen in points), crowded=sum(one.people > 1 for one in looks),
        blind_s=_longest(looks), age_p95_s=age_p95_s,
        faults=(*faults, *(("age",) if age_p95_s > SOON_S else ())),
    )  # fmt: skip


def _cell(x: float, y: float) -> int:
    column, row = (min(max(int(at * most), 0), most - 1) for at, most in ((x, COLUMNS), (y, ROWS)))
    return row * COLUMNS + column


def _longest(looks: tuple[Look, ...]) -> float:
    """Between two sights of him, with pictures in between that showed nobody."""
    longest_s, last_s = 0.0, None
    for one in looks:
        if one.feet is None:
            continue
        if last_s is not None:
            longest_s = max(longest_s, one.at_s - last_s)
        last_s = one.at_s
    return longest_s
