"""On the real box: what an event has shown is put right by one and looked at by another; pauses are judged."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import PINS
from tests.pages.phone import Phone
from tests.system.site import Site

NOISE = np.random.default_rng(7).integers(0, 256, (1500, 2000, 3), np.uint8)  # no picture is harder to make small


@pytest.fixture
def photo(tmp_path: Path) -> str:
    """As large as a phone makes them."""
    file = tmp_path / "IMG_0001.jpg"
    assert cv2.imwrite(str(file), NOISE)
    assert file.stat().st_size > 2_000_000
    return str(file)


def test_a_leak_is_put_right_by_one_and_looked_at_by_another(
    site: Site, phones: Callable[..., Phone], photo: str
) -> None:
    url = f"https://127.0.0.1:{site.stage.ports.board}"
    site.must("report", "zhou-qiang", pin="6606", permit="", report={"kind": "leak", "area": "tank-inside"})
    owner = phones(url, "zh", "phone")
    owner.go("/")
    owner.log_in("feng-tao", PINS["feng-tao"])
    owner.tap('a[href="/actions"]')
    expect(owner(".action strong").first).to_be_visible()
    owner.look("100-actions")
    owner.tap(".action")
    owner.look("101-action")
    id_ = owner.page.url.rsplit("/", 1)[1]
    for number in (1, 2):  # before, and afterwards
        owner("input[type=file]").nth(number - 1).set_input_files(photo)
        expect(owner(".photos img")).to_have_count(number)
        owner.has_pictures(".photos img")
        assert site.event("rectification.pictured")
    owner.look("102-pictured")
    owner.tap(".righting-steps .done")
    expect(owner(".righting .hint")).to_be_visible()  # whoever did it does not look at it himself
    expect(owner(".righting-steps")).to_have_count(0)
    assert "does not say himself" in site.refused("verify", "feng-tao", permit="", about=[id_, "yes"])
    officer = phones(url, "en", "panel")
    officer.go("/")
    officer.log_in("zhao-min", PINS["zhao-min"])
    officer.go(f"/actions/{id_}")
    expect(officer(".photos img")).to_have_count(2)
    officer.has_pictures(".photos img")
    officer.look("103-verify")
    officer.type(PINS["zhao-min"])
    officer.tap(".righting-steps button[type=submit]")
    expect(officer(".righting-steps")).to_have_count(0)
    closed = site.event("rectification.verified", by="zhao-min")
    assert closed.data["rectification"] == id_
    assert closed.data["after"]["by"] == "feng-tao"
    officer.go("/actions")
    expect(officer(f'.action[href="/actions/{id_}"]')).to_be_visible()
    guard = phones(url, "en", "tablet")
    guard.go("/")
    guard.log_in("li-na", PINS["li-na"])
    guard.go(f"/actions/{id_}")
    expect(guard(".righting-facts")).to_be_visible()
    expect(guard(".photos, .righting-steps")).to_have_count(0)  # people may be seen on them; nothing for him to do
    guard.look("104-action-of-a-guard")


def test_a_pause_is_judged_and_the_look_back_counts_it(site: Site, phones: Callable[..., Phone]) -> None:
    url = f"https://127.0.0.1:{site.stage.ports.board}"
    site.begin_work()
    officer = phones(url, "en", "phone")
    officer.go("/")
    officer.log_in("zhao-min", PINS["zhao-min"])
    officer.tap('a[href="/works"]')
    expect(officer(".bar rect")).to_have_attribute("data-tone", "may_work")
    officer.look("105-works")
    site.stage.gateway.command("set", gas="ch4", level=15.0)
    site.until_state(State.PAUSED)
    expect(officer(".bar rect")).not_to_have_attribute("data-tone", "may_work")
    pause = site.event("permit.paused")
    site.stage.gateway.command("set", gas="ch4", level=0.0)
    officer.go("/review")
    row = officer(f'.rows li[data-event="{pause.seq}"]')
    expect(row).to_have_attribute("data-judged", "")
    row.locator("form, button").last.click()
    expect(row.locator(".chips [aria-pressed=true]")).to_have_count(0)  # nobody judges by saying nothing
    row.locator(".chips button").nth(1).click()
    row.locator(".field input").first.fill("calibration gas")
    officer.type(PINS["zhao-min"])
    officer.look("106-judging")
    row.locator("button[type=submit]").click()
    expect(row).to_have_attribute("data-judged", "false")
    expect(row).to_contain_text("calibration gas")
    counted = officer(".rows").first.locator("li").first.locator("dd")

    assert counted.all_inner_texts()[3:] == ["0", "1", "0", "0"]
    officer.become("zh", "panel")
    expect(officer(".rows").first).to_be_visible()
    officer.look("107-review")
    for kind in ("coverage", "overrides", "shadow"):
        officer.tap(f'.tabs [data-kind="{kind}"]')
        expect(officer(f'.reviewed[data-kind="{kind}"]')).to_be_visible()
        officer.look(f"108-review-{kind}")
    with officer.page.expect_download() as fetched:
        officer.tap('a[href*="table.pdf"]')
    assert Path(fetched.value.path()).read_bytes().startswith(b"%PDF")


def test_a_drill_is_begun_from_its_page_and_its_report_stands_there(
    site: Site, phones: Callable[..., Phone]
) -> None:
    url = f"https://127.0.0.1:{site.stage.ports.board}"
    site.begin_work()
    lead = phones(url, "zh", "phone")
    lead.go("/")
    lead.log_in("qian-wei", PINS["qian-wei"])
    lead.tap('a[href="/drills"]')
    expect(lead(".drillable a")).to_have_attribute("href", f"/p/{site.permit}?do=drill")
    lead.look("109-drills")
    step = {"after_s": 0, "kind": "gas", "source": "gas-ch4", "level": 20.0, "unit": "%LEL"}
    drill = {"name": "甲烷泄漏 methane", "steps": [step], "longest_s": 120}
    site.must("drill", "qian-wei", drill=drill)
    expect(lead(".drillable a")).to_have_attribute("href", f"/p/{site.permit}?do=end_drill")
    site.until_state(State.PAUSED)
    site.must("acknowledge", "li-na")
    site.must("end_drill", "qian-wei")
    report = site.event("drill.report")
    lead.page.reload()
    row = lead(f'.rows li[data-event="{report.seq}"]')
    expect(row.first).to_contain_text("甲烷泄漏")
    expect(row.first.locator("dd").nth(5)).to_have_text(str(report.data["score"]))
    lead.look("110-drilled")
    lead.become("en", "panel")
    expect(lead(".rows").first).to_be_visible()
    lead.look("110-drilled")
    guard = phones(url, "zh", "phone")
    guard.go("/")
    guard.log_in("li-na", PINS["li-na"])
    for closed in ("/drills", "/review", "/works", "/audit"):
        expect(guard(f'a[href="{closed}"]')).to_have_count(0)
