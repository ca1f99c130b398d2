"""What carries short messages: one small interface, so that another modem or a satellite link is one class."""

from typing import Protocol

from msgspec import Struct

from edge_agent.domain.words import Words, WordsError


class NotCarried(WordsError):  # noqa: N818 (a state of the world, not an error of ours)
    """The carrier did not take it, in words; trying again may help."""


class Refused(NotCarried):
    """It answers, and says no; `code` is its own (TS 27.005 3.2.5, TS 27.007 9.2), or empty."""

    def __init__(self, words: Words, code: str) -> None:
        """`words` say what of."""
        super().__init__(words)
        self.code = code


class Receipt(Struct, frozen=True, kw_only=True):
    """What the network says of a message: `reference` is the one that `send` gave. It may still be trying."""

    number: str
    reference: str
    arrived: bool


class Carrier(Protocol):
    """Takes a message in two steps, so that a restart between them sends it neither twice nor never.

    Every method may raise NotCarried, and none waits for longer than a minute.
    """

    def put(self, number: str, text: str) -> str:
        """Keep a message at the carrier, unsent; gives the handle by which it is known there."""

    def was_sent(self, handle: str) -> bool | None:
        """Whether the message of this handle has gone out; None: there is none."""

    def send(self, handle: str) -> str:
        """Send it; gives the reference that its receipt will name."""

    def forget(self, handle: str) -> None:
        """It need not be kept any longer."""

    def check(self) -> None:
        """Whether it could send now."""

    def receipts(self) -> list[Receipt]:
        """What the network has said since last asked."""

    def close(self) -> None:
        """Let go of the line."""
