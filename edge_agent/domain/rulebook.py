"""The rulebook: every limit with its value, unit, clause and ledger row. Read from zones/rulebooks/."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.words import Words


class Limit(Struct, frozen=True, kw_only=True):
    """One number that decides something, and where it comes from."""

    value: float
    unit: str
    clause: str
    row: str = ""


class GasLevel(Struct, frozen=True, kw_only=True):
    """One response level of a gas: it begins `above` a value, or `at_least` at it (docs/domain.md 1.7)."""

    name: Words
    above: Limit | None = None
    at_least: Limit | None = None

    @property
    def bounds(self) -> tuple[tuple[str, Limit], ...]:
        """Where it begins, with its sign: one bound, in a book that was checked (settings/limits.py)."""
        written = ((">", self.above), ("≥", self.at_least))
        return tuple((sign, limit) for sign, limit in written if limit is not None)


class GasLimits(Struct, frozen=True, kw_only=True):
    """Limits of one gas: permitted is low <= level <= high ("<= x" trips at > x).

    `lel_pct_vol` turns %LEL into volume per cent; `molar_mass` turns mg/m3 into ppm at 25 degC
    (24.45 / M). `stel` and `twa` limit the averages over 15 minutes and 8 hours. `levels` are how the
    site responds (lowest first; over-range is the highest), beside what stops the work.
    `hysteresis` stands in place of gas.hysteresis_pct; `hidden_by` names gases that make this one's
    electrochemical cell read too low, and from which level on.
    """

    name: Words
    stop_high: Limit | None = None
    stop_low: Limit | None = None
    warn_high: Limit | None = None
    warn_low: Limit | None = None
    stel: Limit | None = None
    twa: Limit | None = None
    hysteresis: Limit | None = None
    resolution: Limit | None = None  # of usual detectors: what differs by less is the same
    levels: tuple[GasLevel, ...] = ()
    hidden_by: dict[str, Limit] = {}
    entry_high: Limit | None = None  # for samples taken by hand, where it is lower than stop_high
    lel_pct_vol: Annotated[float, Meta(gt=0, le=100)] | None = None
    molar_mass: Annotated[float, Meta(gt=1, le=500)] | None = None

    @property
    def combustible(self) -> bool:
        """Whether it is limited because it burns: ammonia burns too, and is limited as a poison."""
        by_volume = self.stop_high is not None and self.stop_high.unit in {"%vol", "%LEL"}
        return self.lel_pct_vol is not None and by_volume


class GasTimes(Struct, frozen=True, kw_only=True):
    """How long a gas channel may be unusable, and how long a danger must be gone."""

    stale_min_s: Limit
    not_good_pause_s: Limit
    danger_off_s: Limit
    warn_on_s: Limit
    test_grace_s: Limit  # how long a gas test that the ticket asks for may be late
    oxygen_warn_on_s: Limit  # high oxygen: clean air stands just below its warning limit
    hysteresis_pct: Limit  # of the set point: how far back a level must come before it counts as back
    daily_grace_s: Limit  # after midnight, work that began yesterday is sampled anew within so long
    blind_retest_s: Limit  # a channel blind for longer needs a gas test before a resume
    minute_known_pct: Limit  # how much of a minute must be measured for its average to be known
    differ_pct: Limit  # two detectors side by side
    differ_counts: Limit  # ... or so many times the resolution, whichever is more
    differ_on_s: Limit
    catalytic_o2_pct: Limit  # a catalytic bead needs oxygen to burn in
    cell_o2_pct: Limit  # an electrochemical cell too


class TrendLimits(Struct, frozen=True, kw_only=True):
    """Early warning: how a slope is measured, and how far ahead it may speak (ledger 0-07, 2-33).

    The short view sees a leak, the long one a slow change. Each is medians over `bucket`, a robust
    slope over `window`, and a limit crossed within `ahead` even at the slow end of its uncertainty.
    """

    bucket_s: Limit
    window_s: Limit
    ahead_s: Limit
    long_bucket_s: Limit
    long_window_s: Limit
    long_ahead_s: Limit
    least_count: Limit
    bound_sigma: Limit


class GuardLimits(Struct, frozen=True, kw_only=True):
    """The guard at his post (G1-G7)."""

    still_warn_s: Limit
    still_pause_s: Limit
    seated_warn_s: Limit
    seated_pause_s: Limit
    here_presses: Limit
    move_m: Limit
    post_warn_m: Limit
    post_pause_m: Limit
    level_m: Limit
    outside_on_s: Limit
    unsure_pause_s: Limit
    lost_warn_s: Limit
    lost_pause_s: Limit
    watched_permits: Limit
    unwatched_s: Limit  # ended hot work whose fire watch nobody keeps: told after so long
    video_warn_s: Limit
    video_ask_s: Limit  # ... while his wearable shows him at the post
    video_pause_s: Limit
    video_fresh_s: Limit
    video_saves_s: Limit
    interval_count: Limit  # so many intervals of a tag, and its own are known
    interval_absent_s: Limit  # a tag that is silent for longer was away


class NetworkLimits(Struct, frozen=True, kw_only=True):
    """When the network is said to be gone, and how much of a source's silence is put down to it."""

    hole_s: Limit
    witnesses_count: Limit
    warn_s: Limit
    grace_s: Limit


