"""The coverage ledger of one job: for how long it was watched, and when which feed was blind."""

from msgspec import Struct


class Hole(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One spell in which a feed's last good word had run out. `until_utc` None: it still goes on."""

    feed: str  # a device id, or "guard", "uplink", "unit"
    from_utc: float
    until_utc: float | None = None


class Coverage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was fresh while work was under way (active, or fire watch).

    The ledger keeps a clock of its own: `base_utc` at monotonic second `base_s`, taken when a spell of
    work begins. A clock that is moved meanwhile neither lengthens nor hides a hole.
    """

    base_s: float
    base_utc: float
    open_utc: float | None = None  # since when the present spell of work lasts
    watched_s: float = 0.0  # length of the spells that are over
    holes: tuple[Hole, ...] = ()
