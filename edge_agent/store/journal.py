"""The journal: what every step consumed, so that the same decisions can be made again.

`<folder>/<n>-<boot>.jsonl`: the first line is the state that the steps start from, then one line per
step. Lines are buffered; `flush` puts them on the disk (every few seconds from a thread of its own, and
before the commit of a step that made an event: committing every step to SQLite would write 7 GB of WAL a day).
"""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from edge_agent.store.errors import StoreError, StoreFault, from_os
from edge_agent.store.folder import sync_folder

SEGMENT_BYTES = 16 * 2**20
SEGMENT_S = 600.0  # so much is decided again where the records are lost: 3,000 steps take seconds
QUOTA_BYTES = 512 * 2**20
BUFFER_BYTES = 8 * 2**20  # what may wait in memory while the disk refuses


class Journal:
    """The writer's side. One thread appends and rotates; `flush` may be called from another as well.

    `_disk` is held while a call waits for the disk, so that lines reach it in their order; `_lines` only
    while the buffer is changed: to append never waits for the disk.
    """

    def __init__(  # noqa: PLR0913 (four sizes with defaults, by name)
        self,
        folder: Path,
        boot: str,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        segment_s: float = SEGMENT_S,
        quota_bytes: int = QUOTA_BYTES,
        buffer_bytes: int = BUFFER_BYTES,
    ) -> None:
        """`boot` is the boot id; sizes in bytes, `segment_s` in seconds. Nothing is written yet."""
        self.folder = folder
        self.lost = 0  # lines dropped because the disk refused for too long
        self._boot = boot
        self._segment_bytes = segment_bytes
        self._segment_s = segment_s
        self._quota_bytes = quota_bytes
        self._buffer_bytes = buffer_bytes
        self._disk = threading.RLock()
        self._lines = threading.Lock()
        self._buffer = bytearray()
        self._waiting = 0  # lines in the buffer
        self._file = -1
        self._size = 0  # of the current segment, as far as it is whole lines
        self._since_s = 0.0
        self._broken = False  # lines are missing from this segment: it must not go on

    def rotate(self, state: bytes, now_s: float) -> Path:
        """Begin a new segment with the state that its steps start from (one line of JSON).

        Raises StoreError; then the journal goes on with the old segment, if there is one.
        """
        with self._disk:
            if self._file >= 0 and not self._broken:
                self.flush()
            path = self.folder / f"{self._next_number():08d}-{self._boot}.jsonl"
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                file = _create(path, state + b"\n")
            except OSError as trouble:
                raise from_os(trouble, path) from trouble
            self._close_file()
            self._file, self._size, self._since_s = file, len(state) + 1, now_s
            with self._lines:
                self._buffer.clear()
                self._waiting, self._broken = 0, False
            self._keep_quota(path)
            return path

    def append(self, line: bytes) -> None:
        """Add one step (one line of JSON, without its end); it is on the disk after the next `flush`.

        Never raises for a full disk: when too much waits, lines are dropped and counted in `lost`, and
        `due` asks for a new segment, because steps behind a gap cannot be replayed.
        """
        with self._lines:
            if self._broken or len(self._buffer) + len(line) >= self._buffer_bytes:
                self.lost += self._waiting + 1
                self._buffer.clear()
                self._waiting, self._broken = 0, True
                return
            self._buffer += line
            self._buffer += b"\n"
            self._waiting += 1

    def due(self, now_s: float) -> bool:
        """Whether it is time for `rotate`: the segment is big, old, has a gap, or there is none."""
        full = self._size + len(self._buffer) >= self._segment_bytes
        return self._file < 0 or self._broken or full or now_s - self._since_s >= self._segment_s

    def flush(self) -> None:
        """Write and sync what waits. Raises StoreError; then all of it still waits.

        What a failed call left of the last line is written over by the next, or is the torn tail that
        `read` leaves out.
        """
        with self._disk:
            with self._lines:
                data, lines = bytes(self._buffer), self._waiting
            if not data or self._file < 0:
                return
            try:
                _write_all(self._file, data, self._size)
                os.fdatasync(self._file)
            except OSError as trouble:
                raise from_os(trouble, self.folder) from trouble
            with self._lines:
                self._size += len(data)
                if not self._broken:  # then they were dropped meanwhile
                    del self._buffer[: len(data)]
                    self._waiting -= lines

    def close(self) -> None:
        """Flush and close."""
        with self._disk:
            try:
                self.flush()
            finally:
                self._close_file()

    def _close_file(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _next_number(self) -> int:
        return max((_number(path) for path in segments(self.folder)), default=0) + 1

    def _keep_quota(self, current: Path) -> None:
        """Delete the oldest segments until the folder fits its quota with one more full segment."""
        paths = segments(self.folder)
        total = sum(path.stat().st_size for path in paths) + self._segment_bytes
        for path in paths:
            if total <= self._quota_bytes or path == current:
                return
            total -= path.stat().st_size
            path.unlink()


def segments(folder: Path) -> list[Path]:
    """The segments of a journal folder, oldest first."""
    return sorted(folder.glob("[0-9]*-*.jsonl"), key=_number)


def read(path: Path) -> Iterator[bytes]:
    """The lines of one segment; the first is the start state. A torn last line is left out.

    Raises StoreError CORRUPT naming a damaged line anywhere else.
    """
    held: bytes | None = None
    with path.open("rb") as file:
        for number, line in enumerate(file):
            if held is not None:
                if not _is_json(held):
                    raise StoreError(StoreFault.CORRUPT, path, f"line {number} is not JSON")
                yield held
            held = line[:-1] if line.endswith(b"\n") else None
    if held is not None and _is_json(held):
        yield held


def _is_json(line: bytes) -> bool:
    """Whether a line is whole (a power cut can leave a tail of zeros)."""
    try:
        msgspec.json.decode(line)
    except msgspec.DecodeError:
        return False
    return True


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _create(path: Path, head: bytes) -> int:
    """A new file that is surely in its folder after a power cut, holding `head`."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    try:
        _write_all(file, head, 0)
        os.fsync(file)
        sync_folder(path.parent)
    except OSError:
        os.close(file)
        path.unlink()
        raise
    return file


def _write_all(file: int, data: bytes | bytearray, offset: int) -> None:
    """Write every byte from `offset` on."""
    view = memoryview(data)
    try:
        while view:
            written = os.pwrite(file, view, offset)
            view, offset = view[written:], offset + written
    finally:
        view.release()
