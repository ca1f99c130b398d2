"""What is measured now, for people: gas, wind and every other figure, with the limits that count."""

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell.live_vouched import LiveBump, LiveRecord


class LiveAverage(Struct, frozen=True, kw_only=True):
    """An average of the minutes that are known; with minutes missing it shows no limit as kept."""

    value: float
    missing_min: int


class LiveLimits(Struct, frozen=True, kw_only=True):
    """What warns and what stops the work, in the channel's unit; permitted is low_stop <= level <= stop."""

    warn: float | None = None
    stop: float | None = None
    low_stop: float | None = None


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
