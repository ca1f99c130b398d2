"""What every family of wearables is to the worker that hears it: messages in, fixes of known tags out."""

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.domain.observation import Position
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.wearables.profile import Profile

LONGEST_MESSAGE = 64 * 1024


class Tag(Struct, frozen=True, kw_only=True):
    """One wearable: its device id, its name at the platform, and what the platform's messages mean."""

    device: str
    provider_id: str
    profile: Profile
    heart_rate: bool = False


class Fix(Struct, frozen=True):
    """One message read; `note` is what people should know about it.

    `generated` is the platform's UTC second of the fix, None where it must not put messages in order;
    `message_id` by which it is known if it comes twice.
    """

    position: Position
    generated: float | None
    note: Words = NOTHING
    message_id: str | None = None


class Told(Struct, frozen=True):
    """What a message says of one wearable: a fix, or why it cannot be read. No device: whose is unknown."""

    device: str | None
    fix: Fix | None = None
    wrong: Words = NOTHING


class Family(Protocol):
    """The messages of one profile, and the tags that speak so."""

    @property
    def topics(self) -> str:
        """The MQTT filter under which it is heard."""

    @property
    def devices(self) -> frozenset[str]:
        """The wearables of this site that speak so."""

    def heard(self, topic: str, payload: bytes, received: Instant) -> Iterable[Told]:
        """What one message says of the tags that this site knows; of others it says nothing."""


def folded(tag: str) -> str:
    """An id for comparing: platforms write the same address with and without colons, in either case."""
    return tag.replace(":", "").replace("-", "").casefold()
