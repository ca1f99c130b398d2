"""A failing disk: one typed error, nothing half-written, and the same batch goes through once it can."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.errors import StoreError, StoreFault
from edge_agent.store.store import Store
from tests.support.store_values import alarm, event_batch, permit


def test_a_full_database_is_a_typed_error_and_the_batch_goes_through_when_space_returns(store: Store) -> None:
    connection = store._database.connection()
    pages = connection.pragma("page_count")
    connection.pragma("max_page_count", pages)
    big = Batch(audit=event_batch(1, GENESIS, topic="t").audit, meta={"big": "x" * 100_000}, permits=(permit(),))
    for _ in range(3):
        with pytest.raises(StoreError) as full:
            store.commit(big)
        assert full.value.fault is StoreFault.FULL
        assert "remove or move" in full.value.words.en
        assert (store.load().seq, store.load().permits) == (0, ())
    connection.pragma("max_page_count", 1_000_000)
    store.commit(big)
    assert (store.load().seq, store.load().permits) == (1, (permit(),))
    assert store.verify_chain() is None


ON_A_SMALL_DISK = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from edge_agent.store.batch import Batch
    from edge_agent.store.chain import GENESIS
    from edge_agent.store.errors import StoreError, StoreFault
    from edge_agent.store.journal import Journal, read
    from edge_agent.store.store import Store
    from tests.support.store_values import event_batch

    folder = Path(sys.argv[1])
    journal = Journal(folder / "journal", "boot")
    segment = journal.rotate(b'{"state":1}', 0.0)
    with Store.open(folder / "edge.sqlite") as store:
        store.commit(event_batch(1, GENESIS))
        head = store.load().head_hash
        filler = folder / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        second = event_batch(2, head)
        failed = 0
        while not failed:   # the WAL may still have room inside the pages it has
            try:
                store.commit(Batch(audit=second.audit, outbox=second.outbox, meta={"m": "x" * 50_000}))
                raise SystemExit("the disk is full and nobody noticed")
            except StoreError as full:
                assert full.fault is StoreFault.FULL, full
                failed += 1
        assert store.load().seq == 1
        journal.append(b"[" + b"2," * 4500 + b"2]")
        try:
            journal.flush()
            raise SystemExit("the journal did not notice")
        except StoreError as full:
            assert full.fault is StoreFault.FULL, full
        assert list(read(segment)) == [b'{"state":1}']
        filler.unlink()
        store.commit(second)
        journal.flush()
        assert store.load().seq == 2 and store.verify_chain() is None
        assert list(read(segment)) == [b'{"state":1}', b"[" + b"2," * 4500 + b"2]"]
    journal.close()
    print("recovered")
    """
)


def _may_mount() -> bool:
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"]
    return (
        os.geteuid() == 0 and subprocess.run(probe, capture_output=True, check=False, timeout=30).returncode == 0
    )


@pytest.mark.skipif(not _may_mount(), reason="needs root and mount namespaces for a small file system")
def test_a_really_full_file_system_is_survived_by_store_and_journal(tmp_path: Path) -> None:
    mount = f'mount -t tmpfs -o size=1m tmpfs {tmp_path} && exec {sys.executable} -c "$0" {tmp_path}'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mount, ON_A_SMALL_DISK],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout.strip() == "recovered", done.stdout + done.stderr


class FailingDisk(apsw.VFS):
    """The machine's disk, except that one chosen write or sync reports EIO."""

    def __init__(self) -> None:
        self.countdown = -1  # that many writes and syncs still succeed
        self.calls = 0
        super().__init__("failing", base="unix")

    def xOpen(self, name, flags) -> apsw.VFSFile:  # noqa: N802
        return FailingFile(self, name, flags)

    def tick(self, error: type[Exception]) -> None:
        self.calls += 1
        if self.countdown >= 0:
            self.countdown -= 1
            if self.countdown < 0:
                raise error("injected")


class FailingFile(apsw.VFSFile):
    def __init__(self, disk: FailingDisk, name, flags) -> None:
        self.disk = disk
        super().__init__("unix", name, flags)

    def xWrite(self, data, offset) -> None:  # noqa: N802
        self.disk.tick(apsw.IOError)
        super().xWrite(data, offset)

    def xSync(self, flags) -> None:  # noqa: N802
        self.disk.tick(apsw.IOError)
        super().xSync(flags)


@pytest.fixture
def disk() -> Iterator[FailingDisk]:
    failing = FailingDisk()
    yield failing
    failing.unregister()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_io_error_at_any_write_leaves_the_store_usable_and_nothing_half_written(
    disk: FailingDisk, path: Path
) -> None:
    with Store.open(path, vfs="failing") as store:
        seq, head, reported, fails_at = 0, GENESIS, 0, 0
        while fails_at < 12:
            batch = event_batch(seq + 1, head)
            batch = Batch(audit=batch.audit, outbox=batch.outbox, permits=(permit(f"P-{seq}"),), alarms=(alarm(),))
            disk.countdown = fails_at
            try:
                store.commit(batch)
            except StoreError as trouble:
                assert trouble.fault is StoreFault.IO  # noqa: PT017 (some writes succeed: it may not be raised)
                reported += 1
                saved = store.load()
                assert (saved.seq, len(saved.permits), saved.waiting) == (seq, seq, seq)
                store.commit(batch)
            disk.countdown = -1
            seq, head, fails_at = seq + 1, batch.audit[-1].sealed.hash, fails_at + 1
            assert store.load().seq == seq
    assert reported >= 3
    with Store.open(path) as store:
        saved = store.load()
        assert (saved.seq, len(saved.permits), saved.waiting) == (seq, seq, seq)
        assert store.verify_chain() is None
