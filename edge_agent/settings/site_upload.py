"""site.toml's tables of HTTP: the store to which copies of evidence go, and where offered models come from."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

STORE_URL = r"^https?://[^@/?#\s]+(/[A-Za-z0-9._~/-]*)?$"
HOST = r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?$"
REGION = r"^[a-z0-9-]{1,64}$"
# What may leave the box: masked stills; masked copies of films of events; stills with faces; sealed films of
# events; sealed films of whole jobs.
Kind = Literal["masked", "masked_clips", "faces", "clips", "films"]


class HttpTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How somebody is spoken to: whom to trust, as whom, and how quickly."""

    ca: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    plain: bool = False
    most_kbit_s: Annotated[int, Meta(ge=8, le=1_000_000)] = 1000


class FetchTable(HttpTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[fetch]: from which hosts (name, or name:port) a model or a version of the centre's is fetched, over HTTPS.

    `ca` is their own; without one the machine's are trusted. `plain` allows http: for a trial. Never more than
    `most_kbit_s` on the line.
    """

    hosts: Annotated[tuple[Annotated[str, Meta(pattern=HOST)], ...], Meta(min_length=1, max_length=8)]


class UploadTable(HttpTable, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[upload]: copies of evidence go to the centre's store over HTTPS; what they are is told over MQTT before.

    `kind` = "s3": `url` is a bucket of an S3-compatible store, path style (https://store.example/bucket), and
    `keys_file` holds one a line: the access key's id, its secret and, if there is one, its session token.
    `kind` = "presigned": at `url` the centre is asked for the signed address of each part; `token_file` holds what
    it is shown. `ca` is the store's own; without one the machine's are trusted. `plain` allows http: for a trial.
    Only masked stills leave unless `what` says more; what it says later is sent of what is kept already, too.
    Never more than `most_kbit_s` on the line.
    """

    url: Annotated[str, Meta(pattern=STORE_URL, max_length=512)]
    kind: Literal["s3", "presigned"] = "s3"
    region: Annotated[str, Meta(pattern=REGION)] = "us-east-1"
    keys_file: str | None = None
    token_file: str | None = None
    what: Annotated[tuple[Kind, ...], Meta(min_length=1, max_length=5)] = ("masked",)
    part_mb: Annotated[int, Meta(ge=5, le=512)] = 5  # MiB; S3 takes no smaller part but the last
