"""The past looked at anew: incidents, other limits, the records' chain."""

from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.tell.live_incident import Incident, WhatIf
from web_ui.shapes_values import Form

Utc = Annotated[float, Meta(ge=0, le=4_102_444_800, description="seconds since 1970; 2100 at the latest")]
LimitKey = Annotated[str, Meta(pattern=r"^[a-z][A-Za-z0-9_.\"-]{0,99}$")]
RuleName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class Minutes(Form, frozen=True, kw_only=True):
    """From when to when; how long it may be, the answer says."""

    from_utc: Utc
    to_utc: Utc


class Otherwise(Minutes, frozen=True, kw_only=True):
    """What to try: limits with other values, rules to leave out."""

    limits: Annotated[dict[LimitKey, float], Meta(max_length=10)] = {}  # noqa: RUF012 (msgspec copies it)
    without: Annotated[tuple[RuleName, ...], Meta(max_length=10)] = ()


class Verified(Struct, frozen=True, kw_only=True):
    """What a check of the records' chain found."""

    holds: bool
    said: tuple[Words, ...]


class Calculation(Struct, frozen=True, kw_only=True):
    """The past looked at anew; `incident`, `what_if`, `verified` or `failed` says what came of it."""

    id: str
    running: bool
    incident: Incident | None = None
    what_if: WhatIf | None = None
    verified: Verified | None = None
    failed: Words = NOTHING
