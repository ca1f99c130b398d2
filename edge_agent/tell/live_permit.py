"""The permits of the live picture: where each stands, what its people do now, and who is where."""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.next_step import GasTest, Lacking, NextStep
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import NOTHING, Words


class LiveReason(Struct, frozen=True, kw_only=True):
    """One cause of a stop, or one thing that still stands against working."""

    title: Words
    detail: Words
    since_utc: float | None = None
    pause_class: str = ""


class LiveOverride(Struct, frozen=True, kw_only=True):
    """One rule that a safety officer lets be: why, and until when."""

    rule: str
    title: Words
    who: str
    reason: str
    until_utc: float


class LiveHole(Struct, frozen=True, kw_only=True):
    """One spell in which a feed was blind; `until_utc` None: it still is."""

    feed: Words
    from_utc: float
    until_utc: float | None


class LiveCoverage(Struct, frozen=True, kw_only=True):
    """How much of the work was guarded, and the newest blind spells, newest first; `more` are not shown."""

    guarded_pct: float | None
    holes: tuple[LiveHole, ...]
    more: int = 0


class LiveHead(Struct, frozen=True, kw_only=True):
    """One person of a head-count; `age_s` is the age of his last known place."""

    id: str
    name: str
    where: Literal["inside", "out", "unknown"]
    area: Words | None
    age_s: float | None


class LiveHeadCount(Struct, frozen=True, kw_only=True):
    """The hazard zone, and everybody who may still be in it."""

    area: Words
    x_m: float
    y_m: float
    counted: int  # by the guard's list of entries
    seen: int  # by their wearables
    people: tuple[LiveHead, ...]


class LiveNamed(Struct, frozen=True, kw_only=True):
    """Somebody by id and name."""

    id: str
    name: str


class LiveInside(Struct, frozen=True, kw_only=True):
    """Somebody whom the guard has counted in, and since when."""

    id: str
    name: str
    since_utc: float


class LiveMeasure(Struct, frozen=True, kw_only=True):
    """One protective measure; who last looked at it, and when (None: nobody yet)."""

    id: str
    kind: str
    words: Words
    confirmed_by: str | None = None
    at_utc: float | None = None


class LiveItem(Struct, frozen=True, kw_only=True):
    """One item of the hand-over checklist."""

    id: str
    words: Words


class LivePending(Struct, frozen=True, kw_only=True):
    """A newer version of the ticket that the guard has still to read."""

    version: int
    changes: tuple[Words, ...]


class LiveClaim(Struct, frozen=True, kw_only=True):
    """A guard who says that he is at the point, and whom somebody must co-sign."""

    person: str
    name: str


class LiveWatch(Struct, frozen=True, kw_only=True):
    """A fire watch under way: how long it must still be kept without a break."""

    left_s: float


class LiveGuard(Struct, frozen=True, kw_only=True):
    """How the box sees the guard on duty.

    `state`: "present"; "asked" (he has not moved: by `press_by_utc` he moves or presses "I'm here", or the work
    stops); "doubtful" (`words` say why). `since_utc` is his last sign of life: a move, a press, his check-in.
    """

    state: Literal["present", "asked", "doubtful"]
    since_utc: float
    words: Words = NOTHING
    press_by_utc: float | None = None
    by_screen: bool = False  # his wearable gives no place: he shows himself by the box's screen (code, badge)


class LivePermit(Struct, frozen=True, kw_only=True):
    """One permit: where it stands, why, since when, who, how long still."""

    id: str
    type: str
    level: str
    area: Words
    state: str
    since_utc: float
    ends_utc: float
    near_end: bool
    begins_utc: float = 0.0  # of its ticket
    holder: str
    guard: str | None
    causes: tuple[LiveReason, ...] = ()
    standing: tuple[LiveReason, ...] = ()  # what stands against start or resume now
    signatures: tuple[str, ...] = ()  # "guard: Li Na"
    evacuate: bool = False
    drill: str = ""  # the name of the drill under way
    shadow: bool = False  # written down only: this box does not protect the work
    word: str = "stopped"  # the guard's four words: may_work, warning, stopped, evacuate
    instruction: Words = NOTHING  # what its people do now
    cards: dict[str, Words] = {}  # by role: what each does now
    overrides: tuple[LiveOverride, ...] = ()  # rules that a safety officer lets be for now
    headcount: LiveHeadCount | None = None  # while people must leave
    coverage: LiveCoverage | None = None  # None before work began
    point: Point | None = None
    area_id: str = ""
    content: Words = NOTHING
    outdoor: bool = False
    pipe: str = ""
    scopes: tuple[Words, ...] = ()  # what certificates must cover beside the kind of work
    linked: tuple[str, ...] = ()  # tickets of the same job
    left_out: tuple[
        Words, ...
    ] = ()  # measures that the kind of work asks for and a ticket of the box does not hold
    holder_id: str = ""
    guard_id: str | None = None
    guards: tuple[LiveNamed, ...] = ()  # who may guard it
    workers: tuple[LiveNamed, ...] = ()
    inside: tuple[LiveInside, ...] = ()
    tools_inside: int = 0
    gas: tuple[str, ...] = ()  # channels that it is bound to
    cameras: tuple[str, ...] = ()
    wind: tuple[str, ...] = ()  # weather stations that speak for it
    wind_stop_mps: float | None = None  # None: no wind stops it
    next: tuple[NextStep, ...] = ()  # what people can do now, most useful first
    lacking: tuple[Lacking, ...] = ()  # who must still sign
    needs_retest: bool = False
    test: GasTest = GasTest(gases=())  # what a gas test must contain
    measures: tuple[LiveMeasure, ...] = ()
    handover: tuple[LiveItem, ...] = ()  # what is to be confirmed now
    pending: LivePending | None = None
    claim: LiveClaim | None = None
    fire_watch: LiveWatch | None = None
    guard_presence: LiveGuard | None = None  # None: no guard has checked in
