"""When a segment of the journal began, without reading the rest of it."""

from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.clock import Instant


class Began(Struct, frozen=True):
    """Of a segment's first line, when it began; the rest may be megabytes."""

    instant: Instant


def began(path: Path) -> Began | None:
    """None for a segment that has no whole first line, or went meanwhile."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.readline(), type=Began)
    except (OSError, msgspec.MsgspecError):
        return None
