"""The shapes of log-ins, tokens and phones that are shown the way."""

from typing import Annotated

from msgspec import Meta, Struct

from web_ui.sessions import Listed
from web_ui.shapes_values import Form, Name
from web_ui.tokens import LONGEST_DAYS, Reads, Token


class LogInListed(Listed, frozen=True, kw_only=True):
    """One log-in with its person's name; `mine`: the one that asks."""

    name: str
    mine: bool


class LogIns(Struct, frozen=True, kw_only=True):
    """Those that stand: one's own, and to an administrator everybody's."""

    log_ins: tuple[LogInListed, ...]


class Tokens(Struct, frozen=True, kw_only=True):
    """Those that stand, without their secrets."""

    tokens: tuple[Token, ...]


class NewToken(Form, frozen=True, kw_only=True):
    """What a program is to be let read, and how long."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    kind: Reads
    days: Annotated[int, Meta(ge=1, le=LONGEST_DAYS)]


class MadeToken(Struct, frozen=True, kw_only=True):
    """The one time that its secret is told."""

    token: Token
    secret: str


class NewEnrolment(Form, frozen=True, kw_only=True):
    """Whose phone is to be shown the way."""

    person: Name


class Enrolled(Struct, frozen=True, kw_only=True):
    """Where that phone begins, as a QR code too: `svg` of an address that holds for so long."""

    person: str
    address: str
    svg: str
    until_utc: float


class ShownTheWay(Struct, frozen=True, kw_only=True):
    """Whose phone this is to be."""

    person: str
    name: str
    until_utc: float
