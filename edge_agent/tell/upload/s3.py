"""A bucket of an S3-compatible store: one PUT for what fits into a part, a multipart upload for what does not."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from edge_agent.domain.words import Words
from edge_agent.settings.site_upload import UploadTable
from edge_agent.tell.upload.answers import code_of, judged, member
from edge_agent.tell.upload.door import Door, Later, Reply
from edge_agent.tell.upload.sigv4 import Keys, Scope, canonical_query, quoted, signed
from edge_agent.tell.upload.way import Parcel, Part

NO_KEYS = Words("密钥文件不可用（keys_file）", "keys_file cannot be used: the key's id and its secret, one a line")


class S3:
    """A `Way`. An object is named by what it is, SITE/UNIT/SHA-256/NAME: the same twice is the same bytes."""

    def __init__(self, table: UploadTable, door: Door, source: str, utc: Callable[[], float]) -> None:
        """`source` is SITE/UNIT; `utc` tells the seconds since 1970, by which requests are signed."""
        self._table, self._door, self._source, self._utc = table, door, source, utc

    def greet(self) -> None:
        """A signed look at the bucket; a key that may only write is told so, and is as good."""
        path = urlsplit(self._table.url).path.rstrip("/")
        reply = self._send("GET", path, {"list-type": "2", "max-keys": "1"})
        if code_of(reply) != "AccessDenied":
            judged(reply)

    def address(self, parcel: Parcel) -> str:
        """The object's own."""
        return f"{self._root}{quoted(self._path(parcel), safe='/')}"

    @property
    def _root(self) -> str:
        url = urlsplit(self._table.url)
        return f"{url.scheme}://{url.netloc}"

    def begin(self, parcel: Parcel) -> str:
        """Nothing for a single PUT; CreateMultipartUpload else."""
        if len(parcel.parts) == 1:
            return ""
        reply = judged(self._ask("POST", parcel, {"uploads": ""}, headers=_meta(parcel)))
        upload = member(reply, "UploadId")
        if not upload:
            raise Later(Words("存储服务器未给出上传编号", "the store names no UploadId"))
        return upload

    def put(self, parcel: Parcel, upload: str, part: Part, body: bytes) -> str:
        """PutObject or UploadPart; the store checks the bytes against the hash that is signed with them."""
        if not upload:
            judged(self._ask("PUT", parcel, {}, body, part.sha256, _meta(parcel)))
            return "whole"
        query = {"partNumber": str(part.number), "uploadId": upload}
        reply = judged(self._ask("PUT", parcel, query, body, part.sha256), begun=True)
        etag = reply.headers.get("etag", "")
        if not etag:
            raise Later(Words("存储服务器未给出 ETag", "the store gives no ETag for a part"))
        return etag

    def end(self, parcel: Parcel, upload: str, etags: tuple[str, ...]) -> None:
        """CompleteMultipartUpload. It may say 200 and tell of an error all the same."""
        if not upload:
            return
        listed = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{_escaped(etag)}</ETag></Part>"
            for number, etag in enumerate(etags, start=1)
        )
        body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
        reply = judged(self._ask("POST", parcel, {"uploadId": upload}, body), begun=True)
        if b"</CompleteMultipartUploadResult>" not in reply.body:
            raise Later(Words("存储服务器未确认文件已完整", "the store does not say that the file is whole"))

    def _path(self, parcel: Parcel) -> str:
        bucket = urlsplit(self._table.url).path.rstrip("/")
        return f"{bucket}/{self._source}/{parcel.sha256}/{parcel.name}"

    def _ask(  # noqa: PLR0913, PLR0917 (what a request is made of)
        self,
        method: str,
        parcel: Parcel,
        query: Mapping[str, str],
        body: bytes = b"",
        sha256: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        return self._send(method, self._path(parcel), query, body, sha256, headers)

    def _send(  # noqa: PLR0913, PLR0917 (likewise)
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: bytes = b"",
        sha256: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        told = signed(
            method,
            path,
            query=query,
            headers={"host": urlsplit(self._table.url).netloc, **(headers or {})},
            payload_sha256=sha256 or hashlib.sha256(body).hexdigest(),
            keys=_keys(self._table.keys_file),
            scope=Scope(
                at=datetime.fromtimestamp(self._utc(), UTC).strftime("%Y%m%dT%H%M%SZ"), region=self._table.region
            ),
        )
        asked = f"?{canonical_query(query)}" if query else ""
        return self._door.ask(method, f"{self._root}{quoted(path, safe='/')}{asked}", told, body)


def _meta(parcel: Parcel) -> dict[str, str]:
    return {"x-amz-meta-sha256": parcel.sha256, "x-amz-meta-event": str(parcel.seq)}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _keys(file: str | None) -> Keys:
    """Read anew each time: what is replaced counts from then on. Raises Later; no secret is in its words."""
    try:
        lines = Path(file or "").read_text("ascii").split()
    except (OSError, UnicodeDecodeError) as fault:
        raise Later(NO_KEYS) from fault
    if not 2 <= len(lines) <= 3:  # noqa: PLR2004 (id, secret, and a token where there is one)
        raise Later(NO_KEYS)
    return Keys(id=lines[0], secret=lines[1], token="".join(lines[2:]))
