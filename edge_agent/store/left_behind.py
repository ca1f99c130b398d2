"""Whether somebody already stands in a folder that hangs: by a name that far_hand.py gives itself.

Command lines are not asked: to read that of a process in state D can hang just as well. Its short name cannot.
"""

import hashlib
import os
from pathlib import Path

PROCESSES = Path("/proc")
KILLED = 1 << 8  # SIGKILL among a process's pending signals, as proc(5) writes them


def name_of(folder: str | os.PathLike[str]) -> str:
    """At most 15 bytes (TASK_COMM_LEN)."""
    return f"far-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]}"


def named(folder: str | os.PathLike[str]) -> None:
    """This process is called so from now on, where the system lets it."""
    try:
        (PROCESSES / "self" / "comm").write_text(name_of(folder), "ascii")
    except OSError:  # only the number of those who are left behind depends on it
        return


def stands(folder: str | os.PathLike[str]) -> bool:
    """Whether a process of that name was killed and is there all the same, whoever left it, and in which night."""
    return any(_is_left(one, name_of(folder)) for one in PROCESSES.glob("[0-9]*"))


def _is_left(process: Path, name: str) -> bool:
    try:
        if (process / "comm").read_text("utf-8", "replace").strip() != name:
            return False
        lines = (process / "status").read_text("utf-8", "replace").splitlines()
        said = dict(line.split(":", 1) for line in lines)
    except (OSError, ValueError):  # it ended meanwhile
        return False
    pending = int(said["SigPnd"], 16) | int(said["ShdPnd"], 16)
    return said["State"].split()[0] == "D" and bool(pending & KILLED)
