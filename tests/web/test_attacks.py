"""What an attacker sends by hand: odd paths, split headers, forged log entries, uploads, framing, leaks."""

import re
import socket
import ssl
from pathlib import Path

import pytest

from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer, public
from tests.support.pages import Browser, Served, cookie, make_client, panel_cookie
from tests.web import test_access
from web_ui.access import ACCESS
from web_ui.guard import HEADERS, LARGEST_BODY
from web_ui.sessions import COOKIE

INSIDE = "only-for-those-who-are-logged-in"


def raw(served: Served, said: bytes) -> bytes:
    """Everything that comes back for these bytes."""
    trust = ssl.create_default_context(cafile=served.site / "web" / "ca.crt")
    with (
        socket.create_connection(("127.0.0.1", served.port), 30) as plain,
        trust.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        line.sendall(said)
        heard = b""
        while piece := line.recv(65536):
            heard += piece
        return heard


def get(path: str, *headers: str) -> bytes:
    lines = (f"GET {path} HTTP/1.1", "Host: localhost", *headers, "Connection: close", "", "")
    return "\r\n".join(lines).encode()


ODD_PATHS = [
    "//api/v1/live",
    "/api//v1/live",
    "/api/v1/live/",
    "/api/v1/./live",
    "/api/v1/box/../live",
    "/assets/../api/v1/live",
    "/assets/..%2fapi/v1/live",
    "/api/v1/live%2f",
    "/api/v1/live%00",
    "/api/v1/live;role=admin",
    "/api/v1/live?panel=true",
    "/API/V1/LIVE",
    "/api/v1/%6cive",
    "/api/v1/live%20",
    "/api/v1/box%3f/../live",
    "https://localhost/api/v1/live",
    "/\\api\\v1\\live",
]
ODD_HEADERS = [
    "X-Original-URL: /api/v1/live",
    "X-Rewrite-URL: /api/v1/live",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-User: chen-admin",
    "Remote-User: chen-admin",
    "Authorization: Basic YWRtaW46YWRtaW4=",
    "X-HTTP-Method-Override: GET",
    "Cookie: __Host-edge=; __Host-edge=chen-admin",
    "Cookie: __Host_edge=x",
]


def test_no_odd_path_and_no_header_opens_what_is_closed(served: Served, folder: Folder, site: Path) -> None:
    folder.put(live(site=INSIDE))
    for path in ODD_PATHS:
        heard = raw(served, get(path))
        assert not heard.startswith(b"HTTP/1.1 200"), path
        assert INSIDE.encode() not in heard, path
    for header in ODD_HEADERS:
        heard = raw(served, get("/api/v1/live", header))
        assert heard.startswith(b"HTTP/1.1 401"), header
        assert INSIDE.encode() not in raw(served, get("/", header)), header
    mine = f"Cookie: __Host-edge={cookie(site, 'li-na')}"
    assert INSIDE.encode() in raw(served, get("/api/v1/live", mine)), "the control"


def test_nothing_that_is_sent_becomes_a_header_of_the_answer(served: Served) -> None:
    for path in (
        "/p/%0d%0aSet-Cookie:%20hit=1",
        "/api/v1/events?type=%0d%0aSet-Cookie:%20hit=1",
        "/api/v1/qr/permit/%0d%0aSet-Cookie:%20hit=1.svg",
        "/%0d%0aSet-Cookie:%20hit=1",
        "/login?then=%0d%0aSet-Cookie:%20hit=1",
    ):
        head = raw(served, get(path)).partition(b"\r\n\r\n")[0]
        assert head.startswith(b"HTTP/1.1 "), path
        assert b"hit=1" not in head, path
    for header in ("Origin: https://evil.example", "Referer: https://evil.example"):
        head = raw(served, get("/", header)).partition(b"\r\n\r\n")[0]
        assert b"evil" not in head
    smuggled = (
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    assert raw(served, smuggled).count(b"HTTP/1.1 ") == 1, "two lengths are one fault, not two requests"


FORGED = "web_ui: CRITICAL forged"


def test_nobody_writes_lines_of_his_own_into_the_log(
    site: Path, folder: Folder, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever is sent, and also where a request crashes with what was sent in its fault."""
    folder.put(live())
    evil, quoted = f"x\n{FORGED}\n\x1b[2J", "x%0a" + FORGED.replace(" ", "%20") + "%1b[2J"
    (site / "run" / f"{evil}.json").write_text("{", encoding="utf-8")
    with DeskPeer(site / "run"), Served(site) as served:
        browser = Browser(served)
        for path in (f"/p/{quoted}", f"/api/v1/cards/{quoted}", f"/api/v1/events?permit={quoted}", f"/{quoted}"):
            browser.ask("GET", path)
        browser.ask("POST", "/api/v1/session", {"person": evil, "pin": evil, "key": public(browser.key)})
        browser.ask("POST", "/api/v1/session", {"badge": evil, "key": public(browser.key)})
        browser.ask("POST", "/api/v1/stop", {"permit": evil, "reason": evil})
        browser.ask("POST", "/api/v1/claim", {"code": evil})
        browser.cookie = "x"
        browser.ask("GET", "/api/v1/live", Cookie=f"__Host-edge={quoted}", User_Agent=quoted)
        split = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\n" + FORGED.encode()
        raw(served, split + b"\r\nConnection: close\r\n\r\n")
        assert served.end() == 0
    lines = capfd.readouterr().err.splitlines()
    assert [line for line in lines if line.startswith(FORGED) or "\x1b" in line] == []


UPLOADS = [
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="../a"\r\n\r\na',
    ),
    ("application/x-www-form-urlencoded", b"permit=T-1"),
    ("application/octet-stream", b"\x7fELF"),
    ("image/svg+xml", b"<svg onload='alert(1)'/>"),
    ("text/plain", b'{"permit": "T-1"}'),
]


def test_nothing_can_be_uploaded(site: Path, peer: DeskPeer) -> None:
    """No route takes anything but a small JSON text, and nothing of it becomes a file."""
    client = make_client(site, cookie(site, "chen-admin"))
    before = sorted(file for file in site.rglob("*") if "web.sqlite" not in file.name)
    for method, rule in ACCESS:
        if method == "GET":
            continue
        for kind, content in UPLOADS:
            answer = client.open(
                test_access.path(rule), method=method, data=content, headers={"X-Edge": "1", "Content-Type": kind}
            )
            assert answer.status_code == 415, (method, rule, kind)
        for length in (LARGEST_BODY + 1, 10 * LARGEST_BODY):
            answer = client.open(
                test_access.path(rule),
                method=method,
                data=b" " * length,
                headers={"X-Edge": "1", "Content-Type": "application/json"},
            )
            assert answer.status_code in {400, 403, 413}, (method, rule, length)
    assert sorted(file for file in site.rglob("*") if "web.sqlite" not in file.name) == before
    assert peer.asked == []


def test_a_body_that_never_ends_is_ended(served: Served, peer: DeskPeer) -> None:
    head = "POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\nX-Edge: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
    heard = raw(served, head.encode() + chunk * (LARGEST_BODY // 0x4000 + 2))
    assert heard.startswith(b"HTTP/1.1 413")
    assert peer.asked == []


LOCKED = {name: HEADERS[name] for name in ("X-Frame-Options", "Content-Security-Policy", "X-Content-Type-Options")}


@pytest.mark.parametrize("caller", ["nobody", "chen-admin"])
def test_no_answer_of_any_route_can_be_framed(site: Path, folder: Folder, peer: DeskPeer, caller: str) -> None:
    """Every route, also where it refuses."""
    assert peer
    folder.put(live())
    client = make_client(site)
    for method, rule in ACCESS:
        if caller != "nobody":  # anew: a log-out ends it
            client.set_cookie(COOKIE, cookie(site, caller), secure=True)
        with client.open(re.sub(r"<(?:int:)?\w+>", "1", rule), method=method) as answer:
            assert {name: answer.headers.get(name) for name in LOCKED} == LOCKED, (
                method,
                rule,
                answer.status_code,
            )


def test_no_route_tells_an_address_a_password_or_what_proves_anybody(
    site: Path, folder: Folder, peer: DeskPeer
) -> None:
    """Cameras' addresses hold passwords; they stand in the site's settings and nowhere that anybody reads."""
    folder.put(live())
    text = (site / "site.toml").read_text(encoding="utf-8")
    stream = 'url = "rtsp://admin:s3cret-camera@192.0.2.9/live"\n'
    (site / "site.toml").write_text(
        text.replace("[[cameras.cam-1.areas]]", f"[cameras.cam-1]\n{stream}\n[[cameras.cam-1.areas]]"), "utf-8"
    )
    hashes = [one.pin_hash for one in peer.persons.values()] + [one.badge_hash for one in peer.persons.values()]
    for secret in (cookie(site, "chen-admin"), panel_cookie(site)):
        client = make_client(site, secret)
        for method, rule in ACCESS:
            if method != "GET" or rule.endswith("/stream"):
                continue
            with client.get(re.sub(r"<(?:int:)?\w+>", "cam-1", rule)) as answer:
                for told in ("s3cret-camera", "192.0.2.9/live", "$argon2", *filter(None, hashes)):
                    assert told not in answer.text, (rule, told)


FOUND_OUT = ("proof", "presence", "origin", "at_s", "id", "accepted")


def test_what_the_agent_finds_out_itself_cannot_be_said_to_it(browser: Browser, peer: DeskPeer) -> None:
    """A hijacked page signs that it has shown a PIN: the agent takes its own word alone."""
    browser.log_in("li-na")
    for count, field in enumerate(FOUND_OUT, start=1):
        answer = browser.file(ask="start", person="li-na", permit="T-2042", count=count, **{field: "pin"}).json
        assert answer["accepted"] is False, field
        assert field in answer["reasons"][0]["en"]
        assert peer.requests == []
