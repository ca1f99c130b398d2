"""Bundles to hand over, made beside the brain when somebody's wish for one is on record.

Each is made by `edge-agent export`, a process behind everything else: the unit's key signs it and no page ever
holds that key. The pages read `<state>/bundles/<name>.zip`, or `<name>.failed` with the reason.
"""

import contextlib
import logging
import os
import re
import subprocess
import sys
import threading
from collections import deque
from datetime import UTC, datetime

from edge_agent.decide.asking.film import BUNDLE
from edge_agent.decide.state import Decision
from edge_agent.ops.folders import BUNDLES
from edge_agent.settings.site import Settings

log = logging.getLogger(__name__)

# The event, or from when to when (UTC seconds), and what tells this wish from others.
NAME = re.compile(r"((?P<seq>[0-9]{1,15})|(?P<begins>[0-9]{9,11})to(?P<ends>[0-9]{9,11}))-[a-z0-9]{6,32}")
WITHIN_S = 120.0
LOOK_S = 0.2
MOST_WAITING = 5
MOST_KEPT = 8
BEHIND = 19  # nice(2)
TOO_LONG = f"导出超过 {WITHIN_S:.0f} 秒，已中止\nthe export took more than {WITHIN_S:.0f} s and was ended\n"


class Bundles:
    """A worker of the supervisor."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is made yet."""
        self._site = settings.folder
        self._folder = settings.state_folder / BUNDLES
        self._wanted: deque[str] = deque(maxlen=MOST_WAITING)
        self._woken = threading.Event()

    def beside(self, decision: Decision) -> None:
        """What one step made. Called in the brain's thread: takes it over, and no more."""
        for event in decision.events:
            if event.type == "evidence.exported" and event.data["how"] == BUNDLE:
                self._wanted.append(event.data["file"])
                self._woken.set()

    def run(self, stop: threading.Event) -> None:
        """Make what is wanted until `stop`. Raises OSError where the folder cannot be written."""
        while not stop.is_set():
            if self._woken.wait(LOOK_S):
                self._woken.clear()
                while self._wanted and not stop.is_set():
                    self._make(self._wanted.popleft(), stop)

    def _make(self, name: str, stop: threading.Event) -> None:
        found = NAME.fullmatch(name)
        if found is None:
            log.warning("no bundle has such a name: %r", name)
            return
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        target = self._folder / f"{name}.zip"
        command = ["export", str(self._site), *scope(found), "--into", str(target)]
        with subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, "-m", "edge_agent", *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as child:
            with contextlib.suppress(ProcessLookupError):  # it ended at once
                os.setpriority(os.PRIO_PROCESS, child.pid, BEHIND)
            why = _ended(child, stop)
        if child.returncode != 0:
            log.error("the bundle %s was not made: %s", name, why)
            target.with_suffix(".failed").write_text(why, encoding="utf-8")
        self._make_room()

    def _make_room(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[MOST_KEPT:]:
            path.unlink(missing_ok=True)


def scope(found: "re.Match[str]") -> list[str]:
    """What `edge-agent export` is asked for, by the name of the bundle."""
    if found["seq"]:
        return ["--event", found["seq"]]
    begins, ends = (datetime.fromtimestamp(int(found[name]), UTC).isoformat() for name in ("begins", "ends"))
    return ["--from", begins, "--to", ends]


def _ended(child: "subprocess.Popen[bytes]", stop: threading.Event) -> str:
    """What it said was wrong. One that takes too long, or outlives us, is killed."""
    for _ in range(round(WITHIN_S / LOOK_S)):
        try:
            return child.communicate(timeout=LOOK_S)[1].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            if stop.is_set():
                break
    child.kill()
    return TOO_LONG
