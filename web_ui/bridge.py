"""Between the event loop and Flask: takes a whole request, hands it to a lane, sends what comes back.

Nothing that a peer does or leaves undone holds a thread: a body must arrive whole and in time before a thread is
taken, and each piece of an answer must be taken within SEND_S or the request ends.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import TimeoutError as TooLate
from typing import Any
from urllib.parse import quote

from web_ui import errors
from web_ui.guard import HEADERS, JSON, LARGEST_BODY
from web_ui.lanes import Lanes

BODY_S = 10.0
SEND_S = 10.0
# With both, whoever stands in between may see two requests where we see one (RFC 9112, 6.1).
LENGTHS = {b"content-length", b"transfer-encoding"}

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class GoneError(Exception):
    """The peer has left, or takes nothing any more."""


class Bridge:
    """The ASGI application that Hypercorn serves."""

    def __init__(self, pages: WsgiApp, enrolment: WsgiApp, lanes: Lanes) -> None:
        """`pages` answer over TLS alone; in the clear there is `enrolment` and nothing else."""
        self._apps = {"https": pages, "http": enrolment}
        self._lanes = lanes

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One request (the server has no start and no end to tell of, and no web sockets)."""
        if scope["type"] != "http":
            return
        if {name for name, _ in scope["headers"]} >= LENGTHS:
            await _refuse(send, errors.describe("E-FORM", detail="two lengths"))
            return
        try:
            async with asyncio.timeout(BODY_S):
                body = await _whole(receive)
        except TimeoutError:
            await _refuse(send, errors.describe("E-SLOW", limit_s=f"{BODY_S:.0f}"))
            return
        except OverflowError:
            await _refuse(send, errors.describe("E-TOO-LARGE", limit=LARGEST_BODY))
            return
        lane = self._lanes.of(scope["path"])
        if lane.full:
            await _refuse(send, errors.describe("E-BUSY"))
            return
        request = _Request(self._apps[scope["scheme"]], _environ(scope, body), send)
        watch = asyncio.ensure_future(request.watch(receive))
        try:
            await lane.run(request.work)
        except asyncio.CancelledError:  # the service ends: what a thread still says goes to nobody
            request.abandon()
            raise
        finally:
            watch.cancel()
        await request.end()


class _Request:
    """One request on its way through a thread."""

    def __init__(self, app: WsgiApp, environ: dict[str, Any], send: Send) -> None:
        self._app = app
        self._environ = environ
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._gone = False
        self._started = False
        self._head: dict[str, Any] = {}

    async def watch(self, receive: Receive) -> None:
        """Until the peer leaves."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True

    def abandon(self) -> None:
        """Nobody hears this request any more."""
        self._gone = True

    def work(self) -> None:
        """In a thread of the lane: run the app and send what it says."""
        if self._gone:  # while it waited in the queue
            return
        pieces = self._app(self._environ, self._start)
        try:
            for piece in pieces:
                if piece:
                    self._say(piece)
        except GoneError:
            pass
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()

    async def end(self) -> None:
        """The last word; also for an answer without a body, and for an app that crashed."""
        if self._gone:
            return
        if not self._head:
            await _refuse(self._send, errors.describe("E-INSIDE", id="-"))
            return
        await self._begin()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def _start(self, status: str, headers: list[tuple[str, str]], _fault: object = None) -> None:
        self._head = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        }

    def _say(self, piece: bytes) -> None:
        """Hand one piece to the peer and wait until it is on its way."""
        if self._gone:
            raise GoneError
        future = asyncio.run_coroutine_threadsafe(self._pass_on(piece), self._loop)
        try:
            future.result(SEND_S)
        except TooLate:
            future.cancel()
            self._gone = True
            raise GoneError from None

    async def _pass_on(self, piece: bytes) -> None:
        if self._gone:  # since it was handed over
            raise GoneError
        await self._begin()
        await self._send({"type": "http.response.body", "body": piece, "more_body": True})

    async def _begin(self) -> None:
        if not self._started:
            self._started = True
            await self._send(self._head)


async def _whole(receive: Receive) -> bytes:
    """The whole body; OverflowError when it is too large."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise OverflowError
        if not message.get("more_body"):
            return bytes(body)


async def _refuse(send: Send, error: errors.Error) -> None:
    """An answer that needs no thread."""
    said = errors.body(error)
    headers = {**HEADERS, "Content-Type": JSON, "Content-Length": str(len(said)), "Connection": "close"}
    lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": errors.STATUS[error.code], "headers": lines})
    await send({"type": "http.response.body", "body": said, "more_body": False})


def _environ(scope: dict[str, Any], body: bytes) -> dict[str, Any]:
    """PEP 3333's dictionary."""
    host, port = scope.get("server") or ("localhost", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "REQUEST_URI": quote(scope["path"]),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        _add_header(environ, raw_name.decode("latin-1"), raw_value.decode("latin-1"))
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    """A header that comes twice is joined; one with an underscore could pass for another and is left out."""
    if "_" in name or name == "content-length":
        return
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    joint = "; " if name == "cookie" else ","
    environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
