"""What the records tell: events, what was kept of them, curves, what is to be put right."""

from typing import Any

from msgspec import Struct

from edge_agent.domain.rectification import Rectification
from edge_agent.domain.words import Words
from edge_agent.tell.live import LiveEvent
from edge_agent.tell.live_curves import Evidence


class Events(Struct, frozen=True, kw_only=True):
    """A page of events, newest first; `before` asks for the next page, null at the end."""

    events: tuple[LiveEvent, ...]
    before: int | None


class Mark(Struct, frozen=True, kw_only=True):
    """What was decided about a channel, or about work that is bound to it."""

    seq: int
    type: str
    subject: str
    at_utc: float
    words: Words


class History(Struct, frozen=True, kw_only=True):
    """One channel over a while, in parts of `step_s` from `from_utc` on; a part without a number has None.

    `quality`: the worst in each part, by the letters of edge_agent/tell/live_curves.py; "-" where the box has not
    recorded the whole of it. `more`: there are older marks than these.
    """

    channel: str
    from_utc: float
    step_s: float
    low: tuple[float | None, ...]
    mean: tuple[float | None, ...]
    high: tuple[float | None, ...]
    quality: tuple[str, ...]
    marks: tuple[Mark, ...]
    more: bool


class Histories(Struct, frozen=True, kw_only=True):
    """Several channels over the same while, in the order in which they were asked for."""

    channels: tuple[History, ...]


class FilmKept(Struct, frozen=True, kw_only=True):
    """A film or a picture of an event as the records know it; `name` is what `edge-agent recording` calls it."""

    name: str
    kind: str
    camera: str
    sha256: str
    size: int
    began_utc: float
    ended_utc: float
    clock_trusted: bool
    whole: bool


class Rectified(Struct, frozen=True, kw_only=True):
    """Where the centre says that the rectification of an event stands (dn/ticket), and since when it is known."""

    id: str
    at_utc: float
    words: Words
    deadline_utc: float | None
    over: bool  # nothing is left to be done


class EventPage(Struct, frozen=True, kw_only=True):
    """One event with what was measured and seen before it (null: nothing was kept)."""

    event: LiveEvent
    data: dict[str, Any]
    evidence: Evidence | None
    kept: tuple[FilmKept, ...] = ()  # what the records say was kept of it
    tickets: tuple[Rectified, ...] = ()
    faces: bool = False  # whether this reader may ask for its pictures without the mask


class Rectifications(Struct, frozen=True, kw_only=True):
    """What is to be put right, the newest first; and what lately was."""

    rectifications: tuple[Rectification, ...]
