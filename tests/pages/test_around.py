"""What a box fills in by itself, from the field to the screen: shift, devices, gas, wind; and what is unknown."""

import itertools
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from edge_agent.ops.demo.job import PINS
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live, permit, wind
from tests.support.pages import Served
from tests.system.site import Site, until
from web_ui.words import LANGUAGES

SCREENS = [("zh", "phone"), ("en", "tablet")]
WIND_UNIT = 20  # of the weather station, zones/demo-tank/site.toml


@pytest.fixture
def windy(site: Site) -> Iterator[Site]:
    """A breeze, which is heard; calm again at the end."""
    site.stage.gateway.command("set", gas="wind", level=6.4)
    until(lambda: (site.stage.live().wind[0].mps or 0.0) > 5.0, "the station tells the wind")
    yield site
    site.stage.gateway.command("heal", unit=WIND_UNIT)
    site.stage.gateway.command("set", gas="wind", level=0.0)


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_a_report_is_filled_in_with_shift_devices_gas_and_wind(
    windy: Site, phones: Callable[..., Phone], screen: tuple[str, str]
) -> None:
    windy.receive()
    guard = phones(f"https://127.0.0.1:{windy.stage.ports.board}", *screen)
    guard.go("/login")
    guard.log_in("li-na", PINS["li-na"])
    said = windy.stage.live().shift
    shift = said.zh if screen[0] == "zh" else said.en
    unit, detector = ("米/秒", "硫化氢检测仪") if screen[0] == "zh" else ("m/s", "Hydrogen sulfide detector")
    guard.go(f"/report?permit={windy.permit}")
    guard.tap(".hazard >> nth=0")
    for words in (shift, detector, windy.permit):
        expect(guard(".around")).to_contain_text(words)
    for measured in (r"H₂S [\d.]+ ppm", rf"[5-7](\.\d)? {unit}"):  # the detectors' own noise is on it
        expect(guard(".around")).to_contain_text(re.compile(measured))
    guard.look("44-around")
    guard.tap(".card > .button.main")
    expect(guard(".card > .qr")).to_be_visible()
    event = windy.event("hazard.reported", by="li-na", permit=windy.permit)
    assert event.data["shift_words"] == {"zh": said.zh, "en": said.en}
    (blown,) = event.data["wind"]
    sulphide = next(one for one in event.data["gas"] if one["gas"] == "h2s")
    assert (blown["quality"], sulphide["quality"]) == ("good", "good")
    guard.tap(".card > a.button")
    kept = f"{blown['mps']:g} {unit}", f"H₂S {sulphide['level']:g} ppm"
    for words in (shift, *kept, detector, windy.permit):
        expect(guard(".written")).to_contain_text(words)
    guard.look("45-around-event")


@pytest.mark.parametrize("screen", SCREENS, ids="-".join)
def test_a_wind_that_nobody_hears_is_said_to_be_unknown(
    windy: Site, phones: Callable[..., Phone], screen: tuple[str, str]
) -> None:
    windy.stage.gateway.command("fault", unit=WIND_UNIT, kind="silent", for_s=600)
    until(lambda: windy.stage.live().wind[0].mps is None, "the station is silent")
    officer = phones(f"https://127.0.0.1:{windy.stage.ports.board}", *screen)
    officer.go("/login")
    officer.log_in("zhao-min", PINS["zhao-min"])
    officer.go("/board")
    tile = officer('[data-wind="weather-1"]')
    expect(tile).to_have_attribute("data-look", "bad")
    expect(tile).to_contain_text("无读数" if screen[0] == "zh" else "no reading")
    expect(officer(".strip .shift")).to_have_text(
        windy.stage.live().shift.zh if screen[0] == "zh" else windy.stage.live().shift.en
    )


def test_the_board_shows_the_wind_with_its_limit_and_that_nobody_measures_it(
    served: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    storm = wind(mps=11.2, stop_mps=8.0, danger=True)
    silent = wind(id="weather-2", mps=None, quality="stale", age_s=95.0)
    outdoors = permit(type="height", level="1", wind=("weather-1", "weather-2"), wind_stop_mps=8.0)
    with folder.kept(lambda: live(wind=(storm, silent), permits=(outdoors,))) as picture:
        one = phones(served.url)
        one.enter("zhao-min", "/board")
        for language, size in itertools.product(LANGUAGES, ("phone", "panel")):
            one.become(language, size)
            expect(one('[data-wind="weather-1"]')).to_have_attribute("data-look", "danger")
            expect(one('[data-wind="weather-1"]')).to_contain_text("11.2")
            expect(one('[data-wind="weather-2"]')).to_have_attribute("data-look", "bad")
            one.look("46-board-wind")
        one.go("/p/T-2042")
        for language, size in itertools.product(LANGUAGES, ("phone", "panel")):
            one.become(language, size)
            expect(one('[data-wind="weather-1"]')).to_contain_text("11.2")
            one.look("47-permit-wind")
        picture.show(lambda: live(wind=(), permits=(outdoors,)))
        expect(one(".section + .empty")).to_contain_text("the wind is not known")
        one.go("/board")
        for language, words in (("en", "the wind is not known"), ("zh", "风速未知")):
            one.become(language, "phone")
            expect(one("#wind")).to_contain_text(words)
