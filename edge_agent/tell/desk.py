"""The desk: where people's requests arrive, over a Unix socket; one JSON line in, one JSON line out.

Who asks is proved here, in the desk's threads (argon2 takes a tenth of a second and more, which the brain
must not spend); a PIN or badge goes no further. The brain decides and answers in words. Anyone known
may stop work (docs/domain.md 3): a stop waits for no proof and is recorded as unproved.
"""

import contextlib
import itertools
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from edge_agent.clock import Clock
from edge_agent.domain.person import Person, Proof
from edge_agent.domain.request import Answer, Ask, Rejected, Request
from edge_agent.domain.words import Words
from edge_agent.tell.desk_form import LARGEST_LINE, Form, read_form
from edge_agent.tell.proof import Verifier, Wrong

SOCKET = "requests.sock"
MOST_VISITORS = 16
LINE_S = 2.0  # for a visitor to say the whole line
ANSWER_S = 5.0  # for the brain, which answers within a tick (0.2 s)
ASK_S = 15.0  # for the whole visit: others may be in the queue of the verifier
STOP_LOOK_S = 0.2
RECORD_EVERY_S = 1.0  # turned-away visitors are recorded at most this often: they must not fill the disk

TOO_LONG = Words(
    "请求过长或不完整", f"the request is too long, or not one whole line of JSON (at most {LARGEST_LINE} bytes)"
)
BUSY = Words("请求过多，请稍后再试", "too many requests at once: try again in a moment")
NO_ANSWER = Words("没有答复，请求已撤回", "no answer from the brain: the request was withdrawn; look at the board")
STOP_UNSURE = Words("没有答复：请立即按下现场急停", "no answer from the brain: press the stop button on site now")


@dataclass(frozen=True)
class Behind:
    """What stands behind the desk. All are called from the desk's threads."""

    persons: Callable[[], Mapping[str, Person]]  # everybody known now, by id
    submit: Callable[[Request], "Future[Answer]"]  # the brain's inbox
    reject: Callable[[Rejected], object]  # for the record
    remember: Callable[[str, int], None]  # wrong tries in a row by person id, to be kept over a restart


class Desk:
    """Listens on `<runtime>/requests.sock`, mode 0660. `run` belongs to a supervised thread."""

    def __init__(
        self, path: Path, clock: Clock, boot: str, behind: Behind, wrong: Mapping[str, int] | None = None
    ) -> None:
        """`wrong` is what `behind.remember` was told before the restart. Nothing listens before `run`."""
        self._path = path
        self._clock = clock
        self._boot = boot
        self._behind = behind
        self._verifier = Verifier(clock.monotonic, wrong or {}, behind.remember)
        self._numbers = itertools.count(1)
        self._seats = threading.BoundedSemaphore(MOST_VISITORS)
        self._recorded_s = -RECORD_EVERY_S

    def run(self, stop: threading.Event) -> None:
        """Serve until `stop`. Raises OSError when the socket cannot be made."""
        with _listen(self._path) as door:
            door.settimeout(STOP_LOOK_S)
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    self._let_in(door.accept()[0])
        self._path.unlink(missing_ok=True)

    def _let_in(self, visitor: socket.socket) -> None:
        """One thread per visitor; when every seat is taken, say so at once."""
        if not self._seats.acquire(blocking=False):
            with visitor:
                _say(visitor, _no(BUSY))
            return
        threading.Thread(target=self._attend, args=(visitor,), name="desk visitor", daemon=True).start()

    def _attend(self, visitor: socket.socket) -> None:
        try:
            with visitor:
                line = _read_line(visitor, LINE_S)
                _say(visitor, _no(TOO_LONG) if line is None else self._answer(line))
        finally:
            self._seats.release()

    def _answer(self, line: bytes) -> Answer:
        """What one line gets: the brain's answer, or why it never got that far."""
        form = read_form(line)
        if isinstance(form, Words):
            return _no(form)
        person = self._behind.persons().get(form.person)
        if person is None:
            words = Words(f"没有编号为 {form.person} 的人员", f"nobody here has the id {form.person}")
            return self._turned_away(form, words)
        if form.ask is Ask.STOP:
            return self._submit(form, Proof.NONE)
        try:
            proof = self._verifier.prove(person, form.pin, form.badge)
        except Wrong as wrong:
            return self._turned_away(form, wrong.words) if wrong.counts else _no(wrong.words)
        return self._submit(form, proof)

    def _submit(self, form: Form, proof: Proof) -> Answer:
        """To the brain and back. A request that nobody waits for any more is withdrawn, a stop never."""
        request = Request(
            id=self._next_id(),
            at_s=self._clock.monotonic(),
            ask=form.ask,
            person=form.person,
            proof=proof,
            permit=form.permit,
            alarm=form.alarm,
            samples=form.taken,
            people_inside=form.people_inside,
            about=form.about,
            tools=form.tools,
            rule=form.rule,
            for_s=form.for_s,
            drill=form.drill,
            reason=form.reason,
        )
        future = self._behind.submit(request)
        try:
            return future.result(ANSWER_S)
        except TimeoutError:
            if form.ask is Ask.STOP:
                return _no(STOP_UNSURE, request.id)
            if future.cancel():
                return _no(NO_ANSWER, request.id)
            return future.result(ANSWER_S)  # it was being answered at that very moment

    def _turned_away(self, form: Form, words: Words) -> Answer:
        now_s = self._clock.monotonic()
        if now_s - self._recorded_s >= RECORD_EVERY_S:
            self._recorded_s = now_s
            rejected = Rejected(id=self._next_id(), at_s=now_s, origin="desk", reason=words, person=form.person)
            self._behind.reject(rejected)
        return _no(words)

    def _next_id(self) -> str:
        return f"desk-{self._boot[:8]}-{next(self._numbers)}"


