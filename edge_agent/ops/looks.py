"""Devices looked at before they are entered (`edge-agent probe`, `camera find`, `camera login`): one at a time.

Asked for at the desk, signed, and on record before anything is asked. Each is a process of its own behind
everything else, ended after a minute, with the agent's groups: it may open a serial port, but never a line that
the box reads (probe/beside.py). The pages read what came of it in `<runtime>/tries`; a password stands in no file,
no record and no list of processes. Which log-in a camera took is kept in memory, as a digest, for 15 minutes.
"""

import contextlib
import hashlib
import hmac
import logging
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.request import Answer
from edge_agent.domain.words import Words
from edge_agent.ops.camera_login import Wish
from edge_agent.ops.folders import TRIES
from edge_agent.settings.camera_logins import Login
from edge_agent.settings.site import Settings
from edge_agent.store.folder import put_unsynced
from edge_agent.tell.desk_door import no
from edge_agent.tell.desk_look import AnyLook, CamerasLook, DetectorLook, StreamLook
from edge_agent.tell.live_setup import CamerasFound, Probed, StreamSeen, Try

log = logging.getLogger(__name__)

WITHIN_S = 60.0  # every profile at a unit that is slow to answer; a small board takes its time to start it
LOOK_S = 0.2
STREAM_S = "4"
COUNTS_S = 900.0  # a log-in that the camera took
MOST_KEPT = 12
LARGEST_BYTES = 1_000_000
BEHIND = 19  # nice(2)
BUSY = Words("正在探查另一台设备，请稍候", "another device is being looked at: wait for its end")
TOO_LONG = Words(f"探查超过 {WITHIN_S:.0f} 秒，已中止", f"the look took more than {WITHIN_S:.0f} s and was ended")
NO_ANSWER = Words("探查没有给出结果，请查看程序日志", "it gave no result: see the agent's log")
KINDS = {"probed": Probed, "cameras": CamerasFound, "stream": StreamSeen}


class Errand(Struct, frozen=True):
    """What is run, what it is told, and which field of its Try its answer is."""

    told: Try
    kind: str
    command: tuple[str, ...]
    given: bytes
    login: bytes = b""  # the digest of the log-in that it tries

    def __repr__(self) -> str:
        """Without what it is told."""
        return f"Errand({self.kind})"


class DeviceLooks:
    """A worker of the supervisor; `take` and `took` are called from the desk's threads."""

    def __init__(self, settings: Settings, monotonic: Callable[[], float]) -> None:
        """Nobody has asked yet."""
        self._site, self._folder = settings.folder, settings.runtime_folder / TRIES
        self._monotonic = monotonic
        self._key = secrets.token_bytes(32)
        self._lock, self._woken = threading.Lock(), threading.Event()
        self._errand: Errand | None = None
        self._busy = False
        self._good: dict[bytes, float] = {}
        shutil.rmtree(self._folder, ignore_errors=True)  # of the agent before: nobody finishes those

    def take(self, look: AnyLook | None, person: str, ask: Callable[[], Answer]) -> Answer:
        """Begin it once the brain has put it on record; `ask` asks it."""
        if look is None:
            return ask()
        with self._lock:
            if self._busy:
                return no(BUSY)
            self._busy = True
        began = False
        try:
            answer = ask()
            if answer.accepted:
                errand = self._of(look, Try(id=look.token, person=person, running=True))
                self._write(errand.told)
                self._errand, began = errand, True
                self._woken.set()
        except OSError as fault:
            return no(Words(f"{fault.filename}：{fault.strerror}", f"{fault.filename}: {fault.strerror}"))
        finally:
            if not began:
                self._busy = False
        return answer

    def took(self, url: str, login: Login) -> bool:
        """Whether the camera has lately let somebody in with this."""
        at_s = self._good.get(self._digest(url, login.user, login.password))
        return at_s is not None and self._monotonic() - at_s < COUNTS_S

    def run(self, stop: threading.Event) -> None:
        """Look at what is asked for until `stop`. Raises OSError where the folder cannot be written."""
        while not stop.is_set():
            if not self._woken.wait(LOOK_S):
                continue
            self._woken.clear()
            errand, self._errand = self._errand, None
            try:
                if errand is not None:
                    self._write(self._tried(errand, stop))
            finally:
                self._busy = False

    def _of(self, look: AnyLook, told: Try) -> Errand:
        match look:
            case DetectorLook():
                options = tuple(f"--{name}={value}" for name, value in _options(look) if value)
                where = ("probe", look.where, "--unit", str(look.unit), "--json", "--beside", str(self._site))
                return Errand(told, "probed", where + options, b"")
            case CamerasLook():
                more = () if look.user is None else ("--user", look.user)
                given = (look.password or "") if look.user else ""
                return Errand(told, "cameras", ("camera", "find", "--json", *more), given.encode() + b"\n")
            case StreamLook(user=None):
                command = ("camera", "probe", "-", "--seconds", STREAM_S, "--json")
                return Errand(told, "stream", command, look.url.encode() + b"\n")
            case StreamLook():
                wish = Wish(url=look.url, user=look.user or "", password=look.password or "", service=look.service)
                digest = self._digest(wish.url, wish.user, wish.password)
                return Errand(told, "stream", ("camera", "login"), msgspec.json.encode(wish) + b"\n", digest)

    def _digest(self, *parts: str) -> bytes:
        return hmac.new(self._key, msgspec.json.encode(parts), hashlib.sha256).digest()

    def _tried(self, errand: Errand, stop: threading.Event) -> Try:
        done = replace(errand.told, running=False)
        try:
            out = _run(errand, stop)
            if len(out) > LARGEST_BYTES:
                raise ValueError("too much for a page")  # noqa: TRY301 (told as any other)
            seen = msgspec.json.decode(out, type=KINDS[errand.kind])
        except TimeoutError:
            return replace(done, failed=TOO_LONG)
        except (OSError, ValueError, msgspec.MsgspecError):
            log.exception("a look gave nothing that can be read")
            return replace(done, failed=NO_ANSWER)
        if errand.login and isinstance(seen, StreamSeen) and seen.login in {"good", "unproven"}:
            self._good = {errand.login: self._monotonic()}
        return replace(done, **{errand.kind: seen})

    def _write(self, told: Try) -> None:
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        put_unsynced(self._folder / f"{told.id}.json", msgspec.json.encode(told), 0o640)
        old = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in old[MOST_KEPT:]:
            path.unlink(missing_ok=True)


def _options(look: DetectorLook) -> tuple[tuple[str, object], ...]:
    serial = look.where.startswith("/dev/")
    return (
        ("profile", look.profile),
        ("gas", look.gas),
        ("channel", look.channel),
        ("range", look.range),
        ("in-unit", look.in_unit),
        ("baud", look.baud if serial else None),
        ("parity", look.parity if serial else None),
        ("stop-bits", look.stop_bits if serial else None),
    )


def _run(errand: Errand, stop: threading.Event) -> bytes:
    """What our own program writes. One that takes too long, or outlives us, is killed. Raises TimeoutError."""
    given: bytes | None = errand.given
    with subprocess.Popen(  # noqa: S603 (our own program; the shapes of what was asked for let no option through)
        [sys.executable, "-m", "edge_agent", *errand.command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        with contextlib.suppress(OSError):  # it ended at once
            os.setpriority(os.PRIO_PROCESS, child.pid, BEHIND)
        for _ in range(round(WITHIN_S / LOOK_S)):
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.communicate(given, timeout=LOOK_S)[0]
            given = None
            if stop.is_set():
                break
        child.kill()
        child.communicate()
    raise TimeoutError
