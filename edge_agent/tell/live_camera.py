"""What each camera shows: whom it sees, where they stand, what they wear."""

from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.tell.live_people import LiveWorn


class LiveCount(Struct, frozen=True, kw_only=True):
    """How many persons a camera sees in one area."""

    area: Words
    persons: int


class LiveWearer(Struct, frozen=True, kw_only=True):
    """One person in a picture, by the number beside his box; `overall` as an item's state."""

    track: int
    overall: str
    items: tuple[LiveWorn, ...]


class LivePpe(Struct, frozen=True, kw_only=True):
    """The people of one picture of whom equipment is asked: how many wear it, lack it, cannot be told."""

    compliant: int
    missing: int
    not_assessable: int
    people: tuple[LiveWearer, ...]


class LivePlaced(Struct, frozen=True, kw_only=True):
    """Where one person of a picture stands on the plan, by the number at his box; off by up to `accuracy_m`."""

    track: int
    x_m: float
    y_m: float
    accuracy_m: float


class LivePassed(Struct, frozen=True, kw_only=True):
    """Who went through one opening since it is watched without a break; not `sure` where one was lost half-way."""

    opening: str
    area: Words
    ins: int
    outs: int
    sure: bool


class LiveCamera(Struct, frozen=True, kw_only=True):
    """One camera; `still` is a JPEG in the runtime folder with boxes drawn, replaced atomically."""

    id: str
    name: Words
    view: str
    age_s: float | None
    persons: int | None
    persons_in: tuple[LiveCount, ...]
    still: str
    placed: tuple[LivePlaced, ...] = ()
    passed: tuple[LivePassed, ...] = ()
    ppe: LivePpe | None = None  # None: the picture is not trusted, or nothing is asked of anybody in it