class LoneLimits(Struct, frozen=True, kw_only=True):
    """Somebody whom nobody sees: how long his wearable may lie still."""

    still_warn_s: Limit
    still_evacuate_s: Limit


class ShiftLimits(Struct, frozen=True, kw_only=True):
    """The change of shift: how long the hand-over may take."""

    handover_s: Limit


class PowerLimits(Struct, frozen=True, kw_only=True):
    """The box without mains: when it says so, and when the work stops."""

    warn_s: Limit
    pause_s: Limit


class SimopsLimits(Struct, frozen=True, kw_only=True):
    """Works beside each other: how exact a work point is, what is another height, when a peer is silent.

    Within `embers_m` of ended hot work nothing begins until its fire watch is over, or taken over.
    """

    point_m: Limit
    vertical_m: Limit
    peer_stale_s: Limit
    embers_m: Limit


class Conflict(Struct, frozen=True, kw_only=True):
    """Two works that do not go together ([[conflicts]]): kinds, types, or what a ticket `uses`; "*" is any work.

    "area" is the same area or within `within_m`, at about the same height unless `any_height`; "fall_line" within
    `within_m` at whatever height; "pipe" the same pipe. `unless` names a use that lifts it (a deck between).
    """

    first: str
    second: str
    effect: Literal["block", "coordinate"]
    near: Literal["area", "pipe", "fall_line"] = "area"
    within_m: Limit | None = None
    any_height: bool = False
    linked_ok: bool = False  # one job with two tickets that name each other
    unless: str = ""
    unless_up_to_m: Limit | None = None  # `unless` lifts it up to this height above the site's zero,
    unless_above: str = ""  # and beyond it, or where nobody has said how high, only this does
    clause: str
    row: str = ""


class CameraLimits(Struct, frozen=True, kw_only=True):
    """How long a camera may show nothing trustworthy before it counts as not monitored."""

    not_monitored_s: Limit


class DeviceLimits(Struct, frozen=True, kw_only=True):
    """Silence of any other bound device, the physical proof of a stop, and the way to the centre."""

    silent_pause_s: Limit
    isolation_s: Limit
    interlock_on_s: Limit
    uplink_warn_s: Limit
    records: bool = False  # each bound device has a record that holds (ledger 0-09, 4-30)
    bump_daily: bool = False  # each gas detector has been bump-tested today


class EntryLimits(Struct, frozen=True, kw_only=True):
    """People in confined spaces: counted in and out, in contact, out again when told to leave."""

    uncounted_on_s: Limit
    unauthorised_on_s: Limit
    inside_warn_s: Limit
    contact_grace_s: Limit
    still_inside_s: Limit


