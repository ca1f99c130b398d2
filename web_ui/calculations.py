"""The past looked at anew (`edge-agent incident`, `what-if`, `verify`), in processes of their own.

One at a time and behind everything else (each process lowers its own priority): whatever people ask of the past,
the brain, the cameras and the pages come first. What was calculated is kept for a while and handed out again.
"""

import logging
import secrets
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.words import Words
from edge_agent.tell.live_incident import Incident, WhatIf
from web_ui.errors import fail
from web_ui.shapes_past import Calculation, Verified

log = logging.getLogger(__name__)

WITHIN_S = 240.0  # eight hours take less than a minute on two idle cores; a small board is slower
MOST_WAITING = 3
MOST_KEPT = 6
LARGEST_BYTES = 16_000_000
TOO_LONG = Words(
    f"推算超过 {WITHIN_S:.0f} 秒，已中止；请缩短时间段",
    f"it took more than {WITHIN_S:.0f} s and was ended: ask for a shorter time",
)
NO_ANSWER = Words("推算没有给出结果，请查看页面服务的日志", "it gave no result: see the log of the pages' service")

T = TypeVar("T")
HOLDS = {0: True, 1: False}  # of `edge-agent verify`, by its exit code


class Ran(Struct, frozen=True):
    """How a process ended, and what it said."""

    status: int
    out: bytes
    err: bytes


def agent(site: Path) -> Callable[[tuple[str, ...]], Ran]:
    """Runs a command of the agent's on this site; raises subprocess.TimeoutExpired."""

    def ran(wish: tuple[str, ...]) -> Ran:
        command, *more = wish
        done = subprocess.run(  # noqa: S603 (our own program; what was asked for stands behind fixed options)
            [sys.executable, "-m", "edge_agent", command, str(site), *more],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WITHIN_S,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return ran


class Calculations:
    """What was asked for, newest last. Safe for many threads."""

    def __init__(self, run: Callable[[tuple[str, ...]], Ran]) -> None:
        """Nobody has asked yet."""
        self._run = run
        self._lock = Lock()
        self._all: OrderedDict[str, tuple[tuple[str, ...], Calculation]] = OrderedDict()
        self._waiting: list[str] = []
        self._busy = False

    def find(self, id_: str) -> Calculation | None:
        """One that was asked for; None: never, or it is no longer kept."""
        with self._lock:
            return self._all[id_][1] if id_ in self._all else None

    def begin(self, wish: tuple[str, ...]) -> Calculation:
        """Calculate this, unless it is under way or kept. E-BUSY where too many wait."""
        with self._lock:
            fresh = (told for asked, told in self._all.values() if asked == wish and not told.failed)
            same = next((told for told in fresh if told.running or not told.verified), None)
            if same is not None:
                return same
            if len(self._waiting) >= MOST_WAITING:
                fail("E-BUSY")
            told = Calculation(id=secrets.token_urlsafe(12), running=True)
            self._all[told.id] = wish, told
            self._waiting.append(told.id)
            begins, self._busy = not self._busy, True
        if begins:
            Thread(target=self._work, name="calculation", daemon=True).start()
        return told

    def _work(self) -> None:
        while (asked := self._next()) is not None:
            id_, wish, told = asked
            done = self._calculated(wish, told)
            with self._lock:
                self._all[id_] = wish, done
                over = [one for one, (_, kept) in self._all.items() if not kept.running]
                for old in over[: max(0, len(over) - MOST_KEPT)]:
                    del self._all[old]

    def _next(self) -> tuple[str, tuple[str, ...], Calculation] | None:
        with self._lock:
            if not self._waiting:
                self._busy = False
                return None
            id_ = self._waiting.pop(0)
            return id_, *self._all[id_]

    def _calculated(self, wish: tuple[str, ...], told: Calculation) -> Calculation:
        try:
            ran = self._run(wish)
            if wish[0] == "verify" and ran.status in HOLDS:
                return replace(told, running=False, verified=_verified(ran))
            if ran.status != 0:
                return replace(told, running=False, failed=why(ran.err))
            if wish[0] == "incident":
                return replace(told, running=False, incident=_read(ran.out, Incident))
            return replace(told, running=False, what_if=_read(ran.out, WhatIf))
        except subprocess.TimeoutExpired:
            return replace(told, running=False, failed=TOO_LONG)
        except (OSError, ValueError, msgspec.MsgspecError):
            log.exception("a calculation gave nothing that can be read")
            return replace(told, running=False, failed=NO_ANSWER)


def _verified(ran: Ran) -> Verified:
    """Each finding stands on two lines: Chinese, and English below it."""
    lines = [line.strip() for line in ran.out.decode("utf-8", "replace").splitlines() if line.strip()]
    said = tuple(Words(zh, en) for zh, en in zip(lines[::2], lines[1::2], strict=False))
    return Verified(holds=HOLDS[ran.status], said=said)


def _read(out: bytes, kind: type[T]) -> T:
    if len(out) > LARGEST_BYTES:
        raise ValueError("too much for a page")
    return msgspec.json.decode(out, type=kind)


def why(err: bytes) -> Words:
    """The command's own words: Chinese, and English below it. Anything else is no sentence for people."""
    lines = err.decode("utf-8", "replace").strip().splitlines()
    if len(lines) != 2:  # noqa: PLR2004 (zh and en)
        log.error("a calculation failed: %s", err.decode("utf-8", "replace")[-2000:])
        return NO_ANSWER
    return Words(*lines)
