"""Contacts as they are told: the unsafe side at once, the safe one when it has stood as long as the site says."""

from collections.abc import Mapping

from edge_agent.settings.site_relays import ContactTable


class Settled:
    """What the contacts of one module say. Times are monotonic seconds."""

    def __init__(self, contacts: Mapping[str, ContactTable]) -> None:
        """Nothing was read yet."""
        self._contacts = contacts
        self._well_since_s: dict[str, float] = {}

    def take(self, read: Mapping[str, bool], now_s: float) -> dict[str, bool]:
        """What is to be told of what was read now."""
        return {name: self._told(name, closed, now_s) for name, closed in read.items()}

    def lost(self) -> None:
        """They could not be read: each has to stand anew."""
        self._well_since_s.clear()

    def _told(self, name: str, closed: bool, now_s: float) -> bool:  # noqa: FBT001 (what was read)
        row = self._contacts[name]
        if not row.well(closed):
            self._well_since_s.pop(name, None)
            return closed
        since_s = self._well_since_s.setdefault(name, now_s)
        return closed if now_s - since_s >= row.settle_s else not closed
