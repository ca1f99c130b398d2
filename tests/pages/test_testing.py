"""A tester at a detector: a bump test begun on a phone, followed by the box, and a certificate entered."""

import json
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.words import Words
from edge_agent.tell.live import LiveBump, LiveDevice, LiveRecord
from tests.pages.phone import Phone
from tests.pages.test_devices import tank
from tests.support.board_world import Folder, channel, live
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served

WHY = Words("今天没有做冲击测试", "has not been bump-tested today")
RECORD = LiveRecord(status="in_service", bump_due=True, bump_failed_utc=1_795_000_000.0)
OTHERS = (
    LiveDevice(id="relay-1", name=Words("现场继电器", "Field relay"), kind="relay", record=None, wanted=True),
    LiveDevice(
        id="tag-guard", name=Words("监护人手环", "Guard's tag"), kind="wearable",
        record=LiveRecord(status="in_service", self_test_ok=True), wanted=False,
    ),
)  # fmt: skip
H2S = channel(record=RECORD, against=WHY, bump_pct=10.0)
RUNNING = LiveBump(by="deng-test", level=20.0, unit="ppm", within_pct=10.0, nearest=14.1, met=1, left_s=83.0)


def test_a_tester_bump_tests_in_three_taps_and_enters_a_certificate(
    tmp_path: Path, phones: Callable[..., Phone]
) -> None:
    site = tank(tmp_path / "site")
    folder = Folder(site / "run")
    now = {"gas": (H2S,), "devices": OTHERS}
    with Served(site) as pages, folder.kept(lambda: live(**now)), DeskPeer(folder.path) as peer:
        phone = phones(pages.url, "zh", "phone")
        phone.enter("deng-test", "/")
        phone.page.get_by_role("link", name="检测仪与输出").click()
        expect(phone(".detectors").first).to_contain_text("不能用于开工：今天没有做冲击测试")
        expect(phone(".detectors").first).to_contain_text("未通过：重新测试或更换")
        phone.page.get_by_role("button", name="冲击测试", exact=True).click()
        sign = phone.page.get_by_role("button", name="签字并开始测量")
        expect(sign).to_be_disabled()
        for key in "20":
            phone(".keypad").first.get_by_role("button", name=key, exact=True).click()
        phone.page.get_by_label("气瓶批号").fill("L-7")
        phone.page.get_by_label("气瓶有效期至").fill("2099-05-31")
        phone.look("87-bump-form")
        phone.badge("badge-deng-test")
        expect(sign).to_have_count(0)
        now["gas"] = (replace(H2S, level=14.1, bump=RUNNING),)
        expect(phone(".running")).to_contain_text("现在 14.1 / 20 ppm")
        for language, size in (("zh", "phone"), ("en", "tablet"), ("en", "panel")):
            other = phones(pages.url, language, size)
            other.enter("gu-tech", "/detectors")
            expect(other(".running")).to_contain_text("14.1 / 20 ppm")
            other.look("87-bump-runs")
        now["gas"] = (H2S,)
        other.page.get_by_role("button", name="Check and enter").first.click()
        other.page.get_by_role("button", name="Passed", exact=True).click()
        other.look("87-vouch-form")
        other.badge("badge-gu-tech")
        expect(other.page.get_by_role("button", name="Passed", exact=True)).to_have_count(0)
        bump, vouch = (json.loads(said["form"]) for said in peer.asked if said["do"] == "signed")
    assert bump["test"] == {"do": "bump", "device": H2S.id, "level": 20, "lot": "L-7", "expires": "2099-05-31"}
    assert (vouch["ask"], vouch["test"]["device"], vouch["test"]["self_test_ok"]) == (
        "device_test",
        "relay-1",
        True,
    )


def test_whoever_may_not_test_reads_who_may(tmp_path: Path, phones: Callable[..., Phone]) -> None:
    site = tank(tmp_path / "site")
    folder = Folder(site / "run")
    shown = folder.kept(lambda: live(gas=(H2S,), devices=OTHERS))
    with Served(site) as pages, shown, DeskPeer(folder.path):
        phone = phones(pages.url, "en", "phone")
        phone.enter("li-na", "/detectors")
        expect(phone(".detectors").first).to_contain_text("A tester with the certificate, or a technician")
        expect(phone.page.get_by_role("button", name="Bump test")).to_have_count(0)
        phone.look("87-bump-who")
