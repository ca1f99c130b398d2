"""A technician equips a box that knows nothing: from `edge-agent init` to work that the box guards, by its pages.

The field is simulated over the real protocols; the box's programs are those that its units start. How long people
would take is added to what the machine took (hands.py).
"""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.pages.first_work import (
    PIN,
    TEAM,
    begins_work,
    claims,
    enters_people,
    looks,
    standing,
    widths,
)
from tests.pages.hands import Hands, Times
from tests.pages.new_box import Box, boxed
from tests.pages.phone import Phone
from tests.system.site import until
from web_ui.words import TABLES


@pytest.fixture
def box() -> Iterator[Box]:  # type: ignore[override]
    with boxed(Box) as one:
        yield one


def test_a_technician_equips_a_box_from_the_package_to_guarded_work(
    box: Box, phones: Callable[..., Phone]
) -> None:
    times = Times(300.0)  # from the installed package to the first guarded permit
    box.installed()
    times.told("package to pages")
    fitter = times.watched(Hands(phones(box.url, "en", "phone")))
    claims(fitter, box.code)
    times.told("claim")
    notes_devices_and_area(fitter, box)
    times.told("devices and area, noted")
    takes_them(fitter, box)
    times.told("taken, one restart")
    mark = tries_the_siren(fitter, box)
    people = enters_people(fitter, box)
    siren_was_heard(fitter, box, mark)
    times.told("siren tried; people, by their table")
    team = {one: times.watched(Hands(phones(box.url, "en", "phone"))) for one in people}
    permit = begins_work(box, team)
    times.told("guarded permit")
    times.kept()
    the_guard_goes_and_comes_back(box, team)
    nothing_of_it_is_open(fitter, permit)


NOTED = {"camera": "cam-1", "detector": "gas-ch4-1", "zone": "areas.toml", "relay": "relay-1", "wearable": "tag-1"}


def notes(fitter: Hands, then: str) -> None:
    """Checked by the box with all that is noted already, and not in force; the next page comes by itself."""
    fitter.press(fitter.words["setup"]["note"])
    expect(fitter.phone(".told")).to_contain_text(fitter.words["setup"]["noted"])
    fitter.comes_to(then)


def notes_devices_and_area(fitter: Hands, box: Box) -> None:
    starts = box.starts()
    fitter.link("/setup/camera")
    notes_the_camera(fitter, box)
    notes_the_detector(fitter, box)
    corner = fitter.phone.page.get_by_label("Corner 1, metres east")
    fitter.into(corner, "-3")
    corner.blur()
    notes(fitter, "/setup/relay")
    notes_the_relay(fitter, box)
    fitter.press("omlox_wristband")
    fitter.fill(TABLES["en"]["setup"]["provider"], "tag-guard")
    notes(fitter, "/setup")
    loses_the_page(fitter)
    looks(fitter, "108-noted")
    assert box.starts() == starts, "nothing is in force yet"
    assert "gas-ch4-1" not in (box.site / "site.toml").read_text("utf-8")


def notes_the_camera(fitter: Hands, box: Box) -> None:
    words = TABLES["en"]["setup"]
    looks(fitter, "101-camera-empty")
    fitter.completes(words["address"], f"127.0.0.1:{box.ports['film']}/cam")
    fitter.press(words["open_stream"])
    expect(fitter.phone(".probed")).to_contain_text("H.264")
    widths(fitter, "101-camera")
    fitter.press(
        "Around the work"
    )  # a played film stands otherwise after each start: to work its camera is nothing
    notes(fitter, "/setup/detector")


def notes_the_detector(fitter: Hands, box: Box) -> None:
    words = TABLES["en"]["setup"]
    in_chinese(fitter, box)
    fitter.completes(words["where"], f"127.0.0.1:{box.gateway.port}")
    fitter.press(words["probe"])
    expect(fitter.phone(".verdict")).to_have_attribute("data-quality", "good")
    expect(fitter.phone(".verdict")).to_contain_text("ch4")
    fitter.phone(".probed summary").click()
    expect(fitter.phone(".registers tbody tr")).to_have_count(10)
    widths(fitter, "103-probed")
    notes(fitter, "/setup/zone")


def notes_the_relay(fitter: Hands, box: Box) -> None:
    words = TABLES["en"]["setup"]
    looks(fitter, "104-relay-empty")
    fitter.completes(words["module_at"], f"127.0.0.1:{box.relay.port}")
    fitter.press("wago_750-362")
    fitter.press(words["wired"])
    for contact, number in (("feedback", "0"), ("siren_feedback", "2"), ("button", "1")):
        expect(fitter.phone.page.get_by_label(words[contact], exact=True)).to_have_value(number)
    widths(fitter, "104-relay")
    notes(fitter, "/setup/wearable")


