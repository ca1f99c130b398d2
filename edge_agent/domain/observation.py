"""What the box senses: one frozen value per kind of thing heard from the field.

Every observation is stamped with the monotonic second at which it reached the box (`at_s`) and is
never stamped again. Where a source tells the age of its own measurement, that age travels with it.
A value that is not known is `None` beside a quality, never 0, -1, NaN or "the last good one".
"""

from enum import StrEnum
from typing import assert_never

from msgspec import Struct

from edge_agent.domain.claim import Claim, Standing
from edge_agent.domain.named import Named
from edge_agent.domain.words import NOTHING, Words


class Quality(Named):
    """What a value may be used for (docs/domain.md 2.3). Only GOOD ever satisfies a condition."""

    GOOD = "good"
    WARMUP = "warmup"
    STALE = "stale"
    MISSING = "missing"
    FAULT = "fault"
    OVERRANGE = "overrange"
    UNDERRANGE = "underrange"
    INHIBITED = "inhibited"
    CAL_OVERDUE = "cal_overdue"
    SUSPECT = "suspect"
    COMM_FAIL = "comm_fail"
    CLOCK_BAD = "clock_bad"
    UNBOUND = "unbound"


class Heard(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What every observation has: who spoke (a device id of site.toml) and when it arrived.

    `gc=False`, here and on what each step makes anew for every source: frozen values hold no cycles, and
    made by the thousand they kept the garbage collector busy within the step (measured).
    """

    source: str
    at_s: float


class Reading(Heard, frozen=True, kw_only=True, tag="reading"):
    """One gas or analogue channel at one instant.

    `level` is in `unit` as the detector sent it ("ppm", "%LEL", "%vol", "mg/m3"); it is None unless
    the quality says that there is a number. `device_alarm` is the detector's own alarm bit.
    `age_s` is how old the measurement was when it arrived (a gateway's age register), 0 if live.
    """

    channel: str
    level: float | None
    unit: str
    quality: Quality
    device_alarm: bool = False
    age_s: float = 0.0
    detail: Words = NOTHING


class Position(Heard, frozen=True, kw_only=True, tag="position"):
    """One message of a wearable, in site metres (origin and rotation of site.toml).

    `x_m`/`y_m` are None when the fix gives no place; `accuracy_m` None means unknown, never perfect.
    `age_s` is the age of the fix on arrival. `moving` and `worn` are the wearable's own flags.
    """

    x_m: float | None = None
    y_m: float | None = None
    z_m: float | None = None
    accuracy_m: float | None = None
    zone: str | None = None
    age_s: float = 0.0
    moving: bool | None = None
    worn: bool | None = None
    sos: bool = False
    fall: bool = False  # the wearable's own man-down flag
    no_motion_s: float | None = None  # how long the wearable itself says its wearer has not moved
    here: bool = False  # the "I'm here" button is pressed
    heart_rate_bpm: float | None = None
    battery_pct: float | None = None


class View(Named):
    """What a camera's picture is good for. Anything but CLEAR means "not monitored"."""

    CLEAR = "clear"
    STARTING = "starting"
    FROZEN = "frozen"
    DARK = "dark"
    COVERED = "covered"
    BLURRED = "blurred"
    MOVED = "moved"  # it shows another place than its areas were drawn for
    DROPPING = "dropping"  # too many pictures are missing to follow anybody
    GONE = "gone"
    UNJUDGED = "unjudged"  # pictures arrive, but the model does not answer


class Filming(Named):
    """Whether what a camera sends is being kept. Only READY and RUNNING satisfy anything."""

    OFF = "off"  # nothing is set up
    READY = "ready"  # it could be, and nothing asks for it
    RUNNING = "running"
    FAILED = "failed"


class Worn(StrEnum):
    """Whether a piece of protective equipment is worn; what cannot be seen is not worn and not missing."""

    WORN = "worn"
    MISSING = "missing"
    UNSURE = "unsure"  # hidden, too far, too dark: never compliant


GUARD_MARK = "guard_mark"  # the site's own colour of its guards, told of somebody as an item of equipment is


class SeenPerson(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One tracked person in one picture; `box` is x1, y1, x2, y2 as fractions of the picture."""

    track: int
    box: tuple[float, float, float, float]
    score: float
    zones: tuple[str, ...] = ()
    ppe: dict[str, Worn] = {}  # by item ("helmet"); an item that is not here was not looked for


class Sighting(Heard, frozen=True, kw_only=True, tag="sighting"):
    """What one camera shows: whether its picture can be trusted, and who is in which zone."""

    view: View
    persons: tuple[SeenPerson, ...] = ()
    age_s: float = 0.0
    detail: Words = NOTHING
    filming: Filming = Filming.OFF
    filming_detail: Words = NOTHING


class Contact(Heard, frozen=True, kw_only=True, tag="contact"):
    """A dry contact: relay feedback or a stop button. `closed` None means it could not be read."""

    channel: str
    closed: bool | None
    detail: Words = NOTHING


class DeviceHealth(Heard, frozen=True, kw_only=True, tag="health"):
    """A source or actuator speaking about itself; `detail` is plain words with the remedy."""

    ok: bool
    detail: Words = NOTHING


class Weather(Heard, frozen=True, kw_only=True, tag="weather"):
    """One word of a weather station. `wind_mps` is None unless the quality says that there is a number.

    Only the wind decides anything; the rest is measured for people, and None where it is not.
    """

    quality: Quality
    wind_mps: float | None = None
    wind_from_deg: float | None = None  # where it comes from: 0 north, 90 east
    temperature_c: float | None = None
    humidity_pct: float | None = None
    pm2_5_ug_m3: float | None = None  # fine dust, micrograms in a cubic metre
    pm10_ug_m3: float | None = None
    noise_db: float | None = None
    detail: Words = NOTHING


class Claims(Heard, frozen=True, kw_only=True, tag="claims"):
    """What another box of the site (`source` is its unit) says of the works that it guards and of its alarms."""

    claims: tuple[Claim, ...]
    alarms: tuple[Standing, ...] = ()
    age_s: float = 0.0


class Aim(StrEnum):
    """Where a camera that can turn looks."""

    HOME = "home"  # where its areas are drawn: the only place at which anybody is judged
    MOVING = "moving"
    AWAY = "away"  # at another preset
    UNKNOWN = "unknown"  # it did not arrive, or was turned by somebody else


class Aimed(Heard, frozen=True, kw_only=True, tag="aimed"):
    """Where a camera (`source`) says that it looks; `ok` where it does as told, else `detail` says why not.

    `pan`, `tilt` and `zoom` are as it says itself (ONVIF's normalised values), None where it says none.
    """

    aim: Aim
    preset: str = ""
    ok: bool = True
    detail: Words = NOTHING
    pan: float | None = None
    tilt: float | None = None
    zoom: float | None = None


Observation = Reading | Position | Sighting | Contact | DeviceHealth | Weather | Claims | Aimed


def has_number(quality: Quality) -> bool:
    """Whether a channel of this quality carries a number worth comparing with a limit.

    A detector that warms up or is inhibited sends numbers that mean nothing; one whose calibration
    is overdue still measures, and its danger counts although its safety does not.
    """
    match quality:
        case Quality.GOOD | Quality.CAL_OVERDUE | Quality.SUSPECT:
            return True
        case (
            Quality.WARMUP
            | Quality.STALE
            | Quality.MISSING
            | Quality.FAULT
            | Quality.OVERRANGE
            | Quality.UNDERRANGE
            | Quality.INHIBITED
            | Quality.COMM_FAIL
            | Quality.CLOCK_BAD
            | Quality.UNBOUND
        ):
            return False
        case _:
            assert_never(quality)
