"""Kinds of values that many messages carry."""

from typing import Annotated

from msgspec import Meta

Time = Annotated[
    str,
    Meta(
        description="UTC, RFC 3339 with milliseconds",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$",
        examples=["2027-01-15T08:00:00.250Z"],
    ),
]
Person = Annotated[str, Meta(description="id of a person (dn/person)")]
