"""A page elsewhere, in the browser of somebody who is logged in: it can neither see nor frame nor do anything."""

import ssl
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served

# What a page elsewhere can try: forms of each kind, fetches with and without the cookie, a stream, a picture.
TRIES = """async (box) => {
    const body = JSON.stringify({ permit: "T-2042", reason: "" });
    const said = [];
    const sends = [
        ["stop", { method: "POST", body, mode: "no-cors", credentials: "include" }],
        ["stop", { method: "POST", body, headers: { "Content-Type": "application/json", "X-Edge": "1" } }],
        ["requests", { method: "POST", body, mode: "no-cors", credentials: "include" }],
        ["session", { method: "DELETE", credentials: "include", headers: { "X-Edge": "1" } }],
        ["panel", { method: "POST", credentials: "include", headers: { "X-Edge": "1" } }],
        ["live", { credentials: "include" }],
        ["live", { credentials: "include", mode: "no-cors" }],
    ];
    for (const [path, options] of sends) {
        try {
            const answer = await fetch(`${box}/api/v1/${path}`, options);
            said.push(answer.type === "opaque" ? "opaque" : answer.status);
        } catch { said.push("blocked"); }
    }
    const stream = new EventSource(`${box}/api/v1/stream`, { withCredentials: true });
    said.push(await new Promise((done) => {
        stream.addEventListener("picture", () => done("seen"));
        stream.onerror = () => done("blocked");
    }));
    stream.close();
    const image = new Image();
    said.push(await new Promise((done) => {
        image.onload = () => done("seen");
        image.onerror = () => done("blocked");
        image.src = `${box}/api/v1/stills/cam-1.jpg`;
    }));
    return said;
}"""
FORMS = """(box) => {
    for (const enctype of ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"])
    for (const path of ["stop", "requests", "session", "panel", "claim"]) {
        const form = document.createElement("form"), field = document.createElement("input");
        const target = document.createElement("iframe");
        target.name = `${enctype} ${path}`;
        Object.assign(form, { method: "POST", action: `${box}/api/v1/${path}`, enctype, target: target.name });
        Object.assign(field, { name: '{"permit": "T-2042", "reason": "', value: '"}' });
        form.append(field);
        document.body.append(target, form);
        form.submit();
    }
}"""
ELSEWHERE = b"""<!doctype html><title>win a bicycle</title><iframe id="box"></iframe>"""


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(ELSEWHERE)))
        self.end_headers()
        self.wfile.write(ELSEWHERE)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # nobody waits for a visitor who says nothing
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Who breaks off a connection is no news."""


@pytest.fixture(params=["another site", "another port of this host"])
def elsewhere(request: pytest.FixtureRequest, served: Served) -> Iterator[str]:
    """Another port is another origin, but the same site: the browser sends the cookie along."""
    with _Server(("127.0.0.1", 0), _Elsewhere) as server:
        address = f"http://localhost:{server.server_port}"
        if request.param != "another site":
            address = f"https://127.0.0.1:{server.server_port}"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(served.site / "web" / "server.crt", served.site / "web" / "server.key")
            # The handshake belongs to each visitor's own thread: some open a connection and say nothing.
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield address
        server.shutdown()
        thread.join()


@pytest.fixture
def victim(served: Served, phones: Callable[..., Phone], folder: Folder) -> Iterator[Phone]:
    """The administrator, logged in."""
    one = phones(served.url, "en")
    folder.put_still()
    with folder.kept(lambda: live(permits=(permit(),))):
        one.enter("chen-admin", "/p/T-2042")
        one.tone("may_work")
        yield one


def test_a_page_elsewhere_sees_nothing_and_does_nothing(
    victim: Phone, served: Served, elsewhere: str, peer: DeskPeer
) -> None:
    before = len(peer.asked)
    page = victim.context.new_page()
    page.goto(elsewhere)
    box = served.url.rstrip("/")
    assert page.evaluate(TRIES, box) == ["blocked"] * 9
    answered: list[int] = []
    page.on("response", lambda answer: answered.append(answer.status))
    page.evaluate(FORMS, box)
    while len(answered) < 15:
        page.wait_for_timeout(50)
    assert {*answered} <= {401, 403, 415}
    assert peer.asked[before:] == []
    victim.page.reload()
    expect(victim(".top small")).to_have_text("Chen-Admin")


FRAMED = ["/p/T-2042", "/login", "/panel", "/api/v1/box"]


def test_a_page_elsewhere_frames_nothing(victim: Phone, served: Served, elsewhere: str) -> None:
    """Clickjacking: a STOP, or a PIN, under somebody else's picture."""
    page = victim.context.new_page()
    page.goto(elsewhere)
    for path in FRAMED:
        with page.expect_console_message(lambda line: "frame" in line.text.lower()):
            page.evaluate("(url) => { document.querySelector('#box').src = url; }", served.url.rstrip("/") + path)
        assert page.frame_locator("#box").locator("#app, .stop, form").count() == 0, path


LEADS_AWAY = [
    "//evil.example/",
    "/\\evil.example/",
    "/\t/evil.example/",
    "https://evil.example/",
    "javascript:window.hit=1",
    "\\\\evil.example",
]


def test_a_log_in_leads_to_no_page_elsewhere(served: Served, phones: Callable[..., Phone], folder: Folder) -> None:
    went: list[str] = []
    with folder.kept(lambda: live(permits=(permit(),))):
        for then in LEADS_AWAY:
            one = phones(served.url, "en")
            one.page.on("framenavigated", lambda frame: went.append(frame.url))
            one.go(f"/login?then={quote(then, safe='')}")
            one.badge("badge-li-na")
            expect(one(".top small")).to_be_visible()
            assert one.page.evaluate("window.hit") is None, then
    assert {url.startswith(served.url) for url in went} == {True}
