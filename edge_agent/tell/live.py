"""The live picture: what the board shows, written to `<runtime>/live.json` about twice a second.

A reader compares `at_utc` with its own clock: a picture older than LIVE_S is not live and must be
shown as such. Levels are None whenever the quality carries no number.
"""

from typing import Any

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell.live_beside import LiveClash, LiveNeighbour
from edge_agent.tell.live_camera import LiveCamera
from edge_agent.tell.live_clock import LiveClock
from edge_agent.tell.live_measured import LiveGas, LiveGauge, LiveWind
from edge_agent.tell.live_people import LivePerson, LiveWearable
from edge_agent.tell.live_permit import LivePermit
from edge_agent.tell.live_supply import LiveSupply
from edge_agent.tell.live_vouched import LiveDevice

LIVE_S = 3.0  # an older picture is not live: nothing of it is shown as such


class LiveSight(Struct, frozen=True, kw_only=True):
    """Who saw or heard an output go on, when, and until when that counts."""

    by: str
    name: str
    at_utc: float
    until_utc: float


class LiveOutput(Struct, frozen=True, kw_only=True):
    """One output: what is wanted of it, and what its mirror contact says (None = not known).

    `contact`: whether it has one. Without one `seen` is whose word there is for it.
    """

    device: str
    name: Words  # of the device
    channel: str
    does: str
    wanted_on: bool
    feedback_closed: bool | None
    contact: bool = True
    seen: LiveSight | None = None


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
