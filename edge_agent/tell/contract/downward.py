"""What the centre signs: the envelope around every message to the unit."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from edge_agent.clock import EARLIEST_UTC

LATEST_UTC = 32_503_680_000.0  # the year 3000: a time in milliseconds lands beyond it

Utc = Annotated[
    float,
    Meta(ge=EARLIEST_UTC, le=LATEST_UTC, description="seconds since 1970-01-01T00:00:00Z, never milliseconds"),
]


class Payload(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed (JWS compact, EdDSA): obeyed once, in time, by the unit that it names."""

    id: Annotated[str, Meta(min_length=1, max_length=128, description="of the message; never used twice")]
    version: Annotated[int, Meta(ge=1, le=2**53 - 1, description="rises with each message about one subject")]
    type: Literal[
        "permit",
        "person",
        "device",
        "cmd",
        "ack",
        "drill",
        "contacts",
        "taxonomy",
        "guide",
        "site",
        "ticket",
        "advice",
        "rule",
        "model",
        "update",
    ]
    issued_at: Utc
    expires_at: Annotated[Utc, Meta(description="from then on it is refused")]
    site: str
    unit: str
    body: msgspec.Raw
