"""How a guard shows that he is at the point, and a log-in that has ended; all real."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from edge_agent.domain.permit import State
from edge_agent.ops.demo.job import PINS
from tests.pages.phone import Phone
from tests.system.site import Site, until

CO_SIGN = "check_in.confirm"


@pytest.fixture
def phone_of(site: Site, phones: Callable[..., Phone]) -> Callable[[str], Phone]:
    """Somebody's device, logged in, on the page of the job."""

    def of(person: str) -> Phone:
        phone = phones(f"https://127.0.0.1:{site.stage.ports.board}", "en")
        phone.go("/login")
        phone.log_in(person, PINS[person])
        phone.open(site.permit)
        expect(phone(".glance")).to_be_visible()
        phone.taps = 0
        return phone

    return of


@pytest.fixture
def unseen(site: Site) -> Iterator[None]:
    """The guard's wearable is silent: it cannot show where he is."""
    site.receive()
    site.stage.wearables.command("silent", tag="tag-guard")
    until(lambda: not site.person("li-na").fresh, "his last place is too old to show anything")
    yield
    site.stage.wearables.command("speak", tag="tag-guard")


def refused(guard: Phone) -> None:
    guard.do("check_in")
    guard.tap(".task button[type=submit]")
    expect(guard(".fault")).to_contain_text("co-sign on site")


@pytest.mark.usefixtures("unseen")
def test_a_guard_whom_no_wearable_shows_is_co_signed(site: Site, phone_of: Callable[[str], Phone]) -> None:
    guard, lead = phone_of("li-na"), phone_of("qian-wei")
    refused(guard)
    guard.look("30-must-be-co-signed")
    expect(lead(f'.steps a[href*="do={CO_SIGN}"]')).to_be_visible()
    lead.do(CO_SIGN)
    expect(lead(".task")).to_contain_text("Li Na")
    lead.look("31-co-sign")
    lead.send()
    assert lead.taps == 2
    site.event("guard.checked_in", co_signed="qian-wei")


@pytest.mark.usefixtures("unseen")
def test_a_guard_reads_the_code_from_the_boxs_screen(site: Site, phone_of: Callable[[str], Phone]) -> None:
    guard = phone_of("li-na")
    refused(guard)
    code = json.loads((site.stage.runtime_folder / "presence.json").read_text("utf-8"))["code"]
    expect(guard("details[open]")).to_be_visible()  # the box offers it by itself once it waits for a co-sign
    guard.type(code)
    guard.look("32-code")
    guard.send()
    site.event("guard.checked_in", presence="code")


def test_an_agent_that_started_anew_knows_no_key_and_says_so(site: Site, phone_of: Callable[[str], Phone]) -> None:
    """Its keys are in memory alone: nobody signs with an old one, and nobody wonders why."""
    site.receive()
    guard = phone_of("li-na")
    site.stage.agent.stop()
    guard.tone("unknown")
    site.stage.start_agent()
    guard.tone("waiting")
    guard.do("check_in")
    guard.tap(".task button[type=submit]")
    expect(guard(".ended")).to_contain_text("log-in has ended")
    guard.look("34-log-in-again")
    guard.tap("a[href^='/login']")
    guard.log_in("li-na", PINS["li-na"])
    guard.tone("waiting")
    site.until_state(State.RECEIVED)
