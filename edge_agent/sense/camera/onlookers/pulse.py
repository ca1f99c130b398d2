"""How one camera is, for those who look on: rates and delays over the last seconds, looked at once a second."""

from collections import deque

from edge_agent.domain.words import NOTHING
from edge_agent.field.onlookers import CameraPulse
from edge_agent.sense.camera.frames import FrameReader
from edge_agent.sense.camera.onlookers.seen import Seen, SeenReader

WINDOW = 11  # looks: ten seconds


class Pulse:
    """Belongs to one thread."""

    def __init__(self, camera: str, frames_fd: int, seen_fd: int) -> None:
        """Nothing is known yet."""
        self._camera = camera
        self._frames, self._seen = FrameReader(frames_fd), SeenReader(seen_fd)
        self._come: deque[tuple[float, int]] = deque(maxlen=WINDOW)
        self._judged: deque[tuple[float, int]] = deque(maxlen=WINDOW)
        self._late_s: deque[float] = deque(maxlen=WINDOW)
        self._last: Seen | None = None

    def look(self, now_s: float) -> None:
        """Once a second."""
        _count(self._come, now_s, self._frames.newest().seq)
        seen = self._seen.newest()
        if seen is None:
            return  # none yet; or it was just being written, and the next look counts it
        if not self._judged:
            self._come = deque(list(self._come)[-1:], WINDOW)  # both are counted over the same seconds
        _count(self._judged, now_s, seen.count)
        if self._last is None or seen.seq != self._last.seq:
            self._late_s.append(seen.judged_s - seen.arrived_s)
        self._last = seen

    @property
    def health(self) -> CameraPulse:
        """As far as it is known."""
        return CameraPulse(
            camera=self._camera,
            come_hz=_rate(self._come),
            judged_hz=_rate(self._judged),
            late_s=max(self._late_s, default=None),
            model="" if self._last is None else self._last.model,
            detail=NOTHING if self._last is None else self._last.detail,
        )


def _count(counts: deque[tuple[float, int]], now_s: float, count: int) -> None:
    if counts and count < counts[-1][1]:  # the program that counts was started anew
        counts.clear()
    counts.append((now_s, count))


def _rate(counts: deque[tuple[float, int]]) -> float | None:
    if len(counts) < 2:  # noqa: PLR2004 (a rate needs two looks)
        return None
    (from_s, first), (to_s, last) = counts[0], counts[-1]
    return (last - first) / (to_s - from_s) if to_s > from_s else None
