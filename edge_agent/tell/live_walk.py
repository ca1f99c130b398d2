"""A walk test under way, or how the last one ended, for the camera's page: written as it changes."""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.words import Words

FILE = "walk.json"  # in the runtime folder
Seen = Literal["nobody", "one", "several", "no_picture"]


class WalkPoint(Struct, frozen=True, kw_only=True):
    """One thing that must be seen. `at`: where on the picture, as fractions; None where it is everywhere."""

    id: str
    says: Words
    done: bool = False
    at: tuple[float, float] | None = None
    may_leave: bool = False  # a corner: left out, with a reason, where nobody can walk to it
    left_out: str = ""  # ... the reason


class WalkArea(Struct, frozen=True, kw_only=True):
    """One area of the plan: in how many pictures the walker was there, and was seen there."""

    area: str
    looks: int
    seen: int
    least: int  # pictures that are needed


class LiveWalk(Struct, frozen=True, kw_only=True):
    """All of it. `next`: what the walker does now; `outcome` "" while it is under way."""

    camera: str
    by: str
    at_utc: float
    left_s: float
    next: Words
    seen: Seen
    points: tuple[WalkPoint, ...]
    areas: tuple[WalkArea, ...]
    outcome: Literal["", "passed", "failed", "dropped"] = ""
    reasons: tuple[Words, ...] = ()
    seen_pct: float | None = None
