"""A technician draws areas anew: dragged, split, taken back; the box's own check before it is signed; GeoJSON."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages.phone import Phone
from tests.pages.test_devices import tank
from tests.support.board_world import Folder, live, permit
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A whole site: what is drawn is checked with all the rest of it."""
    with Served(tank(tmp_path_factory.mktemp("drawn") / "site")) as pages:
        yield pages


@pytest.fixture
def site(box: Served) -> Iterator[Path]:
    """As it was before, when the test ends."""
    file = box.site / "areas.toml"
    before = file.read_bytes()
    yield box.site
    file.write_bytes(before)
    (box.site / "areas.toml.last-good").unlink(missing_ok=True)


def areas(site: Path) -> dict[str, Any]:
    read = tomllib.loads((site / "areas.toml").read_text("utf-8"))
    return {one["id"]: one for one in read["areas"]}


def button(phone: Phone, name: str) -> Any:
    return phone.page.get_by_role("button", name=name, exact=True)


def test_areas_are_drawn_checked_and_saved(
    site: Path, box: Served, folder: Folder, peer: DeskPeer, phones: Callable[..., Phone]
) -> None:
    old = (site / "areas.toml").read_bytes()
    with folder.kept(lambda: live(permits=(permit(state="ready", area_id="yard"),))):
        phone = phones(box.url, "en", "panel")
        phone.enter("gu-tech", "/zones")
        button(phone, "Yard").click()
        expect(phone(".stage .corner")).to_have_count(4)
        handle = phone(".stage .corner").nth(2).bounding_box()
        assert handle is not None
        mouse, (x, y) = phone.page.mouse, (handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
        mouse.move(x, y)
        mouse.down()
        mouse.move(x - 40, y + 40, steps=4)
        mouse.up()
        east = phone.page.get_by_label("Corner 3, metres east")
        expect(east).not_to_have_value("90")
        button(phone, "Undo").click()
        expect(east).to_have_value("90")
        east.fill("95")
        east.blur()
        button(phone, "Mark corner 1").click()
        button(phone, "Mark corner 3").click()
        button(phone, "Split (mark 2 corners)").click()
        expect(phone(".stage .area")).to_have_count(4)
        expect(phone(".corners li")).to_have_count(3)
        ceiling = phone.page.get_by_label("Ceiling (m), empty: open")
        ceiling.fill("-3")
        phone.page.get_by_label("Floor (m), empty: open").fill("0")
        ceiling.blur()
        phone.page.get_by_label("Floor (m), empty: open").blur()
        button(phone, "Check").click()
        expect(phone(".saving .fault")).to_contain_text("is not below the ceiling")
        phone.look("73-zones-fault")
        ceiling.fill("")
        ceiling.blur()
        button(phone, "Check").click()
        expect(phone(".saving .changes")).to_contain_text("new area yard-2")
        expect(phone(".saving")).to_contain_text("T-2042 · READY")
        phone.look("74-zones-sign")
        phone(".saving input[type=text]").fill("surveyed anew")
        phone(".saving input.pin").fill("hcet-ug")
        button(phone, "Save areas").click()
        expect(phone(".told")).to_contain_text("Saved")
        expect(phone(".stage .area")).to_have_count(4)
    assert all([95.0, 30.0] in areas(site)[half]["corners"] for half in ("yard", "yard-2"))
    assert (site / "areas.toml.last-good").read_bytes() == old
    asked = peer.requests[-1]
    assert asked.settings is not None
    assert (asked.person, asked.reason) == ("gu-tech", "surveyed anew")
    assert sorted(asked.settings.areas) == ["yard", "yard-2"]


def test_a_new_area_by_taps_and_areas_from_geojson(
    site: Path, served: Served, folder: Folder, phones: Callable[..., Phone], tmp_path: Path
) -> None:
    with folder.kept(live):
        for language, size in (("zh", "phone"), ("zh", "tablet")):
            phone = phones(served.url, language, size)
            phone.enter("gu-tech", "/zones")
            expect(phone(".stage svg")).to_have_attribute("viewBox", re.compile(r"\d"))
            button(phone, "新区域").click()
            shown = phone(".stage svg").bounding_box()
            assert shown is not None
            for right, down in ((0.6, 0.45), (0.7, 0.45), (0.7, 0.55)):
                phone(".stage svg").click(position={"x": shown["width"] * right, "y": shown["height"] * down})
            phone.page.get_by_role("button", name="完成（3 个角点）").click()
            expect(phone(".stage .area")).to_have_count(4)
            expect(phone(".corners li")).to_have_count(3)
            phone.look("75-zones-drawn")
        with phone.page.expect_download() as waiting:
            phone.page.get_by_role("link", name="导出 GeoJSON").click()
        told = json.loads(waiting.value.path().read_text("utf-8"))
        assert [one["properties"]["id"] for one in told["features"]] == ["tank-mouth", "tank-inside", "yard"]
        told["features"][0]["properties"]["id"] = "from-elsewhere"
        file = tmp_path / "areas.geojson"
        file.write_text(json.dumps({**told, "features": told["features"][:1]}), "utf-8")
        phone("input[type=file]").set_input_files(file)
        expect(phone(".stage .area")).to_have_count(5)
        file.write_text("{", "utf-8")
        phone("input[type=file]").set_input_files(file)
        expect(phone(".fault")).to_be_visible()
    assert len(areas(site)) == 3, "nothing was saved"
