"""What the office asks of the records (`edge-agent day`, `edge-agent about`): short commands, one at a time."""

from collections.abc import Callable
from subprocess import TimeoutExpired
from threading import Lock

from web_ui.calculations import TOO_LONG, Ran, why
from web_ui.errors import fail

WAIT_S = 12.0  # for whoever asked before


class Office:
    """Runs them. Safe for many threads."""

    def __init__(self, run: Callable[[tuple[str, ...]], Ran]) -> None:
        """`run` runs a command of the agent's."""
        self._run = run
        self._lock = Lock()

    def ask(self, *wish: str) -> bytes:
        """What the command wrote; fails with its own words, or E-BUSY where others still wait."""
        if not self._lock.acquire(timeout=WAIT_S):
            fail("E-BUSY")
        try:
            ran = self._run(wish)
        except TimeoutExpired:
            fail("E-OFFICE", detail=TOO_LONG)
        finally:
            self._lock.release()
        if ran.status != 0:
            fail("E-OFFICE", detail=why(ran.err))
        return ran.out