class PpeLimits(Struct, frozen=True, kw_only=True):
    """When an item of protective equipment counts as missing: in which share of how many pictures."""

    missing_pct: Limit
    over_s: Limit
    frames_count: Limit


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


class PeopleLimits(Struct, frozen=True, kw_only=True):
    """What is asked of people's papers, and how long somebody's word about a measure holds."""

    training: bool  # training on record (ledger 0-21)
    daily_class: bool  # the day's safety class (ledger 0-23)
    tester_certificates: tuple[str, ...]  # scopes that who samples gas must hold
    papers_warn_s: Limit  # warned so long before a certificate, training or record ends
    confirmed_fresh_s: Limit  # a manual measure was looked at so long before the start at most


# A word that nobody reads would ask for nothing: only these are known (decide/samples.py, decide/rules/ppe.py).
GAS_KINDS = ("combustible", "o2", "toxic")
SamplePlace = Literal["upper", "middle", "lower", "left", "right"]
PpeItem = Literal["helmet", "vest", "harness", "mask", "gloves", "goggles", "scba"]


class BookMeasure(Struct, frozen=True, kw_only=True):
    """One protective measure that kinds of work ask for; `shown_by` is what can prove it beside people."""

    words: Words
    clause: str
    row: str = ""
    shown_by: Literal["people", "gas", "camera"] = "people"


class WorkLimits(Struct, frozen=True, kw_only=True):
    """What one kind of work at one level asks for (docs/domain.md 2.1): works."hot.special", works.confined_space.

    An absent limit means that the book's standard states none; a False or empty field that it asks for nothing.
    """

    name: Words
    clause: str
    row: str = ""
    longest_s: Limit | None = None  # validity
    approvals: tuple[str, ...] = ()  # roles that must have signed the ticket
    jsa: bool = False
    certificates: tuple[str, ...] = ()  # scopes that every worker's certificates must cover
    guard_certificates: tuple[str, ...] = ()
    guards: int = 1  # how many are named at least
    start_also: tuple[str, ...] = ()  # who agrees to the start beside the book's start_signers
    # Gas: one of GAS_KINDS, or a gas of the book by its name; `sampled` before a start, `watched` all the time.
    sampled: tuple[str, ...] = ()
    sample_age_s: Limit | None = None
    sample_places: tuple[SamplePlace, ...] = ()
    daily_sample: bool = False  # each day anew
    watched: tuple[str, ...] = ()
    gas_grace_s: Limit | None = None  # how long a channel may be unusable; None: the book's gas.not_good_pause_s
    retest_after_s: Limit | None = None  # an interruption longer than this needs a new gas test
    confirm_after_break: bool = False  # somebody looks again at every manual measure before a resume
    video: bool = False
    ppe: tuple[PpeItem, ...] = ()
    ppe_critical: tuple[PpeItem, ...] = ()  # what pauses the work when it is missing
    wind_stop_mps: Limit | None = None  # outdoors
    fire_watch_s: Limit | None = None  # None: no fire watch
    confined: bool = False  # people and tools are counted in and out
    inside_max_s: Limit | None = None  # the longest stay inside
    contact_s: Limit | None = None  # how often somebody inside reports
    keep_out_m: Limit | None = None  # nobody but the ticket's people so near to the point (under a load, a digger)
    make_safe: bool = False  # a pause must not trap people or hang a load: make safe, lower, leave
    measures: tuple[str, ...] = ()  # of the book: with which a ticket drawn up on the box begins
    upgraded_to: str = ""  # the kind whose rules hold at night, on holidays and at weekends (GB 30871-2022 5.1.1)


UNKNOWN_WORK = WorkLimits(name=Words("未知作业", "unknown kind of work"), clause="")


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
    figures: FigureLimits
    measures: dict[str, BookMeasure] = {}  # by id
    works: dict[str, WorkLimits]  # by kind: "hot.special", "confined_space"
    start_signers: tuple[str, ...]
    resume_signers: dict[str, tuple[str, ...]]  # by pause class
    close_signers: tuple[str, ...]
