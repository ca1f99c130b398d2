"""A folder that may hang: a real file system whose server is gone, and one that works; nobody waits for ever."""

import errno
import os
import signal
import time
from pathlib import Path

import pytest

from edge_agent.store.far_folder import _LEFT_BEHIND, FarFolder, HangsError
from tests.support.languages import faults
from tests.support.mounts import beside_a_hung_share, on_a_small_disk

SEALED = os.urandom(3 << 20)


def state_of(pid: int) -> str:
    """As in proc(5): D waits in the kernel and hears no signal."""
    return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]


def test_what_is_written_there_is_read_there(tmp_path: Path) -> None:
    with FarFolder(tmp_path) as far:
        far.begin(".half")
        far.write(SEALED)
        far.whole()
        assert far.name("whole") == (len(SEALED), tmp_path.stat().st_dev)
        with far.opened("whole") as file:
            assert file.read() == SEALED
            file.seek(1_500_000)
            assert file.read(7) == SEALED[1_500_000:1_500_007]
        assert far.names("w*") == ["whole"]
        (tmp_path / "link").symlink_to("whole")
        with pytest.raises(OSError, match="symbolic"):
            far.opened("link")
        far.remove("whole")
        far.remove("whole")
        far.begin(".half")
        far.write(b"not all of it")
    assert [path.name for path in tmp_path.iterdir()] == ["link"], "half a file stays nowhere"


def test_a_folder_that_is_not_there_and_a_full_disk_are_said_as_they_are(tmp_path: Path) -> None:
    with FarFolder(tmp_path / "none") as far, pytest.raises(FileNotFoundError) as missing:
        far.names("*")
    assert missing.value.filename == str(tmp_path / "none")

    def body() -> int | None:
        with FarFolder(tmp_path) as far:
            far.begin(".half")
            with pytest.raises(OSError, match="No space") as full:
                far.write(SEALED)
            return full.value.errno

    assert on_a_small_disk(tmp_path, "1m", body) == errno.ENOSPC


def test_a_share_whose_server_is_gone_is_left_and_nobody_else_is_sent_after_the_one_who_stands_there(
    tmp_path: Path,
) -> None:
    def body() -> None:
        with FarFolder(tmp_path, patience_s=0.7) as far, pytest.raises(HangsError) as hangs:
            far.names("*")
        assert not faults(hangs.value.words)
        assert str(tmp_path) in hangs.value.words.en
        stands = _LEFT_BEHIND[tmp_path]
        while state_of(stands.pid) == "R":  # the signal is still on its way
            time.sleep(0.01)
        assert state_of(stands.pid) == "D", "it was killed and is still there"
        with FarFolder(tmp_path, patience_s=3600.0) as far, pytest.raises(HangsError):
            far.names("*")  # at once: for an hour would be noticed
        assert _LEFT_BEHIND.pop(tmp_path) is stands
        with FarFolder(tmp_path, patience_s=3600.0) as far, pytest.raises(HangsError):
            far.names("*")  # as another process, that of the next night, finds it
        _LEFT_BEHIND[tmp_path] = stands

    beside_a_hung_share(tmp_path, body)
    with FarFolder(tmp_path) as far:  # the share is back
        assert far.names("*") == []


def test_one_that_stops_in_the_middle_of_a_file_gives_it_no_name(tmp_path: Path) -> None:
    with FarFolder(tmp_path, patience_s=0.5) as far:
        far.begin(".half")
        assert far._hand is not None
        os.kill(far._hand.pid, signal.SIGSTOP)
        with pytest.raises(HangsError):
            far.write(SEALED)
    _LEFT_BEHIND[tmp_path].wait(10)
    assert [path.name for path in tmp_path.iterdir()] == [".half"]
