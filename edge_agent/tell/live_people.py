"""Who is where and wears what, by what people carry on them."""

from msgspec import Struct

from edge_agent.domain.words import Words


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
