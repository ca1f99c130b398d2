"""The rulebook: every limit with its value, unit, clause and ledger row. Read from zones/rulebooks/."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.gas_limits import GasLimits, GasTimes, TrendLimits
from edge_agent.domain.limit import Limit
from edge_agent.domain.people_limits import (
    EntryLimits,
    GuardLimits,
    LoneLimits,
    NetworkLimits,
    PeopleLimits,
    PpeLimits,
)
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import BookMeasure, Conflict, SimopsLimits, WorkLimits


class ShiftLimits(Struct, frozen=True, kw_only=True):
    """The change of shift: how long the hand-over may take."""

    handover_s: Limit


class PowerLimits(Struct, frozen=True, kw_only=True):
    """The box without mains: when it says so, when the work stops; and its back-up."""

    warn_s: Limit
    pause_s: Limit
    backup_s: Limit  # the back-up supply has come in by then


class CameraLimits(Struct, frozen=True, kw_only=True):
    """How long a camera may show nothing trustworthy, or not be recorded; how long films are kept."""

    not_monitored_s: Limit
    film_days: Limit


class DeviceLimits(Struct, frozen=True, kw_only=True):
    """Silence of any other bound device, the physical proof of a stop, and the way to the centre."""

    silent_pause_s: Limit
    isolation_s: Limit
    interlock_on_s: Limit
    calm_off_s: Limit  # a gauge has come back when it has been back for so long
    uplink_warn_s: Limit
    records: bool = False  # each bound device has a record that holds (ledger 0-09, 4-30)
    bump_daily: bool = False  # each gas detector has been bump-tested today
    bump_s: Limit  # a detector shows the gas of the bottle by then, or the bump test has failed
    calibration_days: Limit  # a certificate that people enter lets a detector be for so long at most
    graces_day_times: Limit  # so many commissionings within 24 h open work before there is a certificate
    graces_month_times: Limit  # ... within 30 days
    exception_days: Limit  # a safety officer lets a trial that has failed be for so long at most


class ResumeLimits(Struct, frozen=True, kw_only=True):
    """What must hold before people may resume."""

    clean_s: Limit
    sign_window_s: Limit
    person_stops: Limit  # so many by people's fault in one shift: a safety officer signs too
    shift_s: Limit  # what counts as one shift where the site names none


class TimeLimits(Struct, frozen=True, kw_only=True):
    """The permit's window."""

    near_end_s: Limit
    upgrade_warn_s: Limit  # warned so long before the rules of the higher kind hold


class OverrideLimits(Struct, frozen=True, kw_only=True):
    """How long a rule may be let be."""

    longest_s: Limit


class AlarmLimits(Struct, frozen=True, kw_only=True):
    """How long an alarm may go unacknowledged, chatter, flood, or lie on the shelf (docs/domain.md 2.6).

    `siren_on_s` and `siren_off_s` are how a siren says "stop work"; without a break it says "leave".
    """

    local_s: Limit
    officer_s: Limit
    manager_s: Limit
    chatter_s: Limit  # this often within so long is chattering
    chatter_times: Limit
    chatter_off_s: Limit  # a chattering alarm has gone only when it stays away for so long
    flood_s: Limit
    flood_alarms: Limit
    shelf_s: Limit
    siren_on_s: Limit
    siren_off_s: Limit


class WeatherLimits(Struct, frozen=True, kw_only=True):
    """The wind, beside the limit of each kind of work (works.<kind>.wind_stop_mps)."""

    warn_pct: Limit  # of the limit
    gust_on_s: Limit
    calm_off_s: Limit
    not_good_pause_s: Limit


Moment = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z$")]  # UTC


class Loosened(Struct, frozen=True, kw_only=True):
    """One limit moved the unsafe way for a time: by a safety officer, with a reason, signed by his key `kid`."""

    key: str
    value: float
    reason: str
    by: str
    begins: Moment
    until: Moment
    kid: str
    signature: str

    @property
    def begins_utc(self) -> float:
        """UTC seconds since when it holds."""
        return datetime.fromisoformat(self.begins).timestamp()

    @property
    def until_utc(self) -> float:
        """UTC seconds at which it ends by itself."""
        return datetime.fromisoformat(self.until).timestamp()


class FigureLimits(Struct, frozen=True, kw_only=True):
    """The figures of the day: what counts as on time, as repeated, and how often people are looked at."""

    on_time_s: Limit
    repeat_times: Limit
    repeat_s: Limit
    ppe_s: Limit
    way_pct: Limit
    way_tries: Limit


class DrillLimits(Struct, frozen=True, kw_only=True):
    """Drills: how long one may last."""

    longest_s: Limit


class RectifyLimits(Struct, frozen=True, kw_only=True):
    """Putting right: how long somebody may not answer, how late it may be, until when it is to be over."""

    respond_s: Limit
    overdue_s: Limit
    close_s: Limit


class Rulebook(Struct, frozen=True, kw_only=True):
    """One versioned set of limits. A DEMO book shortens times and is refused off loopback.

    `standard` names the law whose ceilings judge it (settings/standards.py). A book that `extends` another gives
    only what differs from it, in the safe direction; what is `loosened` counts while its signature's time lasts.
    """

    name: str
    version: str
    title: Words
    standard: str
    extends: str = ""
    loosened: tuple[Loosened, ...] = ()
    demo: bool
    gases: dict[str, GasLimits]
    gas: GasTimes
    trend: TrendLimits
    guard: GuardLimits
    lone: LoneLimits
    network: NetworkLimits
    camera: CameraLimits
    device: DeviceLimits
    entry: EntryLimits
    ppe: PpeLimits
    resume: ResumeLimits
    shift: ShiftLimits
    handover: dict[str, Words]  # the checklist: item and its words
    power: PowerLimits
    simops: SimopsLimits
    conflicts: tuple[Conflict, ...]
    time: TimeLimits
    weather: WeatherLimits
    alarm: AlarmLimits
    override: OverrideLimits
    people: PeopleLimits
    drill: DrillLimits
    rectify: RectifyLimits
    figures: FigureLimits
    measures: dict[str, BookMeasure] = {}  # by id
    works: dict[str, WorkLimits]  # by kind: "hot.special", "confined_space"
    start_signers: tuple[str, ...]
    resume_signers: dict[str, tuple[str, ...]]  # by pause class
    close_signers: tuple[str, ...]