def loses_the_page(fitter: Hands) -> None:
    """What is noted outlives a page that is loaded anew, and is told as what it is; not counted."""
    began_s = time.monotonic()
    fitter.phone.page.reload()
    for step, id_ in NOTED.items():
        expect(fitter.phone(f"[data-step='{step}'] .in-wait")).to_contain_text(id_)
        standing(fitter, step, "open")
    expect(fitter.phone(".noted")).to_contain_text(TABLES["en"]["setup"]["not_in_force"])
    fitter.looked_s += time.monotonic() - began_s


def takes_them(fitter: Hands, box: Box) -> None:
    """One list, one difference, one signature, one restart; he is still logged in."""
    starts = box.starts()
    expect(fitter.phone(".noted .changes")).to_have_attribute("data-accepted", "true")
    widths(fitter, "109-taken-together")
    fitter.pin(PIN)
    fitter.submit()
    expect(fitter.phone(".told")).to_contain_text(TABLES["en"]["setup"]["entered"])
    expect(fitter.phone(".noted")).to_have_count(0)
    assert box.starts() == starts + 1, "one restart for all of it"
    for step in ("camera", "detector", "zone", "wearable"):
        standing(fitter, step, "done")
    standing(fitter, "relay", "open")


def tries_the_siren(fitter: Hands, box: Box) -> int:
    """Announced, on for a moment, read back at its contact; what lets tools run stays off."""
    mark = box.relay.mark()
    fitter.link("/setup/relay")
    expect(fitter.phone(".outputs li")).to_have_count(2)
    expect(fitter.phone(".trial")).to_have_attribute("open", "")  # for it was never tried
    fitter.pin(PIN)
    fitter.submit()
    expect(fitter.phone(".told")).to_be_visible()
    widths(fitter, "104-outputs")
    fitter.link("/setup")
    return mark


def siren_was_heard(fitter: Hands, box: Box, mark: int) -> None:
    """Nobody stands and waits for it: it sounds while he goes on, and the list says that it was read back."""
    box.relay.wait_for(lambda line: line.get("coil") == 1 and line.get("on") is True, after=mark)
    box.relay.wait_for(lambda line: line.get("coil") == 1 and line.get("on") is False, after=mark)
    assert not box.energised()
    standing(fitter, "relay", "done")


def in_chinese(fitter: Hands, box: Box) -> None:
    """The same probe as a Chinese technician sees it; not counted."""
    began_s, person_s, words = time.monotonic(), fitter.person_s, TABLES["zh"]["setup"]
    fitter.phone.become("zh", "phone")
    fitter.fill(words["where"] + words["where_hint"], f"127.0.0.1:{box.gateway.port}")
    fitter.fill(words["unit"], "200")
    fitter.press(words["probe"])
    expect(fitter.phone(".fault")).to_contain_text("网关后的设备无应答")
    fitter.phone.look("103-nobody")
    fitter.fill(words["unit"], "3")
    fitter.press(words["probe"])
    expect(fitter.phone(".verdict")).to_contain_text("h2s")
    fitter.phone(".probed summary").click()
    for size in ("panel", "tablet", "phone"):
        fitter.phone.resize(size)
        fitter.phone.look("103-probed")
    fitter.phone.become("en", "phone")
    fitter.phone.page.reload()  # nothing of it is typed yet: what a Chinese technician typed would stay
    expect(fitter.phone(".setup input").first).to_be_visible()
    fitter.looked_s += time.monotonic() - began_s
    fitter.person_s = person_s


def the_guard_goes_and_comes_back(box: Box, team: dict[str, Hands]) -> None:
    """The box stops the work by itself; holder, guard and shift lead let it go on."""
    guard = team["li-na"]
    box.wearables.command("move", tag="tag-guard", x=90.0, y=0.5, speed=60.0)
    guard.phone.tone("stopped")
    until(lambda: not box.energised(), "the tools have no power")
    box.wearables.command("move", tag="tag-guard", x=0.5, y=0.5, speed=60.0)
    expect(guard.phone('.steps a[href*="do=check_in"]').first).to_be_visible()
    guard.does("check_in")
    for person in ("wang-lei", "li-na", "qian-wei"):
        expect(team[person].phone('.steps a[href*="do=resume"]')).to_be_visible()
        team[person].signs("resume", TEAM[person][3])
    guard.phone.tone("may_work")
    until(box.energised, "the tools have power again")


def nothing_of_it_is_open(fitter: Hands, permit: str) -> None:
    fitter.phone.go("/setup")
    standing(fitter, "trial", "done")
    expect(fitter.phone("[data-step='trial']")).to_contain_text(permit)
    looks(fitter, "106-setup-done")
    fitter.phone.go("/board")
    expect(fitter.phone(".board")).to_be_visible()
    fitter.phone.look("107-board")
