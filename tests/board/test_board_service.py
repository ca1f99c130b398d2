"""The board as a process: its address, its refusals, its end, and viewers that hang."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit
from urllib.request import urlopen

import msgspec
import pytest
from board_world import TREE, Folder, Served, live

from web_ui.viewers import Bounds


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "web_ui", "--runtime", "run", "--state", "state", *arguments]
    return subprocess.run(command, cwd=TREE, capture_output=True, text=True, timeout=60, check=False)


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def test_a_taken_port_is_said_with_a_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = run("--port", str(port))
    assert done.returncode == 69
    assert f"127.0.0.1 port {port}" in done.stderr
    assert "taken" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104 - refused
def test_it_listens_on_loopback_only(host: str) -> None:
    done = run("--host", host)
    assert done.returncode == 78
    assert "ssh -L" in done.stderr


@pytest.mark.parametrize("port", ["65536", "-1", "eight"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    done = run(f"--port={port}")
    assert done.returncode == 2
    assert "0 to 65535" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_with_a_stream_open(serve: Callable[..., Served], folder: Folder, number: int) -> None:
    folder.put(live())
    board = serve()
    with urlopen(board.url + "stream", timeout=30) as stream:  # noqa: S310 - loopback
        assert stream.readline() == b"retry: 500\n"
        board.process.send_signal(number)
        assert board.process.wait(30) == 0
    assert board.end() == 0


@contextmanager
def viewer(port: int, *, buffer: int = 0) -> Iterator[tuple[socket.socket, int]]:
    """An open stream and the status it was answered with; it reads no further by itself."""
    with socket.socket() as mine:
        if buffer:
            mine.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        mine.settimeout(30)
        mine.connect(("127.0.0.1", port))
        mine.sendall(b"GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        yield mine, int(mine.recv(12).split()[1])


def status_soon(port: int, wanted: int) -> None:
    """Ask for a stream until it is answered as wanted (or the test has waited long enough)."""
    end = time.monotonic() + 60
    while True:
        with viewer(port) as (_, status):
            if status == wanted:
                return
        assert time.monotonic() < end, f"still {status}"
        time.sleep(0.1)


def test_viewers_are_bounded_and_the_rest_still_answers(serve: Callable[..., Served], folder: Folder) -> None:
    folder.put(live())
    port = port_of(serve().url)
    with ExitStack() as open_ones:
        for _ in range(Bounds().viewers):
            _, status = open_ones.enter_context(viewer(port))
            assert status == 200
        with viewer(port) as (_, status):
            assert status == 503
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/live.json")
        with connection.getresponse() as answer:
            assert answer.status == 200
        connection.close()
    status_soon(port, 200)  # those who left gave their places back


def test_viewers_that_hang_do_not_keep_their_places(
    serve: Callable[..., Served], folder: Folder, capfd: pytest.CaptureFixture[str]
) -> None:
    """They never read: their streams end by bytes (and otherwise by lifetime), not by their leave."""
    event = live().events[0]
    large = live(events=tuple(msgspec.structs.replace(event, subject="x" * 1000, seq=n) for n in range(1200)))
    folder.put(large)
    board = serve()
    port = port_of(board.url)
    with ExitStack() as open_ones:
        for _ in range(Bounds().viewers):
            _, status = open_ones.enter_context(viewer(port, buffer=4096))
            assert status == 200
        with folder.kept(lambda: large):
            status_soon(port, 200)
    assert board.end() == 0
    assert "still running" not in capfd.readouterr().err  # no thread is left behind


def test_nothing_is_written_beside_the_picture(serve: Callable[..., Served], folder: Folder) -> None:
    folder.put(live())
    before = sorted(folder.path.iterdir())
    board = serve()
    with urlopen(board.url, timeout=30) as page:  # noqa: S310 - loopback
        assert page.status == 200
    assert board.end() == 0
    assert sorted(folder.path.iterdir()) == before
