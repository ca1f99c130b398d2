"""Whether a stream brings the pictures that it owes: counted by its own time. Pure: times come in."""

from collections import deque

from edge_agent.sense.camera.limits import VisionLimits


class Flow:
    """Counts the pictures of one connection over the last seconds of the stream's own time.

    By the stream's time, not by arrival: a program that gets no processor reads late what is all there.
    """

    JUMP_S = 10.0  # a stream's time that jumps by more was set anew: counting begins again

    def __init__(self, fps: float, promised_hz: float | None, limits: VisionLimits) -> None:
        """`fps` pictures a second are wanted; `promised_hz` is what the stream says of itself, if it does."""
        self._fps = fps
        self._promised_hz = promised_hz
        self._window_s = limits.dropping_window_s
        self._times: deque[float] = deque()
        self._begun_s: float | None = None
        self._damaged: deque[float] = deque()
        self._best_hz = 0.0

    def took(self, time_s: float) -> None:
        """A sound picture of this time."""
        if self._times and not -1.0 <= time_s - self._times[-1] <= self.JUMP_S:
            self._times.clear()
            self._damaged.clear()
            self._begun_s = None
        self._begun_s = time_s if self._begun_s is None else self._begun_s
        self._times.append(time_s)
        for times in (self._times, self._damaged):
            while times and times[0] <= time_s - self._window_s:
                times.popleft()
        if time_s - self._begun_s >= self._window_s:
            self._best_hz = max(self._best_hz, len(self._times) / self._window_s)

    def lost(self, count: int) -> None:
        """So many damaged pictures came after the last sound one."""
        if self._times:
            self._damaged.extend([self._times[-1]] * count)

    @property
    def missing(self) -> float:
        """Share of the pictures due in the window that did not come sound, 0 to 1; 0 before one window has passed.

        Due is what is wanted, or what the stream promises or once kept where that is less: a camera that exposes
        longer at night, and still sends what is wanted, owes nothing.
        """
        if self._begun_s is None or not self._times or self._times[-1] - self._begun_s < self._window_s:
            return 0.0
        broken = len(self._damaged) / (len(self._damaged) + len(self._times))
        due = min(self._fps, self._promised_hz or self._best_hz) * self._window_s
        return max(broken, 1 - len(self._times) / due if due else 0.0)
