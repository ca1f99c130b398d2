"""A technician fits a camera with a password and a detector on a serial port from the pages of the whole box.

The camera's log-in is tried and taken; a drawn worker walks before it, and the box measures that; a detector on a
line of this machine is probed by the agent. What was typed as a password stands in one closed file alone.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from edge_agent.ops.demo.stage import Stage
from edge_agent.sense.camera.proof.drawn import YELLOW, Scene, Worker, drawn
from edge_agent.simulate.handle import Simulator
from tests.pages.conftest import any_port
from tests.pages.phone import Phone
from tests.system.conftest import anywhere
from tests.system.site import Site
from tests.vision.conftest import film
from web_ui.words import TABLES

ADMIN, PIN = "he-xin", "9019"
USER, PASSWORD, WRONG = "viewer", "gate-Kamera/7", "gate-kamera/8"
FLOOR = ((0.2, 0.55), (0.8, 0.55), (0.8, 0.98), (0.2, 0.98))
STOPS = ((0.26, 0.6), (0.74, 0.6), (0.74, 0.94), (0.26, 0.94), (0.5, 0.8))
STANDS, STEPS = 25, 8  # pictures, of ten a second
WALK_MS = 400_000  # of a machine that is busy: each film is one round, and rounds follow each other
SIZES = (("zh", "phone"), ("en", "tablet"), ("en", "panel"))


def walk(folder: Path) -> Path:
    """To each corner of the floor, with a helmet; then without one in the middle."""
    scenes = list[Scene]()

    def stand(x: float, y: float, *, hat: bool = True) -> None:
        one = Worker(round(x * 640), round(y * 480), 190, YELLOW if hat else None)
        scenes.append(Scene(workers=(one,), seed=len(scenes)))

    for here, there in zip(STOPS, (*STOPS[1:], STOPS[0]), strict=True):
        for _ in range(STANDS):
            stand(*here)
        if here == STOPS[-1]:
            for _ in range(STANDS):
                stand(*here, hat=False)
        for step in range(STEPS):
            part = step / STEPS
            stand(here[0] + (there[0] - here[0]) * part, here[1] + (there[1] - here[1]) * part)
    return film(folder / "walk.mp4", [drawn(one) for one in scenes])


@pytest.fixture(scope="module")
def fitted() -> Iterator[tuple[Site, Simulator, Simulator]]:
    """The demo's box, its camera another one that wants a log-in, and a serial line that nothing reads."""
    if shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None:
        pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
    folder = Path(tempfile.mkdtemp(prefix="edge-fitted-"))
    folder.chmod(0o755)
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        camera = ends.enter_context(
            Simulator("camera", "--clip", str(walk(folder)), "--login", f"{USER}:{PASSWORD}")
        )
        line = ends.enter_context(Simulator("gas-gateway", "--warmup", "0", "--wire", "serial"))
        source = anywhere(folder / "source")
        file = source / "site.toml"
        text = any_port(file.read_text("utf-8"))
        text = re.sub(r'url = "rtsp://[^"]+cam-1"', f'url = "rtsp://localhost:{camera.port}/live"', text)
        text += '\n# url = "rtsp://127.0.0.1:0/cam-1"\n'  # of the stage's own camera, which nobody looks at here
        floor = f"corners = {[list(corner) for corner in FLOOR]}"
        text = text.replace("corners = [[0.30, 0.35], [0.75, 0.35], [0.80, 0.95], [0.25, 0.95]]", floor)
        assert floor in text
        file.write_text(text, "utf-8")
        stage = ends.enter_context(Stage(source, folder, None, warmup_s=0))
        yield Site(stage), camera, line


@pytest.fixture
def phone(fitted: tuple[Site, Simulator, Simulator], phones: Callable[..., Phone]) -> Phone:
    one = phones(f"https://127.0.0.1:{fitted[0].stage.ports.board}", "en", "panel")
    one.go("/")
    one.log_in(ADMIN, PIN)
    return one


def looks(phone: Phone, name: str) -> None:
    for size in ("phone", "tablet", "panel"):
        phone.resize(size)
        phone.look(name)


def button(phone: Phone, key: str) -> None:
    section, _, word = key.partition(".")
    phone.page.get_by_role("button", name=TABLES[phone.language][section][word], exact=True).first.click()


