"""The site's plan: who and what is where, moved by finger, wheel and keys; whoever has no place is named first."""

import re
import shutil
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from playwright.sync_api import Locator, expect

from edge_agent.tell.live import Live
from edge_agent.tell.live_camera import LivePlaced
from tests.pages.phone import Phone
from tests.support.board_world import TREE, Folder, channel, evacuating, leaving, live, permit, person
from tests.support.pages import Served

INSIDE = {"area_id": "tank-inside"}


def calm() -> Live:
    """The guard at the manhole, a worker inside, somebody whose place nobody knows."""
    people = (
        person(x_m=6.5, y_m=0.5, area_id="tank-mouth"),
        person(id="wang-wei", name="王伟", roles=("worker",), x_m=1.0, y_m=1.0, **INSIDE),
        replace(live().people[2], id="zhao"),
    )
    seen = replace(live().cameras[0], placed=(LivePlaced(track=3, x_m=6.0, y_m=1.0, accuracy_m=0.4),))
    work = permit(id="T-2042", point={"x_m": 6.5, "y_m": 0.0}, **INSIDE)
    return live(people=people, gas=(channel(**INSIDE),), cameras=(seen,), permits=(work,))


def alarmed() -> Live:
    gas = channel(level=14.2, danger=True, **INSIDE)
    return replace(calm(), gas=(gas,), permits=(leaving(**INSIDE),), alarms=evacuating().alarms)


@pytest.fixture
def planned(served: Served) -> Served:
    shutil.copy(TREE / "zones" / "demo-tank" / "areas.toml", served.site / "areas.toml")
    return served


def in_sight(svg: Locator) -> tuple[float, ...]:
    return tuple(float(one) for one in (svg.get_attribute("viewBox") or "0 0 0 0").split())


def rests(phone: Phone, svg: Locator) -> tuple[float, ...]:
    """What is in sight once the frame that was asked for is drawn."""
    phone.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return in_sight(svg)


def test_who_and_what_is_where(planned: Served, folder: Folder, phones: Callable[..., Phone]) -> None:
    with folder.kept(calm) as shown:
        for language, size in (("zh", "phone"), ("en", "panel"), ("en", "tablet")):
            phone = phones(planned.url, language, size)
            phone.enter("li-na", "/board")
            phone.page.get_by_role("link", name="人员" if language == "zh" else "People", exact=True).click()
            expect(phone(".stage .area")).to_have_count(3)
            expect(phone(".stage .who")).to_have_count(2)
            expect(phone(".stage .seen")).to_have_count(1)
            expect(phone(".stage .point")).to_have_count(1)
            expect(phone('.stage .area[data-look="run"]')).to_have_count(1)
            expect(phone(".places .card").first).to_contain_text("Zhao Min")
            inside = phone('.places [data-area="tank-inside"]')
            inside.locator("summary").click()
            expect(inside).to_contain_text("H₂S 0.4 ppm")
            expect(inside).to_contain_text("王伟")
            expect(phone('.stage .area[data-chosen="true"]')).to_have_count(1)
            phone.look("71-map")
        shown.show(alarmed)
        expect(phone('.stage .area[data-leave="true"]')).to_have_count(1)
        expect(phone(".places .leaving")).to_contain_text(re.compile("周强"))
        expect(phone(".stage .hazard")).to_have_count(1)
        phone.look("72-map-leave")
    expect(phone(".notlive")).to_be_visible()


def test_it_is_moved_by_finger_wheel_and_keys(
    planned: Served, folder: Folder, phones: Callable[..., Phone]
) -> None:
    with folder.kept(calm):
        phone = phones(planned.url, "en", "panel")
        phone.enter("li-na", "/map")
        svg = phone(".stage svg")
        expect(svg).to_have_attribute("viewBox", re.compile(r"\d"))
        whole = in_sight(svg)
        assert whole[0] <= -20
        assert whole[0] + whole[2] >= 90
        box = svg.bounding_box()
        assert box is not None
        mouse = phone.page.mouse
        mouse.move(box["x"] + 300, box["y"] + 200)
        mouse.down()
        mouse.move(box["x"] + 400, box["y"] + 200, steps=4)
        mouse.up()
        left = rests(phone, svg)
        assert left[0] == pytest.approx(whole[0] - 100 * whole[2] / box["width"], abs=0.5)
        mouse.wheel(0, -400)
        larger = rests(phone, svg)
        assert larger[2] < left[2] / 2
        phone.page.get_by_role("button", name="Larger").focus()
        phone.page.keyboard.press("ArrowUp")
        assert rests(phone, svg)[1] < larger[1]
        phone.page.get_by_role("button", name="Whole site").click()
        assert rests(phone, svg) == pytest.approx(whole)
