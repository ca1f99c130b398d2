"""The journal: what was flushed is read, torn tails are forgiven, rotation and quota keep the newest."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_agent.store.errors import StoreError, StoreFault
from edge_agent.store.journal import Journal, read, segments


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def test_state_then_steps_in_order(folder: Path) -> None:
    journal = Journal(folder, "b00t")
    path = journal.rotate(b'{"state":0}', 5.0)
    journal.append(b'{"step":1}')
    assert list(read(path)) == [b'{"state":0}']
    journal.append(b'{"step":2}')
    journal.flush()
    assert list(read(path)) == [b'{"state":0}', b'{"step":1}', b'{"step":2}']
    assert path.name == "00000001-b00t.jsonl"
    journal.close()


def test_numbers_go_on_after_a_restart(folder: Path) -> None:
    for boot in ("a", "b"):
        journal = Journal(folder, boot)
        journal.rotate(b"{}", 0.0)
        journal.rotate(b"{}", 1.0)
        journal.close()
    names = [path.name for path in segments(folder)]
    assert names == ["00000001-a.jsonl", "00000002-a.jsonl", "00000003-b.jsonl", "00000004-b.jsonl"]


def test_it_is_due_by_size_by_age_and_before_the_first_segment(folder: Path) -> None:
    journal = Journal(folder, "b", segment_bytes=100, segment_s=60.0)
    assert journal.due(0.0)
    journal.rotate(b"{}", 0.0)
    assert not journal.due(59.0)
    assert journal.due(60.0)
    journal.append(b"1" * 96)
    assert journal.due(1.0)
    journal.rotate(b"{}", 1.0)
    assert not journal.due(2.0)
    assert [list(read(path)) for path in segments(folder)] == [[b"{}", b"1" * 96], [b"{}"]]
    journal.close()


def test_the_quota_deletes_the_oldest_never_the_current(folder: Path) -> None:
    journal = Journal(folder, "b", segment_bytes=1000, quota_bytes=3500)
    for number in range(1, 9):
        journal.rotate(b"{}", float(number))
        journal.append(b"1" * 990)
        journal.flush()
        assert sum(path.stat().st_size for path in segments(folder)) <= 3500
    assert [path.name[:8] for path in segments(folder)] == ["00000006", "00000007", "00000008"]
    tiny = Journal(folder, "c", segment_bytes=1000, quota_bytes=1)
    assert segments(folder)[-1] != tiny.rotate(b"{}", 0.0) or len(segments(folder)) == 1
    assert [path.name for path in segments(folder)] == ["00000009-c.jsonl"]
    journal.close()
    tiny.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_tail_torn_anywhere_costs_the_last_line_only(tmp_path_factory, data) -> None:
    lines = [b'{"n":%d}' % n for n in range(5)]
    path = tmp_path_factory.mktemp("torn") / "00000001-b.jsonl"
    whole = b"".join(line + b"\n" for line in lines)
    cut = data.draw(st.integers(0, len(whole)))
    zeros = data.draw(st.integers(0, 3))
    path.write_bytes(whole[:cut] + b"\0" * zeros)
    assert list(read(path)) == lines[: whole[:cut].count(b"\n")]


def test_damage_in_the_middle_is_named(folder: Path) -> None:
    folder.mkdir()
    path = folder / "00000001-b.jsonl"
    path.write_bytes(b'{"n":1}\n{"n":\n{"n":3}\n')
    with pytest.raises(StoreError, match="line 2") as damaged:
        list(read(path))
    assert damaged.value.fault is StoreFault.CORRUPT


def test_a_disk_that_refuses_costs_whole_lines_only_and_asks_for_a_new_segment(folder: Path, monkeypatch) -> None:
    journal = Journal(folder, "b", buffer_bytes=40)
    path = journal.rotate(b"{}", 0.0)
    real = os.pwrite

    def half_then_full(file, data, offset) -> int:
        if len(data) > 5:
            return real(file, data[:5], offset)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", half_then_full)
        journal.append(b'{"n":1}')
        with pytest.raises(StoreError) as full:
            journal.flush()
        assert full.value.fault is StoreFault.FULL
        assert list(read(path)) == [b"{}"]
        assert not journal.due(1.0)
        for number in range(2, 9):
            journal.append(b'{"n":%d}' % number)
        assert journal.due(1.0)
        assert journal.lost > 0
    journal.flush()
    assert list(read(path)) == [b"{}"]
    fresh = journal.rotate(b'{"state":9}', 2.0)
    journal.append(b'{"n":9}')
    journal.flush()
    assert list(read(fresh)) == [b'{"state":9}', b'{"n":9}']
    assert not journal.due(3.0)
    journal.close()


class SlowDisk:
    """`os.fdatasync` that waits until it is told to go on."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Event(), threading.Event()

    def __call__(self, file: int) -> None:
        self.asked.set()
        assert self.go_on.wait(60)
        os.fsync(file)


def test_a_line_that_comes_while_the_disk_is_slow_waits_for_the_next_flush(folder: Path, monkeypatch) -> None:
    journal = Journal(folder, "b")
    path = journal.rotate(b"{}", 0.0)
    journal.append(b'{"n":1}')
    disk = SlowDisk()
    monkeypatch.setattr(os, "fdatasync", disk)
    flushing = threading.Thread(target=journal.flush)
    flushing.start()
    assert disk.asked.wait(60)
    journal.append(b'{"n":2}')  # returns, although the disk has not
    assert list(read(path)) == [b"{}", b'{"n":1}']
    disk.go_on.set()
    flushing.join(60)
    journal.flush()
    assert list(read(path)) == [b"{}", b'{"n":1}', b'{"n":2}']
    journal.close()


def test_lines_dropped_while_the_disk_is_slow_are_gone_once(folder: Path, monkeypatch) -> None:
    journal = Journal(folder, "b", buffer_bytes=20)
    path = journal.rotate(b"{}", 0.0)
    journal.append(b'{"n":1}')
    disk = SlowDisk()
    monkeypatch.setattr(os, "fdatasync", disk)
    flushing = threading.Thread(target=journal.flush)
    flushing.start()
    assert disk.asked.wait(60)
    for number in range(2, 5):
        journal.append(b'{"n":%d}' % number)
    assert journal.due(1.0), "there is a gap"
    disk.go_on.set()
    flushing.join(60)
    assert list(read(path)) == [b"{}", b'{"n":1}']
    fresh = journal.rotate(b'{"state":9}', 2.0)
    journal.append(b'{"n":9}')
    journal.flush()
    assert list(read(fresh)) == [b'{"state":9}', b'{"n":9}']
    journal.close()


def test_a_folder_that_cannot_be_made_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file stands in the way")
    with pytest.raises(StoreError):
        Journal(tmp_path / "journal", "b").rotate(b"{}", 0.0)
