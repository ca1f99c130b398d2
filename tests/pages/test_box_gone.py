"""What a phone shows when the box hangs or dies, and how its page heals."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from edge_agent.tell.live import Live
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, permit
from tests.support.pages import Served, make_site

ID = "T-2042"
# When each tone was first shown, and how late the page's own timers were meanwhile.
CHANGED = """() => {
    window.shownAt = {};
    new MutationObserver(() => {
        const tone = document.querySelector(".glance")?.dataset.tone;
        if (tone) window.shownAt[tone] ??= Date.now() / 1000;
    }).observe(document.body, { subtree: true, attributes: true, childList: true });
    window.lateS = 0;
    let last = performance.now();
    setInterval(() => {
        const now = performance.now();
        window.lateS = Math.max(window.lateS, (now - last) / 1000);
        last = now;
    }, 50);
}"""


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Served]:
    """One that may be stopped."""
    with Served(make_site(tmp_path / "site")) as pages:
        yield pages


@pytest.fixture
def phone(served: Served, phones: Callable[..., Phone], folder: Folder) -> Iterator[Phone]:
    """The guard's, on the page of the permit, live."""
    one = phones(served.url, "en")
    with folder.kept(guarded):
        one.enter("li-na", f"/p/{ID}")
        one.tone("may_work")
        yield one


def guarded() -> Live:
    return live(permits=(permit(guard_id="li-na"),))


def test_a_box_that_hangs_is_said_within_three_seconds(phone: Phone, served: Served) -> None:
    phone.page.evaluate(CHANGED)
    stopped_at = time.time()
    served.process.send_signal(signal.SIGSTOP)
    try:
        phone.tone("unknown")
        expect(phone(".notlive")).to_contain_text("NOT LIVE")
        expect(phone(".notlive")).to_contain_text("The link to the box is gone")
        expect(phone(".glance")).to_contain_text("last known: MAY WORK")
        assert "grayscale" in phone(".stale").evaluate("(node) => getComputedStyle(node).filter")
        late_s = phone.page.evaluate("window.lateS")  # a busy machine's part
        assert phone.page.evaluate("window.shownAt.unknown") - stopped_at < 3.0 + late_s
        expect(phone(".stop")).to_be_enabled()
        phone.look("20-link-gone")
    finally:
        served.process.send_signal(signal.SIGCONT)
    phone.tone("may_work")
    expect(phone(".notlive")).to_have_count(0)


def test_a_dead_box_is_tried_again_and_the_page_heals_by_itself(phone: Phone, served: Served) -> None:
    phone.page.evaluate("window.sameDocument = true")
    served.end()
    phone.tone("unknown")
    with Served(served.site, "--port", str(served.port), "--enrol-port", "0"):
        phone.tone("may_work")
        assert phone.page.evaluate("window.sameDocument")
