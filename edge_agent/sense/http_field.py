"""Positions that come by HTTP: phones (OsmAnd, Traccar Client) and a Traccar server that forwards. A Source.

One thread serves everybody, so a hostile caller must not hold it: sockets never block, a request is whole within
seconds or is dropped, nothing is read beyond the longest message, and the connection that has been open longest
gives way to the newest. Who calls without the token is told nothing, and changes nothing.
"""

import logging
import selectors
import socket
from collections.abc import Mapping
from contextlib import closing
from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path
from threading import Event as StopFlag
from typing import Self
from urllib.parse import urlsplit

from edge_agent.clock import Clock
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import Words, WordsError
from edge_agent.field import system_words
from edge_agent.sense.http_request import Caller, Gone, Refused, Request
from edge_agent.sense.wearables.family import LONGEST_MESSAGE, Told
from edge_agent.sense.wearables.mapped import Mapped
from edge_agent.sense.wearables.memory import TagBook
from edge_agent.settings.site_told import HttpTable

log = logging.getLogger(__name__)

FIELD = "field_http"  # under this name the worker speaks about itself
LOOK_S = 0.1
RETRY_S = 2.0
QUIET_S = 30.0  # nobody has sent anything for so long: told, and told again as often
REQUEST_S = 5.0  # from the connection to the last byte of its request
MOST_OPEN = 64
NO_TOKEN = Words("令牌文件为空", "the token file is empty")


