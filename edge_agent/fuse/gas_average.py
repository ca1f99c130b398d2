"""Averages of a gas over 15 minutes (STEL) and 8 hours (TWA), from minute averages that are kept.

A minute that was not measured is missing: it makes an average incomplete, and never lower.
"""

import math
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant

MINUTE_S = 60.0
STEL_MINUTES = 15  # what the two terms mean (GBZ 2.1), not limits
TWA_MINUTES = 480
GRAIN = 10_000  # kept to 1/10000 of the unit, rounded up: the journal holds 500 x 480 of them


class Average(Struct, frozen=True, kw_only=True, gc=False):
    """An average over a fixed time: `value` of the minutes that are known, however many are missing."""

    value: float
    known: int
    minutes: int

    @property
    def complete(self) -> bool:
        """Whether no minute is missing: only then can it show that a limit is kept."""
        return self.known >= self.minutes

    @property
    def at_least(self) -> float:
        """What the whole time's average cannot be below, even if every missing minute was clean."""
        return self.value * self.known / self.minutes


class Minutes(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The minute being collected, and the averages of those before it (newest last; None: not known).

    `of` is what they are averages of, "h2s ppm": minutes of something else are none of these.
    """

    of: str = ""
    minute: int = 0  # of this boot's clock
    total: float = 0.0
    count: int = 0
    kept: tuple[float | None, ...] = ()
    stel: Average | None = None
    twa: Average | None = None


def collected(before: Minutes, of: str, at_s: float, level: float | None, least: float) -> Minutes:
    """With one more sample. A minute needs `least` samples with a number, or it is not known."""
    minute = int(at_s // MINUTE_S)
    if before.of != of:
        before = Minutes(of=of, minute=minute)
    minutes = before if minute == before.minute else _closed(before, minute, least)
    if level is None:
        return minutes
    return replace(minutes, total=minutes.total + level, count=minutes.count + 1)


class Exposure(Struct, frozen=True, kw_only=True):
    """The minutes of every channel (by id) at the last second of a boot: on its clock, and by date."""

    at: Instant
    minutes: Mapping[str, Minutes]


def carried(exposure: Exposure, now: Instant) -> dict[str, Minutes]:
    """The same minutes on the clock of another boot. What was not measured in between will be found missing.

    Without two trusted dates nobody knows how long that was: nothing gets lower, and nothing is complete.
    """
    at = exposure.at
    down_s = max(0.0, now.utc - at.utc)
    shift, latest = round((now.now_s - at.now_s - down_s) / MINUTE_S), int(now.now_s // MINUTE_S)
    unsure = 0 if at.trusted and now.trusted else 2  # behind the one that was being measured, one is missing
    return {
        id_: replace(one, minute=min(one.minute + shift, latest) - unsure) for id_, one in exposure.minutes.items()
    }


def _closed(before: Minutes, minute: int, least: float) -> Minutes:
    known = before.count > 0 and before.count >= least
    # A sum of floats is a hair off: only what is really above a grain goes up to the next one.
    mean = math.ceil(round(before.total / before.count * GRAIN, 3)) / GRAIN if known else None
    silent = max(0, min(minute - before.minute - 1, TWA_MINUTES))
    kept = (*before.kept, mean, *(None,) * silent)[-TWA_MINUTES:]
    stel, twa = average(kept, STEL_MINUTES), average(kept, TWA_MINUTES)
    return Minutes(of=before.of, minute=minute, kept=kept, stel=stel, twa=twa)


def average(kept: tuple[float | None, ...], minutes: int) -> Average | None:
    """Over the last `minutes`; None where not one of them is known."""
    known = [mean for mean in kept[-minutes:] if mean is not None]
    return Average(value=sum(known) / len(known), known=len(known), minutes=minutes) if known else None


def silent_minutes(minutes: Minutes, now_s: float) -> int:
    """How many minutes have passed without a sample since; 0 where no average grows older."""
    return 0 if minutes.twa is None else max(0, int(now_s // MINUTE_S) - minutes.minute - 1)


def aged(found: Average | None, silent: int) -> Average | None:
    """The average so many silent minutes later: they are missing too."""
    if found is None or not silent:
        return found
    return replace(found, known=max(0, min(found.known, found.minutes - silent)))
