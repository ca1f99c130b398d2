"""The ranges of what people write, as types: names, texts, secrets, dates."""

from typing import Annotated

from msgspec import Meta

from edge_agent.clock import EARLIEST_UTC

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Maybe = Annotated[str, Meta(max_length=64)]  # a name, or none
Names = Annotated[tuple[Name, ...], Meta(max_length=50)]
Secret = Annotated[str, Meta(min_length=1, max_length=256)]
Text = Annotated[str, Meta(max_length=200)]
Long = Annotated[str, Meta(max_length=500)]
Utc = Annotated[float, Meta(ge=EARLIEST_UTC, le=32_503_680_000.0)]  # up to the year 3000: seconds, no milliseconds
