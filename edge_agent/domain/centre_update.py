"""Another version of the program that the centre orders for this box (dn/update): which, and in which wave."""

from typing import Annotated, Literal

from msgspec import Meta, Struct


class UpdateOrder(Struct, frozen=True, kw_only=True):
    """Which bundle of the maker's (`make release`), by its hash. Whether it is taken is its seal's to say."""

    id: Literal["update"]
    release: Annotated[str, Meta(pattern=r"^\d{1,6}\.\d{1,6}\.\d{1,6}$")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    wave: Annotated[int, Meta(ge=0, le=1000)] = 0
