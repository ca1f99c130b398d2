"""Who is known, who is logged in, and whose the box is."""

from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.words import Words
from edge_agent.tell.live_office import About
from edge_agent.tell.who.who import Qualification, Who
from web_ui.shapes_values import Form, KeyText, Name, Secret


class Known(Who, frozen=True, kw_only=True):
    """One line of the agent's people.json."""

    denied: bool = False
    until_utc: float | None = None  # an outside inspector's last second; without one he is nobody
    qualification: Qualification | None = None  # told to those who administer or answer for the work alone


def plain(known: Who | None) -> Who | None:
    """Somebody as pages are told of him."""
    return known and Who(**{name: getattr(known, name) for name in Who.__struct_fields__})


class Box(Struct, frozen=True, kw_only=True):
    """What everybody may know of this box. `claimed` null: the agent does not answer."""

    claimed: bool | None
    name: Words
    unit: str
    demo: bool
    languages: tuple[str, ...]
    time_utc: float
    timezone: str
    ca_fingerprint: str | None
    enrol_url: str  # where a phone learns to trust this box; in the clear


class LogIn(Form, frozen=True, kw_only=True):
    """A log-in: id and PIN, or a badge."""

    key: KeyText
    person: Name | None = None
    pin: Secret | None = None
    badge: Secret | None = None
    enrolment: Annotated[str, Meta(max_length=64)] = ""  # the code by which this phone was shown the way


class LoggedIn(Struct, frozen=True, kw_only=True):
    """Who is logged in here; on the box's own screen (`panel`) mostly nobody, and then there is no key."""

    who: Who | None
    key: str | None
    csrf: str
    until_utc: float
    panel: bool = False


class NewAdmin(Form, frozen=True, kw_only=True):
    """The first person of a box."""

    id: Name
    name: Annotated[str, Meta(min_length=1, max_length=100)]


class Claim(Form, frozen=True, kw_only=True):
    """Taking a new box into use, with the code that it shows on itself."""

    code: Annotated[str, Meta(min_length=4, max_length=32)]
    person: NewAdmin
    pin: Secret
    language: Annotated[str, Meta(pattern="^(zh|en)$")]


class Claimed(Struct, frozen=True, kw_only=True):
    """The box's first admin."""

    who: Who


class People(Struct, frozen=True, kw_only=True):
    """Everybody known; who is denied is told to administrators alone."""

    people: tuple[Known, ...]


class Presence(Struct, frozen=True, kw_only=True):
    """The rotating code that shows that somebody stands before the box."""

    code: str
    until_utc: float


class Mine(Struct, frozen=True, kw_only=True):
    """What this box knows and keeps of whoever asks."""

    known: Known
    about: About
