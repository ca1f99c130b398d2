"""The full look at the records, once a week: every page, every row of the chain. Behind everything else.

A start looks at the pages and at the chain's end, which is quick; this finds what lies still. It is a process of
its own (`python -m edge_agent.ops.integrity FILE`, nice 19), never begun while people are at work, unless it is
overdue by as much again. Records that do not hold are moved aside by the start that follows at once.
"""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.clock import Clock
from edge_agent.domain.words import Words
from edge_agent.ops.folders import DATABASE
from edge_agent.store.chain import verify
from edge_agent.store.connect import open_reader
from edge_agent.store.errors import DATABASE_ERRORS, StoreError, StoreFault, from_database
from edge_agent.store.folder import put
from edge_agent.store.load import audit_rows, chain_head

log = logging.getLogger(__name__)

NAME = "integrity.json"
WEEK_S = 7 * 86_400.0
OVERDUE_S = 2 * WEEK_S  # then it is done beside the work: the process is the last in every queue
LOOK_S = 60.0
ENDS_S = 0.5
BEHIND = 19  # nice(2)
HOLDS, DOES_NOT_HOLD, NOT_KNOWN = 0, 1, 69


class Looked(Struct, frozen=True, kw_only=True):
    """The last full look: when it ended (UTC), and how many rows held."""

    utc: float
    rows: int = 0


class Integrity:
    """A worker of the supervisor. `damaged` is told what does not hold; it comes back and the look goes on."""

    def __init__(
        self, state_folder: Path, clock: Clock, busy: Callable[[], bool], damaged: Callable[[Words], object]
    ) -> None:
        """`busy`: whether anybody is at work."""
        self._records, self._kept = state_folder / DATABASE, state_folder / NAME
        self._clock, self._busy, self._damaged = clock, busy, damaged

    def run(self, stop: threading.Event) -> None:
        """Look now and then whether it is time. Raises OSError where the disk refuses the note of it."""
        while not stop.wait(LOOK_S):
            self.look(stop)

    def look(self, stop: threading.Event) -> None:
        """A full look, if one is due. Without a date that can be trusted nobody knows when the last one was."""
        instant = self._clock.instant()
        if not instant.trusted:
            return
        last = looked(self._kept)
        if last is None:  # a new box: its start has looked at all that there is
            self._note(Looked(utc=instant.utc))
            return
        age_s = instant.utc - last.utc
        if age_s < WEEK_S or (self._busy() and age_s < OVERDUE_S):
            return
        code, said = self._child(stop)
        if code == DOES_NOT_HOLD:
            log.critical("the full look at the records found: %s", said)
            self._damaged(Words(f"全面检查发现记录损坏：{said}", f"the full look at the records found: {said}"))
        elif code == HOLDS:
            log.info("the full look at the records: %s rows hold", said)
            self._note(Looked(utc=self._clock.instant().utc, rows=int(said)))
        elif not stop.is_set():
            log.error("the records could not be looked at: %s", said)

    def _child(self, stop: threading.Event) -> tuple[int, str]:
        with subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, "-m", "edge_agent.ops.integrity", str(self._records)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as child:
            with contextlib.suppress(ProcessLookupError):  # it ended at once
                os.setpriority(os.PRIO_PROCESS, child.pid, BEHIND)
            while True:
                try:
                    said = child.communicate(timeout=ENDS_S)[0].decode("utf-8", "replace").strip()
                except subprocess.TimeoutExpired:
                    if not stop.is_set():
                        continue
                    child.kill()
                    return NOT_KNOWN, "ended"
                return child.returncode, said

    def _note(self, now: Looked) -> None:
        put(self._kept, msgspec.json.encode(now))


def looked(path: Path) -> Looked | None:
    """The last full look; None where none is on record."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Looked)
    except (OSError, msgspec.MsgspecError):
        return None


def whole(path: Path) -> tuple[int, str]:
    """Look at every page and every row: HOLDS and how many, DOES_NOT_HOLD and what, NOT_KNOWN and why."""
    try:
        database = open_reader(path)
    except StoreError as fault:
        return _judged(fault)
    try:
        answer = str(database.execute_sql("PRAGMA integrity_check(1)").fetchone()[0])
        if answer != "ok":
            return DOES_NOT_HOLD, answer
        broken = verify(audit_rows(database))
        if broken is not None:
            return DOES_NOT_HOLD, f"row {broken.n}: {broken.why}"
        return HOLDS, str(chain_head(database)[0])
    except DATABASE_ERRORS as trouble:
        return _judged(from_database(trouble, path))
    finally:
        database.close()


def _judged(fault: StoreError) -> tuple[int, str]:
    damaged = fault.fault in {StoreFault.CORRUPT, StoreFault.IO}
    return (DOES_NOT_HOLD if damaged else NOT_KNOWN), fault.detail


def main() -> int:
    """Print what was found; the exit code says what it means."""
    code, said = whole(Path(sys.argv[1]))
    sys.stdout.write(f"{said}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
