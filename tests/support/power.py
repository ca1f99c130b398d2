"""Power cuts, replayed: every write, cut and sync of SQLite is recorded, then the power goes at any of them.

What was synced before is on the disk. What was written after the file's last sync is there or not, each sector of
512 bytes by itself, as a disk with a cache leaves it: all, nothing, a beginning, or any of them.
"""

import os
import random
import stat
from collections.abc import Iterator
from pathlib import Path

import apsw
from msgspec import Struct

from edge_agent.store.batch import Batch
from edge_agent.store.errors import StoreError
from edge_agent.store.store import Store
from tests.support.store_values import alarm, event_batch, permit

SECTOR = 512
CHECKPOINT_PAGES = 40  # a real box waits for 1,000: here a short run goes through many checkpoints
NAME = "edge.sqlite"


class Write(Struct, frozen=True):
    """Bytes that were handed to the disk."""

    file: str
    offset: int
    data: bytes


class Truncate(Struct, frozen=True):
    """A file was cut to this size."""

    file: str
    size: int


class Sync(Struct, frozen=True):
    """What was written of this file until now is on the disk when this has returned."""

    file: str


class Deleted(Struct, frozen=True):
    """The file is gone, once its folder is synced; until then it may come back."""

    file: str


class FolderSync(Struct, frozen=True):
    """Which files there are is on the disk."""


class Acknowledged(Struct, frozen=True):
    """`commit` has returned: event `seq` counts as kept."""

    seq: int


Call = Write | Truncate | Sync | Deleted | FolderSync | Acknowledged


class RecordingDisk(apsw.VFS):
    """The machine's disk, every call noted."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        super().__init__("recording", base="unix")

    def xOpen(self, name, flags) -> apsw.VFSFile:  # noqa: N802
        return RecordingFile(self, name, flags)

    def xDelete(self, filename, syncdir) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self.calls += [Deleted(Path(filename).name), *([FolderSync()] if syncdir else [])]


class RecordingFile(apsw.VFSFile):
    def __init__(self, disk: RecordingDisk, name, flags) -> None:
        self.disk = disk
        self.file = Path(name if isinstance(name, str) else name.filename()).name
        super().__init__("unix", name, flags)

    def xWrite(self, data, offset) -> None:  # noqa: N802
        self.disk.calls.append(Write(self.file, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize) -> None:  # noqa: N802
        self.disk.calls.append(Truncate(self.file, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags) -> None:  # noqa: N802
        super().xSync(flags)
        self.disk.calls.append(Sync(self.file))


def recorded(folder: Path, commits: int, synchronous: str = "") -> list[Call]:
    """So many steps with an event each are kept; `synchronous` other than the product's own is the control."""
    disk, sync = RecordingDisk(), os.fsync

    def noted(descriptor: int) -> None:
        sync(descriptor)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            disk.calls.append(FolderSync())

    os.fsync = noted
    try:
        with Store.open(folder / NAME, vfs="recording") as store:
            connection = store._database.connection()
            connection.pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            if synchronous:
                connection.pragma("synchronous", synchronous)
            saved = store.load()
            head = saved.head_hash
            for seq in range(1, commits + 1):
                batch = event_batch(seq, head)
                head = batch.audit[-1].sealed.hash
                acked = (seq - 3,) if seq > 3 else ()
                store.commit(
                    Batch(
                        audit=batch.audit,
                        outbox=batch.outbox,
                        permits=(permit(f"P-{seq % 7}"),),
                        alarms=(alarm(f"gas|P-{seq}|gas-1"),),
                        acked=acked,
                    )
                )
                disk.calls.append(Acknowledged(seq))
            return list(disk.calls)  # closing makes a checkpoint of its own, which no power cut waits for
    finally:
        os.fsync = sync
        disk.unregister()


class Left(Struct, frozen=True):
    """What one power cut left: the last acknowledged event, the last one found, or why nothing can be read."""

    acknowledged: int
    found: int
    broken: str

    @property
    def lost(self) -> int:
        """Acknowledged events that are gone."""
        return max(0, self.acknowledged - self.found)


def cut(calls: list[Call], at: int, rng: random.Random, folder: Path) -> Left:
    """The power goes before call number `at`; the records are opened as the agent opens them."""
    disk = _Disk()
    for call in calls[:at]:
        disk.take(call)
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, data in disk.left(rng).items():
        (folder / name).write_bytes(data)
    try:
        with Store.open(folder / NAME) as store:
            saved, broken = store.load(), store.verify_chain()
    except StoreError as fault:
        return Left(disk.acknowledged, 0, str(fault))
    return Left(disk.acknowledged, saved.seq, "" if broken is None else str(broken))


class _Disk:
    """What is safe, and what only the disk's cache holds."""

    def __init__(self) -> None:
        self.acknowledged = 0
        self._safe: dict[str, bytearray] = {}
        self._cached: dict[str, list[Write | Truncate]] = {}
        self._gone: set[str] = set()

    def take(self, call: Call) -> None:
        match call:
            case Acknowledged(seq=seq):
                self.acknowledged = seq
            case Deleted(file=file):
                self._gone.add(file)
            case FolderSync():
                self._forget()
            case Sync(file=file):
                for one in self._cached.pop(file, []):
                    _apply(self._safe.setdefault(file, bytearray()), one)
            case Write() | Truncate():
                self._safe.setdefault(call.file, bytearray())
                self._cached.setdefault(call.file, []).append(call)

    def _forget(self) -> None:
        for file in self._gone:
            self._safe.pop(file, None)
            self._cached.pop(file, None)
        self._gone.clear()

    def left(self, rng: random.Random) -> dict[str, bytearray]:
        """What is there when the power is back; a deleted file whose folder was not synced may be, too."""
        for file, waiting in self._cached.items():
            for one in _landed(waiting, rng):
                _apply(self._safe[file], one)
        return self._safe


def _landed(waiting: list[Write | Truncate], rng: random.Random) -> Iterator[Write | Truncate]:
    """What of the cache had reached the disk."""
    parts = [part for one in waiting for part in _sectors(one)]
    way = rng.choice(("none", "all", "beginning", "any"))
    upto = {"none": 0, "all": len(parts)}.get(way, rng.randint(0, len(parts)))
    for at, part in enumerate(parts):
        if rng.random() < 0.5 if way == "any" else at < upto:
            yield part


def _sectors(one: Write | Truncate) -> Iterator[Write | Truncate]:
    if isinstance(one, Truncate):
        yield one
        return
    at = 0
    while at < len(one.data):
        room = SECTOR - (one.offset + at) % SECTOR
        yield Write(one.file, one.offset + at, one.data[at : at + room])
        at += room


def _apply(disk: bytearray, one: Write | Truncate) -> None:
    if isinstance(one, Truncate):
        del disk[one.size :]
        return
    end = one.offset + len(one.data)
    if len(disk) < end:
        disk.extend(bytes(end - len(disk)))
    disk[one.offset : end] = one.data


def cuts(folder: Path, times: int, commits: int, seed: str, synchronous: str = "") -> list[Left]:
    """So many power cuts of one recorded run, each at a call of its own choice after the tables were made."""
    calls = recorded(folder, commits, synchronous)
    first = next(at for at, call in enumerate(calls) if isinstance(call, Acknowledged))
    rng = random.Random(seed)  # noqa: S311 (a test's dice)
    again = folder / "again"
    return [cut(calls, rng.randint(first, len(calls)), rng, again) for _ in range(times)]
