"""One HTTP request at a time: with a deadline, never quicker than allowed, no redirects, no way back to plain."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import BinaryIO
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.settings.site_upload import HttpTable
from edge_agent.tell.link import trouble_connecting

SILENT_S = 20.0  # nothing goes or comes for so long: the line is dead (half-open)
GRACE_S = 60.0  # beyond twice the time that the body takes at the allowed speed; then the request is cut
MOST_ANSWER = 64 * 1024  # bytes of an answer that anybody reads
PIECES_A_SECOND = 10
PIECE = 64 * 1024
DEFAULT_PORTS = {"http": 80, "https": 443}


class Later(Exception):  # noqa: N818 (a state of the world: tried again)
    """It did not work, and may work later; `words` say why and who could mend it."""

    def __init__(self, words: Words) -> None:
        """`words` never hold a secret."""
        super().__init__(words.en)
        self.words = words


class Reply(Struct, frozen=True, kw_only=True):
    """What came back; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def good(self) -> bool:
        """2xx."""
        return self.status // 100 == 2  # noqa: PLR2004 (RFC 9110 15.3)


class Pace:
    """Lets bytes out no quicker than allowed, over all requests."""

    def __init__(
        self,
        most_kbit_s: int,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`now` and `sleep` in seconds."""
        self.bytes_s = most_kbit_s * 1000 / 8
        self._now, self._sleep = now, sleep
        self._free_s = now()

    def pieces(self, body: bytes) -> Iterator[bytes]:
        """The body in small pieces, each when the line is free for it."""
        size = int(min(65_536, max(64, self.bytes_s // PIECES_A_SECOND)))
        for at in range(0, len(body), size):
            piece = body[at : at + size]
            now_s = self._now()
            if self._free_s > now_s:
                self._sleep(self._free_s - now_s)
            self._free_s = max(now_s, self._free_s) + len(piece) / self.bytes_s
            yield piece


class Door:
    """The way to the store, and to whoever signs addresses of it. Each request is a connection of its own."""

    def __init__(self, table: HttpTable, pace: Pace | None = None, silent_s: float = SILENT_S) -> None:
        """`silent_s`: after so long without a byte a connection is given up."""
        self._table, self._silent_s = table, silent_s
        self._pace = pace or Pace(table.most_kbit_s)

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Send and read the answer, whatever its status. Raises Later where none came."""
        with self._spoken_to(url, len(body)) as (connection, target):
            paced = self._pace.pieces(body) if body else None
            length = {"Content-Length": str(len(body))} if body else {}
            connection.request(method, target, paced, {**headers, **length})
            return _read(connection)

    def fetch(self, url: str, headers: Mapping[str, str], most: int, into: Callable[[Reply], BinaryIO]) -> Reply:
        """GET: what a good answer carries goes piece by piece to where `into` says, `most` bytes of it at most.

        Raises Later where it breaks off; what was written by then stays there.
        """
        with self._spoken_to(url, most) as (connection, target):
            connection.request("GET", target, headers=dict(headers))
            response = connection.getresponse()
            head = {name.lower(): value for name, value in response.getheaders()}
            reply = Reply(status=response.status, headers=head, body=b"")
            if not reply.good:
                return Reply(status=response.status, headers=head, body=response.read(MOST_ANSWER))
            out = into(reply)
            while most > 0 and (piece := response.read(min(PIECE, most))):
                most -= len(piece)
                for paced in self._pace.pieces(piece):
                    out.write(paced)
            return reply

    @contextlib.contextmanager
    def _spoken_to(self, url: str, size: int) -> Iterator[tuple[HTTPConnection, str]]:
        """A connection to whoever that is, and what is asked for there; each trouble as Later."""
        try:
            parts = urlsplit(url)
            where = parts.hostname or ""
            port = parts.port or DEFAULT_PORTS[parts.scheme]
        except (ValueError, KeyError) as fault:
            raise Later(Words("地址不可用", "the address cannot be used")) from fault
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        try:
            connection = self._connection(parts, where, port)
            with contextlib.closing(connection), self._fuse(connection, size):
                yield connection, target
        except HTTPException as fault:
            kind = type(fault).__name__
            words = Words("服务器的应答不完整", f"{where}:{port} broke its answer off ({kind})")
            raise Later(words) from fault
        except ConnectionRefusedError as fault:
            words = Words(f"{where}:{port} 拒绝连接", f"refused: nothing listens on {where}:{port}")
            raise Later(words) from fault
        except (OSError, ValueError) as fault:
            raise Later(trouble_connecting(fault, where, port)) from fault

    def _connection(self, parts: SplitResult, host: str, port: int) -> HTTPConnection:
        table = self._table
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=table.ca)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if table.client_cert is not None:
                context.load_cert_chain(table.client_cert, table.client_key, password="")  # asks no console
            return HTTPSConnection(host, port, timeout=self._silent_s, context=context)
        if parts.scheme == "http" and table.plain:
            return HTTPConnection(host, port, timeout=self._silent_s)
        raise Later(Words("不使用明文 http", "plain http is not used (plain = true allows it for a trial)"))

    @contextlib.contextmanager
    def _fuse(self, connection: HTTPConnection, size: int) -> Iterator[None]:
        """Cuts a request that a drop now and then keeps alive for ever."""
        limit_s = 2 * size / self._pace.bytes_s + GRACE_S

        def cut() -> None:
            if connection.sock is not None:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(limit_s, cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _read(connection: HTTPConnection) -> Reply:
    response = connection.getresponse()
    body = response.read(MOST_ANSWER)
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Reply(status=response.status, headers=headers, body=body)
