"""What a phone shows of a picture that changes, is old, or does not come whole; and that every word fits it."""

import itertools
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from edge_agent.tell.live import Live
from tests.pages.phone import SIZES, Phone
from tests.support.board_world import Folder, leaving, live, permit, stopped, warned
from tests.support.pages import Served
from web_ui.words import LANGUAGES, TABLES

PAGE = "/p/T-2042"
WORDS, BOARD = "**/assets/words-*.js", "**/assets/board-*.js"
# What a page does once it is drawn, it does a second later, as on a phone that is busy.
SLOW_TO_ASK = """() => { const later = setTimeout; window.requestAnimationFrame = () => 0;
    window.setTimeout = (what, ms, ...more) => later(what, (ms ?? 0) + 1000, ...more); }"""
TONES = """window.tones = new Set(); addEventListener("DOMContentLoaded", () =>
    new MutationObserver(() => { const tone = document.querySelector(".glance")?.dataset.tone;
        if (tone) window.tones.add(tone); }).observe(document.body, { subtree: true, childList: true,
        attributes: true }));"""


@pytest.fixture
def guard(served: Served, phones: Callable[..., Phone]) -> Phone:
    return phones(served.url, "en")


def guarded() -> Live:
    return live(permits=(permit(guard_id="li-na"),))


def test_an_agent_that_dies_is_not_live(guard: Phone, folder: Folder) -> None:
    with folder.kept(guarded):
        guard.enter("li-na", PAGE)
        guard.tone("may_work")
    guard.tone("unknown")
    expect(guard(".notlive")).to_contain_text("The box gives no new picture")
    assert guard(".steps").count() == 0
    guard.look("21-agent-gone")


def test_an_old_picture_is_never_live_not_even_at_first(
    served: Served, phones: Callable[..., Phone], folder: Folder
) -> None:
    folder.put(live(at_utc=time.time() - 600, permits=guarded().permits))
    one = phones(served.url, "zh")
    one.page.add_init_script(TONES)
    one.enter("li-na", PAGE)
    one.tone("unknown")
    expect(one(".notlive")).to_contain_text("非实时")
    assert one.page.evaluate("[...window.tones]") == ["unknown"]


def test_a_change_is_shown_without_a_reload_and_every_word_fits_every_screen(guard: Phone, folder: Folder) -> None:
    """The word is large and on one line, and STOP is in sight."""
    with folder.kept(guarded) as picture:
        guard.enter("li-na", PAGE)
        guard.tone("may_work")
        guard.page.evaluate("window.sameDocument = true")
        for make, tone in ((warned, "warning"), (stopped, "stopped"), (leaving, "evacuate")):
            picture.show(lambda make=make: live(permits=(make(guard_id="li-na"),)))
            guard.tone(tone)
            for size, language in itertools.product(SIZES, LANGUAGES):
                guard.become(language, size)
                fits(guard, tone)
        assert guard.page.evaluate("window.sameDocument")


def fits(one: Phone, tone: str) -> None:
    one.tone(tone)
    one.look(f"22-{tone}")
    assert one(".glance .word").evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)") >= 36
    assert one(".glance .word span").evaluate("(node) => node.getClientRects().length") == 1
    expect(one(".stop")).to_be_in_viewport()


def test_words_that_do_not_come_are_fetched_again(served: Served, phones: Callable[..., Phone]) -> None:
    """The link failed between the page and its words: nobody is left before an empty screen."""
    one = phones(served.url)
    one.page.route(WORDS, lambda asked: asked.abort())
    with one.page.expect_event("requestfailed"):
        one.go("/login")
    one.page.unroute(WORDS)
    expect(one("form h1")).to_have_text(TABLES["zh"]["login"]["title"])


def test_a_page_that_does_not_come_is_fetched_again(
    served: Served, phones: Callable[..., Phone], folder: Folder
) -> None:
    """Nobody stands before the screen on the wall to load it anew."""
    one = phones(served.url)
    with folder.kept():
        one.enter("li-na", "/")
        one.page.route(BOARD, lambda asked: asked.abort())
        one.go("/board")
        expect(one(".fault .code")).to_have_text("E-PAGE")
        one.page.unroute(BOARD)
        expect(one(".pulse")).to_have_attribute("data-live", "true")


def test_a_page_that_comes_while_the_language_changes_is_shown(
    served: Served, phones: Callable[..., Phone], folder: Folder
) -> None:
    """It was fetched for the page as it was before, and came before the one of now had asked."""
    one = phones(served.url)
    with folder.kept():
        one.enter("li-na", "/")
        one.page.evaluate(SLOW_TO_ASK)
        one.page.route(BOARD, lambda _: None)  # held until nobody stands in its way any more
        with one.page.expect_request(BOARD):
            one.tap("a[href='/board']")
        one.become("en", "phone")
        one.page.unroute(BOARD)
        expect(one(".pulse")).to_have_attribute("data-live", "true")
