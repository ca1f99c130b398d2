"""When to try again to reach a broker."""

from msgspec import Struct

FIRST_RETRY_S = 0.5


class Retry(Struct):
    """When to try to connect again: soon at first, then ever more patiently."""

    longest_s: float
    delay_s: float = FIRST_RETRY_S
    at_s: float = 0.0

    def failed(self, now_s: float) -> None:
        """Wait, twice as long as the last time."""
        self.at_s = now_s + self.delay_s
        self.delay_s = min(self.delay_s * 2, self.longest_s)

    def worked(self) -> None:
        """Begin anew after the next loss."""
        self.delay_s = FIRST_RETRY_S
