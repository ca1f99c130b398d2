"""Works on a time line beside each other; guards are told nothing below the four words; a mute panel says so."""

import time
from collections.abc import Callable

from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.words import Words
from edge_agent.tell.live import Live, LiveAlarm
from edge_agent.tell.live_beside import LiveClash
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, override, permit, stopped
from tests.support.pages import Served

YARD = Words(zh="装置区", en="Yard")
WHY = Words(
    "T-2050（动火）与 T-2042（受限空间）相距 6 米；GB 30871-2022 5.2.8",
    "T-2050 (hot work) and T-2042 (confined space), 6 m apart; GB 30871-2022 5.2.8",
)
BATTERY = Words(zh="手环电量低", en="Battery of a wearable is low")


def crowded() -> Live:
    """One work under way, another that waits for it, one of another time, one that is let be."""
    now = time.time()
    hot = permit(id="T-2050", type="hot", level="1", state="ready", begins_utc=now - 600, ends_utc=now + 7200)
    later = permit(
        id="T-2060", type="height", area=YARD, area_id="yard", begins_utc=now + 9000, ends_utc=now + 12600
    )
    works = (
        permit(area_id="tank", begins_utc=now - 3600, overrides=(override(),)),
        replace(hot, area_id="tank", standing=(stopped().causes[1],)),
        replace(later, state="received"),
    )
    clash = LiveClash(one="T-2042", other="T-2050", effect="block", distance_m=6.2, words=WHY, waits=("T-2050",))
    apart = LiveClash(one="T-2042", other="T-2060", effect="coordinate", distance_m=12.0, words=WHY)
    beyond = LiveClash(one="T-2050", other="edge-2/P-7", effect="block", distance_m=9.0, words=WHY, linked=True)
    return live(permits=works, clashes=(clash, apart, beyond))


def test_works_stand_by_place_on_a_line_and_say_what_must_not_meet(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    with folder.kept(crowded):
        for language, size in (("zh", "phone"), ("en", "panel"), ("zh", "tablet")):
            one = phones(served.url, language, size)
            one.enter("zhao-min", "/works")
            expect(one(".bar")).to_have_count(3)
            expect(one(".line h3")).to_have_count(2)
            pairs = one(".pairs li")
            expect(pairs).to_have_count(3)
            expect(pairs.nth(0)).to_have_attribute("data-effect", "block")
            expect(pairs.nth(0).locator("strong")).to_contain_text("T-2050")
            expect(pairs.nth(1).locator(".hint")).to_be_visible()  # their times do not overlap
            expect(pairs.nth(2)).to_have_attribute("data-effect", "linked")
            expect(one("details summary").first).to_contain_text("T-2050")
            one.look("111-works-beside")


def noted() -> Live:
    """All is well but for a battery, which changes no word; and one thing that warns."""
    note = LiveAlarm(
        key="wearable_battery||tag-9",
        permit="T-2042",
        title=BATTERY,
        detail=BATTERY,
        action=BATTERY,
        priority=4,
        state="unack_active",
        since_utc=time.time() - 5,
        note=True,
    )
    warns = replace(note, key="gas_near|T-2042|gas-h2s", title=WHY, detail=WHY, action=WHY, priority=3, note=False)
    return live(alarms=(note, warns))


def test_a_guard_is_told_nothing_below_the_four_words(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    with folder.kept(noted):
        guard, technician = phones(served.url, "en", "phone"), phones(served.url, "en", "tablet")
        guard.enter("li-na", "/alarms")
        technician.enter("gu-tech", "/alarms")
        for one in (guard, technician):
            for path in ("/alarms", "/board", "/", "/p/T-2042", "/at/tank", "/report", "/actions"):
                one.go(path)
                expect(one("main")).to_be_visible()
                if path in {"/alarms", "/board"}:
                    expect(one('[data-alarm="gas_near|T-2042|gas-h2s"]')).to_be_visible()
                if path in {"/", "/p/T-2042"}:
                    expect(one(".word").first).to_be_visible()
                seen = one("main").get_by_text(BATTERY.en).count() > 0
                assert seen == (one is technician and path in {"/alarms", "/board"}), path


def test_the_panel_says_whether_it_can_be_heard(board: Phone, folder: Folder) -> None:
    with folder.kept(noted):
        board.go("/panel")
        for language in ("en", "zh"):
            if board.page.locator("html").get_attribute("lang") != {"en": "en", "zh": "zh-CN"}[language]:
                board.tap(".panel aside button[lang]")
            expect(board(".sounding")).to_be_visible()
            board.look(f"112-panel-{language}")
        board.go("/panel")  # anew: nobody has touched it
        expect(board(".sounding")).to_have_attribute("data-sound", "blocked")
        expect(board(".sounding .silent")).to_be_visible()
        board.look("113-mute")
        expect(board(".calling")).not_to_contain_text(BATTERY.en)
        board.tap(".sounding button")
        expect(board(".sounding")).to_have_attribute("data-sound", "ok")
        expect(board(".sounding [role=status]")).to_be_visible()
        expect(board(".sounding .silent")).to_have_count(0)
