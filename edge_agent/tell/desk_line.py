"""What one line to the desk may say: a form, or something that is asked of the desk itself."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from edge_agent.domain.person import Language
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.tell.desk_form import Form, SignedForm
from edge_agent.tell.desk_parts import At, Data, Sha256, Size
from edge_agent.tell.desk_types import Long, Maybe, Name, Secret

LARGEST_LINE = 192 * 1024  # bytes; a re-test with nine samples is about 1 kB, a ticket 10, a phone's picture 160
UNNAMED = Words("没有写明是谁（只有停止可以不具名）", "it does not say who asks: only a stop needs no name")


class Verb(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do"):
    """What a line asks of the desk itself."""


class LogIn(Verb, frozen=True, kw_only=True, tag="log_in"):
    """Somebody shows who they are, and from now on signs with this key."""

    person: Maybe = ""
    pin: Secret | None = None
    badge: Secret | None = None
    key: Secret
    panel: bool = False


class LogOut(Verb, frozen=True, kw_only=True, tag="log_out"):
    """This key signs no more."""

    key: Name


class Signed(Verb, frozen=True, kw_only=True, tag="signed"):
    """A form as its exact text, and who signed it."""

    form: str
    key: Name
    signature: Secret


class StopNow(Verb, frozen=True, kw_only=True, tag="stop"):
    """Anybody stops the work of a permit."""

    permit: Name
    reason: Long = ""


class Owner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who administers the box from now on."""

    id: Name
    name: Annotated[str, Meta(min_length=1, max_length=200)]


class Claim(Verb, frozen=True, kw_only=True, tag="claim"):
    """Somebody who stands before a new box makes it theirs."""

    code: Secret
    person: Owner
    pin: Secret
    language: Language = "zh"


class Part(Verb, frozen=True, kw_only=True, tag="part"):
    """A part of a file that is too large for a line, from somebody who is logged in."""

    key: Name
    sha256: Sha256
    size: Size
    at: At
    data: Data


class AskBox(Verb, frozen=True, kw_only=True, tag="box"):
    """What anybody may know of the box."""


F = TypeVar("F", bound=Form)
Line = LogIn | LogOut | Signed | StopNow | Claim | Part | AskBox


def read_line(line: bytes) -> Line | Form | Words:
    """What a line says, or what is wrong with it; the words name the field, never what stood in it."""
    found: Line | Form | Words = _decoded(line, Line if _has_verb(line) else Form)
    return _named(found) if isinstance(found, Form) else found


def read_signed(form: str) -> SignedForm | Words:
    """The form that was signed, or what is wrong with it."""
    found: SignedForm | Words = _decoded(form, SignedForm)
    return _named(found) if isinstance(found, SignedForm) else found


def _has_verb(line: bytes) -> bool:
    """Whether the line asks something of the desk itself. A line that is none is wrong either way."""
    try:
        return "do" in msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return False


def _decoded(line: bytes | str, kind: Any) -> Any:
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as fault:
        return Words(f"请求格式有误：{fault}", f"malformed request: {fault}")


def _named(form: F) -> F | Words:
    return form if form.person or form.ask is Ask.STOP else UNNAMED
