"""The pages as a process: addresses, refusals, the end; half-open handshakes, slow requests, viewers that hang."""

import http.client
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest

from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer
from tests.support.pages import TREE, Browser, Served, cookie, make_site, stream_of
from web_ui.bridge import SEND_S
from web_ui.door import MOST_PER_ADDRESS
from web_ui.serve import HANDSHAKE_S, IDLE_S
from web_ui.viewers import Bounds

STOP = {"permit": "T-2042", "reason": ""}


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "web_ui", str(site), *arguments]
    return subprocess.run(command, cwd=TREE, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("option", "key"), [("--port", "port"), ("--enrol-port", "enrol_port")])
def test_a_taken_port_is_said_with_a_remedy(site: Path, option: str, key: str) -> None:
    other = {"--port": "--enrol-port", "--enrol-port": "--port"}[option]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(site, option, str(port), other, "0")
    assert done.returncode == 69
    assert f"127.0.0.1 port {port}" in done.stderr
    assert "taken" in done.stderr
    assert f"[board] {key} " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("host = ", "host == "), "site.toml"),
        (lambda text: text.replace('"127.0.0.1"', "7"), "host"),
        (lambda text: text.replace("[board]", '[board]\ncert = "none.crt"\nkey = "none.key"'), "none.crt"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_in_words(
    site: Path, change: Callable[[str], str], said: str
) -> None:
    file = site / "site.toml"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    done = run(site, "--port", "0", "--enrol-port", "0")
    assert done.returncode == 78
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_no_site_is_refused_in_words(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 78
    assert "site.toml" in done.stderr


@pytest.mark.parametrize("port", ["65536", "-1", "eight"])
def test_a_port_that_is_none_is_refused(site: Path, port: str) -> None:
    done = run(site, f"--port={port}")
    assert done.returncode == 2
    assert "0 to 65535" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_whoever_is_connected(
    site: Path, folder: Folder, capfd: pytest.CaptureFixture[str], number: signal.Signals
) -> None:
    folder.put(live())
    with Served(site) as pages:
        assert Browser(pages).ask("GET", "/login").status == 200
        alone_s = ending(pages, number)
    with Served(site) as pages, ExitStack() as ends:
        for _ in range(3):
            line, status = stream_of(pages, cookie(site, "li-na"))
            ends.enter_context(line)
            assert status == 200
        for said in (b"", b"\x16\x03\x01\x02\x00\x01", b"POST / HTTP/1.1\r\nX: "):
            ends.enter_context(half_open(pages.port, said))
        crowded_s = ending(pages, number)
    assert "Traceback" not in capfd.readouterr().err
    # One second on a quiet machine, and the same alone: nobody's time-out is waited for.
    assert crowded_s - alone_s < min(HANDSHAKE_S, IDLE_S, SEND_S)


def ending(pages: Served, number: signal.Signals) -> float:
    """How long it takes to end, in seconds."""
    began_s = time.monotonic()
    assert pages.end(number) == 0
    return time.monotonic() - began_s


@contextmanager
def half_open(port: int, said: bytes, address: str = "127.0.0.1") -> Iterator[socket.socket]:
    """A connection that begins something and leaves it there: in TLS if it is a request, else before it."""
    with socket.create_connection(("127.0.0.1", port), 30, source_address=(address, 0)) as plain:
        if b"HTTP" in said:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            with context.wrap_socket(plain) as line:
                line.sendall(said)
                yield line
        else:
            plain.sendall(said)
            yield plain


LEFT_HANGING = {
    "nothing": b"",
    "half a handshake": b"\x16\x03\x01\x02\x00\x01",
    "half a header": b"POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\nX-A: ",
    "half a body": b"POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
}


@pytest.mark.parametrize("said", LEFT_HANGING.values(), ids=LEFT_HANGING)
def test_a_crowd_that_leaves_things_hanging_keeps_no_stop_out(
    served: Served, browser: Browser, peer: DeskPeer, said: bytes
) -> None:
    """More than it takes at once, from the very address that the stop comes from."""
    with ExitStack() as crowd:
        for _ in range(MOST_PER_ADDRESS + 10):
            crowd.enter_context(half_open(served.port, said))
        began_s = time.monotonic()
        assert browser.ask("POST", "/api/v1/stop", STOP).json["accepted"]
        assert time.monotonic() - began_s < HANDSHAKE_S, "nobody's time-out is waited for"
    assert peer.asked[-1] == {"do": "stop", **STOP}


def test_a_crowd_from_many_addresses_keeps_no_stop_out(served: Served, browser: Browser) -> None:
    with ExitStack() as crowd:
        for number in range(240):
            crowd.enter_context(half_open(served.port, b"\x16", f"127.0.1.{number % 8 + 1}"))
        assert browser.ask("POST", "/api/v1/stop", STOP).json["accepted"]


def test_every_viewer_and_a_stop_at_once(site: Path, folder: Folder, served: Served, browser: Browser) -> None:
    secret = cookie(site, "li-na")
    with ExitStack() as open_ones, folder.kept():
        for _ in range(Bounds().viewers):
            line, status = stream_of(served, secret)
            open_ones.enter_context(line)
            assert status == 200
        line, status = stream_of(served, secret)
        assert status == 503
        line.close()
        assert browser.ask("POST", "/api/v1/stop", STOP).json["accepted"]
        assert browser.log_in("li-na").status == 200
        assert browser.ask("GET", "/api/v1/live").status == 200
    status_soon(served, secret, 200)  # those who left gave their places back


def status_soon(served: Served, secret: str, wanted: int) -> None:
    """Ask for a stream until it is answered as wanted (or the test has waited long enough)."""
    end = time.monotonic() + 60
    while True:
        line, status = stream_of(served, secret)
        line.close()
        if status == wanted:
            return
        assert time.monotonic() < end, f"still {status}"
        time.sleep(0.1)


def test_viewers_that_hang_do_not_keep_their_places(site: Path, folder: Folder, served: Served) -> None:
    """They never read: each piece of a stream must be taken in time, or the stream ends."""
    event = live().events[0]
    large = live(events=tuple(msgspec.structs.replace(event, subject="x" * 1000, seq=n) for n in range(1200)))
    secret = cookie(site, "li-na")
    with ExitStack() as open_ones, folder.kept(lambda: large):
        for _ in range(Bounds().viewers):
            line, status = stream_of(served, secret, buffer=4096)
            open_ones.enter_context(line)
            assert status == 200
        status_soon(served, secret, 200)


def test_nothing_is_written_beside_the_agents_files(site: Path, folder: Folder) -> None:
    folder.put(live())
    before = sorted(path for name in ("run", "state") for path in (site / name).iterdir())
    with Served(site) as pages:
        assert Browser(pages).ask("GET", "/api/v1/box").status == 200
        assert pages.end() == 0
    assert sorted(path for name in ("run", "state") for path in (site / name).iterdir()) == before
    assert {path.stat().st_mode & 0o777 for path in (site / "web").iterdir()} == {0o600}


def test_in_the_clear_there_is_the_way_to_trust_and_nothing_else(served: Served) -> None:
    line = http.client.HTTPConnection("127.0.0.1", int(served.enrol_url.rstrip("/").rsplit(":", 1)[1]), timeout=30)
    for path in ("/api/v1/box", "/api/v1/live", "/board", "/login"):
        line.request("GET", path)
        with line.getresponse() as answer:
            assert answer.status == 404
            answer.read()
    line.close()


def test_two_sites_do_not_share_an_authority(tmp_path: Path) -> None:
    sites = [make_site(tmp_path / name) for name in ("one", "two")]
    with Served(sites[0]), Served(sites[1]) as second:
        second.site = sites[0]
        with pytest.raises(OSError, match="certificate verify failed"):
            Browser(second).ask("GET", "/api/v1/box")
