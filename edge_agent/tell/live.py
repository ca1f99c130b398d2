"""The live picture: what the board shows, written to `<runtime>/live.json` about twice a second.

A reader compares `at_utc` with its own clock: a picture older than 3 s is not live and must be
shown as such. Levels are None whenever the quality carries no number.
"""

from typing import Any

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell.live_clock import LiveClock
from edge_agent.tell.live_permit import LivePermit
from edge_agent.tell.live_supply import LiveSupply


class LiveAverage(Struct, frozen=True, kw_only=True):
    """An average of the minutes that are known; with minutes missing it shows no limit as kept."""

    value: float
    missing_min: int


class LiveLimits(Struct, frozen=True, kw_only=True):
    """What warns and what stops the work, in the channel's unit; permitted is low_stop <= level <= stop."""

    warn: float | None = None
    stop: float | None = None
    low_stop: float | None = None


class LiveRecord(Struct, frozen=True, kw_only=True):
    """What is vouched for of a detector. Times are UTC seconds; None: nobody has said so."""

    status: str
    calibration_due_utc: float | None = None
    bump_tested_utc: float | None = None
    bump_due: bool = False  # the rulebook asks for a bump test each day, and today there was none
    self_test_ok: bool | None = None
    valid_until_utc: float | None = None
    bump_failed_utc: float | None = None


class LiveBump(Struct, frozen=True, kw_only=True):
    """A bump test under way: what the bottle says, what the detector came to, and until when it has time."""

    by: str
    level: float
    unit: str
    within_pct: float
    nearest: float | None
    met: int  # so many words in a row that show the gas; three are enough
    left_s: float
    over: bool = False  # ... and it has passed or failed: the bottle's gas has to leave the detector
    alarms: bool = False  # people are at work there: its gas is an alarm like any other


class LiveDevice(Struct, frozen=True, kw_only=True):
    """Any other device of the site, and what is vouched for of it."""

    id: str
    name: Words
    kind: str
    record: LiveRecord | None
    wanted: bool  # the rulebook asks for a record, and there is none that holds


class LiveGas(Struct, frozen=True, kw_only=True):
    """One gas channel."""

    id: str
    name: Words
    gas: str
    level: float | None
    unit: str
    quality: str
    age_s: float | None
    danger: bool
    device_alarm: bool
    stel: LiveAverage | None = None  # over 15 minutes; None: not one minute is known yet
    twa: LiveAverage | None = None  # over 8 hours
    limits: LiveLimits = LiveLimits()
    trend_per_min: float | None = None  # None: too little is known to say
    area_id: str = ""
    record: LiveRecord | None = None  # None: nobody vouches for it
    bump: LiveBump | None = None  # under way
    bump_pct: float = 0.0  # how far from the bottle's value counts as met
    calibration_days: float = 0.0  # how far ahead a calibration's last day may lie
    against: Words = NOTHING  # why no work may begin with it, by its record


class LiveWind(Struct, frozen=True, kw_only=True):
    """The wind by one weather station. `stop_mps`: the lowest at which open work stops here (None: none)."""

    id: str
    name: Words
    mps: float | None
    quality: str
    age_s: float | None
    stop_mps: float | None = None
    danger: bool = False


class LiveGauge(Struct, frozen=True, kw_only=True):
    """One gauge with the site's limits. `crossed`: high_high, high, low, low_low, or "" for none.

    `interlock`: "holds" or "tripped" where it trips an output, "missing" where it should and does not, else "".
    """

    id: str
    name: Words
    what: Words  # temperature, level ...
    level: float | None
    unit: str
    quality: str
    age_s: float | None
    crossed: str
    limits: dict[str, float]
    area_id: str
    interlock: str = ""


class LiveWorn(Struct, frozen=True, kw_only=True):
    """One item that is asked of a person: "worn", "missing" or "unsure", and for how long it has been told so."""

    item: str
    name: Words
    state: str
    for_s: float | None


class LivePerson(Struct, frozen=True, kw_only=True):
    """One wearer; `x_m`/`y_m` None when the place is unknown."""

    id: str
    name: str
    tag: str
    roles: tuple[str, ...]
    x_m: float | None
    y_m: float | None
    area: Words | None
    area_id: str = ""
    age_s: float | None
    fresh: bool
    worn: tuple[LiveWorn, ...] = ()  # what contacts say of his equipment: his harness, his air


class LiveWearable(Struct, frozen=True, kw_only=True):
    """One wearable of the site, for whoever wears, changes or mends it. None: never heard, or not said.

    `p50_s` and `p99_s` are measured: so many of its last `intervals` were no longer; `promised_s` is the site's.
    """

    id: str
    name: Words
    wearer: str  # the id of whose it is; "" for a spare one
    wearer_name: str
    heard: bool
    heard_s: float | None
    placed_s: float | None
    worn: bool | None
    battery_pct: float | None
    low: bool  # so little charge that its wearer is told (rulebook: guard.battery_warn_pct)
    promised_s: float
    intervals: int
    p50_s: float | None
    p99_s: float | None


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


class LiveOutput(Struct, frozen=True, kw_only=True):
    """One output: what is wanted of it, and what its mirror contact says (None = not known)."""

    device: str
    name: Words  # of the device
    channel: str
    does: str
    wanted_on: bool
    feedback_closed: bool | None


class LiveAlarm(Struct, frozen=True, kw_only=True):
    """One alarm of the list."""

    key: str
    permit: str
    title: Words
    detail: Words
    action: Words
    priority: int
    state: str
    since_utc: float
    code: str = ""
    act_within_s: float = 0.0
    card: dict[str, Words] = {}  # by role: what each does now
    overridden: bool = False  # a safety officer lets it be: it stops nothing
    drill: bool = False  # of something that is only played
    note: bool = False  # it changes none of the guard's four words: for whoever keeps the devices


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


class LiveEvent(Struct, frozen=True, kw_only=True):
    """One of the newest events, newest first."""

    seq: int
    type: str
    subject: str
    at_utc: float
    words: Words
    permit: str = ""  # "" for what is about the unit, a person or a device
    priority: int = 4


class Live(Struct, frozen=True, kw_only=True):
    """Everything the board needs in one piece."""

    at_utc: float
    site: str
    unit: str
    name: Words
    demo: bool
    rulebook: str
    clock_trusted: bool
    centre: bool = True  # False: the site has declared that it has none
    uplink_ok: bool | None
    uplink_detail: Words
    waiting: int  # events not yet acknowledged by the broker
    permits: tuple[LivePermit, ...]
    gas: tuple[LiveGas, ...]
    wind: tuple[LiveWind, ...]  # empty: this site has no weather station, its wind is not known
    gauges: tuple[LiveGauge, ...] = ()
    people: tuple[LivePerson, ...]
    wearables: tuple[LiveWearable, ...] = ()
    cameras: tuple[LiveCamera, ...]
    outputs: tuple[LiveOutput, ...]
    alarms: tuple[LiveAlarm, ...]
    events: tuple[LiveEvent, ...]
    devices: tuple[LiveDevice, ...] = ()
    today: dict[str, Any] = {}  # the figures of the day so far
    shift: Words = NOTHING  # the one under way; says so where there is none
    neighbours: tuple[LiveNeighbour, ...] = ()  # the other boxes of the site
    clock: LiveClock | None = None  # how it is kept, beside clock_trusted
    supply: LiveSupply | None = None  # what feeds the box
    clashes: tuple[LiveClash, ...] = ()  # of all open works, whether they have begun or not
    shadow: tuple[Words, ...] = ()  # what is in shadow now, until when, on whose word
