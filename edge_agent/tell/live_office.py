"""What the office asks of the records: the day's table of a team, what is stored about somebody."""

from msgspec import Struct

from edge_agent.domain.words import Words


class Indicator(Struct, frozen=True, kw_only=True):
    """One indicator of the day (ledger 4-36 to 4-41).

    `value_pct` None: this box cannot say it; then `lacks` says who can. `counts` is what the box knows itself.
    """

    row: str
    name: Words
    target: Words
    value_pct: float | None
    before_pct: float | None  # of the day before, where that is known
    met: bool | None
    here: bool  # whether this box counts it: then no value means that there was nothing to count
    counts: Words
    lacks: Words


class DayTable(Struct, frozen=True, kw_only=True):
    """One local day. `whole`: what of it was not counted; empty for a whole one. `running`: it is not over.

    `begins_utc`: the day lies before anything was counted here, which began then. It has no indicators, and is
    neither good nor bad; a day without figures after that is a fault, and no table.
    """

    date: str
    site: Words
    unit: str
    demo: bool
    running: bool
    whole: Words
    indicators: tuple[Indicator, ...]
    begins_utc: float | None = None


class Told(Struct, frozen=True, kw_only=True):
    """How many records of one kind name somebody, from when to when (UTC seconds)."""

    type: str
    count: int
    first_utc: float
    last_utc: float


class Stored(Struct, frozen=True, kw_only=True):
    """One kind of data, and for how long the box keeps it."""

    what: Words
    how_long: Words


class About(Struct, frozen=True, kw_only=True):
    """What this box stores about one person. `looked_at`: so many records were looked through, the newest."""

    person: str
    records: tuple[Told, ...]
    looked_at: int
    stored: tuple[Stored, ...]
