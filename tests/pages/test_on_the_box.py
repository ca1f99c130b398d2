"""What the pages file, the real agent understands; what it writes, they show: a report, an alarm, a ticket."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from edge_agent.ops.demo.job import PINS
from edge_agent.tell.desk_client import ask
from tests.pages.phone import Phone
from tests.system.site import Site

SCREENS = [("zh", "phone"), ("en", "tablet")]


@pytest.fixture(params=SCREENS, ids="-".join)
def device(
    request: pytest.FixtureRequest, site: Site, phones: Callable[..., Phone]
) -> Callable[[str, str], Phone]:
    """Somebody's device, logged in, on one of the pages."""

    def of(person: str, path: str) -> Phone:
        phone = phones(f"https://127.0.0.1:{site.stage.ports.board}", *request.param)
        phone.go("/login")
        phone.log_in(person, PINS[person])
        phone.go(path)
        phone.taps = 0
        return phone

    return of


def test_a_report_becomes_an_event_with_what_the_box_knows(
    site: Site, device: Callable[[str, str], Phone]
) -> None:
    site.receive()
    guard = device("li-na", f"/p/{site.permit}")
    guard.tap(".nav .report")
    guard.tap(".hazard >> nth=0")
    guard.tap(".card > .button.main")
    expect(guard(".card > .qr")).to_be_visible()
    assert guard.taps == 3
    site.event("hazard.reported", by="li-na", kind="fire", permit=site.permit)
    guard.tap(".card > a.button")
    expect(guard(".event")).to_contain_text("H₂S")
    expect(guard(".event .plan circle").first).to_be_visible()
    expect(guard('.curve[data-channel="gas-h2s"]')).to_be_visible()
    guard.look("70-reported-event")


def test_an_alarm_is_acknowledged_and_its_event_shows_the_gas(
    site: Site, device: Callable[[str, str], Phone]
) -> None:
    site.begin_work()
    guard = device("li-na", "/alarms")
    site.stage.gateway.command("set", gas="h2s", level=30.0)
    mine = guard(".alarms > li:has-text('GAS-01')")
    expect(mine.first).to_be_visible()
    mine.locator(".button.main").first.click()
    site.event("alarm.acknowledged", person="li-na")
    guard.look("71-alarms-of-the-box")
    raised = site.event("alarm.raised", code="GAS-01")
    guard.tap(f"#past a[href='/events/{raised.seq}']")
    expect(guard('.curve[data-channel="gas-h2s"] polyline').first).to_be_visible()
    expect(guard(".guide")).to_be_visible()
    guard.look("72-alarm-event")


def test_a_ticket_is_drawn_up_signed_and_waits_for_its_people(
    site: Site, device: Callable[[str, str], Phone], request: pytest.FixtureRequest
) -> None:
    holder = device("wang-lei", "/tickets/new")
    kind, area = (
        ("受限空间作业", "罐内") if holder.language == "zh" else ("confined space entry", "Inside the tank")
    )
    for words in (kind, area, "Li Na", "Zhou Qiang"):
        holder.page.get_by_role("button", name=words).first.click()
    holder("label.field input").first.fill("clean the tank")
    holder.type(PINS["wang-lei"])
    holder.tap("button[type=submit]")
    expect(holder(".ticket")).to_contain_text("box-")
    made = holder.page.url.rsplit("/", 1)[1]
    request.addfinalizer(lambda: withdrawn(site, made))
    site.event("permit.received", by="wang-lei")
    holder.look("73-drawn-up")
    owner = device("feng-tao", f"/p/{made}")
    owner.sign("approve", PINS["feng-tao"])
    site.event("permit.approved", by="feng-tao")


def withdrawn(site: Site, permit: str) -> None:
    form = {
        "ask": "revoke",
        "person": "zhao-min",
        "pin": PINS["zhao-min"],
        "permit": permit,
        "reason": "test over",
    }
    assert ask(site.stage.socket, form)["accepted"]
