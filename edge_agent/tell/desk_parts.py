"""A file larger than one line of the desk comes in parts, under one SHA-256, before somebody signs what it is for.

In memory alone: one at a time, at most 4 MiB, for 15 minutes; a restart has forgotten it. A part is worth nothing
by itself: whoever signs names the hash of the whole, and only the whole with that hash is ever handed on.
"""

import base64
import binascii
import hashlib
import threading
from collections.abc import Callable
from typing import Annotated

from msgspec import Meta, Struct

from edge_agent.domain.words import Words, WordsError

LARGEST = 4 * 1024 * 1024  # bytes of the whole
PART = 96 * 1024  # bytes of one part: 128 kB as base64, which fits into a line
LASTS_S = 15 * 60.0  # from its first part

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Size = Annotated[int, Meta(ge=1, le=LARGEST)]
At = Annotated[int, Meta(ge=0, lt=LARGEST)]  # how many bytes stand before it
Data = Annotated[str, Meta(min_length=1, max_length=PART // 3 * 4)]  # base64

OTHERS = Words(
    "另有人正在上传文件，请稍后再试（最多 15 分钟）",
    "somebody else is sending a file: try again in a while (15 minutes at most)",
)
NO_BASE64 = Words("文件分段不是 base64", "a part of the file is no base64")
TOO_MUCH = Words("文件分段超出声明的大小", "a part goes beyond the size that was told")
OTHER_SIZE = Words("同一文件的大小前后不一", "the size of the same file is another than before")
OTHER_BYTES = Words(
    "重发的分段与之前不同，已丢弃，请重新上传", "a part came again as another: dropped, send it all anew"
)
NOT_WHOLE = Words(
    "文件与其 SHA-256 不符，已丢弃，请重新上传", "the file does not fit its SHA-256: it was dropped, send it anew"
)
NOT_HERE = Words(
    "文件不在设备上（未传完、超过 15 分钟或程序已重启），请重新选择文件",
    "the file is not on the box (not whole, older than 15 minutes, or the program began anew): choose it again",
)


class Had(Struct, frozen=True, kw_only=True):
    """How far a file has come: the next part begins at `have`; one that leaves a gap changes nothing."""

    accepted: bool
    have: int
    whole: bool
    reasons: tuple[Words, ...] = ()


class _Coming(Struct, kw_only=True):
    """The one that is under way, or whole."""

    person: str
    sha256: str
    size: int
    began_s: float
    heard: bytearray

    @property
    def whole(self) -> bool:
        return len(self.heard) == self.size


class Parts:
    """The one file that may be coming. Called from the desk's threads."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """`monotonic` in seconds."""
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._coming: _Coming | None = None

    def take(self, person: str, sha256: str, size: int, at: int, data: str) -> Had:
        """A part of somebody's file. Raises WordsError where it cannot be one; then nothing is handed on."""
        piece = _bytes(data)
        with self._lock:
            coming = self._of(person, sha256, size)
            if at + len(piece) > size:
                raise WordsError(TOO_MUCH)
            have = len(coming.heard)
            if at > have:  # an earlier one is on its way, or was lost
                return Had(accepted=True, have=have, whole=False)
            seen = bytes(coming.heard[at : at + len(piece)])
            if seen != piece[: len(seen)]:
                self._coming = None
                raise WordsError(OTHER_BYTES)
            coming.heard += piece[len(seen) :]
            if coming.whole and hashlib.sha256(coming.heard).hexdigest() != sha256:
                self._coming = None
                raise WordsError(NOT_WHOLE)
            return Had(accepted=True, have=len(coming.heard), whole=coming.whole)

    def whole(self, person: str, sha256: str) -> bytes:
        """The file that this person sent under this hash. Raises WordsError where it is not here, or not whole."""
        with self._lock:
            coming = self._standing()
            if coming is None or (coming.person, coming.sha256) != (person, sha256) or not coming.whole:
                raise WordsError(NOT_HERE)
            return bytes(coming.heard)

    def drop(self, sha256: str) -> None:
        """It was taken: nobody needs it any more."""
        with self._lock:
            if self._coming is not None and self._coming.sha256 == sha256:
                self._coming = None

    def _of(self, person: str, sha256: str, size: int) -> _Coming:
        """The one that stands, or a new one; one's own other file makes room, somebody else's does not."""
        coming = self._standing()
        if coming is not None and coming.person != person:
            raise WordsError(OTHERS)
        if coming is None or coming.sha256 != sha256:
            coming = self._coming = _Coming(
                person=person, sha256=sha256, size=size, began_s=self._monotonic(), heard=bytearray()
            )
        if coming.size != size:
            raise WordsError(OTHER_SIZE)
        return coming

    def _standing(self) -> _Coming | None:
        coming = self._coming
        if coming is not None and self._monotonic() - coming.began_s >= LASTS_S:
            coming = self._coming = None
        return coming


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode(data.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise WordsError(NO_BASE64) from None
