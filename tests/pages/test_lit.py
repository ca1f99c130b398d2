"""The guard's page and the wall keep their screens lit, and say so where they cannot."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, expect

from edge_agent.tell.live import Live
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, permit
from tests.support.pages import Served, panel_cookie
from web_ui.sessions import COOKIE

PAGE = "/p/T-2042"
# Every lock that the page is given, in the order in which it was asked for.
KEPT = """window.locks = []; window.refuse = false;
const request = navigator.wakeLock.request.bind(navigator.wakeLock);
navigator.wakeLock.request = async (kind) => {
    if (window.refuse) throw new DOMException("the battery is low", "NotAllowedError");
    const lock = await request(kind);
    window.locks.push(lock);
    return lock;
};"""
REFUSED = f"{KEPT} window.refuse = true;"
MISSING = "delete Navigator.prototype.wakeLock;"
HELD = "locks.filter((one) => !one.released).length"
RELEASE = "locks.find((one) => !one.released).release()"

Opens = Callable[..., Phone]


def guarded() -> Live:
    return live(permits=(permit(guard_id="li-na"),))


@pytest.fixture
def opens(knowing: Browser, served: Served, folder: Folder) -> Iterator[Opens]:
    """A device that trusts the box, somebody logged in, on the permit's page."""
    with folder.kept(guarded), ExitStack() as ends:

        def one(person: str, script: str = KEPT) -> Phone:
            device = ends.enter_context(Phone(knowing, served.url, "en", warned=True))
            device.page.add_init_script(script)
            device.enter(person, PAGE)
            device.tone("may_work")
            return device

        yield one


def holds(device: Phone, locks: int) -> None:
    device.page.wait_for_function(f"() => {HELD} === {locks}")


def test_the_guards_screen_stays_lit_and_is_lit_again_when_he_comes_back(opens: Opens) -> None:
    guard = opens("li-na")
    holds(guard, 1)
    expect(guard(".dark")).to_have_count(0)
    guard.page.evaluate(RELEASE)  # as the browser does when its page is hidden
    expect(guard(".dark")).to_contain_text("may go dark")
    guard.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(guard(".dark")).to_have_count(0)
    holds(guard, 1)
    guard.tap(".title")
    holds(guard, 0)


def test_others_save_their_battery(opens: Opens) -> None:
    holder = opens("wang-wei")
    assert holder.page.evaluate("locks.length") == 0
    expect(holder(".dark")).to_have_count(0)


def test_a_lock_that_is_refused_is_asked_for_again_with_a_touch(opens: Opens) -> None:
    guard = opens("li-na", REFUSED)
    expect(guard(".dark")).to_be_visible()
    guard.look("30-dark")
    guard.page.evaluate("window.refuse = false")
    guard.tap(".glance")
    expect(guard(".dark")).to_have_count(0)
    holds(guard, 1)


def test_a_browser_that_knows_no_lock_says_so_and_does_everything_else(opens: Opens) -> None:
    guard = opens("li-na", MISSING)
    expect(guard(".dark")).to_contain_text("may go dark")
    guard.tone("may_work")
    expect(guard(".stop")).to_be_enabled()


def test_the_wall_stays_lit(knowing: Browser, served: Served, folder: Folder) -> None:
    cookie = {"name": COOKIE, "value": panel_cookie(served.site), "url": served.url}
    with folder.kept(guarded), Phone(knowing, served.url, "zh", "wall", warned=True) as wall:
        wall.page.add_init_script(KEPT)
        wall.context.add_cookies([{**cookie, "secure": True, "httpOnly": True, "sameSite": "Strict"}])
        wall.go("/panel")
        expect(wall(".tile")).to_be_visible()
        holds(wall, 1)
        expect(wall(".dark")).to_have_count(0)
        wall.page.evaluate(f"window.refuse = true; {RELEASE}")
        expect(wall(".dark")).to_contain_text("自动熄灭")
        wall.look("31-wall-dark")
