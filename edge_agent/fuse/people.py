"""People: a wearable judged at this instant, and how far a wearer is from a point."""

import math

from msgspec import Struct

from edge_agent.domain.device import Device
from edge_agent.domain.ticket import Point
from edge_agent.domain.zone import Area
from edge_agent.fuse.memory import TagMemory


class Tag(Struct, frozen=True, kw_only=True):
    """One wearable now. Ages and durations in seconds; None means never heard or not known."""

    device: Device
    x_m: float | None = None
    y_m: float | None = None
    z_m: float | None = None
    accuracy_m: float | None = None
    area: str | None = None
    heard_age_s: float | None = None
    placed_age_s: float | None = None
    moved_s: float | None = None
    worn: bool | None = None
    sos: bool = False

    @property
    def fresh(self) -> bool:
        """Whether the last place is young enough to be shown as where the wearer is."""
        return self.placed_age_s is not None and self.placed_age_s <= self.device.stale_after_s

    def distance_m(self, point: Point) -> float | None:
        """Metres from the point (height counted where both know it), None without a place."""
        if self.x_m is None or self.y_m is None:
            return None
        if self.z_m is None or point.z_m is None:
            return math.dist((self.x_m, self.y_m), (point.x_m, point.y_m))
        return math.dist((self.x_m, self.y_m, self.z_m), (point.x_m, point.y_m, point.z_m))


def tag(device: Device, memory: TagMemory | None, areas: tuple[Area, ...], now_s: float) -> Tag:
    """What this wearable's last word is worth at `now_s`."""
    if memory is None:
        return Tag(device=device)
    fix = memory.position
    return Tag(
        device=device,
        x_m=fix.x_m,
        y_m=fix.y_m,
        z_m=fix.z_m,
        accuracy_m=fix.accuracy_m,
        area=fix.zone or area_of(fix.x_m, fix.y_m, areas),
        heard_age_s=now_s - memory.heard_s,
        placed_age_s=None if memory.placed_s is None else now_s - memory.placed_s,
        moved_s=memory.moved_s,
        worn=fix.worn,
        sos=fix.sos,
    )


def area_of(x_m: float | None, y_m: float | None, areas: tuple[Area, ...]) -> str | None:
    """The first area (in the file's order: smallest first) whose polygon holds the point."""
    if x_m is None or y_m is None:
        return None
    return next((area.id for area in areas if _inside(x_m, y_m, area.corners)), None)


def _inside(x_m: float, y_m: float, corners: tuple[tuple[float, float], ...]) -> bool:
    """Even-odd rule; the polygon was checked to be simple when the settings were read."""
    inside = False
    for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (ay > y_m) != (by > y_m) and x_m < (bx - ax) * (y_m - ay) / (by - ay) + ax:
            inside = not inside
    return inside
