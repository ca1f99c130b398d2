"""What is remembered of one gas channel between two steps, beside its last reading. Bounded."""

from msgspec import Struct

from edge_agent.fuse.gas_average import Minutes
from edge_agent.fuse.gas_trend import Series


class Clock(Struct, frozen=True):
    """When a sample was measured: on this boot's clock, and as a date."""

    at_s: float
    at_utc: float


class Track(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One channel's history, from its raw samples: nothing that alarms was filtered or averaged.

    `danger` and `warned` hold from the first sample beyond a limit until one that is back by the
    hysteresis; `level`, the response level, never falls by a step: it ends below the lowest one. Their
    clocks start when the first sample beyond was measured (ledger 4-16, 4-24). `seen_s` is when it
    last measured at all, `blind_until_s` when it last came back from being blind for longer than
    the rulebook lets pass without a gas test.
    """

    seen_s: float | None = None
    blind_until_s: float | None = None
    overdue_utc: float | None = None  # since when its calibration has been overdue, as far as this boot knows
    danger: bool = False
    warned: bool = False
    level: int = 0
    danger_clock: Clock | None = None
    level_clock: Clock | None = None
    uncounted: bool = False  # its danger is that of a bottle, so far: no alarm of its area
    minutes: Minutes = Minutes()
    short: Series = Series()
    long: Series = Series()


FRESH = Track()
