"""The box in a browser that knows its certificate, and in one that does not and whose owner goes on."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect

from edge_agent.domain.next_step import NextStep
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.tell.live import Live
from edge_agent.tell.live_permit import LiveNamed
from tests.pages.phone import Phone
from tests.pages.trusting import chromium
from tests.support.board_world import Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served, make_site
from web_ui.tls.authority import authority, issue
from web_ui.tls.names import Names

ID = "T-2042"
DAY_S = 86400
LONGEST_DAYS = 398  # what browsers take of a certificate's life (CA/Browser Forum, 6.3.2)
CAN = """async () => ({
    secure: isSecureContext,
    keys: !!(await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"])).privateKey,
    stores: "indexedDB" in window && "caches" in window,
    worker: "serviceWorker" in navigator,
    lit: (await navigator.wakeLock.request("screen")).type,
})"""


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """It has a name in the site's own network."""
    with Served(make_site(tmp_path_factory.mktemp("named") / "site", 'names = ["gate.lan"]')) as pages:
        yield pages


@pytest.fixture
def stranger(playwright: Playwright, tmp_path: Path) -> Iterator[Browser]:
    """Nobody has installed anything."""
    with chromium(playwright, tmp_path / "home") as browser:
        yield browser


def guarded() -> Live:
    step = NextStep(
        ask=Ask.CHECK_IN,
        words=Words("报到：我在监护", "Check in: I guard"),
        who=("guard",),
        persons=("li-na",),
        fresh=False,
    )
    guards = (LiveNamed(id="li-na", name="Li Na"),)
    return live(permits=(permit(guards=guards, guard_id="li-na", next=(step,)),))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "gate.lan"])
def test_a_browser_that_knows_the_box_opens_it_without_a_warning(
    knowing: Browser, served: Served, host: str
) -> None:
    page = knowing.new_page()
    answer = page.goto(f"https://{host}:{served.port}/")
    assert answer is not None
    assert answer.ok
    seen = answer.security_details()
    assert seen is not None
    assert seen["issuer"].startswith("edge_agent box-1")
    assert seen["protocol"] == "TLS 1.3"
    assert seen["validFrom"] < time.time() < seen["validTo"]
    assert seen["validTo"] - seen["validFrom"] <= LONGEST_DAYS * DAY_S
    can = {"secure": True, "keys": True, "stores": True, "worker": True, "lit": "screen"}
    assert page.evaluate(CAN) == can


def test_a_name_that_is_not_the_boxs_is_refused_even_where_the_box_is_known(
    knowing: Browser, served: Served
) -> None:
    with pytest.raises(Error, match="ERR_CERT_COMMON_NAME_INVALID"):
        knowing.new_page().goto(f"https://other.lan:{served.port}/")


def test_whoever_stole_the_boxs_key_is_nobody_else_to_who_trusts_the_box(
    knowing: Browser, served: Served, tmp_path: Path
) -> None:
    """The certificate that people install is good for the site's own names and addresses alone."""
    web, now_utc = served.site / "web", time.time()
    stolen = authority(web, "box-1", Names(("localhost",), ()), now_utc)
    for name, fault in (("bank.example", "ERR_CERT"), ("stolen.lan", None)):
        folder = tmp_path / name
        folder.mkdir()
        pair = issue(folder, stolen, Names((name,), ()), now_utc)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.cert, pair.key)
        with Answering(context) as port:
            page = knowing.new_page()
            if fault:
                with pytest.raises(Error, match=fault):
                    page.goto(f"https://{name}:{port}/")
            else:
                assert page.goto(f"https://{name}:{port}/") is not None, "the control: within its names it counts"


class Answering:
    """A server of one word, for as many connections as come until its end."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._context = context
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> int:
        self._thread.start()
        port: int = self._door.getsockname()[1]
        return port

    def __exit__(self, *_: object) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()

    def _run(self) -> None:
        while True:
            try:
                plain, _ = self._door.accept()
            except OSError:
                return
            plain.settimeout(10)
            try:
                with self._context.wrap_socket(plain, server_side=True) as line:
                    line.recv(65536)
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            except OSError:
                plain.close()


def test_who_does_not_know_the_box_is_warned_and_can_still_check_in_see_and_stop(
    stranger: Browser, served: Served, folder: Folder, peer: DeskPeer
) -> None:
    """By the browser's own warning, with the two taps that its owner makes."""
    with folder.kept(guarded), Phone(stranger, served.url, "en", warned=True) as one:
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            one.go("/")
        one.page.locator("#details-button").click()
        one.page.locator("#proceed-link").click()
        one.page.wait_for_url(f"{one.url}/**")
        one.wrong.clear()  # the warning's own page has no storage, which a phone's first script asks for
        one.enter("li-na", f"/p/{ID}")
        one.tone("may_work")
        one.do("check_in")
        one.send()
        one.tap(".stop")
        expect(one(".stopbar")).to_have_attribute("data-state", "armed")
        one.tap(".stop")
        expect(one(".stopbar")).to_have_attribute("data-state", "sent")
    forms = [json.loads(said["form"]) for said in peer.asked if said["do"] == "signed"]
    assert [form["ask"] for form in forms] == ["check_in"]
    assert [said["permit"] for said in peer.asked if said["do"] == "stop"] == [ID]
