"""Whether sirens are heard: what their feedback said when they had to sound, and when they are tried.

A siren with a contact that closes while it sounds (a current relay, a second contact) is known by the last time it
sounded without a break for long enough to tell; one without is never judged, and `edge-agent check` says so.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.outcome import Output
from edge_agent.fuse.relays import Relay
from edge_agent.settings.site import SirenTestTable

SOUNDERS = frozenset({Output.SIREN, Output.EVACUATE})


class Trial(Struct, frozen=True, kw_only=True):
    """A test of the sirens that is announced (`in_s` seconds from now) or under way (nought)."""

    in_s: float


def trial(table: SirenTestTable | None, local_time: LocalTime, utc: float | None) -> Trial | None:
    """The test that is near or under way; none while nobody knows the time."""
    if table is None or utc is None:
        return None
    now = local_time.local(utc)
    hour, minute = (int(part) for part in table.at.split(":"))
    into_day_s = now.hour * 3600 + now.minute * 60 + now.second + now.microsecond / 1e6
    ahead_s = (hour * 60 + minute) * 60.0 - into_day_s
    if -table.lasts_s < ahead_s <= 0:
        return Trial(in_s=0.0)
    return Trial(in_s=ahead_s) if 0 < ahead_s <= table.told_s else None


def heard(
    before: Mapping[str, bool], relays: Mapping[str, Relay], now_s: float, tell_s: float
) -> Mapping[str, bool]:
    """By siren: whether its feedback closed the last time that it had to sound for `tell_s`."""
    news = {key: sounds for key, sounds in _judged(relays, now_s, tell_s) if before.get(key) is not sounds}
    return {**before, **news} if news else before


def _judged(relays: Mapping[str, Relay], now_s: float, tell_s: float) -> Iterator[tuple[str, bool]]:
    for id_, relay in relays.items():
        for wire in relay.wires:
            steady = wire.does in SOUNDERS and wire.wanted_on and not wire.pulses
            if steady and wire.feedback is not None and now_s - wire.since_s >= tell_s:
                yield f"{id_}/{wire.channel}", wire.feedback
