"""The curves and ways of a span of time, over restarts of the box."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.state import Inputs
from edge_agent.domain.observation import Quality
from edge_agent.fuse.gas import Channel
from edge_agent.ops.incident.journals import Span
from edge_agent.settings.site import Settings
from edge_agent.tell.curves import LETTERS, STEP_S, Remembered
from edge_agent.tell.live_curves import Curve, Way

T = TypeVar("T")


class Tracks:
    """Remembers what was heard, and draws it at the end."""

    def __init__(self, settings: Settings, span: Span) -> None:
        """Nothing has been heard yet."""
        self.devices = {device.id: device for device in settings.devices}
        self._settings, self._span = settings, span
        self._boots: list[tuple[Remembered, Instant]] = []  # each with the last moment of it
        self._closed_s = float("-inf")

    def goes_on(self, instant: Instant, *, anew: bool) -> None:
        """A segment begins. `anew`: the box came up, and its seconds are others."""
        if anew or not self._boots:
            length_s = self._span.to_utc - max(self._span.from_utc, instant.utc)
            fresh = Remembered(self._settings, instant.now_s, max(length_s, 0.0) + 2 * STEP_S)
            self._boots.append((fresh, instant))
            self._closed_s = float("-inf")

    def hear(self, inputs: Inputs) -> None:
        """What one step consumed."""
        remembered, _ = self._boots[-1]
        remembered.hear(inputs.observations)
        self._boots[-1] = remembered, inputs.instant

    def due(self, instant: Instant) -> bool:
        """Whether another step of the curves is over."""
        return instant.now_s - self._closed_s >= STEP_S

    def close(self, instant: Instant, channels: Mapping[str, Channel]) -> None:
        """What the box itself doubts now is not shown as good."""
        self._boots[-1][0].close(instant.now_s, channels)
        self._closed_s = instant.now_s

    def curves(self, only: Iterable[str]) -> dict[str, Curve]:
        """The curves of these channels."""
        found: dict[str, Curve] = {}
        wanted = tuple(only)
        for remembered, last in self._boots:
            for id_, curve in remembered.curves(last, self._for_s(last), wanted).items():
                found[id_] = _curve(found[id_], curve) if id_ in found else curve
        return found

    def ways(self, tags: Iterable[str]) -> dict[str, Way]:
        """Where these wearables were."""
        found: dict[str, Way] = {}
        wanted = tuple(tags)
        for remembered, last in self._boots:
            for id_, way in remembered.ways(last, self._for_s(last), wanted).items():
                found[id_] = _way(found[id_], way) if id_ in found else way
        return found

    def _for_s(self, last: Instant) -> float:
        return max(last.utc - self._span.from_utc, 0.0)


def _gap(from_utc: float, count: int, then_utc: float) -> int:
    """How many steps lie between the end of one piece and the beginning of the next."""
    return max(0, round((then_utc - from_utc) / STEP_S) - count)


def _curve(before: Curve, after: Curve) -> Curve:
    gap = _gap(before.from_utc, len(before.levels), after.from_utc)
    missing = LETTERS[Quality.MISSING]
    return replace(
        before,
        levels=(*before.levels, *(None,) * gap, *after.levels),
        quality=(*before.quality, *(missing,) * gap, *after.quality),
    )


def _way(before: Way, after: Way) -> Way:
    gap = _gap(before.from_utc, len(before.places), after.from_utc)
    return replace(before, places=(*before.places, *(None,) * gap, *after.places))