def ask(path: Path, request: Mapping[str, Any]) -> dict[str, Any]:
    """File one request with the desk at `path` and wait for the answer (for the command line and the pages).

    The answer is `{"request", "accepted", "reasons": [{"zh", "en"}]}`; so is "nobody is there".
    """
    said = msgspec.json.encode(request)
    if len(said) > LARGEST_LINE:
        return _plain(_no(TOO_LONG))
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(path))
            line.sendall(said + b"\n")
            answer = _read_line(line, ASK_S)
    except OSError as fault:
        return _plain(_no(_nobody(path, fault)))
    if answer is None:
        words = Words("没有完整的答复", "no answer: the agent hung up or hangs; is it still running?")
        return _plain(_no(words))
    return _plain(msgspec.json.decode(answer, type=Answer))


def _listen(path: Path) -> socket.socket:
    """The socket, from the first moment for owner and group only; a left-over of an earlier run is replaced."""
    door = socket.socket(socket.AF_UNIX)
    try:
        path.unlink(missing_ok=True)
        os.fchmod(door.fileno(), 0o660)  # Linux gives the file this mode, less the umask
        door.bind(str(path))
        path.chmod(0o660)
        door.listen(MOST_VISITORS)
    except OSError:
        door.close()
        raise
    return door


def _read_line(line: socket.socket, within_s: float) -> bytes | None:
    """One whole line; None if it is too long, too slow as a whole, or never ends."""
    heard, until_s = bytearray(), time.monotonic() + within_s
    with contextlib.suppress(OSError):
        while len(heard) <= LARGEST_LINE:
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            line.settimeout(left_s)
            piece = line.recv(4096)
            heard += piece
            if b"\n" in piece:
                whole = bytes(heard.partition(b"\n")[0])
                return whole if len(whole) <= LARGEST_LINE else None
            if not piece:
                return None
    return None


def _say(visitor: socket.socket, answer: Answer) -> None:
    """Answer; who asked may have left."""
    with contextlib.suppress(OSError):
        visitor.sendall(msgspec.json.encode(answer) + b"\n")


def _no(words: Words, request: str = "") -> Answer:
    return Answer(request=request, accepted=False, reasons=(words,))


def _plain(answer: Answer) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
    return plain


def _nobody(path: Path, fault: OSError) -> Words:
    if isinstance(fault, PermissionError):
        return Words(f"无权使用 {path}", f"{path}: not allowed; join the group of the agent's user")
    return Words(f"{path}：程序没有运行", f"{path}: nobody answers; is the agent running? ({fault.strerror})")
