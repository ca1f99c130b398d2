"""The pages' service for tests: a small site folder, the process, a client that logs in as a browser does."""

import json
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPResponse
from pathlib import Path
from threading import Event
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient

from edge_agent.tell.who.papers import PEOPLE, listed
from tests.support.desk_peer import people, public, signed
from web_ui import app
from web_ui import site as sites
from web_ui.calculations import Ran
from web_ui.parts import Parts
from web_ui.records import Records
from web_ui.sessions import COOKIE, Sessions
from web_ui.viewers import Bounds

TREE = Path(__file__).resolve().parents[2]
SITE = """\
[site]
id = "demo-tank"
unit = "box-1"
name = {{ zh = "演示储罐区", en = "Demo tank farm" }}

[folders]
state = "state"
runtime = "run"
web = "web"

[board]
host = "127.0.0.1"
{board}
[[cameras.cam-1.areas]]
area = "tank"
"""


def make_site(folder: Path, board: str = "") -> Path:
    """A site folder with everybody known; `board` is more of its table."""
    folder.mkdir(exist_ok=True)
    (folder / "web").mkdir(exist_ok=True)
    (folder / "site.toml").write_text(SITE.format(board=board), encoding="utf-8")
    return emptied(folder)


def emptied(folder: Path) -> Path:
    """The site without what an agent has written there, but for who is known."""
    for name in ("state", "run"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    known = [listed(one) for one in people().values()]
    (folder / "run" / PEOPLE).write_bytes(msgspec.json.encode(known))
    return folder


def cookie(site: Path, person: str) -> str:
    """A session of somebody, opened beside the log-in, for tests of what comes after it."""
    records = Records(site / "web")
    secret, _ = Sessions(records, time.time).begin(person, "key", time.time() + 3600)
    records.close()
    return secret


def panel_cookie(site: Path) -> str:
    """A session of nobody: the box's own screen."""
    records = Records(site / "web")
    secret, _ = Sessions(records, time.time).begin_panel()
    records.close()
    return secret


class Served:
    """The pages' own process, as systemd would start it."""

    def __init__(self, site: Path, *more: str) -> None:
        ports = ("--port", "0", "--enrol-port", "0")
        command = [sys.executable, "-m", "web_ui", str(site), *(more or ports)]
        self.site = site
        self.process = subprocess.Popen(command, cwd=TREE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline().split()
        if line[:1] != ["pages:"]:
            self.end()
            raise AssertionError(line)
        self.url, self.enrol_url = line[1], line[3]

    @property
    def port(self) -> int:
        """Of the pages."""
        return urlsplit(self.url).port or 0

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit status after the signal."""
        assert self.process.stdout is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(30)
        self.process.stdout.close()
        return status

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


class Reply:
    """One answer."""

    def __init__(self, answer: HTTPResponse | HTTPError) -> None:
        self.status: int = answer.status or 0
        self.headers = answer.headers
        self.body = answer.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The error's code, "" for none."""
        return str(self.json["error"]["code"]) if self.status >= 400 else ""


class Browser:
    """Keeps a cookie and a key as a browser does, and trusts the box's authority and nobody else."""

    def __init__(self, served: Served) -> None:
        self._url = served.url.rstrip("/")
        self._trust = ssl.create_default_context(cafile=served.site / "web" / "ca.crt")
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.kid = ""
        self.cookie: str | None = None
        self.csrf = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """One request; headers are named with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if method not in {"GET", "HEAD"}:
            sent = {"X-Edge": "1", "X-CSRF": self.csrf, **sent}
        if self.cookie is not None:
            sent.setdefault("Cookie", f"{COOKIE}={self.cookie}")
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self._url + path, data, sent, method=method)  # noqa: S310 - loopback
        try:
            with urllib.request.urlopen(request, timeout=30, context=self._trust) as answer:  # noqa: S310
                return self._took(Reply(answer))
        except HTTPError as fault:
            with fault:
                return self._took(Reply(fault))

    def _took(self, reply: Reply) -> Reply:
        for line in reply.headers.get_all("Set-Cookie") or ():
            if line.startswith(f"{COOKIE}="):
                self.cookie = line.split(";")[0].split("=", 1)[1].strip('"') or None
        return reply

    def log_in(self, person: str) -> Reply:
        """By id and PIN (the id backwards)."""
        reply = self.ask(
            "POST", "/api/v1/session", {"person": person, "pin": person[::-1], "key": public(self.key)}
        )
        if reply.status == 200:
            self.csrf, self.kid = reply.json["csrf"], reply.json["key"]
        return reply

    def file(self, **form: Any) -> Reply:
        """File a request, signed."""
        return self.sign("/api/v1/requests", **form)

    def sign(self, path: str, **form: Any) -> Reply:
        """A signed form to an address of its own."""
        text = json.dumps({"key": self.kid, **form})
        signature = signed(self.key, text)
        return self.ask("POST", path, {"form": text, "key": self.kid, "signature": signature})


def stream_of(served: Served, secret: str, buffer: int = 0) -> tuple[ssl.SSLSocket, int]:
    """An open stream and the status it was answered with; it reads no further by itself."""
    plain = socket.socket()
    if buffer:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    plain.settimeout(30)
    plain.connect(("127.0.0.1", served.port))
    line = ssl.create_default_context(cafile=served.site / "web" / "ca.crt").wrap_socket(
        plain, server_hostname="localhost"
    )
    ask = f"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nCookie: {COOKIE}={secret}\r\n\r\n"
    line.sendall(ask.encode())
    return line, int(line.recv(12).split()[1])


class OverTls(FlaskClient):
    """A client of the app alone, as the server hands requests on: over TLS, under the box's own name."""

    def open(self, *args: object, **more: object) -> object:  # type: ignore[override]
        more.setdefault("base_url", "https://localhost")
        return super().open(*args, **more)  # type: ignore[arg-type]


def make_client(site: Path, secret: str | None = None, **changes: object) -> FlaskClient:
    """The app alone over one site, with somebody's session."""
    read = sites.read(site)
    parts = {
        "site": read,
        "folders": sites.folders(site, read),
        "monotonic": time.monotonic,
        "utc": time.time,
        "closing": Event(),
        "reachable": lambda: "192.0.2.7",
        "own_names": lambda: frozenset({"localhost", "127.0.0.1", "::1"}),
        "authority": lambda: None,
        "look": lambda: b'{"exit": 0, "findings": []}',
        "calculate": lambda _: Ran(64, b"", "没有留存\nnothing is kept\n".encode()),
        "bounds": Bounds(viewers=2),
    }
    pages = app.create(Parts(**(parts | changes)), Records(site / "web"))  # type: ignore[arg-type]
    pages.app.test_client_class = OverTls
    client = pages.app.test_client()
    if secret:
        client.set_cookie(COOKIE, secret, secure=True)
    return client
