"""A drill: what it plays, and what was seen while it played (ledger 0-29, 0-39, 3-16)."""

from typing import Literal

from msgspec import Struct

StepKind = Literal["gas", "silence", "guard_gone", "uplink_cut", "power_cut", "end"]


class DrillStep(Struct, frozen=True, kw_only=True):
    """One thing that a drill plays: a gas value, a silent device, a guard who is gone, a link that is cut."""

    after_s: float
    kind: StepKind
    source: str = ""
    level: float | None = None
    unit: str = ""


class Drill(Struct, frozen=True, kw_only=True):
    """What a drill will play (ledger 0-29). Empty steps with a seed: an unscripted one."""

    name: str
    steps: tuple[DrillStep, ...] = ()
    seed: int | None = None
    longest_s: float = 1800.0


class Mark(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that was seen during a drill, for its report. `key` is the alarm's, or the event's.

    `ordered` is when people inside were told to leave, `all_out` when the last of them was counted out.
    """

    what: Literal["raised", "acknowledged", "paused", "relay_open", "ordered", "all_out", "acted"]
    at_s: float
    key: str = ""
    code: str = ""
    by: str = ""
    limit_s: float | None = None


class Playing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A drill under way on one permit, its steps resolved. Kept, so that a restart can end it."""

    drill: Drill
    by: str
    at_s: float
    at_utc: float
    marks: tuple[Mark, ...] = ()
