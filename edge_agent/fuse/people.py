"""People: a wearable judged at this instant, and how far a wearer is from a point."""

import math
from collections.abc import Iterable, Mapping

from msgspec import Struct

from edge_agent.domain.device import Device
from edge_agent.domain.person import Person
from edge_agent.domain.ticket import Point
from edge_agent.domain.zone import Area, Corner
from edge_agent.fuse.plan import holds, plan_of
from edge_agent.fuse.same import Same
from edge_agent.fuse.tags import TagMemory


class Reach(Struct, frozen=True, kw_only=True, gc=False):
    """Metres between a wearer and a point on the plan. An unknown accuracy proves no distance at all.

    A fix that names an area and gives no metres (single-beacon BLE) may be anywhere in that area.
    """

    near_m: float
    likely_m: float
    far_m: float


class Tag(Struct, frozen=True, kw_only=True, gc=False):
    """One wearable now; None means never heard or not known. It holds moments, not ages: the same until news.

    `heard` and `fresh`: whether its last word, and its last place, are young enough to speak of the present.
    """

    device: Device
    x_m: float | None = None
    y_m: float | None = None
    z_m: float | None = None
    accuracy_m: float | None = None
    named: str | None = None  # the area that the fix itself names
    area: str | None = None  # in which the wearer is
    heard_s: float | None = None
    placed_s: float | None = None
    heard: bool = False
    fresh: bool = False
    moved_s: float | None = None
    walked_s: float | None = None
    stirred_s: float | None = None
    here_s: float | None = None
    gaps: tuple[float, ...] = ()  # seconds between its last words
    sharp_s: float | None = None  # the last fix that told the place well enough
    worn: bool | None = None
    sos: bool = False
    fall: bool = False
    imu: bool = False  # whether it says anything about motion by itself
    heart_rate_bpm: float | None = None
    battery_pct: float | None = None
    areas: tuple[Area, ...] = ()  # of the site, smallest first

    @property
    def corners(self) -> tuple[Corner, ...]:
        """Of the area, where a fix names one and gives no metres."""
        return () if self.x_m is not None else next((a.corners for a in self.areas if a.id == self.named), ())

    def reach(self, point: Point) -> Reach | None:
        """How far from the point the wearer is, at least and at most; None without a place."""
        if self.x_m is not None and self.y_m is not None:
            far_m = math.dist((self.x_m, self.y_m), (point.x_m, point.y_m))
            if self.accuracy_m is None:
                return Reach(near_m=0.0, likely_m=far_m, far_m=far_m)
            return Reach(near_m=max(0.0, far_m - self.accuracy_m), likely_m=far_m, far_m=far_m + self.accuracy_m)
        if not self.corners:
            return None
        far_m = max(math.dist(corner, (point.x_m, point.y_m)) for corner in self.corners)
        return Reach(near_m=nearest_m(point.x_m, point.y_m, self.corners), likely_m=far_m, far_m=far_m)

    def above_m(self, point: Point) -> float | None:
        """Metres above (below: negative) the point; None where either height is not known."""
        return None if self.z_m is None or point.z_m is None else self.z_m - point.z_m


def wearers(persons: Iterable[Person], tags: Mapping[str, Tag], area: str) -> frozenset[str]:
    """The people who are in this area now by what they wear."""
    there = {id_ for id_, one in tags.items() if one.fresh and one.worn is not False and one.area == area}
    return frozenset(person.id for person in persons if person.tag in there)


def tag(
    device: Device, memory: TagMemory | None, areas: tuple[Area, ...], now_s: float, off_m: float = 0.0
) -> Tag:
    """What this wearable's last word is worth at `now_s`; its height is off by up to `off_m`."""
    if memory is None:
        return Tag(device=device)
    heard = now_s - memory.heard_s <= device.stale_after_s
    fresh = memory.placed_s is not None and now_s - memory.placed_s <= device.stale_after_s
    return _tag(device.id, device, memory, areas, off_m, heard, fresh)


@Same
def _tag(  # noqa: PLR0913, PLR0917 (all that a tag is made of, told apart by identity)
    device: Device,
    memory: TagMemory,
    areas: tuple[Area, ...],
    off_m: float,
    heard: bool,  # noqa: FBT001
    fresh: bool,  # noqa: FBT001
) -> Tag:
    fix = memory.position
    return Tag(
        device=device,
        x_m=fix.x_m,
        y_m=fix.y_m,
        z_m=fix.z_m,
        accuracy_m=fix.accuracy_m,
        named=fix.zone,
        area=fix.zone or area_of(fix.x_m, fix.y_m, areas, fix.z_m, off_m),
        heard_s=memory.heard_s,
        placed_s=memory.placed_s,
        heard=heard,
        fresh=fresh,
        moved_s=memory.moved_s,
        walked_s=memory.walked_s,
        stirred_s=memory.stirred_s,
        here_s=memory.here_s,
        gaps=memory.gaps,
        sharp_s=memory.sharp_s,
        worn=fix.worn,
        sos=fix.sos,
        fall=fix.fall,
        imu=fix.moving is not None or fix.no_motion_s is not None,
        heart_rate_bpm=fix.heart_rate_bpm,
        battery_pct=memory.battery_pct,
        areas=areas,
    )


def area_of(
    x_m: float | None, y_m: float | None, areas: tuple[Area, ...], z_m: float | None = None, off_m: float = 0.0
) -> str | None:
    """The first area (in the file's order: smallest first) whose polygon and height hold the point.

    A height is off by up to `off_m` (docs/domain.md 3: +-5 m): an area whose band is missed by less still counts
    before one that knows no heights, but after one whose band holds it, so that two storeys are two places.
    """
    if x_m is None or y_m is None:
        return None
    held = plan_of(areas).holding(x_m, y_m)
    if z_m is not None:
        missed = [(area, _missed_m(area, z_m)) for area in held]
        exact = [area for area, by_m in missed if by_m == 0.0 and area.floor_m is not None]
        held = exact or [area for area, by_m in missed if by_m <= off_m]
    return held[0].id if held else None


def _missed_m(area: Area, z_m: float) -> float:
    """By how much a height misses the area's band; an area without a bound holds any."""
    below = 0.0 if area.floor_m is None else area.floor_m - z_m
    above = 0.0 if area.ceiling_m is None else z_m - area.ceiling_m
    return max(0.0, below, above)


def nearest_m(x_m: float, y_m: float, corners: tuple[Corner, ...]) -> float:
    """Metres from a point to the nearest of an area, 0 within it."""
    if holds(corners, x_m, y_m):
        return 0.0
    edges = zip(corners, (*corners[1:], corners[0]), strict=True)
    return min(_to_edge_m((x_m, y_m), start, end) for start, end in edges)


def _to_edge_m(point: Corner, start: Corner, end: Corner) -> float:
    along = (end[0] - start[0], end[1] - start[1])
    length2 = along[0] ** 2 + along[1] ** 2
    onto = (point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]
    part = min(1.0, max(0.0, onto / length2)) if length2 else 0.0  # 0: a corner written twice
    return math.dist(point, (start[0] + part * along[0], start[1] + part * along[1]))
