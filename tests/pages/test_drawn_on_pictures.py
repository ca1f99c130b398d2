"""A technician draws on the live picture of a real stream: a guard's post, points of the floor, hidden parts."""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.sync_api import Locator, expect

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import View
from edge_agent.field.onlookers import SOCKET
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.simulate.handle import Simulator
from tests.pages.phone import Phone
from tests.pages.test_cameras import MODEL, painted, walkers
from tests.pages.test_devices import tank
from tests.support.board_world import Folder
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served
from tests.vision.conftest import MODELS, QUICK, Watched, camera

POST = ((0.55, 0.5), (0.9, 0.5), (0.9, 0.95), (0.55, 0.95))
FLOOR = ((0.1, 0.9, 0, 0), (0.9, 0.9, 8, 0), (0.9, 0.4, 8, 12), (0.1, 0.4, 0, 12), (0.5, 0.65, 4.3, 6))


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[Served]:
    """The demo tank, its camera seen by the real programs, and a desk with the real checks."""
    site = tank(tmp_path / "site")
    folder = Folder(site / "run")
    with ExitStack() as ends:
        stream = ends.enter_context(Simulator("camera", "--clip", str(walkers(tmp_path))))
        table = replace(camera(f"rtsp://127.0.0.1:{stream.port}/live", fps=5.0), model=MODEL)
        folders = Folders(MODELS, folder.path, onlookers=folder.path / SOCKET)
        eyes = Watched(Vision({"cam-1": table}, SystemClock(declared=True), folders, limits=QUICK))
        ends.callback(eyes.end)
        eyes.wait_for(lambda s: s.view is View.CLEAR)
        ends.enter_context(DeskPeer(folder.path))
        ends.enter_context(folder.kept(painted()))  # type: ignore[arg-type]
        yield ends.enter_context(Served(site))


def tap(ground: Locator, x: float, y: float) -> None:
    ground.scroll_into_view_if_needed()
    box = ground.bounding_box()
    assert box is not None
    ground.click(position={"x": x * box["width"], "y": y * box["height"]}, force=True)


def drag(phone: Phone, handle: Locator, px: int) -> None:
    """By mouse or finger, to the left."""
    handle.scroll_into_view_if_needed()
    box = handle.locator("circle").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    phone.page.mouse.move(x, y)
    phone.page.mouse.down()
    phone.page.mouse.move(x - px, y, steps=4)
    phone.page.mouse.up()


def entered(pages: Served) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((pages.site / "site.toml").read_text("utf-8"))["cameras"]["cam-1"]
    return table


def save(phone: Phone, person: str, saved: str) -> None:
    """Checked first, then signed."""
    phone(".saving .button.main").click()
    phone(".saving input[type=text]").fill("picture drawn anew")
    phone.look(saved)
    phone.badge(f"badge-{person}")
    expect(phone(".told p")).to_be_visible()


@pytest.mark.parametrize(("language", "size"), [("zh", "phone"), ("en", "panel")])
def test_a_post_the_floor_and_a_hidden_part_are_drawn_and_saved(
    pages: Served, phones: Callable[..., Phone], language: str, size: str
) -> None:
    remarks = (pages.site / "site.toml").read_text("utf-8").count("#")
    phone = phones(pages.url, language, size)
    phone.enter("gu-tech", "/cameras/cam-1")
    expect(phone(".live-picture")).to_have_attribute("data-live", "true")
    phone(".tools").get_by_role("button", name="绘制" if language == "zh" else "Draw", exact=True).click()
    ground = phone(".pencil .ground")
    expect(phone(".pencil .handle")).to_have_count(4)
    handle = phone(".pencil .handle").first
    handle.focus()
    handle.press("ArrowLeft")
    drag(phone, phone(".pencil .handle").nth(2), 20)
    phone.page.get_by_role("button", name="新区域" if language == "zh" else "New area").click()
    for x, y in POST:
        tap(ground, x, y)
    phone("select").select_option("tank-mouth")
    phone.page.get_by_role("button", name="完成" if language == "zh" else "Finish").click()
    post = "监护位" if language == "zh" else "Guard's post"
    phone.page.get_by_role("button", name=post, exact=True).click()
    phone.look("74-drawn-areas")

    phone.page.get_by_role("button", name="平面标定点" if language == "zh" else "Points on the plan").click()
    for number, (x, y, east, north) in enumerate(FLOOR):
        tap(ground, x, y)
        for field, metres in enumerate((east, north)):
            phone(".plan-points li").nth(number).locator("input").nth(field).fill(str(metres))
    expect(phone(".fit")).to_contain_text("0.1")
    phone.look("75-drawn-points")

    phone.page.get_by_role("button", name="隐私遮挡区" if language == "zh" else "Hidden parts").click()
    tap(ground, 0.05, 0.05)
    tap(ground, 0.3, 0.25)
    expect(phone(".pencil .hide")).to_have_count(1)
    save(phone, "gu-tech", "76-drawn-saved")
    table = entered(pages)
    assert table["areas"][0]["corners"][0] == [pytest.approx(0.29), 0.35]
    assert table["areas"][0]["corners"][2][0] < 0.79
    assert (table["areas"][1]["area"], table["areas"][1]["post"]) == ("tank-mouth", True)
    assert table["areas"][1]["corners"][2] == pytest.approx([0.9, 0.95], abs=0.02)
    assert [one["plan_m"] for one in table["on_plan"]] == [[east, north] for _, _, east, north in FLOOR]
    assert table["hide"][0] == pytest.approx([0.05, 0.05, 0.3, 0.25], abs=0.02)
    assert (pages.site / "site.toml").read_text("utf-8").count("#") == remarks
