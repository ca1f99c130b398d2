"""Which gateway a beacon is nearest to, by the strength at which each hears it. Pure: times are passed in.

Strength jumps by 10 dB while nobody moves, so it is smoothed, and another gateway takes over only when it hears
the beacon better by the hysteresis (docs/domain.md 4.2 WP6: 6-8 dB), and has heard it more than once.
"""

import math
from collections.abc import Mapping

from msgspec import Struct

WORDS_TO_TAKE_OVER = 3  # one strong word of a gateway far away is chance


class Tuning(Struct, frozen=True, kw_only=True):
    """How strengths are judged: dB, seconds, dBm."""

    hysteresis_db: float
    smooth_s: float
    forget_s: float
    least_dbm: float


class Strength(Struct, frozen=True):
    """What one gateway hears: smoothed dBm, when last, how often without a break."""

    dbm: float
    at_s: float
    words: int = 1


class Near(Struct, frozen=True):
    """One beacon: the gateway that holds it, and how each hears it."""

    gateway: str | None = None
    heard: Mapping[str, Strength] = {}


def after(near: Near, gateway: str, dbm: float, at_s: float, tuning: Tuning) -> Near:
    """The beacon after one more word of a gateway. Who has not heard it for `forget_s` holds it no more."""
    heard = {name: one for name, one in near.heard.items() if at_s - one.at_s <= tuning.forget_s}
    before = heard.get(gateway)
    heard[gateway] = Strength(dbm, at_s) if before is None else _smoothed(before, dbm, at_s, tuning.smooth_s)
    holder = near.gateway if near.gateway in heard else None
    for name in sorted(heard, key=lambda one: -heard[one].dbm):
        if holder is None or _takes_over(heard[name], heard[holder], tuning):
            holder = name
    return Near(holder if holder is not None and heard[holder].dbm >= tuning.least_dbm else None, heard)


def _smoothed(before: Strength, dbm: float, at_s: float, smooth_s: float) -> Strength:
    """Exponentially by time, so that a gateway that speaks more often does not smooth less."""
    new = 1 - math.exp(-max(0.0, at_s - before.at_s) / smooth_s)
    return Strength(before.dbm + (dbm - before.dbm) * new, at_s, before.words + 1)


def _takes_over(other: Strength, holder: Strength, tuning: Tuning) -> bool:
    return other.words >= WORDS_TO_TAKE_OVER and other.dbm >= holder.dbm + tuning.hysteresis_db
