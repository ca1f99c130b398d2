"""The rulebook's limits of gas: levels, averages, how a channel is trusted, early warning."""

from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.limit import Limit
from edge_agent.domain.words import Words


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
