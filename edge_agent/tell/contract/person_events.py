"""What events about people and what they ask carry."""

from typing import Annotated

from msgspec import Meta

from edge_agent.tell.contract.permit_events import Data, Reasons, Said
from edge_agent.tell.contract.values import Person


class RequestRefused(Data, frozen=True, kw_only=True):
    """A request that concerns no single permit was refused."""

    ask: str
    person: Person
    proof: str
    reasons: Reasons


class Rejected(Data, frozen=True, kw_only=True):
    """A message or request that could not even be read as one: unsigned, replayed, stale, malformed."""

    origin: Annotated[str, Meta(description="where it came from")]
    words: Said
    code: Annotated[str, Meta(description="of a message: the kind of the first reason")] = ""
    message: Annotated[str, Meta(description="its own id, if the signature held")] = ""
    sha256: Annotated[str, Meta(description="of its bytes as they came: find it by this")] = ""


class LoggedIn(Data, frozen=True, kw_only=True):
    """Somebody logged in."""

    proof: str
    panel: Annotated[bool, Meta(description="at the box's own screen")]


class PersonUpdated(Data, frozen=True, kw_only=True):
    """A person's record came from the centre."""

    denied: Annotated[str | None, Meta(description="why he may do nothing any more; null: he may")]
    kept_here: Annotated[tuple[str, ...], Meta(description="what was given on the box and stays")]


class PersonRefused(Data, frozen=True, kw_only=True):
    """A person's record that gives nobody anything."""

    reasons: Reasons


class PersonChanged(Data, frozen=True, kw_only=True):
    """An administrator of the box changed a person's record."""

    by: Person
    new: bool
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    denied: str | None
    changed: Annotated[tuple[str, ...], Meta(description="fields; PIN and badge themselves are never told")]
    new_pin: bool
    new_badge: bool


class Claimed(Data, frozen=True, kw_only=True):
    """A new box was claimed."""

    by: Person
    name: str
