"""The doctor's look at the field (`edge-agent doctor SITE --json`), as a process of its own: one at a time.

The pages themselves sense nothing. Beside a running agent the doctor reads the agent's own word and never disturbs
it; where none runs, it asks the devices, which is when a technician needs it most.
"""

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread

import msgspec

from edge_agent.domain.words import Words
from web_ui.shapes_looks import Finding, Look, Looked

log = logging.getLogger(__name__)

# The doctor gives up what hangs after 10 s; a small board takes its time to start it.
WITHIN_S = 60.0
NO_ANSWER = Words(
    "诊断没有给出结果，请查看页面服务的日志", "the look gave no result: see the log of the pages' service"
)
TOO_LONG = Words(f"诊断超过 {WITHIN_S:.0f} 秒，已中止", f"the look took more than {WITHIN_S:.0f} s and was ended")


def doctor(site: Path) -> Callable[[], bytes]:
    """A look at this site: what the doctor writes to its standard output."""
    command = [sys.executable, "-m", "edge_agent", "doctor", str(site), "--json"]
    return lambda: (
        subprocess.run(  # noqa: S603 (our own program, with the folder that this service was given)
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=WITHIN_S, check=False
        ).stdout
    )


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """What the doctor writes."""

    findings: tuple[Finding, ...]


class Looks:
    """Remembers the last look, and begins the next one. Safe for many threads."""

    def __init__(self, look: Callable[[], bytes], utc: Callable[[], float]) -> None:
        """Nobody has looked yet."""
        self._look, self._utc = look, utc
        self._lock = Lock()
        self._running = False
        self._last: Looked | None = None

    @property
    def now(self) -> Look:
        """The last look, and whether the next one is under way."""
        with self._lock:
            return Look(running=self._running, last=self._last)

    def begin(self) -> Look:
        """Look anew, unless that is under way already."""
        with self._lock:
            begins, self._running = not self._running, True
        if begins:
            Thread(target=self._run, name="look", daemon=True).start()
        return self.now

    def _run(self) -> None:
        began_utc = self._utc()
        try:
            last = Looked(at_utc=began_utc, findings=msgspec.json.decode(self._look(), type=_Said).findings)
        except subprocess.TimeoutExpired:
            last = Looked(at_utc=began_utc, failed=TOO_LONG)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            log.exception("the look at the field gave nothing that can be read")
            last = Looked(at_utc=began_utc, failed=NO_ANSWER)
        with self._lock:
            self._running, self._last = False, last
