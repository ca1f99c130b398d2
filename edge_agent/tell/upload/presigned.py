"""A centre that signs addresses: asked for one before each part, told when all are there.

What is asked and answered is JSON (docs/upstream/evidence.md). The bytes go wherever the signed address points;
what the box shows the centre is never shown there.
"""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.settings.site_upload import UploadTable
from edge_agent.tell.upload.answers import NOT_LET_IN, judged
from edge_agent.tell.upload.door import Door, Later
from edge_agent.tell.upload.way import Parcel, Part

MOST_HEADERS = 20


class Signed(Struct, frozen=True, kw_only=True):
    """Where one part goes, and with which headers."""

    url: str
    headers: dict[str, str] = {}


class Presigned:
    """A `Way`."""

    def __init__(self, table: UploadTable, door: Door, source: str) -> None:
        """`source` is edge/SITE/UNIT, as in every message."""
        self._table, self._door, self._source = table, door, source

    def greet(self) -> None:
        """Whatever it answers: it is there, and does not turn us away."""
        reply = self._door.ask("GET", self._table.url, self._shown())
        if reply.status in NOT_LET_IN:
            judged(reply)

    def address(self, parcel: Parcel) -> str:  # noqa: ARG002 (a signed address is a secret while it counts)
        """Only the centre knows."""
        return ""

    def begin(self, parcel: Parcel) -> str:  # noqa: ARG002 (the first part says it)
        """Nothing to ask."""
        return ""

    def put(self, parcel: Parcel, upload: str, part: Part, body: bytes) -> str:  # noqa: ARG002
        """Ask for an address, and send the bytes there."""
        asked = {"part": part.number, "offset": part.offset, "length": part.length, "part_sha256": part.sha256}
        reply = self._tell(parcel, {"do": "part", **asked})
        try:
            to = msgspec.json.decode(reply, type=Signed)
        except msgspec.DecodeError as fault:
            words = Words("中心的应答不是签名地址", "the centre's answer names no signed address")
            raise Later(words) from fault
        if len(to.headers) > MOST_HEADERS:
            raise Later(Words("签名地址附带的标头过多", "the signed address comes with too many headers"))
        done = judged(self._door.ask("PUT", to.url, to.headers, body))
        return done.headers.get("etag", "")

    def end(self, parcel: Parcel, upload: str, etags: tuple[str, ...]) -> None:  # noqa: ARG002
        """The centre puts the parts together, and knows their ETags where its store wants them."""
        self._tell(parcel, {"do": "end", "etags": etags})

    def _tell(self, parcel: Parcel, more: Mapping[str, object]) -> bytes:
        about = {
            "source": self._source,
            "seq": parcel.seq,
            "name": parcel.name,
            "sha256": parcel.sha256,
            "size": parcel.size,
            "parts": len(parcel.parts),
        }
        headers = {"content-type": "application/json", **self._shown()}
        return judged(
            self._door.ask("POST", self._table.url, headers, msgspec.json.encode({**about, **more})), begun=True
        ).body

    def _shown(self) -> dict[str, str]:
        """Read anew each time. Raises Later; no secret is in its words."""
        if self._table.token_file is None:
            return {}
        try:
            token = Path(self._table.token_file).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise Later(Words("令牌文件不可用（token_file）", "token_file cannot be used")) from fault
        return {"authorization": f"Bearer {token}"}
