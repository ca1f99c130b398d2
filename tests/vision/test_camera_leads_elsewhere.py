"""A camera in strange hands sends the box elsewhere: it opens no file and speaks to no server of another kind."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from edge_agent.sense.camera.stream import open_stream
from edge_agent.sense.camera.stream_faults import StreamError
from tests.vision.conftest import QUICK

CONTENT = "200 OK\r\nPublic: DESCRIBE, SETUP, PLAY"


class Heard:
    """A server on a port of its own: what it heard, and what it says to each request of one method."""

    def __init__(self, method: str, says: str) -> None:
        """To all other methods it is content."""
        self._method, self._says = method, says
        self.lines: list[str] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                visitor = self._door.accept()[0]
            except OSError:
                return
            with visitor:
                visitor.settimeout(10)
                self._talk(visitor)

    def _talk(self, visitor: socket.socket) -> None:
        try:
            while said := visitor.recv(4096).decode():
                self.lines += said.split("\r\n")
                count = next((line for line in said.split("\r\n") if line.lower().startswith("cseq")), "CSeq: 1")
                status = self._says if said.startswith(self._method) else CONTENT
                visitor.sendall(f"RTSP/1.0 {status}\r\n{count}\r\n\r\n".encode())
        except OSError:
            return

    def end(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()


@contextmanager
def heard(method: str = "OPTIONS", says: str = CONTENT) -> Iterator[Heard]:
    server = Heard(method, says)
    yield server
    server.end()


def moved(to: str) -> str:
    return f"302 Moved\r\nLocation: {to}"


@pytest.mark.parametrize("method", ["OPTIONS", "DESCRIBE"])
@pytest.mark.parametrize("to", ["http://127.0.0.1:{port}/admin", "tcp://127.0.0.1:{port}", "file:///etc/hostname"])
def test_a_camera_that_has_moved_elsewhere_is_followed_to_no_other_kind_of_address(method: str, to: str) -> None:
    with heard() as inside, heard(method, moved(to.format(port=inside.port))) as camera:
        with pytest.raises(StreamError) as told:
            open_stream(f"rtsp://admin:s3cret@127.0.0.1:{camera.port}/live", QUICK)
        assert any(line.startswith(method) for line in camera.lines), "the control: it was asked"
    assert inside.lines == []
    assert "s3cret" not in str(told.value)
