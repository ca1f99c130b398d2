"""What an actuator tells of itself: contacts and health, at once when they change and every second otherwise."""

from collections.abc import Mapping

from edge_agent.act.settled import Settled
from edge_agent.clock import Clock
from edge_agent.domain.observation import Contact, DeviceHealth
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import Words
from edge_agent.settings.site_relays import ContactTable

REPEAT_S = 1.0  # an unchanged contact or state of health is told again this often
NEVER_S = float("-inf")


class Told:
    """What one device has said last, and when."""

    def __init__(self, device: str, contacts: Mapping[str, ContactTable], clock: Clock) -> None:
        """Nothing was said yet."""
        self._device = device
        self._names = tuple(contacts)
        self._clock = clock
        self._settled = Settled(contacts)
        self._contacts: dict[str, tuple[bool | None, float]] = {}
        self._health: tuple[bool, Words, float] | None = None

    def contacts(self, closed: Mapping[str, bool], deliver: Deliver) -> None:
        """What was read of the contacts now."""
        now_s = self._clock.monotonic()
        for name, is_closed in self._settled.take(closed, now_s).items():
            before, told_s = self._contacts.get(name, (None, NEVER_S))
            if is_closed != before or now_s - told_s >= REPEAT_S:
                self._contacts[name] = (is_closed, now_s)
                deliver(Contact(source=self._device, at_s=now_s, channel=name, closed=is_closed))

    def lost(self, why: Words, detail: Words, deliver: Deliver) -> None:
        """Nothing can be read any more: no contact is known, and the device is not well."""
        now_s = self._clock.monotonic()
        self._settled.lost()
        for name in self._names:
            self._contacts[name] = (None, now_s)
            deliver(Contact(source=self._device, at_s=now_s, channel=name, closed=None, detail=why))
        self._health = None
        self.health(detail, deliver)

    def health(self, detail: Words, deliver: Deliver) -> None:
        """How the device is: well if there is nothing to say."""
        now_s = self._clock.monotonic()
        ok = not detail
        if self._health is None or self._health[:2] != (ok, detail) or now_s - self._health[2] >= REPEAT_S:
            self._health = (ok, detail, now_s)
            deliver(DeviceHealth(source=self._device, at_s=now_s, ok=ok, detail=detail))
