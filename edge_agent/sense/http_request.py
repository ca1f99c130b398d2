"""One caller of the field's HTTP receiver, until one whole request is said: bounded in bytes, parsed by h11."""

import contextlib
import socket
from http import HTTPStatus

import h11
from msgspec import Struct

CHUNK = 16 * 1024


class Request(Struct, frozen=True):
    """One whole request; `bearer` is the token of its Authorization header, "" without one."""

    method: str
    target: str
    bearer: str
    body: bytes


class Gone(Exception):  # noqa: N818 (names what the caller is)
    """There is nobody to answer any more."""


class Refused(Exception):  # noqa: N818 (names what becomes of the request)
    """The request cannot be taken; `status` says why."""

    def __init__(self, status: HTTPStatus) -> None:
        """`status` is the answer."""
        super().__init__(status.phrase)
        self.status = status


class Caller:
    """A connection since monotonic second `since_s`, of which one request of at most `longest` bytes is taken."""

    def __init__(self, sock: socket.socket, since_s: float, longest: int) -> None:
        """The socket must not block."""
        self.sock = sock
        self.since_s = since_s
        self._longest = longest
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=CHUNK)
        self._asked: h11.Request | None = None
        self._body = b""

    def more(self) -> Request | None:
        """Read what is there: the request once it is whole. Raises Gone, or Refused with what to answer."""
        try:
            data = self.sock.recv(CHUNK)
        except BlockingIOError:
            return None
        except OSError as error:
            raise Gone from error
        try:
            self._http.receive_data(data)
            return self._whole(ended=not data)
        except h11.RemoteProtocolError as error:
            raise Refused(HTTPStatus(error.error_status_hint)) from error

    def _whole(self, *, ended: bool) -> Request | None:
        while True:
            event = self._http.next_event()
            if isinstance(event, h11.Request):
                self._asked = event
            elif isinstance(event, h11.Data):
                self._body += event.data
                if len(self._body) > self._longest:
                    raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            elif isinstance(event, h11.EndOfMessage) and self._asked is not None:
                return self._request(self._asked)
            elif ended or isinstance(event, h11.ConnectionClosed):
                raise Gone
            else:
                return None

    def _request(self, asked: h11.Request) -> Request:
        bearer = ""
        for name, value in asked.headers:
            if name == b"authorization" and value[:7].lower() == b"bearer ":
                bearer = value[7:].decode("latin-1").strip()
        return Request(asked.method.decode("latin-1"), asked.target.decode("latin-1"), bearer, self._body)

    def reply(self, status: HTTPStatus) -> None:
        """A short answer without a body; whoever does not take it at once goes without."""
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        with contextlib.suppress(OSError):
            self.sock.send(head.encode("ascii"))

    def close(self) -> None:
        """End the connection."""
        self.sock.close()
