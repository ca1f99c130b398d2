"""A program of the site that is to be let read: what it opens, and for how long."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

LONGEST_DAYS = 366
DAY_S = 86_400.0
LONGEST_NAME = 200


class Reads(StrEnum):
    """What a token opens. Nothing of it can be changed through it."""

    FIGURES = "figures"  # /metrics
    READ = "read"  # what the box's own screen is shown, but pictures of cameras


class TokenWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token that somebody wants made; `id` is what the record and the pages call it, and opens nothing."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9]{16,40}$")]
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
    reads: Reads
    days: Annotated[int, Meta(ge=1, le=LONGEST_DAYS)]
