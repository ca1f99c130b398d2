"""Processes as the kernel sees them: who descends from whom, and when they end."""

import os
import time
from contextlib import suppress
from pathlib import Path

from edge_agent.field.ready import ready


def descendants(pid: int) -> dict[int, str]:
    """Every process below `pid`, with its command line."""
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # it ended while we looked
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                commands[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
    found: dict[int, str] = {}
    below = {pid}
    while below:
        below = {child for child, parent in parents.items() if parent in below and child not in found}
        found.update({child: commands[child] for child in below})
    return found


class Ends:
    """Watches processes by descriptors, so that a process id that is used again deceives nobody."""

    def __init__(self, pids: dict[int, str]) -> None:
        self._watched = {os.pidfd_open(pid): command for pid, command in pids.items()}

    def left(self, within_s: float) -> list[str]:
        """Commands of those that have not ended after `within_s`."""
        deadline_s = time.monotonic() + within_s
        alive = dict(self._watched)
        while alive and (left_s := deadline_s - time.monotonic()) > 0:
            ended, _ = ready(alive, (), left_s)
            for descriptor in ended:
                del alive[descriptor]
        for descriptor in self._watched:
            os.close(descriptor)
        return list(alive.values())
