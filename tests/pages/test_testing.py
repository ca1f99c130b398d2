"""A tester at a detector: a bump test begun on a phone, followed by the box, and a certificate entered."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.domain.words import Words
from edge_agent.tell.live_vouched import LiveBump, LiveDevice, LiveRecord
from edge_agent.tell.live_walk import FILE as WALK
from edge_agent.tell.live_walk import LiveWalk, WalkPoint
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
        phone.page.get_by_label("气瓶有效期至").fill("1999-05-31")
        expect(phone(".day-wrong")).to_contain_text("不早于")  # before anybody signs
        expect(sign).to_be_disabled()
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
        follows_it_on_the_board(now, phones(pages.url, "zh", "panel"))
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


def follows_it_on_the_board(now: dict[str, Any], board: Phone) -> None:
    """Where nobody works it is a test until its gas has gone; where people may be it is an alarm, and says so."""
    gassed = replace(H2S, level=20.0, danger=True)
    now["gas"] = (replace(gassed, bump=RUNNING),)
    board.enter("gu-tech", "/board")
    tile = board(f"[data-gas='{H2S.id}']").first
    expect(tile).to_contain_text("冲击测试中")
    expect(tile).not_to_have_attribute("data-look", "danger")
    board.look("87-bump-board")
    now["gas"] = (replace(gassed, bump=replace(RUNNING, over=True)),)
    expect(tile).to_contain_text("待标气散去")
    now["gas"] = (replace(gassed, bump=replace(RUNNING, alarms=True)),)
    expect(tile).to_have_attribute("data-look", "danger")
    board.go("/detectors")
    expect(board(".running [role=alert]")).to_contain_text("这是报警")
    board.look("87-bump-alarm")


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


CORNER = Words("走到 罐口 的第 1 个角", "Walk to corner 1 of the mouth")
SKY = WalkPoint(id="edge-mouth-1", says=CORNER, may_leave=True)
WALKING = LiveWalk(
    camera="cam-1", by="gu-tech", at_utc=1.0, left_s=600.0, next=SKY.says, seen="one", areas=(),
    points=(SKY, WalkPoint(id="worn", says=Words("戴好安全帽", "With the helmet on"))),
)  # fmt: skip


def test_a_corner_that_nobody_can_reach_is_left_out_by_a_signed_reason(
    tmp_path: Path, phones: Callable[..., Phone]
) -> None:
    site = tank(tmp_path / "site")
    folder = Folder(site / "run")
    shown = folder.kept(lambda: live(gas=(H2S,)))
    with Served(site) as pages, shown, DeskPeer(folder.path) as peer:
        (folder.path / WALK).write_bytes(msgspec.json.encode(WALKING))
        phone = phones(pages.url, "en", "phone")
        phone.enter("gu-tech", "/cameras/cam-1/walk")
        phone.page.get_by_text("A corner cannot be walked to").click()
        expect(phone(".walk select option")).to_have_count(1)  # the helmet is no corner
        expect(phone(".walk input.pin")).to_have_count(1)  # and giving up is folded away, out of a badge's reach
        phone(".walk details[open] input[type=text]").fill("the sky")
        phone.look("113-corner-left")
        phone.badge("badge-gu-tech")
        left = replace(WALKING, points=(replace(SKY, left_out="the sky"), *WALKING.points[1:]))
        (folder.path / WALK).write_bytes(msgspec.json.encode(left))
        expect(phone(".walk-points li").first).to_contain_text("left out: the sky")
        (form,) = (json.loads(said["form"]) for said in peer.asked if said["do"] == "signed")
    assert (form["ask"], form["about"], form["reason"]) == ("walk", ["cam-1", "leave_out", SKY.id], "the sky")
