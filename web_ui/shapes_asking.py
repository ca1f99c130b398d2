"""What is asked of the agent, and what it says."""

from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.guide import HazardKind
from edge_agent.domain.words import Words
from web_ui.shapes_values import Form, FormText, KeyId, Name, Signature


class Stop(Form, frozen=True, kw_only=True):
    """Stop this work. Nobody need say who he is."""

    permit: Name
    reason: Annotated[str, Meta(max_length=500)] = ""


class Signed(Form, frozen=True, kw_only=True):
    """A form that somebody's key has signed; the box passes it to the agent as it is."""

    form: FormText
    key: KeyId
    signature: Signature


class Answer(Struct, frozen=True, kw_only=True):
    """What the agent says to a request; `reasons` say why not, `wait_s` when to try again.

    `log_in`: the agent does not know this device's key any more (it has started anew): log in again.
    """

    request: str = ""
    accepted: bool
    reasons: tuple[Words, ...] = ()
    wait_s: float | None = None
    log_in: bool = False


class Hazards(Struct, frozen=True, kw_only=True):
    """Everything that anybody can pick to report."""

    hazards: tuple[HazardKind, ...]
