"""How the box's clock stands, for people: whose word it is, whether it is trusted, since when, how far off."""

from msgspec import Struct

from edge_agent.domain.words import Words


class LiveClock(Struct, frozen=True, kw_only=True):
    """Nothing is known of it where the kernel does not say: then the figures are None, and it is not trusted."""

    trusted: bool
    source: str  # "kernel" (NTP or PTP keeps it), or "declared": a demo site's own word
    kept_by: tuple[str, ...] = ()  # programs seen to keep it; none also where they are hidden from the agent
    since_utc: float  # since when it is trusted, or not; this start of the agent at the earliest
    offset_s: float | None = None
    error_s: float | None = None  # off by so much at most
    drift_ppm: float | None = None
    chip_off_s: float | None = None  # of the clock on a battery, beside the system's; None: there is none
    means: Words  # for permits
