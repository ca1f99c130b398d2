"""Curves as the pages read them: `<runtime>/curves.json`, and those in an event's evidence.

Letters of quality: g good, w warming up, s stale, m missing, f fault, o over range, u under range, i inhibited,
c calibration overdue, d doubted (another gas makes it read too low), l line failure, k bad clock, n unbound.
"""

from msgspec import Struct


class Curve(Struct, frozen=True, kw_only=True):
    """One channel: a level (None: none) and the letter of a quality for every step from `from_utc` on."""

    from_utc: float
    step_s: float
    levels: tuple[float | None, ...]
    quality: tuple[str, ...]


class Way(Struct, frozen=True, kw_only=True):
    """Where one wearer was: x and y in site metres (None: not known) for every step from `from_utc` on."""

    from_utc: float
    step_s: float
    places: tuple[tuple[float, float] | None, ...]


class Curves(Struct, frozen=True, kw_only=True):
    """What the pages draw: the last quarter of an hour of every channel."""

    at_utc: float
    channels: dict[str, Curve]


class Evidence(Struct, frozen=True, kw_only=True):
    """One event with what led to it: `<state>/evidence/<seq>.json`. `stills` are files beside it."""

    seq: int
    type: str
    permit: str
    at_utc: float
    curves: dict[str, Curve]
    ways: dict[str, Way]  # by person
    stills: tuple[str, ...] = ()
