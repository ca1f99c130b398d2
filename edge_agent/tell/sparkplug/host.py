"""Whether the primary host is there: its STATE, of which only a newer word counts."""

import msgspec
from msgspec import Struct

ONLINE_EARLIER = 0


class _Said(Struct, frozen=True):
    """The body of a STATE message (tck-id-host-topic-phid-birth-payload)."""

    online: bool
    timestamp: int


class PrimaryHost:
    """What was heard of one host. Without a name nobody is waited for: always online."""

    def __init__(self, name: str | None) -> None:
        """`name` is the host's id."""
        self.name = name
        self.online = name is None
        self._at_ms = ONLINE_EARLIER

    @property
    def topic(self) -> str | None:
        """Where it says so (tck-id-host-topic-phid-birth-topic)."""
        return None if self.name is None else f"spBv1.0/STATE/{self.name}"

    def heard(self, payload: bytes) -> None:
        """An older word than the last is no word (…-phid-wait-timestamp, …-host-offline-timestamp)."""
        try:
            said = msgspec.json.decode(payload, type=_Said)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return
        if said.timestamp >= self._at_ms:
            self._at_ms, self.online = said.timestamp, said.online
