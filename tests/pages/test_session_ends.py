"""An open page of somebody who may not watch any more asks for a log-in, and shows nothing of what comes after."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import APIResponse, Route, expect

from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served


def change(folder: Folder, person: str, **fields: Any) -> None:
    """What the agent's list says of somebody, from now on."""
    file = folder.path / "people.json"
    rows = [row | (fields if row["id"] == person else {}) for row in json.loads(file.read_bytes())]
    half = folder.path / "people.half"
    half.write_text(json.dumps(rows), encoding="utf-8")
    half.replace(file)


def test_a_page_whose_person_is_denied_or_logs_out_elsewhere_asks_for_a_log_in(
    served: Served, phones: Callable[..., Phone], folder: Folder
) -> None:
    one, other = phones(served.url, "en"), phones(served.url, "en")
    with folder.kept(lambda: live(permits=(permit(),))):
        one.enter("li-na", "/p/T-2042")
        other.enter("wang-wei", "/p/T-2042")
        one.tone("may_work")
        other.tone("may_work")
        change(folder, "li-na", denied=True)
        expect(one(".ended")).to_be_visible()
        expect(one(".glance")).to_have_count(0)
        expect(one(".stop")).to_be_enabled()
        second = other.context.new_page()
        second.goto(f"{other.url}/board")
        second.get_by_role("button", name="Log out").click()
        expect(other(".ended")).to_be_visible()
        expect(other(".glance")).to_have_count(0)
        expect(other(".stop")).to_be_enabled()


def test_a_role_that_is_given_or_taken_changes_the_open_page(
    served: Served, phones: Callable[..., Phone], folder: Folder
) -> None:
    one = phones(served.url, "en")
    with folder.kept(lambda: live(permits=(permit(),))):
        one.enter("li-na", "/")
        one.page.evaluate("window.sameDocument = true")
        expect(one(".permit-card")).to_be_visible()
        expect(one("a[href='/people']")).to_have_count(0)
        change(folder, "li-na", roles=["guard", "admin"])
        expect(one("a[href='/people']")).to_be_visible()
        change(folder, "li-na", roles=["guard"])
        expect(one("a[href='/people']")).to_have_count(0)
        expect(one(".notlive")).to_have_count(0)
        assert one.page.evaluate("window.sameDocument")


def test_the_wall_stays_the_boxs_own_when_word_of_the_old_session_comes_late(
    served: Served, phones: Callable[..., Phone], folder: Folder, peer: DeskPeer
) -> None:
    """Between the end of somebody's session there and the screen's own, the box knows neither."""
    one = phones(served.url, "en", "wall")
    late: list[tuple[Route, APIResponse]] = []
    with folder.kept(lambda: live(permits=(permit(),))):
        one.enter("chen-admin", "/panel")
        one.tap(".card .button.main")
        one.badge("badge-li-na")
        expect(one(".atpanel")).to_be_visible()
        expect(one(".permit-card")).to_be_visible()
        peer.lets_out.clear()

        def keep(route: Route) -> None:
            """The first word of the end. His log-in ended a session too, before his tap: the screen's own."""
            answer = route.fetch()
            if not late and answer.status == 401 and any(line["do"] == "log_out" for line in peer.asked):
                late.append((route, answer))
            else:
                route.fulfill(response=answer)

        one.page.route("**/api/v1/live", keep)
        one.tap(".atpanel .button")
        while not late:
            one.page.wait_for_timeout(50)
        peer.lets_out.set()
        expect(one(".panel")).to_be_visible()
        late[0][0].fulfill(response=late[0][1])
        expect(one(".panel .tile")).to_be_visible()


def test_a_role_that_changes_between_two_streams_is_learnt_from_the_next(
    served: Served, phones: Callable[..., Phone], folder: Folder
) -> None:
    one = phones(served.url, "en")
    with folder.kept(lambda: live(permits=(permit(),))):
        one.enter("li-na", "/")
        expect(one(".permit-card")).to_be_visible()
        one.context.set_offline(True)
        expect(one(".notlive")).to_be_visible()
        change(folder, "li-na", roles=["guard", "admin"])
        one.context.set_offline(False)
        expect(one("a[href='/people']")).to_be_visible()
        expect(one(".notlive")).to_have_count(0)
