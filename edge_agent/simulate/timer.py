"""A module's watchdog reduced to what they have in common: a time, the last request that fed it, and expiry."""

OFF, RUNNING, EXPIRED = "off", "running", "expired"


class Timer:
    """Runs from the first time it is fed; `broken` is a watchdog that never bites."""

    closes_sockets = False

    def __init__(self, *, broken: bool) -> None:
        """Off, with no time."""
        self.time_s = 0.0
        self.word = OFF
        self._fed_s = 0.0
        self._broken = broken

    @property
    def expires_at_s(self) -> float | None:
        """When it will expire if nothing feeds it; None while it does not run."""
        runs = self.word == RUNNING and self.time_s > 0 and not self._broken
        return self._fed_s + self.time_s if runs else None

    def feed(self, now_s: float) -> None:
        """Start or go on; one that has expired stays so."""
        self._fed_s = now_s
        if self.word == OFF:
            self.word = RUNNING

    def clear(self) -> None:
        """Off, until it is fed again."""
        self.word = OFF

    def look(self, now_s: float) -> bool:
        """Expire if it is time; True at the moment of expiry."""
        due_s = self.expires_at_s
        if due_s is None or now_s < due_s:
            return False
        self.word = EXPIRED
        return True
