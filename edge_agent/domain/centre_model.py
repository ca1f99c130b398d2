"""A model that the centre offers for this box's cameras (dn/model): live only through its own gate."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

MOST_BYTES = 512 * 1024 * 1024
URL = r"^https?://[^@/?#\s]+/\S*$"  # no log-in in it


class ModelOffer(Struct, frozen=True, kw_only=True):
    """Which file, known by its hash, and which cameras are to be judged by the model in it.

    `url` is where the box may fetch it; without one somebody puts it there.

    The file is a zip of a models folder: `manifest.toml` with the table of `name`, and the weights that it names.
    """

    id: Literal["model"]
    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Meta(ge=1, le=MOST_BYTES)]
    cameras: Annotated[tuple[str, ...], Meta(min_length=1)]
    url: Annotated[str, Meta(pattern=URL, max_length=1024)] | None = None
