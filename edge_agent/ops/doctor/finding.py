"""What the doctor says of one part: how far it got, what it found there, and what to do about it."""

from enum import IntEnum, StrEnum

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words


class Layer(IntEnum):
    """From the plug up. A fault below explains what is missing above, so the lowest is told first."""

    SETTINGS = 0  # what site.toml and its profiles say
    PLUG = 1  # the device file, the cable's end in this box
    ADDRESS = 2  # its name leads to an address
    PORT = 3  # something takes the connection
    ANSWER = 4  # it speaks the language, and lets us in
    UNIT = 5  # the one that was meant answers
    PROFILE = 6  # what it says is what the settings expect
    VALUE = 7  # what it says of itself and of the world can be used


class Standing(StrEnum):
    """How a part stands. What could not be looked at is never fine."""

    FINE = "fine"
    FAULT = "fault"
    UNSEEN = "unseen"


class Finding(Struct, frozen=True, kw_only=True):
    """One finding. `part` is the table of site.toml ("gas.gas-h2s"); `code` names it for machines."""

    part: str
    layer: Layer
    standing: Standing
    code: str
    says: Words
    remedy: Words = NOTHING


def fine(part: str, says: Words) -> Finding:
    """Everything about `part` is as it should be."""
    return Finding(part=part, layer=Layer.VALUE, standing=Standing.FINE, code="fine", says=says)


def fault(part: str, layer: Layer, code: str, says: Words, remedy: Words) -> Finding:
    """`part` is not as it should be."""
    return Finding(part=part, layer=layer, standing=Standing.FAULT, code=code, says=says, remedy=remedy)


def unseen(part: str, code: str, says: Words, remedy: Words = NOTHING) -> Finding:
    """`part` could not be looked at, for the reason given."""
    return Finding(part=part, layer=Layer.VALUE, standing=Standing.UNSEEN, code=code, says=says, remedy=remedy)


def behind(part: str, what: str) -> Finding:
    """`part` hangs behind `what`, which has a fault of its own."""
    says = Words(f"未检查：在 {what} 之后", f"not looked at: it hangs behind {what}")
    return unseen(part, "behind", says, Words(f"先修复 {what}", f"mend {what} first"))
