"""From gas to a turned camera: a real brain, a real recorder, and a camera that is turned over HTTP."""

import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from edge_agent.decide.aiming import wanted
from edge_agent.domain.observation import Aim, View
from edge_agent.ops import aimer
from edge_agent.ops.aimer import aimers, login_of
from edge_agent.sense.camera.onvif.soap import SoapError
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import PtzTable
from edge_agent.simulate.handle import Simulator
from tests.ops.test_beside_the_brain import Box
from tests.support.story import scenario_site


@pytest.fixture
def camera() -> Iterator[Simulator]:
    with Simulator(
        "onvif",
        "--host",
        "127.0.0.1",
        "--group",
        "239.255.255.250:19877",
        "--ptz",
        "--slew",
        "0.1",
        "--login",
        "admin:turn-it",
    ) as one:
        yield one


def site(port: int, folder: Path) -> Settings:
    """Its camera turns, and wants the login of a file that only the box can read."""
    base = replace(scenario_site(), folder=folder)
    file = folder / "camera-logins.toml"
    file.write_text('[logins.gate]\nuser = "admin"\npassword = "turn-it"\n')
    file.chmod(0o600)
    at = f"http://127.0.0.1:{port}/onvif/device_service"
    ptz = PtzTable(service=at, home="home", presets={"tank-inside": "tank"}, settle_s=0.0)
    cameras = {"cam-1": replace(base.site.cameras["cam-1"], ptz=ptz, login="gate")}
    return replace(base, site=replace(base.site, cameras=cameras))


def test_the_stop_comes_first_then_the_camera_turns_and_keeps_a_picture_of_the_alarm(
    camera: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aimer, "TICK_S", 0.02)
    box = Box(tmp_path, site(camera.port, tmp_path))
    box.folder.joinpath("cam-1.jpg").write_bytes(cv2.imencode(".jpg", np.full((48, 64, 3), 90, np.uint8))[1])
    one = aimers(
        box.settings, box.clock, lambda: wanted(box.settings, box.brain.state, box.clock.now_s), box.brain.deliver
    )["cam-1"]
    story, stop = box.story, threading.Event()

    def goes_on(seconds: float) -> None:
        story.run(seconds)
        box.play()

    story.field.aims["cam-1"] = {"aim": Aim.HOME, "preset": "home"}
    story.begin_work()
    goes_on(2)
    del story.field.aims["cam-1"]
    one.look(stop)
    story.field.gas["gas-ch4"] = {"level": 60.0}
    goes_on(2)
    assert [event.type for event in box.brain.newest].count("permit.paused") == 1  # the camera has not been asked
    one.look(stop)
    assert camera.wait_for(lambda line: line.get("turns_to") == "tank")
    goes_on(2)
    assert box.brain.state.memory.sightings["cam-1"].view is View.UNJUDGED
    aimed = next(event for event in box.brain.newest if event.type == "camera.aimed")
    raised = next(event for event in box.brain.newest if event.data.get("rule") == "gas_dangerous")
    assert (aimed.data["area"], aimed.data["pan"], aimed.subject) == ("tank-inside", 0.5, "P-1")
    goes_on(1)
    kept = [event.data for event in box.brain.newest if event.type == "evidence.kept"]
    assert [aimed.seq, raised.seq] in [list(data["events"]) for data in kept]  # before and after on one page
    goes_on(130)
    one.look(stop)
    goes_on(4)
    assert box.brain.state.memory.aims["cam-1"].aim is Aim.HOME
    assert box.brain.state.memory.sightings["cam-1"].view is View.CLEAR
    box.close()


def test_a_login_that_cannot_be_read_is_told_and_not_guessed(tmp_path: Path) -> None:
    base = replace(scenario_site(), folder=tmp_path)
    table = base.site.cameras["cam-1"]
    assert login_of(base, table) is None
    named = replace(table, login="gate")
    with pytest.raises(SoapError, match="camera-logins"):
        login_of(base, named)
    file = tmp_path / "camera-logins.toml"
    file.write_text('[logins.yard]\nuser = "a"\npassword = "b"\n')
    file.chmod(0o600)
    with pytest.raises(SoapError, match="gate"):
        login_of(base, named)
    found = login_of(base, replace(table, login="yard"))
    assert found is not None
    assert (found.user, found.password) == ("a", "b")
