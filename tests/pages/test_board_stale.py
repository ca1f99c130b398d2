"""A board without new pictures is never live; times run between two of them; a full house is live all the same.

What a phone shows when the box or the link is gone stands in test_link.py: both hang on the same stream.
"""

import time
from contextlib import ExitStack
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from playwright.sync_api import expect

from tests.pages.phone import Phone
from tests.support.board_world import Folder, leaving, live, permit
from tests.support.pages import Served, cookie, stream_of
from web_ui.viewers import Bounds

ZONE = ZoneInfo("Asia/Shanghai")  # the site's


def last_utc(folder: Folder) -> float:
    """When the agent took its last picture."""
    at_utc: float = msgspec.json.decode((folder.path / "live.json").read_bytes())["at_utc"]
    return at_utc


def test_times_run_between_pictures(board: Phone, folder: Folder) -> None:
    fixed = live(permits=(permit(ends_utc=time.time() + 3600),))
    with folder.kept(lambda: fixed):
        board.watch()
        figure = board(".remaining .figure")
        before = figure.inner_text()
        expect(figure).not_to_have_text(before)


def test_a_picture_that_is_not_renewed_is_greyed_and_then_heals(board: Phone, folder: Folder) -> None:
    """Measured by the page itself; a machine that stalls may make it later than three seconds, never earlier."""
    with folder.kept(lambda: live(permits=(leaving(),))):
        board.watch()
        board.page.evaluate(
            """() => new MutationObserver(() => {
                if (document.querySelector(".stale-board")) window.staleAt ??= Date.now() / 1000;
            }).observe(document.body, { subtree: true, childList: true, attributeFilter: ["class"] })"""
        )
    expect(board(".notlive")).to_contain_text("NOT LIVE")
    expect(board(".board .hint")).to_contain_text("systemctl status edge-agent")
    taken = datetime.fromtimestamp(last_utc(folder), ZONE).strftime("%H:%M:%S")
    expect(board(".pulse")).to_contain_text(f"NOT LIVE since {taken}")
    expect(board("#overall")).to_contain_text("STATE UNKNOWN")
    expect(board("#overall")).to_contain_text("last known: EVACUATE")
    assert "grayscale" in board("#gas").evaluate("(node) => getComputedStyle(node).filter")
    assert 3.0 <= board.page.evaluate("window.staleAt") - last_utc(folder) < 15.0
    with folder.kept():
        expect(board(".notlive")).to_be_hidden()
        expect(board(".pulse")).to_have_text("LIVE")


def test_an_old_picture_is_never_live_not_even_at_first(board: Phone, folder: Folder) -> None:
    folder.put(live(at_utc=time.time() - 600))
    board.page.add_init_script("""window.wasLive = false; addEventListener("DOMContentLoaded", () => setInterval(
        () => { window.wasLive ||= document.querySelector(".pulse")?.dataset.live === "true"; }, 5));""")
    board.go("/board")
    expect(board(".permit")).to_be_visible()
    expect(board(".notlive")).to_contain_text("NOT LIVE")
    expect(board("#overall")).to_contain_text("STATE UNKNOWN")
    assert not board.page.evaluate("window.wasLive")


def test_without_a_picture_it_says_why(board: Phone, folder: Folder) -> None:
    board.go("/board")
    expect(board(".notlive")).to_contain_text("does not exist: the agent is not running")
    folder.put_bytes(b'{"at_utc": 17')
    expect(board(".notlive")).to_contain_text("incomplete or of another shape")


def test_a_full_house_is_still_live(board: Phone, folder: Folder, box: Served) -> None:
    board.go("/icon.svg")  # its own place is free again
    with ExitStack() as places, folder.kept():
        taken = 0
        while taken < Bounds().viewers:
            line, status = stream_of(box, cookie(box.site, "li-na"))
            places.enter_context(line)
            taken += status == 200
        board.watch()
        expect(board("#crowded")).to_be_visible()
        expect(board(".pulse")).to_have_text("LIVE")
