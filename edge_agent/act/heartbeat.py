"""When a heartbeat is high: it falls by itself, and rises only for a brain that has just said that it lives.

A watchdog relay outside (a safety relay with a dynamic input) cuts what a line that stands still would permit. So
each rise has to be paid for by a step of the brain within the half period before it: after the last step the line
falls for the last time within one period, whatever this process still does.
"""

from edge_agent.domain.outcome import Pulse

NEVER_S = float("-inf")


class Heartbeat:
    """One output that goes on and off by turns. Times are monotonic seconds."""

    def __init__(self) -> None:
        """Low, and not wanted."""
        self._pulse: Pulse | None = None
        self._renewed = False  # since it was looked at last
        self._renewed_s = NEVER_S
        self._high = False
        self._edge_s = NEVER_S

    def renew(self, pulse: Pulse | None) -> None:
        """The brain has stepped and wants this pulse; None: it wants none."""
        self._pulse, self._renewed = pulse, pulse is not None

    def end(self) -> None:
        """Low until it is wanted anew."""
        self._pulse, self._renewed, self._renewed_s, self._high = None, False, NEVER_S, False

    def high(self, now_s: float) -> bool:
        """Whether it is high now; asked at least a few times in each half period."""
        if self._renewed:
            self._renewed, self._renewed_s = False, now_s
        if self._pulse is None:
            self._high = False
        elif self._high:
            if now_s - self._edge_s >= self._pulse.on_s:
                self._high, self._edge_s = False, now_s
        elif now_s - self._edge_s >= self._pulse.off_s and now_s - self._renewed_s <= self._pulse.on_s:
            self._high, self._edge_s = True, now_s
        return self._high
