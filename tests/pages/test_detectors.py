"""On the real box: a siren tried by hand, and another detector in the place of one, by whoever fits it."""

import tomllib
from collections.abc import Callable

from playwright.sync_api import expect

from tests.pages.phone import Phone
from tests.system.site import WITHIN_S, Site

ADMIN, PIN = "he-xin", "9019"
SIREN = 1  # its coil
LET_IN_MS = 60_000  # the box begins anew meanwhile


def at_detectors(site: Site, phones: Callable[..., Phone], language: str, size: str) -> Phone:
    phone = phones(f"https://127.0.0.1:{site.stage.ports.board}", language, size)
    phone.go("/login?then=%2Fdetectors")
    phone.log_in(ADMIN, PIN)
    expect(phone(".detectors li").first).to_be_visible()
    return phone


def test_a_siren_is_tried_and_what_is_known_of_it_is_told(site: Site, phones: Callable[..., Phone]) -> None:
    phone = at_detectors(site, phones, "en", "panel")
    expect(phone(".tryout")).to_contain_text("relay-1/permissive · work-permitted circuit: never tried from here")
    began, mark = site.last_seq(), site.stage.relay.mark()
    phone.page.get_by_label("relay-1/siren").check()
    phone(".tryout input[type=text]").fill("after the repair")
    phone.type(PIN)
    phone.look("85-detectors-try")
    phone.page.get_by_role("button", name="Try now", exact=True).click()
    expect(phone(".outcome")).to_contain_text("Announced")
    site.stage.relay.wait_for(
        lambda line: line.get("coil") == SIREN and line.get("on") is True, WITHIN_S, after=mark
    )
    expect(phone(".outcome")).to_contain_text("no contact says whether it went on")
    assert not site.energised_since(mark), "what lets tools run never moves"
    told = site.event("unit.trial_ordered", began, by=ADMIN)
    assert told.data["reason"] == "after the repair"
    site.event("unit.sirens_tried", told.seq, by=ADMIN)


def test_a_detector_is_swapped_and_keeps_its_bindings(site: Site, phones: Callable[..., Phone]) -> None:
    file = site.stage.site / "site.toml"
    old, began = file.read_text("utf-8"), site.last_seq()
    phone = at_detectors(site, phones, "zh", "phone")
    phone.page.get_by_role("button", name="更换 gas-h2s").click()
    swap = phone(".swap")
    serial = swap.locator(".setting", has=phone.page.locator("label small:text-is('serial')")).locator("input")
    serial.fill("SN-2042")
    swap.get_by_role("button", name="在线上查看").click()
    expect(swap.locator(".seen")).to_contain_text("h2s")
    due = swap.locator(".setting", has=phone.page.locator("label small:text-is('calibration_due')")).locator(
        "input"
    )
    due.fill("2099-06-01T00:00Z")
    swap.get_by_role("button", name="检查", exact=True).click()
    expect(swap.locator(".changes")).to_contain_text("gas.gas-h2s.serial")
    phone.look("86-detectors-swap")
    swap.locator(".saving input[type=text]").fill("旧的漂移")
    phone.type(PIN)
    swap.get_by_role("button", name="保存设置").click()
    changed = site.event("settings.changed", began, by=ADMIN)
    swapped = site.event("device.swapped", began, by=ADMIN)
    assert (swapped.subject, swapped.data["record"]["calibration_due_utc"]) == ("gas-h2s", 4083955200)
    site.event("unit.started", changed.seq)
    site.stage.agent.check()
    expect(phone(".detectors li").first).to_be_visible(
        timeout=LET_IN_MS
    )  # he is let in again, with what he signed
    expect(swap).not_to_be_visible()
    row, was = (tomllib.loads(text)["gas"]["gas-h2s"] for text in (file.read_text("utf-8"), old))
    assert row == {**was, "serial": "SN-2042"}
    assert [line for line in old.splitlines() if line not in file.read_text("utf-8").splitlines()] == []
    site.begin_work()  # with the new one: it is bound as the old one was
