"""Somebody changes the language in the middle of his work: all words are others; what he typed stays."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from edge_agent.domain.next_step import NextStep
from edge_agent.domain.request import Ask
from edge_agent.domain.words import Words
from tests.pages.phone import Phone
from tests.pages.test_devices import tank
from tests.support.board_world import Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.languages import HAN
from tests.support.pages import Served

PAGES = ("/board", "/map", "/works", "/people", "/devices", "/settings/limits")
NAMES = "李娜|王伟"  # people are called as they are called
TEXTS = """() => [...document.querySelectorAll("main *")].flatMap((node) => [...node.childNodes])
    .filter((node) => node.nodeType === 3 && !node.parentNode.closest("[lang]:not(html)"))
    .map((node) => node.textContent)"""
PIN = "hcet-ug"  # DeskPeer: the id backwards


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A whole site: its settings have something to show."""
    with Served(tank(tmp_path_factory.mktemp("spoken") / "site")) as pages:
        yield pages


@pytest.fixture
def technician(box: Served, folder: Folder, peer: DeskPeer, phones: Callable[..., Phone]) -> Iterator[Phone]:
    peer.refuses = (Words("有人在里面", "somebody is inside"),)
    step = NextStep(
        ask=Ask.REVOKE,
        words=Words("撤销作业票", "Withdraw the permit"),
        who=("technician",),
        persons=("gu-tech",),
        fresh=True,
    )
    with folder.kept(lambda: live(permits=(permit(next=(step,)),))):
        yield phones(box.url, "zh", "phone")


def changes(phone: Phone, language: str) -> None:
    phone.language = language
    phone(".top button[lang]").evaluate("(button) => button.click()")  # wherever the page is scrolled to
    expect(phone(f".top button[lang={'en' if language == 'zh' else 'zh-CN'}]")).to_be_visible()


def chinese(phone: Phone) -> list[str]:
    texts: list[str] = phone.page.evaluate(TEXTS)
    return [one for one in texts if HAN.search(re.sub(NAMES, "", one))]


def scrolled(phone: Phone) -> int:
    return int(phone.page.evaluate("Math.round(scrollY)"))


def setting(phone: Phone, key: str) -> Locator:
    return phone.page.locator(".setting", has=phone.page.locator(f"label small:text-is('{key}')"))


def test_a_form_half_filled_in_stays(technician: Phone) -> None:
    technician.enter("gu-tech", "/settings")
    technician(".settings-pick select").select_option("uplink")
    user = setting(technician, "username").locator("input")
    user.fill("box-7")
    user.focus()
    at = scrolled(technician)
    assert at > 0
    technician.page.evaluate("document.querySelectorAll('main input').forEach((one) => { one.dataset.mine = 1 })")
    for language in ("en", "zh"):
        changes(technician, language)
        expect(user).to_have_value("box-7")
        expect(user).to_have_attribute("data-mine", "1")  # the very field, not one like it
        expect(technician(".settings-pick select")).to_have_value("uplink")
        assert scrolled(technician) == at
    changes(technician, "en")
    assert chinese(technician) == []


def test_what_waits_to_be_signed_and_why_it_was_refused_stay(technician: Phone) -> None:
    technician.enter("gu-tech", "/p/T-2042")
    technician.do("revoke")
    technician("input.pin").fill(PIN)
    reason = technician.page.get_by_label("原因")
    reason.fill("leak")
    changes(technician, "en")
    expect(technician.page.get_by_label("Reason")).to_have_value("leak")
    expect(technician("input.pin")).to_have_value(PIN)
    technician.tap(".task button[type=submit]")
    expect(technician(".fault-cause")).to_contain_text("somebody is inside")
    changes(technician, "zh")
    expect(technician(".fault-cause")).to_contain_text("有人在里面")
    expect(technician.page.get_by_label("原因")).to_have_value("leak")


def test_every_word_is_another(technician: Phone) -> None:
    technician.enter("gu-tech", "/board")
    for page in PAGES:
        if technician.language == "en":
            changes(technician, "zh")
        technician.go(page)
        expect(technician("main h1, main h2").first).to_be_visible()
        expect(technician(".waiting")).to_have_count(0)
        assert chinese(technician) != []
        changes(technician, "en")
        assert chinese(technician) == [], page
