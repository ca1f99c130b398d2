"""What the rulebook asks of each kind of work, and of works beside each other."""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.limit import Limit
from edge_agent.domain.words import Words


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
