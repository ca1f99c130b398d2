"""What is on the air, and whether all of it has fallen silent at once: then the network is gone, not the guard.

One source that is silent says something of itself. Several that spoke a moment ago, each silent for longer than
it ever pauses by itself, have one cause. A source that still gets through shows that the network is there.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.observation import Observation, Position, Sighting, View
from edge_agent.domain.people_limits import NetworkLimits

WORDS_MISSED = 3  # silent: three of its own periods without a word (docs/domain.md 2.3)


class Air(Struct, frozen=True, kw_only=True, gc=False):
    """What is remembered of everything on the air together.

    `periods` is how often each wearable and camera speaks. `heard_s` is the last word of any of them, `hole` the
    last silence of them all: from the last word before it to the first one after it.
    """

    periods: dict[str, float] = {}
    least_s: float = 0.0
    witnesses: float = 0.0
    heard_s: float | None = None
    hole: tuple[float, float] | None = None


class Network(Struct, frozen=True, kw_only=True, gc=False):
    """The network now: the silence under way and the last one that is over; None where there is none."""

    silent_since_s: float | None = None
    hole: tuple[float, float] | None = None

    def excused_s(self, spoke_s: float, now_s: float, grace_s: float) -> float:
        """How much of a source's silence since `spoke_s` is put down to the network: to the end of its hole."""
        if self.silent_since_s is not None:
            return min(now_s - spoke_s, grace_s)
        if self.hole is not None and self.hole[1] > spoke_s:
            return min(self.hole[1] - spoke_s, grace_s)
        return 0.0


def fresh(periods: Mapping[str, float], limits: NetworkLimits) -> Air:
    """Before anything was heard."""
    return Air(periods=dict(periods), least_s=limits.hole_s.value, witnesses=limits.witnesses_count.value)


def listened(air: Air, observations: Iterable[Observation], spoke: Iterable[tuple[str, float]]) -> Air:
    """After these words; `spoke` tells when each source on the air spoke last before them."""
    times = [seen.at_s for seen in observations if seen.source in air.periods and _on_the_air(seen)]
    if not times:
        return air
    began_s, back_s = air.heard_s, min(times)
    if began_s is not None and _all_silent(air, spoke, back_s):
        air = replace(air, hole=(began_s, back_s))
    return replace(air, heard_s=max(times) if began_s is None else max(began_s, *times))


def network(air: Air, spoke: Iterable[tuple[str, float]], now_s: float) -> Network:
    """The network as its sources show it at this instant."""
    return Network(silent_since_s=air.heard_s if _all_silent(air, spoke, now_s) else None, hole=air.hole)


def _on_the_air(seen: Observation) -> bool:
    """A fix, or a picture that can be trusted: what the box says itself of a lost stream came over no network."""
    return isinstance(seen, Position) or (isinstance(seen, Sighting) and seen.view is View.CLEAR)


def _all_silent(air: Air, spoke: Iterable[tuple[str, float]], now_s: float) -> bool:
    """Whether enough of those that spoke until then have each missed several words since."""
    if air.heard_s is None or now_s - air.heard_s < air.least_s:
        return False
    witnesses = 0
    for source, last_s in spoke:
        patience_s = WORDS_MISSED * air.periods.get(source, 0.0)
        witnesses += air.heard_s - last_s <= patience_s <= now_s - last_s
    return witnesses >= air.witnesses
