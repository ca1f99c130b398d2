"""The other boxes of the site, and works that must not meet."""

from msgspec import Struct

from edge_agent.domain.words import Words


class LiveNeighbourAlarm(Struct, frozen=True, kw_only=True):
    """One alarm that sounds at another box; `leave`: people leave there."""

    code: str
    leave: bool
    title: Words
    detail: Words


class LiveNeighbour(Struct, frozen=True, kw_only=True):
    """Another box of the site, by its last word. `age_s` None: never heard since this one came up."""

    id: str
    name: Words
    heard: bool
    age_s: float | None
    works: int  # open permits there
    under_way: int
    leave_here: bool  # it makes people leave here, by the site's settings
    alarms: tuple[LiveNeighbourAlarm, ...] = ()


class LiveClash(Struct, frozen=True, kw_only=True):
    """Two works that must not meet (`block`), or that somebody must coordinate, by the rulebook's matrix.

    `waits`: those of this box that are stopped or refused for it now. `linked`: one job with two tickets, allowed.
    """

    one: str
    other: str  # with its box before it, where that is another one: "edge-2/P-7"
    effect: str
    distance_m: float
    words: Words
    waits: tuple[str, ...] = ()
    linked: bool = False
