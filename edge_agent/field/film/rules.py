"""How long films stay, as the box keeps them now: written beside its live picture, for the pages."""

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words

FILE = "films.json"  # in the runtime folder


class Kind(Struct, frozen=True, kw_only=True):
    """Films of whole jobs ("permit"), or clips of events ("clip"): the room they may take, and what they take."""

    kind: str
    most_bytes: float
    bytes: float
    marked_bytes: float  # of films that stay whatever their age: they are not counted


class Rules(Struct, frozen=True, kw_only=True):
    """`early`: that some had to go before their time."""

    days: float
    kinds: tuple[Kind, ...]
    early: Words = NOTHING
