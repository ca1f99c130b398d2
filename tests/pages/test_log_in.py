"""A log-in by badge, PIN and keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Route, expect

from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served

ID = "T-2042"
PIN = "an-il"  # DeskPeer: the id backwards


def test_a_badge_is_known_wherever_the_cursor_stands(
    served: Served, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    one = phones(served.url, "en")
    one.go("/login")
    one("input.pin").focus()
    one.badge("badge-li-na")
    expect(one("form")).to_have_count(0)
    assert [said["badge"] for said in peer.asked if said["do"] == "log_in"] == ["badge-li-na"]


def test_a_badge_is_heard_to_its_end_though_the_page_is_drawn_anew_meanwhile(
    served: Served, phones: Callable[..., Phone], peer: DeskPeer
) -> None:
    one = phones(served.url, "en")
    one.go("/login")

    def others_language() -> None:
        one(".top button[lang]").click()
        expect(one.page.locator("html")).to_have_attribute("lang", "zh-CN")

    one.badge("badge-li-na", others_language)
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


def test_who_shows_a_badge_before_the_box_has_answered_stays_logged_in(
    served: Served, phones: Callable[..., Phone]
) -> None:
    """Whether somebody was logged in here is asked first, and answered last: "nobody", of the time before."""
    one = phones(served.url, "en")
    late: list[tuple[Route, APIResponse]] = []
    one.page.route("**/api/v1/session", lambda asked: held(asked, late))
    one.go("/login")
    one.badge("badge-li-na")
    expect(one(".top small")).to_be_visible()
    one.speak()
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


def test_the_keyboard_alone_is_enough(
    served: Served, phones: Callable[..., Phone], folder: Folder, peer: DeskPeer
) -> None:
    """Tab, letters and Enter: log in, open my permit, stop."""
    one = phones(served.url, "en", "panel")
    keys = one.page.keyboard
    with folder.kept(lambda: live(permits=(permit(guard_id="li-na"),))):
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
