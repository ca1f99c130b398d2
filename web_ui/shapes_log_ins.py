"""The shapes of log-ins, tokens and phones that are shown the way."""

from msgspec import Struct

from web_ui.sessions import Listed
from web_ui.shapes_asking import Answer
from web_ui.shapes_values import Form, Name
from web_ui.tokens import Token


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


class MadeToken(Answer, frozen=True, kw_only=True):
    """What the agent says, and the one time that the secret is told; null and "" where it refuses."""

    token: Token | None = None
    secret: str = ""


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
