"""Where hot work has ended and its fire watch is not over: what is so near that it waits for that. Pure."""

import math
from typing import Protocol

from edge_agent.domain.ticket import Point
from edge_agent.domain.work_limits import SimopsLimits


class Placed(Protocol):
    """What stands somewhere on the plan: a ticket, or a claim."""

    @property
    def area(self) -> str:
        """The area of the plan."""

    @property
    def point(self) -> Point:
        """The work point."""


def near(one: Placed, other: Placed, limits: SimopsLimits) -> bool:
    """Whether embers of one may lie at the other: the same area, or so near, at whatever height: sparks fall."""
    apart_m = math.dist((one.point.x_m, one.point.y_m), (other.point.x_m, other.point.y_m))
    return one.area == other.area or apart_m - limits.point_m.value <= limits.embers_m.value
