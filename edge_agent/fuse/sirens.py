"""Whether sirens are heard: what their feedback said when they had to sound, and when they are tried.

A siren with a contact that closes while it sounds (a current relay, a second contact) is known by the last time it
had to sound without a break for long enough to tell; one without is never judged, and `edge-agent check` says so.
A flasher between the box and the siren opens that contact by turns: only one that stays open is silence.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.outcome import Output
from edge_agent.fuse.relays import Relay, Wire
from edge_agent.settings.site_told import SirenTestTable

SOUNDERS = frozenset({Output.SIREN, Output.EVACUATE})


# What may be tried by hand: what people hear and see. What lets tools or plant run never is.
TRIABLE = SOUNDERS | {Output.BEACON, Output.AMBER}
ORDER_TOLD_S = 10.0  # so long before, people are told that it is a test
ORDER_LASTS_S = 4.0  # feedback is judged after 2 s


class TrialOrder(Struct, frozen=True, kw_only=True):
    """Somebody on site wants some outputs ("module/output") tried; on from `at_s` on."""

    by: str
    reason: str
    at_s: float
    outputs: tuple[str, ...]


class Trial(Struct, frozen=True, kw_only=True):
    """A test that is announced (`in_s` seconds from now) or under way (nought): of every siren, or as ordered."""

    in_s: float
    order: TrialOrder | None = None

    def of(self, key: str, does: Output) -> bool:
        """Whether this output is tried now."""
        if self.in_s > 0:
            return False
        return does in SOUNDERS if self.order is None else does in TRIABLE and key in self.order.outputs


class Tried(Struct, frozen=True, kw_only=True):
    """A test under way: when it began, and by siren whether it was heard so far (None: not known)."""

    began_utc: float
    heard: Mapping[str, bool | None] = {}
    order: TrialOrder | None = None  # None: the settings' own, of every day


def ordered(order: TrialOrder | None, now_s: float) -> Trial | None:
    """The ordered test, while it is announced or under way."""
    if order is None or now_s >= order.at_s + ORDER_LASTS_S:
        return None
    return Trial(in_s=max(order.at_s - now_s, 0.0), order=order)


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
            told = sounds(wire, now_s, tell_s) if wire.does in SOUNDERS else None
            if told is not None:
                yield f"{id_}/{wire.channel}", told


def sounds(wire: Wire, now_s: float, tell_s: float) -> bool | None:
    """Whether a siren that has to sound does; None while nobody can tell.

    Closed is heard, also for a moment; open is silent once it has been so for `tell_s`, whatever flashes. In our
    own pulses an open contact says nothing: what watches the line speaks for it.
    """
    if not wire.wanted_on or wire.feedback is None or now_s - wire.since_s < tell_s:
        return None
    if wire.feedback:
        return True
    open_s = now_s - max(wire.since_s, wire.switched_s)
    return False if open_s >= tell_s and not wire.pulses else None
