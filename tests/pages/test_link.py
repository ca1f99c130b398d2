"""What a phone shows when the box, the link or the agent is gone; and a log-in by badge, PIN and keyboard."""

import itertools
import json
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import APIResponse, Route, expect

from edge_agent.domain.next_step import NextStep
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.tell.live import Live
from edge_agent.tell.live_permit import LiveNamed, LivePermit
from tests.pages.phone import SIZES, Phone
from tests.support.board_world import Folder, leaving, live, permit, stopped, warned
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served
from web_ui.words import TABLES

ID = "T-2042"
WORDS, BOARD = "**/assets/words-*.js", "**/assets/board-*.js"
PIN = "an-il"  # DeskPeer: the id backwards
CHANGED = """() => { window.shownAt = {}; new MutationObserver(() => {
    const tone = document.querySelector(".glance")?.dataset.tone;
    if (tone) window.shownAt[tone] ??= Date.now() / 1000;
}).observe(document.body, { subtree: true, attributes: true, childList: true }); }"""


def own(**changes: object) -> Live:
    return live(permits=(permit(guards=(LiveNamed(id="li-na", name="Li Na"),), guard_id="li-na", **changes),))


@pytest.fixture
def phone(served: Served, phones: Callable[..., Phone], folder: Folder) -> Iterator[Phone]:
    """Logged in, on the page of the permit, live."""
    one = phones(served.url, "en")
    with folder.kept(own):
        one.open(ID)
        one.tap("a[href^='/login']")
        enter(one)
        one.tone("may_work")
        yield one


def enter(phone: Phone) -> None:
    phone.badge("badge-li-na")
    expect(phone(".top small")).to_be_visible()
    phone.speak()


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
        assert phone.page.evaluate("window.shownAt.unknown") - stopped_at < 3.5  # 3 s, and a busy machine's half
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


def test_an_agent_that_dies_is_not_live(served: Served, phones: Callable[..., Phone], folder: Folder) -> None:
    one = phones(served.url, "en")
    with folder.kept(own):
        one.go("/login")
        enter(one)
        one.open(ID)
        one.tone("may_work")
    one.tone("unknown")
    expect(one(".notlive")).to_contain_text("The box gives no new picture")
    assert one(".steps").count() == 0
    one.look("21-agent-gone")


def test_an_old_picture_is_never_live_not_even_at_first(
    served: Served, phones: Callable[..., Phone], folder: Folder
) -> None:
    folder.put(live(at_utc=time.time() - 600, permits=own().permits))
    one = phones(served.url, "zh")
    one.page.add_init_script("""window.tones = new Set(); addEventListener("DOMContentLoaded", () =>
        new MutationObserver(() => { const tone = document.querySelector(".glance")?.dataset.tone;
            if (tone) window.tones.add(tone); }).observe(document.body, { subtree: true, childList: true,
            attributes: true }));""")
    one.go("/login")
    enter(one)
    one.open(ID)
    one.tone("unknown")
    expect(one(".notlive")).to_contain_text("非实时")
    assert one.page.evaluate("[...window.tones]") == ["unknown"]


@pytest.mark.parametrize(("make", "tone"), [(warned, "warning"), (stopped, "stopped"), (leaving, "evacuate")])
def test_every_word_fits_every_screen(
    served: Served, phones: Callable[..., Phone], folder: Folder, make: Callable[..., LivePermit], tone: str
) -> None:
    with folder.kept(lambda: live(permits=(make(guard_id="li-na"),))):
        for language, size in itertools.product(("zh", "en"), SIZES):
            one = phones(served.url, language, size)
            one.go("/login")
            enter(one)
            fits(one, tone)


def fits(one: Phone, tone: str) -> None:
    """The word is large and on one line, and STOP is in sight."""
    one.open(ID)
    one.tone(tone)
    one.look(f"22-{tone}")
    assert one(".glance .word").evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)") >= 36
    assert one(".glance .word span").evaluate("(node) => node.getClientRects().length") == 1
    expect(one(".stop")).to_be_in_viewport()


def test_a_change_is_shown_without_a_reload(phone: Phone, folder: Folder) -> None:
    phone.page.evaluate("window.sameDocument = true")
    with folder.kept(lambda: live(permits=(leaving(guard_id="li-na"),))):
        phone.tone("evacuate")
    assert phone.page.evaluate("window.sameDocument")


