"""Places: areas on the site plan in metres, and areas in a camera's picture."""

from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import PpeItem

Corner = tuple[float, float]


class Area(Struct, frozen=True, kw_only=True):
    """A polygon on the site plan; corners in metres from the site's origin, height band in metres.

    `ppe`: what everybody wears here, whatever the work. `authorised_only`: nobody is here but who is known.
    """

    id: str
    name: Words
    corners: tuple[Corner, ...]
    floor_m: float | None = None
    ceiling_m: float | None = None
    ppe: tuple[PpeItem, ...] = ()
    authorised_only: bool = False


class PictureArea(Struct, frozen=True, kw_only=True):
    """A polygon in a camera's picture, corners as fractions 0..1, standing for one area of the plan.

    `post`: here stands the guard of the work that binds this camera. `stop_on_entry`: whoever is seen here stops
    that work at once.
    """

    id: str
    area: str
    corners: tuple[Corner, ...]
    post: bool = False
    stop_on_entry: bool = False


class PlanPoint(Struct, frozen=True, kw_only=True):
    """A point of the floor that is known in a camera's picture (fractions 0..1) and on the plan (metres)."""

    picture: Corner
    plan_m: Corner


class Opening(Struct, frozen=True, kw_only=True):
    """Where people go in and out of one area of the plan, in a camera's picture (fractions 0..1).

    Either a `line` that they walk across, with a point that lies `inward` of it; or the outline of a `mouth` into
    which they climb, and are seen no more.
    """

    id: str
    area: str
    line: tuple[Corner, ...] = ()
    inward: Corner = (0.0, 0.0)
    mouth: tuple[Corner, ...] = ()
