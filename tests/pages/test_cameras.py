"""The cameras' pages before the real programs and a real RTSP stream: live, with what was seen, heads hidden."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.sync_api import expect

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import View
from edge_agent.domain.words import Words
from edge_agent.domain.zone import PictureArea
from edge_agent.field.onlookers import SOCKET
from edge_agent.sense.camera.proof.drawn import Scene, Worker, drawn
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.simulate.handle import Simulator
from tests.pages.phone import Phone
from tests.support.board_world import Folder, live
from tests.support.pages import Served
from tests.vision.conftest import MODELS, QUICK, Watched, camera, film

MODEL = "ppe-nano-third"
CORNERS = ((0.02, 0.3), (0.98, 0.3), (0.98, 0.98), (0.02, 0.98))
MOUTH = PictureArea(id="mouth", area="tank", corners=CORNERS)
CAMERA = """
name = {{ zh = "罐口摄像机", en = "Manhole camera" }}
model = "{model}"

[[cameras.cam-1.areas]]
id = "mouth"
area = "tank"
corners = {corners}

[[cameras.cam-1.areas]]
id = "post"
area = "tank-mouth"
post = true
corners = [[0.7, 0.4], [0.95, 0.4], [0.95, 0.95], [0.7, 0.95]]
{more}
"""
POINTS = """
[[cameras.cam-1.on_plan]]
picture = [{0}, {1}]
plan_m = [{2}, {3}]
"""
ON_PLAN = (
    (0.1, 0.9, 0.0, 0.0), (0.9, 0.9, 8.0, 0.0), (0.9, 0.4, 8.0, 12.0), (0.1, 0.4, 0.0, 12.0), (0.5, 0.65, 4.3, 6.0)
)  # fmt: skip


def walkers(folder: Path) -> Path:
    """Two workers who walk, one of them without helmet and vest."""
    scenes = (
        Scene(workers=(Worker(100 + 3 * at, 440, 230), Worker(560 - 3 * at, 400, 200, None, None)), seed=at)
        for at in range(60)
    )
    return film(folder / "walkers.mp4", [drawn(one) for one in scenes])


def entered(site: Path, more: str = "") -> None:
    """The camera into the settings."""
    file = site / "site.toml"
    head = re.split(r"(?m)^\[+cameras", file.read_text("utf-8"))[0]
    corners = [list(corner) for corner in CORNERS]
    table = "[cameras.cam-1]" + CAMERA.format(model=MODEL, corners=corners, more=more)
    file.write_text(head + table, "utf-8")


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator("camera", "--clip", str(walkers(tmp_path_factory.mktemp("clip")))) as running:
        yield running


@pytest.fixture
def watched(served: Served, stream: Simulator) -> Iterator[Watched]:
    """The agent's own eyes, in the runtime folder of the site whose pages are open."""
    entered(served.site, "".join(POINTS.format(*one) for one in ON_PLAN))
    run = served.site / "run"
    table = camera(f"rtsp://127.0.0.1:{stream.port}/live", fps=5.0, areas=(MOUTH,))
    table = replace(table, model=MODEL)
    vision = Vision(
        {"cam-1": table}, SystemClock(declared=True), Folders(MODELS, run, onlookers=run / SOCKET), limits=QUICK
    )
    running = Watched(vision)
    running.wait_for(lambda s: s.view is View.CLEAR and len(s.persons) > 1)
    yield running
    stream.command("back")
    running.end()


def painted() -> Callable[[], object]:
    one = replace(live().cameras[0], name=Words("罐口摄像机", "Manhole camera"))
    return lambda: live(cameras=(one,))


def test_a_camera_is_watched_live(
    served: Served, folder: Folder, watched: Watched, phones: Callable[..., Phone]
) -> None:
    with folder.kept(painted()):  # type: ignore[arg-type]
        for language, size in (("zh", "phone"), ("en", "panel"), ("en", "tablet")):
            phone = phones(served.url, language, size)
            phone.enter("zhao-min", "/cameras")
            card = phone('[data-camera="cam-1"]')
            expect(card.get_by_text(MODEL)).to_be_visible()
            expect(card).to_contain_text("每秒" if language == "zh" else "pictures a second")
            phone.has_pictures(".camera-list .frame img")
            phone.look("70-cameras")
            card.get_by_role("link").click()
            shown = phone(".live-picture")
            expect(shown).to_have_attribute("data-live", "true")
            expect(shown).to_have_attribute("data-clear", "true")
            expect(phone(".people-seen [data-standing]").first).to_be_visible()
            expect(phone(".zones-seen polygon[data-post=true]")).to_be_attached()
            expect(phone(".persons li").first).to_be_visible()
            expect(
                phone("p.hint").filter(has_text="RMS")
            ).to_be_visible()  # by how much the calibration misses the plan
            first = phone(".seen img").get_attribute("src")
            expect(phone(".seen img")).not_to_have_attribute("src", first or "")
            phone.look("71-camera")
    assert watched.mark()


def test_a_picture_that_does_not_come_any_more_is_not_shown_as_live(
    served: Served, folder: Folder, watched: Watched, stream: Simulator, phones: Callable[..., Phone]
) -> None:
    with folder.kept(painted()):  # type: ignore[arg-type]
        phone = phones(served.url, "en", "phone")
        phone.enter("zhao-min", "/cameras/cam-1")
        expect(phone(".live-picture")).to_have_attribute("data-live", "true")
        stream.command("stall")
        expect(phone(".live-picture")).to_have_attribute("data-live", "false")
        expect(phone(".live-word")).to_contain_text("NOT LIVE")
        expect(phone(".people-seen")).to_have_count(0)
        expect(phone(".persons")).to_have_count(0)
        phone.look("72-camera-not-live")
        stream.command("dark")
        expect(phone(".live-picture[data-live=true]")).to_have_attribute("data-clear", "false")
        expect(phone(".live-word")).to_contain_text("too dark")
        stream.command("back")
        expect(phone(".live-picture[data-live=true]")).to_have_attribute("data-clear", "true")
    assert watched.mark()


def test_faces_are_shown_to_whom_the_site_names_once_the_look_is_on_record(
    served: Served, folder: Folder, watched: Watched, phones: Callable[..., Phone], peer: object
) -> None:
    with folder.kept(painted()):  # type: ignore[arg-type]
        guard = phones(served.url, "en", "phone")
        guard.enter("li-na", "/cameras/cam-1")
        expect(guard(".live-picture")).to_have_attribute("data-live", "true")
        expect(guard("details")).to_have_count(0)
        officer = phones(served.url, "zh", "phone")
        officer.enter("zhao-min", "/cameras/cam-1")
        officer.tap("details summary")
        officer("details input[type=text]").fill("谁跌倒了")
        officer.look("73-camera-faces")
        officer.badge("badge-zhao-min")
        expect(officer("details img")).to_be_visible()
        officer.has_pictures("details img")
    asked = [one for one in peer.requests if one.about == ("cam-1.jpg", "look")]  # type: ignore[attr-defined]
    assert [(one.person, one.reason) for one in asked] == [("zhao-min", "谁跌倒了")]
    assert watched.mark()
