"""New PINs and badges: what may be one, and the hashes that are kept of it. What was typed goes no further."""

from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from edge_agent.domain.person import Person, PersonChange
from edge_agent.domain.words import Words, joined
from edge_agent.tell.who.hashing import Hashing
from edge_agent.tell.who.proof import hint
from edge_agent.tell.who.throttle import Wrong

LEAST_DIGITS = 4
MOST_DIGITS = 12
LEAST_BADGE = 4  # characters; a reader that was interrupted types fewer
RUNS = ("01234567890123456789", "98765432109876543210")


class Register:
    """Turns what somebody chose into what is kept."""

    def __init__(self, persons: Callable[[], Mapping[str, Person]], hashing: Hashing) -> None:
        """`persons` are those known now: no badge has two wearers."""
        self._persons = persons
        self._hashing = hashing

    def hashed(self, change: PersonChange, pin: str | None, badge: str | None) -> PersonChange:
        """The change with the hashes of a new PIN or badge. Raises Wrong with everything against them."""
        faults = [*_pin_faults(change.id, pin), *self._badge_faults(change.id, badge)]
        if faults:
            raise Wrong(joined(faults))
        if pin is not None:
            change = replace(change, pin_hash=self._hashing.hashed(pin))
        if badge is not None:
            change = replace(change, badge_hash=self._hashing.hashed(badge), badge_hint=hint(badge))
        return change

    def _badge_faults(self, id_: str, badge: str | None) -> Iterator[Words]:
        if badge is None:
            return
        if len(badge) < LEAST_BADGE:
            yield Words("工牌没有读全，请重新刷卡", "the badge was not read whole: read it again")
        others = (one for one in self._persons().values() if one.id != id_ and one.badge_hint == hint(badge))
        for other in others:
            if self._hashing.matches(other.badge_hash, badge):
                yield Words(f"此工牌已登记给 {other.name}", f"this badge is registered for {other.name}")


def _pin_faults(id_: str, pin: str | None) -> Iterator[Words]:
    """A PIN that somebody would try first is none."""
    if pin is None:
        return
    if not (pin.isascii() and pin.isdigit() and LEAST_DIGITS <= len(pin) <= MOST_DIGITS):
        yield Words(
            f"PIN 须为 {LEAST_DIGITS} 至 {MOST_DIGITS} 位数字", f"a PIN has {LEAST_DIGITS} to {MOST_DIGITS} digits"
        )
    if pin == id_ or len(set(pin)) == 1 or any(pin in run for run in RUNS):
        yield Words(
            "PIN 太容易猜到：不能是编号、同一数字或顺序数字",
            "this PIN is guessed at once: not the id, not one digit repeated, not digits in a row",
        )
