"""Which of two ways to the centre is taken: the first while it carries, else the second, and back. Pure.

The first is lost for `after_s` before the second is tried; on the second, the first is looked at each `back_s`,
and less often each time that it was taken back and failed at once.
"""

from msgspec import Struct

FIRST, SECOND = 0, 1
LONGEST_BACK_S = 3600.0


class Ways(Struct):
    """Where the next connection goes. `two` False: there is no second way."""

    two: bool
    after_s: float
    back_s: float
    now: int = FIRST
    lost_s: float | None = None  # since when the first carries nothing
    back_at_s: float = 0.0  # when to look at the first again
    patience_s: float = 0.0
    taken_s: float | None = None  # when the first was taken back last

    def failed(self, now_s: float) -> None:
        """The way that was tried or used carries nothing: which is next."""
        if self.now == FIRST and self.lost_s is None:
            self.lost_s = now_s
            self._came_back_in_vain(now_s)
        if self.two and self.lost_s is not None and now_s - self.lost_s >= self.after_s:
            self.now = SECOND if self.now == FIRST else FIRST  # with both gone, each in its turn
            self.back_at_s = now_s + self._patience()

    def works(self) -> None:
        """The broker has let us in by the way of now."""
        if self.now == FIRST:
            self.lost_s = None

    def due(self, now_s: float) -> bool:
        """On the second way: whether to look at the first again."""
        return self.now == SECOND and now_s >= self.back_at_s

    def looked(self, now_s: float, *, answers: bool) -> bool:
        """The first was looked at; True: it is taken again."""
        self.back_at_s = now_s + self._patience()
        if answers:
            self.now, self.lost_s, self.taken_s = FIRST, None, now_s
        return answers

    def _patience(self) -> float:
        return max(self.back_s, self.patience_s)

    def _came_back_in_vain(self, now_s: float) -> None:
        """Taken back and lost again sooner than it is looked at: be more patient with it."""
        soon = self.taken_s is not None and now_s - self.taken_s < self._patience()
        self.patience_s = min(2 * self._patience(), LONGEST_BACK_S) if soon else 0.0
        self.taken_s = None
