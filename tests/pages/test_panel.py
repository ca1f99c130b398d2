"""The box's own screen in a browser: read from afar, the code that proves presence, STOP, one thing by badge."""

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.next_step import NextStep
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from edge_agent.tell.live import Live
from tests.pages.phone import Phone
from tests.support.board_world import Folder, channel, evacuating, leaving, live, permit, stopped
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served
from tests.system.site import until

LEAST_PX = {".overall .word": 90, ".digits": 90, ".tile .says": 48, ".channel .value": 48, ".clock": 60}


def busy() -> Live:
    """People are called out at one permit, another is stopped; the guard may check in at a third."""
    base = evacuating()
    step = NextStep(
        ask=Ask.CHECK_IN,
        words=Words("监护人签到", "Check in as guard"),
        who=("guard",),
        persons=("li-na",),
        fresh=False,
    )
    mine = permit(id="T-2061", next=(step,), holder_id="li-na")
    return replace(base, permits=(leaving(), stopped(id="T-2060"), mine, permit(id="T-2062", near_end=True)))


@contextmanager
def codes(folder: Folder) -> Iterator[None]:
    """The agent's rotating code, new every two seconds."""
    stop = Event()

    def write() -> None:
        while not stop.is_set():
            now = time.time()
            text = json.dumps({"code": f"{int(now) % 1_000_000:06}", "until_utc": now + 2})
            part = folder.path / "presence.part"
            part.write_text(text)
            part.replace(folder.path / "presence.json")
            stop.wait(1.9)

    writer = Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def made(phones: Callable[..., Phone], served: Served, language: str, size: str = "wall") -> Phone:
    """An administrator makes this screen the box's own."""
    one = phones(served.url, language, size)
    one.page.add_init_script(f"localStorage.setItem('panel-language', '{language}')")
    one.enter("chen-admin", "/panel")
    one.tap(".card .button.main")
    expect(one(".panel")).to_be_visible()
    return one


def size_px(one: Phone, part: str) -> float:
    """How large its letters are; a part that is drawn anew between finding and measuring has none: look again."""
    for _ in range(20):
        size = float(one(part).first.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)"))
        if not math.isnan(size):
            return size
    raise AssertionError(f"{part} is never there long enough to be measured")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_read_from_five_metres(
    served: Served, folder: Folder, phones: Callable[..., Phone], language: str
) -> None:
    with folder.kept(busy), codes(folder):
        one = made(phones, served, language)
        expect(one(".digits")).to_be_visible()
        expect(one(".tile")).to_have_count(4)
        for part, least in LEAST_PX.items():
            assert size_px(one, part) >= least, part
        for part in (".overall .word", ".digits", ".codes img >> nth=1", ".tile .stop >> nth=1"):
            expect(one(part).first).to_be_in_viewport()
        one.has_pictures(".codes img")
        expect(one(".top")).to_have_count(0)
        expect(one(".banner.untrusted")).to_be_visible()
        assert one.page.evaluate("document.documentElement.scrollHeight") <= 1080, "nobody scrolls a wall"
        one.look("50-panel-busy")
    with folder.kept(live), codes(folder):
        expect(one(".tile")).to_have_count(1)
        one.look("51-panel-calm")


def test_old_state_on_the_wall_never_looks_live_and_stop_still_works(
    served: Served, folder: Folder, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    with folder.kept(busy):
        one = made(phones, served, "en")
        expect(one(".tile")).to_have_count(4)
    expect(one(".overall")).to_have_attribute("data-tone", "unknown")
    for part in (".tile .state", ".air", ".calling"):
        assert "grayscale" in one(part).first.evaluate("(node) => getComputedStyle(node).filter"), part
    stop = one('[data-permit="T-2061"] .stop')
    stop.click()
    stop.click()
    expect(one('[data-permit="T-2061"] .stopbar')).to_have_attribute("data-state", "sent")
    assert [said["permit"] for said in peer.asked if said["do"] == "stop"] == ["T-2061"]


def test_many_detectors_show_the_worst(served: Served, folder: Folder, phones: Callable[..., Phone]) -> None:
    good = [channel(id=f"gas-{n}") for n in range(14)]
    with folder.kept(lambda: replace(live(), gas=(*good, channel(id="bad", level=14.2, danger=True)))):
        one = made(phones, served, "en")
        expect(one(".channel")).to_have_count(5)
        expect(one(".channel").first).to_have_attribute("data-look", "danger")
        expect(one(".air")).to_contain_text("10 more detectors")


def test_the_code_changes_and_one_that_is_over_is_not_shown(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    with folder.kept(live):
        with codes(folder):
            one = made(phones, served, "en")
            first = one(".digits").inner_text()
            expect(one(".digits")).not_to_have_text(first)
        expect(one(".digits")).to_have_count(0)
        expect(one(".presence")).to_contain_text("no code")


def test_stop_needs_nobody(served: Served, folder: Folder, phones: Callable[..., Phone], peer: DeskPeer) -> None:
    with folder.kept(busy):
        one = made(phones, served, "en")
        stop = one('[data-permit="T-2061"] .stop')
        stop.click()
        stop.click()
        expect(one('[data-permit="T-2061"] .stopbar')).to_have_attribute("data-state", "sent")
    assert [said["permit"] for said in peer.asked if said["do"] == "stop"] == ["T-2061"]


def test_a_badge_opens_it_for_one_thing_and_it_returns_by_itself(
    served: Served, folder: Folder, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    with folder.kept(busy):
        one = made(phones, served, "en")
        one.badge("badge-li-na")
        expect(one(".atpanel")).to_be_visible()
        one.speak()
        one.tap('.permit-card[href="/p/T-2061"]')
        one.do("check_in")
        one.tap(".task button[type=submit]")
        expect(one(".panel")).to_be_visible()  # after the few seconds in which it says that it was done
        assert peer.keys == {}, "nobody is left logged in"
        expect(one(".overall")).to_contain_text("EVACUATE")
        one.badge("badge-nobody")
        expect(one(".panel .fault")).to_contain_text("this badge is not known here")


def test_a_screen_whose_browser_went_in_between_is_the_boxs_own_again(
    served: Served, folder: Folder, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    with folder.kept(live):
        one = made(phones, served, "en")
        one.badge("badge-li-na")
        expect(one(".atpanel")).to_be_visible()
        one.page.evaluate("indexedDB.deleteDatabase('edge')")
        one.go("/panel")
        expect(one(".panel")).to_be_visible()
        assert peer.keys == {}


def test_nobody_but_an_administrator_makes_a_screen_the_boxs_own(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    with folder.kept(live):
        one = phones(served.url, "en")
        one.enter("li-na", "/panel")
        expect(one(".card .button.main")).to_be_disabled()
        expect(one(".card")).to_contain_text("An administrator")


COUNT = """() => { window.tones = 0; const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); }; }"""


def test_the_screen_itself_sounds_when_a_job_gets_worse(board: Phone, folder: Folder) -> None:
    """Nobody is logged in there: it calls whoever hears it."""
    with codes(folder), folder.kept(live):
        board.go("/panel")
        board.page.evaluate(COUNT)
        board.tap(".sounding button")
        expect(board(".sounding")).to_have_attribute("data-sound", "ok")
        until(lambda: board.page.evaluate("() => window.tones") > 0, "the test is heard")
        board.page.evaluate("() => { window.tones = 0; }")
    with codes(folder), folder.kept(evacuating):
        until(lambda: board.page.evaluate("() => window.tones") > 6, "it calls again and again")
