"""What feeds the box, and whether what stands behind it lasts as long as the work, for people."""

from typing import Literal

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words


class LiveSupply(Struct, frozen=True, kw_only=True):
    """None is "not known", and never fine. Minutes are those of the back-up supply."""

    asked: Literal["kernel", "nut", "contacts", "none"]  # contacts of a relay module; none: nobody tells the box
    on_mains: bool | None
    since_utc: float | None = None  # since when that is so; this start of the agent at the earliest
    charge_pct: float | None = None
    minutes: float | None = None  # as the supply itself says now
    why: Words = NOTHING  # nobody knows what feeds it
    wrong: Words = NOTHING  # the back-up is not to be counted on
    measured_min: float | None = None  # that it carried the box at commissioning
    measured_utc: float | None = None
    measured_void: bool = False  # its settings were changed after that
    job: str = ""  # the work under way that ends last; "": nobody is at work
    job_min: float | None = None  # that it has to go
    lasts: bool | None = None  # until that end, by the lesser of what is known; None: no work, or nobody knows
    means: Words = NOTHING  # for the work under way
