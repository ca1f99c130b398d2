"""The code on the box's own screen: whoever can read it stands there. Made anew every 30 s, never predictable."""

import hmac
import secrets
from collections.abc import Callable

SLOT_S = 30
DIGITS = 6


class ScreenCode:
    """Six digits from a secret of this start and the monotonic time (as RFC 6238 makes them)."""

    def __init__(self, monotonic: Callable[[], float], secret: bytes | None = None) -> None:
        """The secret is drawn anew at each start and is nowhere else."""
        self._monotonic = monotonic
        self._secret = secret or secrets.token_bytes(32)

    def now(self) -> tuple[str, float]:
        """The code, and for how many seconds it is shown."""
        now_s = self._monotonic()
        slot = int(now_s // SLOT_S)
        return self._code(slot), (slot + 1) * SLOT_S - now_s

    def slot_of(self, text: str) -> int | None:
        """The slot in which this code stood on the screen: now, or just before, as people walk from it to a phone.

        None for any other text. The numbers of slots only grow.
        """
        slot = int(self._monotonic() // SLOT_S)
        typed = text.encode()
        found = [one for one in (slot, slot - 1) if hmac.compare_digest(typed, self._code(one).encode())]
        return found[0] if found else None

    def _code(self, slot: int) -> str:
        digest = hmac.digest(self._secret, slot.to_bytes(8, signed=True), "sha256")
        start = digest[-1] & 0x0F
        number = int.from_bytes(digest[start : start + 4]) & 0x7FFF_FFFF
        return f"{number % 10**DIGITS:0{DIGITS}}"
