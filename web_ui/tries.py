"""A device looked at before it is entered (`edge-agent probe`, `camera find`): processes of their own.

The pages themselves sense nothing. One at a time, bounded in time; what is found is told to whoever asked alone.
What a running agent holds is left alone (edge_agent/ops/probe/beside.py).
"""

import logging
import secrets
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock, Thread

import msgspec
from msgspec.structs import replace

from edge_agent.domain.words import Words
from edge_agent.tell.live_setup import CamerasFound, Probed, StreamSeen
from web_ui.errors import fail
from web_ui.setup_shapes import Try

log = logging.getLogger(__name__)

WITHIN_S = 60.0  # every profile at a unit that is slow to answer; a small board takes its time to start it
MOST_KEPT = 12
LARGEST_BYTES = 1_000_000
TOO_LONG = Words(f"探查超过 {WITHIN_S:.0f} 秒，已中止", f"the look took more than {WITHIN_S:.0f} s and was ended")
NO_ANSWER = Words("探查没有给出结果，请查看页面服务的日志", "it gave no result: see the log of the pages' service")
KINDS = {"probed": Probed, "cameras": CamerasFound, "stream": StreamSeen}

Run = Callable[[tuple[str, ...], bytes], bytes]


def run(command: tuple[str, ...], given: bytes) -> bytes:
    """What a command of the agent's writes; `given` is its standard input. Raises subprocess.TimeoutExpired."""
    return subprocess.run(  # noqa: S603 (our own program; the shapes of what was asked for let no option through)
        [sys.executable, "-m", "edge_agent", *command],
        input=given,
        stdout=subprocess.PIPE,
        timeout=WITHIN_S,
        check=False,
    ).stdout


class Tries:
    """What was asked for, newest last. Safe for many threads."""

    def __init__(self, run: Run) -> None:
        """Nobody has asked yet."""
        self._run = run
        self._lock = Lock()
        self._all: OrderedDict[str, tuple[str, Try]] = OrderedDict()
        self._busy = False

    def find(self, id_: str, person: str) -> Try | None:
        """One of this person's; None: never, or it is no longer kept."""
        with self._lock:
            whose, found = self._all.get(id_, ("", None))
            return found if whose == person else None

    def begin(self, kind: str, command: tuple[str, ...], person: str, given: bytes = b"") -> Try:
        """Look, unless another look is under way: then E-BUSY."""
        with self._lock:
            if self._busy:
                fail("E-BUSY")
            self._busy = True
            told = Try(id=secrets.token_urlsafe(12), running=True)
            self._all[told.id] = person, told
            while len(self._all) > MOST_KEPT:
                self._all.popitem(last=False)
        Thread(target=self._work, args=(told, kind, command, given), name="try", daemon=True).start()
        return told

    def _work(self, told: Try, kind: str, command: tuple[str, ...], given: bytes) -> None:
        done = self._tried(told, kind, command, given)
        with self._lock:
            self._busy = False
            whose, _ = self._all[told.id]
            self._all[told.id] = whose, done

    def _tried(self, told: Try, kind: str, command: tuple[str, ...], given: bytes) -> Try:
        try:
            out = self._run(command, given)
            if len(out) > LARGEST_BYTES:
                raise ValueError("too much for a page")  # noqa: TRY301 (told as any other)
            return replace(told, running=False, **{kind: msgspec.json.decode(out, type=KINDS[kind])})
        except subprocess.TimeoutExpired:
            return replace(told, running=False, failed=TOO_LONG)
        except (OSError, ValueError, msgspec.MsgspecError):
            log.exception("a look gave nothing that can be read")
            return replace(told, running=False, failed=NO_ANSWER)
