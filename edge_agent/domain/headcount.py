"""Who may still be in danger: a permit's hazard zone and its people, each inside, out or unknown."""

from typing import Literal

from msgspec import Struct


class Whereabouts(Struct, frozen=True, kw_only=True):
    """One person: inside, out or unknown, and where and how long ago he was last known to be."""

    person: str
    name: str
    where: Literal["inside", "out", "unknown"]
    area: str | None = None
    x_m: float | None = None
    y_m: float | None = None
    age_s: float | None = None


class HeadCount(Struct, frozen=True, kw_only=True):
    """The hazard zone and its people: `counted` by the guard's list of entries, `seen` by their tags."""

    area: str
    x_m: float
    y_m: float
    counted: int
    seen: int
    unknown: int
    people: tuple[Whereabouts, ...]
