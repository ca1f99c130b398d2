"""Who is logged in where, a phone by QR, a token; an outside inspector is entered, and is offered looks alone."""

import shutil
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import msgspec
from playwright.sync_api import expect

from edge_agent.decide.guides import offers
from edge_agent.domain.person import Role
from edge_agent.tell.live_file import write_offers
from edge_agent.tell.who.papers import PEOPLE, listed
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live
from tests.support.desk_peer import DeskPeer, people
from tests.support.pages import TREE, Served
from tests.support.story import scenario_site


def test_log_ins_are_seen_and_ended_a_phone_comes_by_qr_and_a_token_is_shown_once(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    with folder.kept(live):
        guard = phones(served.url, "en", "phone")
        guard.enter("li-na", "/board")
        for language, size in (("zh", "phone"), ("en", "tablet"), ("zh", "panel")):
            boss = phones(served.url, language, size)
            boss.enter("chen-admin", "/log-ins")
            expect(boss(".log-ins li[data-mine=true]")).to_have_count(1)
            expect(boss(".log-ins").first).to_contain_text("Li-Na")
            boss("select").select_option("wang-wei")
            boss.tap("section:nth-of-type(2) button.main")
            expect(boss(".way img")).to_be_visible()
            boss.has_pictures(".way img")
            boss.tap("section:nth-of-type(3) > button.main")
            boss(".signed input[type=text]").fill(f"dashboard {size}")
            boss.look("116-token-wished")
            boss.badge("badge-chen-admin")
            expect(boss(".secret code")).to_be_visible()
            boss.look("116-log-ins")
            boss.tap(".secret button")
            expect(boss(".secret")).to_have_count(0)
            expect(boss(".log-ins").nth(1)).to_contain_text(f"dashboard {size}")
        address = boss(".way small").inner_text()
        code = parse_qs(urlsplit(address).query)["for"][0]
        new = phones(served.url, "zh", "phone")
        new.go(f"/login?phone={code}")
        expect(new("form [role=status]").first).to_contain_text("Wang-Wei")
        expect(new("input[autocomplete=username]")).to_have_value("wang-wei")
        new.look("117-this-phone")
        new.badge("badge-wang-wei")
        expect(new(".top small")).to_contain_text("Wang-Wei")
        boss.go("/log-ins")
        row = boss(".log-ins li").filter(has_text="Wang-Wei").filter(has_text="Chen-Admin")
        expect(row).to_have_count(1)  # who showed that phone the way
        ended = boss(".log-ins li").filter(has_text="Li-Na")
        for left in reversed(range(ended.count())):  # the tests before this one have left some
            ended.first.get_by_role("button").click()
            expect(ended).to_have_count(left)
        expect(boss("section:first-of-type h2")).to_be_focused()  # a keyboard, a screen reader go on from there
        expect(guard("input[autocomplete=username]")).to_be_visible()  # at once, on the page that was open


def test_an_inspector_is_entered_with_a_last_day(
    served: Served, folder: Folder, peer: DeskPeer, phones: Callable[..., Phone]
) -> None:
    shutil.copy(TREE / "zones" / "demo-tank" / "areas.toml", folder.path.parent / "areas.toml")
    write_offers(folder.path, offers(scenario_site()))
    with folder.kept(live):
        for language, size in (("en", "phone"), ("zh", "tablet")):
            boss = phones(served.url, language, size)
            boss.enter("chen-admin", "/people")
            boss.tap("button.main")
            boss("input:not([type])").nth(0).fill(f"wu-{size}")
            boss("input:not([type])").nth(1).fill("Wu")
            boss("input[type=password]").first.fill("4711")
            boss.page.get_by_role("button", name="Outside inspector" if language == "en" else "外部检查员").click()
            expect(boss(".hint").last).to_be_visible()
            boss("input[type=date]").first.fill("2099-12-31")
            boss.look("118-inspector-entered")
            boss.badge("badge-chen-admin")
            expect(boss(".roster, .fault").first).to_be_visible()
            expect(boss(".fault")).to_have_count(0)
    records = [one.record for one in peer.requests if one.record is not None]
    assert [one.roles for one in records] == [(Role.INSPECTOR,)] * 2
    assert all(one.valid_until_utc is not None and one.valid_until_utc > time.time() for one in records)


def test_an_inspector_looks_and_is_offered_nothing_else(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    known = [listed(one) for one in people().values()]
    (folder.path / PEOPLE).write_bytes(msgspec.json.encode(known))
    with folder.kept(live):
        for language, size in (("zh", "phone"), ("en", "tablet"), ("en", "panel")):
            one = phones(served.url, language, size)
            one.enter("wu-inspect", "/")
            for there in ("/works", "/review", "/audit", "/day", "/cameras", "/actions", "/log-ins"):
                expect(one(f'a[href="{there}"]')).to_have_count(1)
            for closed in ("/films", "/settings", "/setup", "/people", "/tickets/new", "/report"):
                expect(one(f'a[href="{closed}"]')).to_have_count(0)
            one.look("119-inspector")
            one.go("/audit")
            expect(one("details")).to_have_count(0)  # no records to take along
            one.go("/p/T-2042")
            expect(one(".glance")).to_be_visible()
            expect(one(".steps a")).to_have_count(0)
            one.look("120-inspector-permit")
