"""What a play may do: the field, the people and the centre, and what must be seen of the box.

A play (plays/) is one function over this interface. The live cast (live_cast.py) plays it over the real
protocols with simulators; a test plays the same function on paper, without waiting.
"""

from typing import Any, Protocol

from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Ticket

Seen = dict[str, Any]  # an event: type, subject, data


class Cast(Protocol):
    """Everybody and everything on the stage."""

    @property
    def now_utc(self) -> float:
        """UTC seconds now: what tickets are dated by."""

    def say(self, zh: str, en: str) -> None:
        """Tell the audience what happens now."""

    def bring(self, ticket: Ticket) -> None:
        """The centre sends a signed ticket."""

    def do(self, ask: Ask, person: str, permit: str, **more: Any) -> None:
        """Somebody asks the box for something, and is not refused (asked again for a while)."""

    def refused(self, ask: Ask, person: str, permit: str, because: str, **more: Any) -> None:
        """Somebody asks, and is refused; `because` stands in the English reasons."""

    def gas(self, device: str, level: float) -> None:
        """The gas in front of a detector goes to a level, in its natural unit."""

    def wind(self, speed_mps: float) -> None:
        """The wind blows so hard at the weather station."""

    def walk(self, tag: str, x_m: float, y_m: float) -> None:
        """A wearer walks to a place and stays about there."""

    def there(self, tag: str, within_s: float) -> None:
        """The box itself sees the wearer where he was last sent."""

    def sits(self, tag: str) -> None:
        """A wearer sits down and does not stir, until he walks."""

    def press_here(self, tag: str) -> None:
        """A guard presses "I'm here" on his wearable."""

    def falls(self, tag: str) -> None:
        """A wearer falls and lies still; his wearable says so."""

    def gets_up(self, tag: str) -> None:
        """He is up again."""

    def stop_button(self, relay: str, *, pressed: bool) -> None:
        """Somebody presses or releases the stop button at a relay."""

    def centre(self, *, up: bool) -> None:
        """The central system's broker is there, or not."""

    def sees(self, type_: str, permit: str, within_s: float, rule: str = "") -> Seen:
        """The next event of this type about the permit (of this rule); fails if it does not come."""

    def stands(self, permit: str, state: State, within_s: float) -> None:
        """The box itself shows the permit in this state."""

    def over(self, permit: str, rule: str, within_s: float) -> None:
        """The box itself no longer shows this rule's alarm about the permit as present."""

    def settles(self, permit: str, within_s: float) -> None:
        """Nothing but signatures is missing to work on."""

    def power(self, relay: str, within_s: float, *, on: bool) -> None:
        """The load behind a relay has power, or not."""

    def wait(self, seconds: float) -> None:
        """Time passes."""
