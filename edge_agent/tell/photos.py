"""Pictures that people take with a phone: kept under their hash, in the evidence folder, before anybody is asked.

A page sends them small and bare of what a camera writes beside them; signed with the form, they are a person's own
word. Whoever looks at them later finds their hash in the audit chain.
"""

import hashlib
import os
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

from edge_agent.domain.rectification import Photo
from edge_agent.domain.words import Words

FOLDER = "photos"  # in the evidence folder
LARGEST_BYTES = 120 * 1024
MOST_FILES = 1000  # 120 MB; a few hundred belong to what is to be put right
BEGIN, END = b"\xff\xd8\xff", b"\xff\xd9"

NO_JPEG = Words(
    f"照片须为 JPEG，且不超过 {LARGEST_BYTES // 1024} kB",
    f"a picture is a JPEG of at most {LARGEST_BYTES // 1024} kB",
)


class NotKept(Exception):  # noqa: N818 (says what the picture is)
    """The picture is none, or the disk refuses it; `words` say so."""

    def __init__(self, words: Words) -> None:
        """`words` for whoever took it."""
        super().__init__(words.en)
        self.words = words


class Photos:
    """The folder. Safe for many threads: a picture has one name, whoever writes it."""

    def __init__(self, evidence: Path) -> None:
        """Nothing is made before the first picture."""
        self._folder = evidence / FOLDER

    def keep(self, text: str) -> tuple[Photo, Callable[[], None]]:
        """Onto the disk, synced, before this returns; and how it is let go of again, if nobody wanted it.

        `by` and `at_utc` are the brain's. Raises NotKept.
        """
        try:
            jpeg = b64decode(text, validate=True)
        except (NoBase64, ValueError) as fault:
            raise NotKept(NO_JPEG) from fault
        if len(jpeg) > LARGEST_BYTES or not jpeg.startswith(BEGIN) or not jpeg.endswith(END):
            raise NotKept(NO_JPEG)
        name = hashlib.sha256(jpeg).hexdigest()
        file = file_of(self._folder, name)
        known = file.exists()
        try:
            self._write(file, jpeg)
            self._make_room()
        except OSError as fault:
            raise NotKept(
                Words(f"照片未能保存：{fault.strerror}", f"the picture is not kept: {fault.strerror}")
            ) from fault
        return Photo(sha256=name, size=len(jpeg), by="", at_utc=0.0), lambda: _let_go(file, known=known)

    def _write(self, path: Path, jpeg: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
        try:
            with half.open("wb") as file:
                file.write(jpeg)
                file.flush()
                os.fsync(file.fileno())
            half.chmod(0o640)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)

    def _make_room(self) -> None:
        """The oldest give way."""
        kept = sorted(self._folder.glob("*.jpg"), key=lambda path: path.stat().st_mtime)
        for path in islice(kept, max(0, len(kept) - MOST_FILES)):
            path.unlink(missing_ok=True)


def _let_go(file: Path, *, known: bool) -> None:
    """Unless it was there before: then it is somebody else's as well."""
    if not known:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def file_of(folder: Path, sha256: str) -> Path:
    """Where the picture with this hash lies."""
    return folder / f"{sha256}.jpg"