class HttpField:
    """A small receiver at a configured address: `POST /<profile>`, `GET /<profile>/<token>?id=...&lat=...`."""

    kind = "http_field"

    def __init__(
        self,
        table: HttpTable,
        families: Mapping[str, Mapped],
        clock: Clock,
        token_file: Path,
        quiet_s: float = QUIET_S,
    ) -> None:
        """`families` by profile. Nothing listens until `run`."""
        self._table = table
        self._families = dict(families)
        self._clock = clock
        self._token_file = token_file
        self._quiet_s = quiet_s
        self._book = TagBook()
        self._fine = False  # whether what was said last of the receiver itself is that somebody speaks

    @property
    def name(self) -> str:
        """For people."""
        return f"field http {self._table.host}:{self._table.port}"

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Listen until `stop`; an address that cannot be had is reported and tried again."""
        while not stop.is_set():
            try:
                token = self._token()
                listener = socket.create_server((self._table.host, self._table.port), backlog=MOST_OPEN)
            except (OSError, UnicodeDecodeError, WordsError) as error:
                self._say_bad(deliver, _why(error))
                stop.wait(min(RETRY_S, self._quiet_s))
                continue
            with closing(listener):
                self._serve(listener, token, deliver, stop)

    def _token(self) -> str:
        """What callers must show. Raises OSError, UnicodeDecodeError and WordsError."""
        token = self._token_file.read_text(encoding="utf-8").strip()
        if not token:
            raise WordsError(NO_TOKEN)
        return token

    def _serve(self, listener: socket.socket, token: str, deliver: Deliver, stop: StopFlag) -> None:
        heard_s = self._clock.monotonic()
        with _Room(listener) as room:
            while not stop.is_set():
                for caller in room.speaking(self._clock.monotonic()):
                    if self._hear(caller, room, token, deliver):
                        heard_s = self._clock.monotonic()
                now_s = self._clock.monotonic()
                if now_s - heard_s >= self._quiet_s:
                    heard_s = now_s
                    self._say_bad(deliver, _quiet(self._quiet_s))

    def _hear(self, caller: Caller, room: "_Room", token: str, deliver: Deliver) -> bool:
        """Take what the caller says; whether it was a request that may speak here."""
        try:
            request = caller.more()
            if request is None:
                return False
            heard = self._taken(request, token, deliver)
            caller.reply(HTTPStatus.OK)
        except Refused as refused:
            caller.reply(refused.status)
            heard = False
        except Gone:
            heard = False
        room.leave(caller)
        return heard

    def _taken(self, request: Request, token: str, deliver: Deliver) -> bool:
        """Deliver what a request says; raises Refused where it may not, or is none."""
        family, payload = self._meant(request, token)
        received = self._clock.instant()
        try:
            told = list(family.heard("", payload, received))
        except Exception as error:
            # A request that breaks the reader becomes a verdict; the worker must hear the next one.
            log.exception("a request broke the reader")
            kind = type(error).__name__
            wrong = Words(f"有请求无法读取（{kind}）", f"a request could not be read: {kind}: {error}")
            told = [Told(None, wrong=wrong)]
        if not self._fine:
            self._fine = True
            deliver(DeviceHealth(source=FIELD, at_s=received.now_s, ok=True))
        for one in told:
            for observation in self._book.taken(one, FIELD, received.now_s):
                deliver(observation)
        if any(one.device is None for one in told):
            raise Refused(HTTPStatus.BAD_REQUEST)
        return True

    def _meant(self, request: Request, token: str) -> tuple[Mapped, bytes]:
        """Whose messages these are, and the message. Without the token nothing is told, not even what there is."""
        try:
            parts = urlsplit(request.target)
        except ValueError as error:
            raise Refused(HTTPStatus.BAD_REQUEST) from error
        profile, *rest = parts.path.removeprefix("/").split("/")
        shown = rest[0] if len(rest) == 1 else request.bearer
        if not token or not compare_digest(shown.encode("utf-8"), token.encode("utf-8")):
            raise Refused(HTTPStatus.UNAUTHORIZED)
        family = self._families.get(profile)
        if family is None or len(rest) > 1:
            raise Refused(HTTPStatus.NOT_FOUND)
        if family.asks_by_query:
            return family, parts.query.encode("utf-8") or request.body
        if request.method != "POST":
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED)
        return family, request.body

    def _say_bad(self, deliver: Deliver, why: Words) -> None:
        where = f"{self._table.host}:{self._table.port}"
        detail = Words(f"{where}：{why.zh}", f"{where}: {why.en}")
        now_s = self._clock.monotonic()
        self._fine = False
        deliver(DeviceHealth(source=FIELD, at_s=now_s, ok=False, detail=detail))


class _Room:
    """Who is connected: so many at most, each for so long at most."""

    def __init__(self, listener: socket.socket) -> None:
        """Nobody yet."""
        self._listener = listener
        self._callers: dict[socket.socket, Caller] = {}
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        self._listener.settimeout(0)
        self._selector.register(self._listener, selectors.EVENT_READ)
        return self

    def __exit__(self, *_: object) -> None:
        for caller in list(self._callers.values()):
            self.leave(caller)
        self._selector.close()

    def speaking(self, now_s: float) -> list[Caller]:
        """Those who have said something, after a short wait; who has taken too long is gone."""
        ready = [key.fileobj for key, _ in self._selector.select(LOOK_S)]
        for caller in [one for one in self._callers.values() if now_s - one.since_s > REQUEST_S]:
            self.leave(caller)
        if self._listener in ready:
            self._admit(now_s)
        return [self._callers[sock] for sock in ready if isinstance(sock, socket.socket) and sock in self._callers]

    def leave(self, caller: Caller) -> None:
        """End a connection."""
        if self._callers.pop(caller.sock, None) is not None:
            self._selector.unregister(caller.sock)
            caller.close()

    def _admit(self, now_s: float) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError:  # gone before it was let in, or no file left to hold it
            return
        if len(self._callers) >= MOST_OPEN:
            self.leave(next(iter(self._callers.values())))
        sock.settimeout(0)
        self._callers[sock] = Caller(sock, now_s, LONGEST_MESSAGE)
        self._selector.register(sock, selectors.EVENT_READ)


def _why(error: OSError | UnicodeDecodeError | WordsError) -> Words:
    if isinstance(error, WordsError):
        return error.words
    if isinstance(error, UnicodeDecodeError):
        return Words("令牌文件不是文本", "the token file is no text")
    why = system_words.of(error)
    return why if error.filename is None else Words(f"{error.filename}：{why.zh}", f"{error.filename}: {why.en}")


def _quiet(quiet_s: float) -> Words:
    return Words(
        f"{quiet_s:g} 秒没有收到任何定位，请检查转发地址和令牌",
        f"nothing has been sent for {quiet_s:g} s: check the forwarder's address and its token",
    )
