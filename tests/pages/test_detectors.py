"""On the real box: a siren tried by hand, and another detector in the place of one, by whoever fits it."""

import time
import tomllib
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Locator, expect

from tests.pages.hands import KEY_S, READ_S, TAP_S, Hands, Times
from tests.pages.phone import Phone
from tests.system.site import WITHIN_S, Site
from web_ui.words import TABLES

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
    over = site.event("unit.sirens_tried", told.seq, by=ADMIN)
    phone.go("/setup/outputs")  # what no contact reads back stands in the name of whoever was there
    phone.page.get_by_label("relay-1/siren").check()
    phone.type(PIN)
    phone.look("87-outputs-seen")
    phone("form.signed button").filter(has_text="I saw or heard it go on").click()
    assert site.event("unit.output_seen", over.seq, by=ADMIN).data["outputs"] == ["relay-1/siren"]
    expect(phone(".trial").filter(has_text="relay-1/siren: seen or heard by")).to_be_visible()


@pytest.mark.parametrize(("language", "size"), [("zh", "phone"), ("en", "panel")])
def test_a_detector_is_swapped_and_keeps_its_bindings(
    site: Site, phones: Callable[..., Phone], language: str, size: str
) -> None:
    """From the log-in to the new one guarding; how long people take is added (hands.py): it should be < 5 min."""
    words, times = TABLES[language], Times(300.0)
    file = site.stage.site / "site.toml"
    old, began = file.read_text("utf-8"), site.last_seq()
    phone = phones(f"https://127.0.0.1:{site.stage.ports.board}", language, size)
    hands = times.watched(Hands(phone))
    phone.go("/login?then=%2Fdetectors")
    phone.log_in(ADMIN, PIN)
    hands.person_s += READ_S + 2 * TAP_S + KEY_S * len(ADMIN + PIN)
    expect(phone(".detectors li").first).to_be_visible()
    hands.press(words["detectors"]["swap"].format(id="gas-h2s"))
    swap, serial = phone(".swap"), f"SN-{language}-2042"

    def field(name: str) -> Locator:
        label = phone.page.locator(f"label small:text-is('{name}')")
        return swap.locator(".setting", has=label).locator("input")

    hands.person_s += READ_S
    hands.into(field("serial"), serial)
    hands.press(words["detectors"]["probe"])
    expect(swap.locator(".seen")).to_contain_text("h2s")
    due = "2099-06-01T00:00Z" if language == "zh" else "2098-06-01T00:00Z"  # of another certificate
    hands.into(field("calibration_due"), due)
    hands.press(words["zones"]["check"])
    expect(swap.locator(".changes")).to_contain_text("gas.gas-h2s.serial")
    hands.person_s += READ_S
    began_s = time.monotonic()
    phone.look("86-detectors-swap")
    hands.looked_s += time.monotonic() - began_s
    hands.into(swap.locator(".saving input[type=text]"), "drifted" if language == "en" else "旧的漂移")
    hands.pin(PIN)
    hands.press(words["settings"]["save"])
    changed = site.event("settings.changed", began, by=ADMIN)
    swapped = site.event("device.swapped", began, by=ADMIN)
    assert (swapped.subject, swapped.data["record"]["calibration_due_utc"]) == (
        "gas-h2s",
        datetime.fromisoformat(due).timestamp(),
    )
    site.event("unit.started", changed.seq)
    site.stage.agent.check()
    expect(phone(".detectors li").first).to_be_visible(
        timeout=LET_IN_MS
    )  # he is let in again, with what he signed
    expect(swap).not_to_be_visible()
    times.told(f"a detector swapped, {language}")
    row, was = (tomllib.loads(text)["gas"]["gas-h2s"] for text in (file.read_text("utf-8"), old))
    assert row == {**was, "serial": serial}
    kept = file.read_text("utf-8").splitlines()
    assert [
        line
        for line in old.splitlines()
        if line not in kept and not line.startswith(("serial", "calibration_due"))
    ] == []
    times.kept()
    if language == "en":  # the last of them: nothing is changed while somebody works
        site.begin_work()  # with the new one: it is bound as the old one was
