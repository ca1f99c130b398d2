"""Whether the box keeps up with its cameras: of the pictures that came, how many were judged.

Judging takes the newest picture of each camera in turn, so too many cameras slow all of them alike. That is fair,
and it is said: nobody may find out after an accident that "five times a second" was once.
"""

from collections import deque

from edge_agent.domain.words import Words
from edge_agent.sense.camera.limits import VisionLimits


class Load:
    """One camera's pictures, counted over some seconds. `look` is called at least once a second."""

    def __init__(self, limits: VisionLimits) -> None:
        """Nothing is known yet."""
        self._limits = limits
        self._judged = 0
        self._looks: deque[tuple[float, int, int]] = deque()  # when, pictures come, pictures judged
        self._behind = False

    def hear(self) -> None:
        """A picture was judged."""
        self._judged += 1

    def begin(self) -> None:
        """Another program judges or captures from now on: what it has not seen it cannot have missed."""
        self._looks.clear()
        self._behind = False

    def look(self, now_s: float, come: int) -> None:
        """`come` counts the camera's pictures since it was first watched."""
        if self._looks and now_s - self._looks[-1][0] < self._limits.load_every_s:
            return
        if self._looks and come < self._looks[-1][1]:
            self.begin()
        self._looks.append((now_s, come, self._judged))
        while now_s - self._looks[0][0] > self._limits.load_window_s + self._limits.load_every_s:
            self._looks.popleft()

    def behind(self) -> tuple[float, float] | None:
        """Pictures a second that were judged, and that came, where too few were judged; else None."""
        if not self._looks:
            return None
        (began_s, come_0, judged_0), (now_s, come, judged) = self._looks[0], self._looks[-1]
        span_s, due = now_s - began_s, come - come_0
        if span_s < self._limits.load_window_s or due <= 0:
            return None
        share = (judged - judged_0) / due
        self._behind = share < (self._limits.load_leave if self._behind else self._limits.load_share)
        return ((judged - judged_0) / span_s, due / span_s) if self._behind else None


def words(camera: str, judged_hz: float, come_hz: float) -> Words:
    """One camera's sentence."""
    return Words(
        f"{camera} 每秒识别 {judged_hz:.1f} 帧，应为 {come_hz:.1f} 帧",
        f"{camera}: {judged_hz:.1f} of {come_hz:.1f} pictures a second are judged",
    )
