"""Whose device file it is: a number is not enough for a pseudo-terminal, and is for everything else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge_agent.ops.doctor.plug import held_by
from tests.ops.doctor.planted_box import as_root

HOLDER = "import sys; f = open(sys.argv[1], 'r+b', buffering=0); print('open', flush=True); sys.stdin.read()"
# A container's own: it makes pseudo-terminals until it has the number of ours, and holds them.
ELSEWHERE = """
import os, sys
pairs = []
while not pairs or os.ttyname(pairs[-1][1]) != sys.argv[1]:
    pairs.append(os.openpty())
print("open", flush=True)
sys.stdin.read()
"""
ANOTHER_DEVPTS = (
    "mount -t devpts -o newinstance,ptmxmode=0666 devpts /dev/pts && mount --bind /dev/pts/ptmx /dev/ptmx"
)


@contextmanager
def running(command: list[str]) -> Iterator[int]:
    """A program that has said that it has the device open, until the end."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        yield other.pid
        other.communicate()


@pytest.fixture
def ours() -> Iterator[Path]:
    """A pseudo-terminal of this machine that nobody holds but its other end."""
    main, other = os.openpty()
    path = Path(os.ttyname(other))
    os.close(other)
    yield path
    os.close(main)


def test_a_pseudo_terminal_in_another_programs_hands(ours: Path) -> None:
    assert held_by(ours) is None
    with running([sys.executable, "-c", HOLDER, str(ours)]) as number:
        assert str(number) in (held_by(ours) or "")
    assert held_by(ours) is None


def test_the_same_number_in_a_container_is_another_pseudo_terminal(ours: Path) -> None:
    as_root(["unshare", "--mount", "sh", "-c", ANOTHER_DEVPTS])
    inside = f'{ANOTHER_DEVPTS} && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", inside, "sh", sys.executable, "-c", ELSEWHERE, str(ours)]
    with running(command) as number:
        (held,) = {Path(f"/proc/{number}/fd/{fd}").stat().st_rdev for fd in _opened(number, ours)}
        assert held == ours.stat().st_rdev
        assert held_by(ours) is None


def _opened(number: int, path: Path) -> list[str]:
    """The descriptors by which a process has a device of this name open."""
    folder = Path(f"/proc/{number}/fd")
    return [one.name for one in folder.iterdir() if one.readlink() == path]


def test_a_device_of_the_box_is_the_same_under_another_name(tmp_path: Path) -> None:
    """As a container's own /dev has it: by its number alone."""
    twin = tmp_path / "twin"
    as_root(["mknod", str(twin), "c", "1", "7"])  # /dev/full: nobody else's
    try:
        with running([sys.executable, "-c", HOLDER, str(twin)]) as number:
            assert str(number) in (held_by(Path("/dev/full")) or "")
    except PermissionError:
        pytest.skip("devices may not be opened on this file system")