def test_people_and_tools_are_counted_in_by_the_guard(
    served: Served, phones: Callable[..., Phone], folder: Folder, peer: DeskPeer
) -> None:
    """Nobody is ticked beforehand; what is signed is what was ticked."""
    step = NextStep(
        ask=Ask.ENTER,
        words=Words("登记进入", "Count people in"),
        who=("guard",),
        persons=("li-na",),
        fresh=False,
        about=("wu-gang", "zhou-qiang"),
    )
    workers = (LiveNamed(id="wu-gang", name="Wu Gang"), LiveNamed(id="zhou-qiang", name="Zhou Qiang"))
    one = phones(served.url, "en")
    with folder.kept(lambda: own(next=(step,), workers=workers)):
        one.go("/login")
        enter(one)
        one.open(ID)
        one.do("enter")
        expect(one(".task button[type=submit]")).to_be_disabled()
        one.page.get_by_label("Wu Gang").check()
        one.page.get_by_label("One more: Tools carried in").click()
        one.look("25-enter")
        one.send()
    form = json.loads([said for said in peer.asked if said["do"] == "signed"][-1]["form"])
    wanted = {"ask": "enter", "permit": ID, "person": "li-na", "about": ["wu-gang"], "tools": 1}
    assert {name: form[name] for name in wanted} == wanted


def test_a_badge_is_known_wherever_the_cursor_stands(
    served: Served, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    one = phones(served.url, "en")
    one.go("/login")
    one("input.pin").focus()
    one.badge("badge-li-na")
    expect(one("form")).to_have_count(0)
    assert [said["badge"] for said in peer.asked if said["do"] == "log_in"] == ["badge-li-na"]


def test_a_wrong_badge_says_what_to_do(served: Served, phones: Callable[..., Phone]) -> None:
    one = phones(served.url, "en")
    one.go("/login")
    name = one("input[autocomplete=username]")
    name.fill("li")
    one.badge("Badge-nobody")
    expect(one(".fault")).to_contain_text("this badge is not known here")
    expect(name).to_have_value("li")  # nothing of a badge is left to be read, or to be kept
    expect(one(".fault .code")).to_have_text("E-PROOF")
    one.look("23-wrong-badge")


def test_the_keyboard_alone_is_enough(
    served: Served, phones: Callable[..., Phone], folder: Folder, peer: DeskPeer
) -> None:
    """Tab, letters and Enter: log in, open my permit, stop."""
    one = phones(served.url, "en", "panel")
    keys = one.page.keyboard
    with folder.kept(own):
        one.go("/login")
        expect(one("form")).to_be_visible()
        tab_to(one, "input[autocomplete=username]")
        one.write("li-na")
        tab_to(one, "input.pin")
        one.write(PIN)
        keys.press("Enter")
        expect(one(".permit-card")).to_be_visible()
        tab_to(one, ".permit-card")
        keys.press("Enter")
        one.tone("may_work")
        tab_to(one, ".stop")
        keys.press("Enter")
        expect(one(".stopbar")).to_have_attribute("data-state", "armed")
        keys.press("Enter")
        expect(one(".stopbar")).to_have_attribute("data-state", "sent")
    assert [said["permit"] for said in peer.asked if said["do"] == "stop"] == [ID]


def tab_to(phone: Phone, selector: str) -> None:
    for _ in range(40):
        phone.page.keyboard.press("Tab")
        if phone.focused().evaluate("(node, wanted) => node.matches(wanted)", selector):
            return
    pytest.fail(f"the keyboard never reaches {selector}")


def test_who_shows_a_badge_before_the_box_has_answered_stays_logged_in(
    served: Served, phones: Callable[..., Phone]
) -> None:
    """Whether somebody was logged in here is asked first, and answered last: "nobody", of the time before."""
    one = phones(served.url, "en")
    late: list[tuple[Route, APIResponse]] = []
    one.page.route("**/api/v1/session", lambda asked: held(asked, late))
    one.go("/login")
    enter(one)
    [(route, answer)] = late
    assert answer.status == 401
    with one.page.expect_response("**/api/v1/session"):
        route.fulfill(response=answer)
    one.tap(".top .title")
    expect(one(".top small")).to_have_text("Li-Na")


def held(route: Route, late: list[tuple[Route, APIResponse]]) -> None:
    if route.request.method == "GET" and not late:
        late.append((route, route.fetch()))
    else:
        route.continue_()


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
