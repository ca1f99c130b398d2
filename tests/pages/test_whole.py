"""A page whose style sheet or program did not come: it loads itself again once, then says that it is not whole."""

import shutil
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.pages.phone import Phone
from tests.support.pages import Served

PAGE = "/login"
PASSED_ON = ("Content-Type", "Cache-Control", "Content-Security-Policy")


class Line(ThreadingHTTPServer):
    """A way to the box that breaks off as often as it is told when something of this kind is fetched."""

    def __init__(self, served: Served, kind: str, times: int) -> None:
        super().__init__(("127.0.0.1", 0), Fetch)
        self.box, self.kind, self.left = served, kind, times
        self.trust = ssl.create_default_context(cafile=served.site / "web" / "ca.crt")
        self.pages = 0  # how often the page itself was asked for

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}"


class Fetch(BaseHTTPRequestHandler):
    """One request, handed on to the box."""

    server: Line
    protocol_version = "HTTP/1.0"  # a connection each: a browser does not try again by itself

    def do_GET(self) -> None:
        line = self.server
        line.pages += self.path == PAGE
        if self.path.startswith("/assets/index-") and self.path.endswith(line.kind) and line.left:
            line.left -= 1
            return
        asked = Request(line.box.url.rstrip("/") + self.path)  # noqa: S310 - loopback
        try:
            with urlopen(asked, timeout=30, context=line.trust) as answer:  # noqa: S310 - loopback
                self._pass_on(answer.status, answer.headers, answer)
        except HTTPError as refused:
            with refused:
                self._pass_on(refused.code, refused.headers, refused)

    def _pass_on(self, status: int, headers: object, body: object) -> None:
        self.send_response(status)
        for name in PASSED_ON:
            if value := headers.get(name):  # type: ignore[attr-defined]
                self.send_header(name, value)
        self.end_headers()
        shutil.copyfileobj(body, self.wfile)  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def line(served: Served, kind: str, times: int) -> Iterator[Line]:
    with Line(served, kind, times) as one:
        worker = Thread(target=one.serve_forever, args=(0.05,))
        worker.start()
        try:
            yield one
        finally:
            one.shutdown()
            worker.join()


def styled(phone: Phone) -> bool:
    return bool(phone("form button").first.evaluate("(one) => one.getBoundingClientRect().height >= 63.5"))


@pytest.mark.parametrize("kind", [".css", ".js"])
def test_what_did_not_come_once_is_fetched_again_by_itself(
    served: Served, phones: Callable[..., Phone], kind: str
) -> None:
    with line(served, kind, 1) as way:
        one = phones(way.url, "en")
        one.go(PAGE)
        expect(one("form")).to_be_visible()
        one.page.wait_for_function("sessionStorage.getItem('loaded-again') === null")
        assert (way.pages, way.left) == (2, 0)
        assert styled(one)
        expect(one("#not-whole")).to_have_count(0)


@pytest.mark.parametrize("kind", [".css", ".js"])
def test_what_does_not_come_again_either_is_said(served: Served, phones: Callable[..., Phone], kind: str) -> None:
    with line(served, kind, 2) as way:
        one = phones(way.url, "zh")
        one.go(PAGE)
        told = one("#not-whole")
        expect(told).to_be_visible()
        expect(told).to_contain_text("不得据此判断能否作业")
        expect(told).to_contain_text("do not judge by it")
        assert way.pages == 2
        told.locator("button").click()
        expect(told).to_have_count(0)
        expect(one("form")).to_be_visible()
        assert styled(one)


def test_a_page_that_comes_whole_is_loaded_once(served: Served, phones: Callable[..., Phone]) -> None:
    with line(served, ".css", 0) as way:
        one = phones(way.url, "en")
        one.go(PAGE)
        expect(one("form")).to_be_visible()
        one.page.wait_for_function("document.readyState === 'complete'")
        assert way.pages == 1
