"""Another version of the program that the centre orders for this box (dn/update): which, and in which wave."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from edge_agent.domain.centre_model import URL

MOST_BYTES = 2 * 1024**3


class UpdateOrder(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which bundle of the maker's (`make release`), by its hash. Whether it is taken is its seal's to say.

    `url` is where the box may fetch it, `size` of how many bytes; without one somebody puts it there.
    """

    id: Literal["update"]
    release: Annotated[str, Meta(pattern=r"^\d{1,6}\.\d{1,6}\.\d{1,6}$")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    wave: Annotated[int, Meta(ge=0, le=1000)] = 0
    size: Annotated[int, Meta(ge=1, le=MOST_BYTES)] | None = None
    url: Annotated[str, Meta(pattern=URL, max_length=1024)] | None = None