def signs(phone: Phone) -> None:
    phone(".saving input.pin").fill(PIN)
    phone(".saving button[type=submit]").click()
    expect(phone(".told")).to_be_visible()


def test_a_camera_with_a_password_is_entered_walked_and_told_to_nobody(
    fitted: tuple[Site, Simulator, Simulator], phone: Phone
) -> None:
    site, _, _ = fitted
    phone.go("/cameras/cam-1")
    expect(phone(".live-picture")).to_have_attribute("data-clear", "false")
    button(phone, "cameras.login")
    for word, told in ((WRONG, "refuses this user or password"), (PASSWORD, "user and password are right")):
        phone.page.get_by_label("Camera's user", exact=True).fill(USER)
        phone.page.get_by_label("Camera's password").fill(word)
        button(phone, "cameras.login_try")
        expect(phone("section[aria-label='User and password']")).to_contain_text(told)
        looks(phone, "110-login-refused" if word == WRONG else "110-login-good")
    button(phone, "zones.check")
    expect(phone(".saving .changes")).to_have_attribute("data-accepted", "true")
    assert PASSWORD not in phone(".saving").inner_text()
    looks(phone, "111-login-sign")
    signs(phone)
    expect(phone(".live-picture")).to_have_attribute("data-clear", "true")
    walks(site, phone)
    nowhere_else(site)


def walks(site: Site, phone: Phone) -> None:
    phone.go("/cameras/cam-1/walk")
    looks(phone, "112-walk")
    phone(".walk input.pin").fill(PIN)
    phone(".walk button[type=submit]").click()
    expect(phone(".walk")).to_have_attribute("data-outcome", "")
    expect(phone(".walk-points [data-done=true]").first).to_be_visible(timeout=WALK_MS)
    looks(phone, "113-walking")
    phone.become("zh", "phone")
    phone.look("113-walking")
    phone.become("en", "panel")
    expect(phone(".walk")).to_have_attribute("data-outcome", re.compile("passed|failed"), timeout=WALK_MS)
    looks(phone, "114-walked")
    over = site.event("camera.walked")
    assert over.data["seen_points"] == over.data["points"] == len(over.data["files"]) == 6
    assert over.data["outcome"] == phone(".walk").get_attribute("data-outcome")
    tried = site.event("commissioning.tried", over.seq).data["trial"]
    assert (tried["key"], tried["measured"], tried["outcome"]) == ("walk/cam-1", True, over.data["outcome"])
    assert tried["files"] == {one["name"]: one["sha256"] for one in over.data["files"]}
    phone.go("/commissioning")
    expect(phone("a[href='/cameras/cam-1/walk']")).to_be_visible()
    expect(phone(".findings")).to_contain_text("measured by the box")
    looks(phone, "115-commissioning-walk")


def nowhere_else(site: Site) -> None:
    """Settings, records, journal, logs: the password stands in one closed file."""
    holding = [
        file
        for file in site.stage.site.parent.rglob("*")
        if file.is_file() and any(word.encode() in file.read_bytes() for word in (PASSWORD, WRONG))
    ]
    (one,) = holding
    assert one.parent.name == "secrets"
    assert one.stat().st_mode & 0o777 == 0o600
    told = [event.data for event in site.kept() if event.type == "device.looked"]
    assert [one["what"] for one in told] == ["stream", "stream"]
    assert USER not in str(told)


def test_a_detector_on_a_serial_port_of_the_box_is_probed(
    fitted: tuple[Site, Simulator, Simulator], phone: Phone
) -> None:
    site, _, line = fitted
    device = line.wait_for(lambda said: "device" in said)["device"]
    words = TABLES["en"]["setup"]
    phone.go("/setup/detector")
    phone.page.get_by_label(words["where"] + words["where_hint"], exact=True).fill(device)
    phone.page.get_by_label(words["unit"], exact=True).fill("3")
    expect(phone.page.get_by_text(words["serial_about"])).to_be_visible()
    button(phone, "setup.probe")
    expect(phone(".verdict")).to_contain_text("h2s")
    looks(phone, "116-serial")
    button(phone, "setup.note")
    refused = phone.page.get_by_text("DEMO rulebook is refused on a serial port")  # as it must be
    expect(refused.first).to_be_visible()
    told = site.event("device.looked", what="detector")
    assert told.data == {"by": ADMIN, "what": "detector", "where": f"{device} unit 3"} | {
        "shift": told.data["shift"]
    }
