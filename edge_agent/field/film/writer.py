"""Writes one film: chunk behind chunk, and its hash as it grows. Raises OSError where the disk refuses."""

import contextlib
import hashlib
import os
from pathlib import Path

from edge_agent.field.film.parts import Chunk, Head, Packet
from edge_agent.field.film.sealed import Seal, head_bytes

PART = ".part"  # how a film is named until the records know its hash
SYNC_EVERY = 8  # chunks: what a power cut may take; more often would hold up the records on the same disk


class FilmWriter:
    """Used by one thread."""

    def __init__(self, path: Path, head: Head, key: bytes) -> None:
        """`path` must not exist."""
        begin = head_bytes(head)
        self.path, self.head = path, head
        self.size = 0
        self._seal = Seal(key, head.salt, begin)
        self._hash = hashlib.sha256()
        self._number = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            self._put(begin)
        except OSError:
            os.close(self._fd)
            path.unlink(missing_ok=True)
            raise

    def add(self, packets: tuple[Packet, ...], *, last: bool = False) -> None:
        """One more chunk."""
        self._put(self._seal.close(self._number, Chunk(packets=packets, last=last)))
        self._number += 1
        if self._number % SYNC_EVERY == 0:
            os.fdatasync(self._fd)

    def _put(self, data: bytes) -> None:
        """All of it, or nothing: half a chunk would hide those behind it."""
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._fd, left) :]
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, self.size)
                os.lseek(self._fd, self.size, os.SEEK_SET)
            raise
        self.size += len(data)
        self._hash.update(data)

    def end(self) -> str:
        """End it as whole; returns the SHA-256 of the file."""
        try:
            self.add((), last=True)
            os.fsync(self._fd)
        finally:
            os.close(self._fd)
        return self._hash.hexdigest()

    def give_up(self) -> None:
        """The disk refuses: what is written stays, and is a film that was cut off."""
        with contextlib.suppress(OSError):
            os.close(self._fd)
