"""Looks at devices, as the agent has them made: real programs at simulated devices; what hangs is told."""

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.domain.request import Answer
from edge_agent.ops import looks
from edge_agent.ops.folders import TRIES
from edge_agent.ops.looks import DeviceLooks
from edge_agent.ops.probe.beside import held_in
from edge_agent.settings.camera_logins import Login
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.settings.site_lines import BusTable
from edge_agent.simulate.handle import Simulator
from edge_agent.tell.desk_look import AnyLook, CamerasLook, DetectorLook, StreamLook
from edge_agent.tell.live_setup import Try
from tests.pages.test_devices import tank
from tests.support.desk_peer import DeskPeer
from tests.support.story import ROOT

TOKEN = "a0b1c2d3e4f5a6b7"  # noqa: S105 (the name of a file)
SECRET = "p@ss:w/ort"  # noqa: S105 (of the simulator)
WRONG = "wr0ng"


class Box:
    """The worker with nothing else of the box."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.stop, self.now_s = settings, threading.Event(), 0.0
        self.worker = DeviceLooks(settings, lambda: self.now_s)
        self.thread = threading.Thread(target=self.worker.run, args=(self.stop,), daemon=True)
        self.thread.start()

    @property
    def folder(self) -> Path:
        return self.settings.runtime_folder / TRIES

    def begin(self, look: AnyLook, *, accepted: bool = True) -> Answer:
        return self.worker.take(look, "gu", lambda: Answer(request="r", accepted=accepted))

    def look(self, look: AnyLook) -> Try:
        assert self.begin(look).accepted
        return self.result()

    def result(self) -> Try:
        file, waited = self.folder / f"{TOKEN}.json", threading.Event()
        while (told := msgspec.json.decode(file.read_bytes(), type=Try)).running:
            assert self.thread.is_alive()
            waited.wait(0.05)
        return told

    def stream(self, port: int, password: str = SECRET, service: str = "") -> Try:
        url = f"rtsp://127.0.0.1:{port}/live"
        return self.look(StreamLook(token=TOKEN, url=url, user="viewer", password=password, service=service))


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    running = Box(load(tank(tmp_path / "tank"), ROOT))
    yield running
    running.stop.set()
    running.thread.join(10)


def test_a_detector_is_shown_raw_and_decoded_and_its_profile_is_found(box: Box) -> None:
    with Simulator("gas-gateway", "--warmup", "0") as gateway:
        told = box.look(DetectorLook(token=TOKEN, where=f"127.0.0.1:{gateway.port}", unit=3)).probed
    assert told is not None
    assert (told.profile, told.gas, told.quality) == ("cn10_single_gas", "h2s", "good")
    assert told.registers[8].word == 13312


def test_what_a_running_agent_holds_is_left_alone(box: Box) -> None:
    """It is not even connected to: the gateway would drop the agent."""
    with Simulator("gas-gateway", "--warmup", "0") as gateway, DeskPeer(box.settings.runtime_folder):
        file = box.settings.folder / "site.toml"
        text = file.read_text("utf-8")
        assert "port = 3\n" in text
        file.write_text(text.replace("port = 3\n", f"port = {gateway.port}\n"), "utf-8")
        told = box.look(DetectorLook(token=TOKEN, where=f"localhost:{gateway.port}", unit=3)).probed
    assert told is not None
    assert "buses.gateway-1" in told.failed.en


def test_a_serial_port_is_probed_but_not_one_that_the_box_reads(box: Box) -> None:
    with Simulator("gas-gateway", "--warmup", "0", "--wire", "serial") as line:
        device = line.wait_for(lambda said: "device" in said)["device"]
        look = DetectorLook(token=TOKEN, where=device, unit=3)
        told = box.look(look).probed
        assert told is not None
        assert (told.gas, told.quality) == ("h2s", "good")
    site, port = box.settings.site, BusTable(kind="modbus_rtu", device=device)
    assert not held_in(box.settings, port)
    by_id = box.settings.folder / "usb-485"  # the same port by another name
    by_id.symlink_to(device)
    reads = replace(box.settings, site=replace(site, buses={"line-1": replace(port, device=str(by_id))}))
    assert "buses.line-1" in held_in(reads, port).en


def test_a_log_in_is_tried_over_rtsp_and_onvif_and_only_then_known(box: Box) -> None:
    url = Login(user="viewer", password=SECRET)
    login = f"viewer:{SECRET}"
    with (
        Simulator("camera", "--synthetic", "4", "--login", login) as camera,
        Simulator("onvif", "--login", login, "--group", "239.255.255.250:37020", "--clock", "3600") as onvif,
    ):
        service = f"http://127.0.0.1:{onvif.port}/onvif/device_service"
        told = box.stream(camera.port, service=service).stream
        address = f"rtsp://127.0.0.1:{camera.port}/live"
        assert told is not None
        said = " ".join(words.en for words in told.says)
        assert (told.login, bool(told.failed)) == ("good", False), told
        assert "ONVIF takes this log-in" in said
        assert "the camera's clock is +3" in said
        assert box.worker.took(address, url)
        assert not box.worker.took(address, Login(user="viewer", password=SECRET[1:]))
        box.now_s += looks.COUNTS_S
        assert not box.worker.took(address, url)
        wrong = box.stream(camera.port, WRONG).stream
        assert wrong is not None
        assert wrong.login == "refused"
        assert "refuses this user or password" in wrong.failed.en
        assert not box.worker.took(address, Login(user="viewer", password=WRONG))
    for file in (*box.settings.runtime_folder.rglob("*"), *box.settings.state_folder.rglob("*")):
        assert not file.is_file() or (b"wr0ng" not in file.read_bytes() and b"p@ss" not in file.read_bytes())


def test_a_camera_that_asks_nobody_proves_no_password(box: Box) -> None:
    with Simulator("camera", "--synthetic", "4") as camera:
        told = box.stream(camera.port).stream
    assert told is not None
    assert told.login == "unproven"
    assert "without a password" in told.says[0].en


def test_one_look_at_a_time_and_none_that_is_refused(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slow(_errand: object, _stop: threading.Event) -> bytes:
        assert go_on.wait(10)
        return b"{}"

    monkeypatch.setattr(looks, "_run", slow)
    assert not box.begin(CamerasLook(token=TOKEN), accepted=False).accepted
    assert not box.folder.exists()
    assert box.begin(CamerasLook(token=TOKEN)).accepted
    assert "wait for its end" in box.begin(CamerasLook(token=TOKEN)).reasons[0].en
    go_on.set()
    assert box.result().cameras is not None


@pytest.mark.parametrize("said", [b"", b"Traceback", b'{"registers": 3}', b"[" * 100_000])
def test_what_gives_nothing_is_told(box: Box, monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    monkeypatch.setattr(looks, "_run", lambda _errand, _stop: said)
    told = box.look(DetectorLook(token=TOKEN, where="10.0.0.1", unit=1))
    assert told.probed is None
    assert told.failed.zh


def test_what_hangs_is_ended_and_told(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "WITHIN_S", 0.0)
    assert "ended" in box.look(CamerasLook(token=TOKEN)).failed.en


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "detector", "where": "/dev/../etc/passwd", "unit": 1},
        {"kind": "detector", "where": "/dev/watchdog", "unit": 1},
        {"kind": "detector", "where": "/dev/serial/by-id/../../mem", "unit": 1},
        {"kind": "detector", "where": "--device", "unit": 1},
        {"kind": "detector", "where": "../site", "unit": 1},
        {"kind": "detector", "where": "10.0.0.1", "unit": 248},
        {"kind": "detector", "where": "10.0.0.1", "unit": 1, "profile": "../../etc/passwd"},
        {"kind": "detector", "where": "10.0.0.1", "unit": 1, "gas": "--json"},
        {"kind": "cameras", "user": "--group"},
        {"kind": "cameras", "user": "a\nb"},
        {"kind": "stream", "url": "file:///etc/passwd"},
        {"kind": "stream", "url": "rtsp://admin:secret@10.0.0.1/1"},
        {"kind": "stream", "url": "rtsp://10.0.0.1/1\nfile:///etc/passwd"},
        {"kind": "stream", "url": "rtsp://10.0.0.1/1", "service": "file:///etc/passwd"},
    ],
)
def test_nothing_but_an_address_reaches_a_command(form: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"token": TOKEN, **form}, AnyLook)


def test_what_is_put_on_record_has_no_password() -> None:
    look = StreamLook(token=TOKEN, url="rtsp://10.0.0.1/u={user}&p={password}?x=1", user="a", password=WRONG)
    assert look.place == "rtsp://10.0.0.1"


@pytest.mark.parametrize(
    "rest", ["/user=admin_password=s3cret_channel=1.sdp", "?pwd=s3cret", "/{user}:s3cret", "#s3cret"]
)
def test_the_record_of_a_look_says_no_more_of_a_stream_than_its_host(rest: str) -> None:
    look = StreamLook(token=TOKEN, url=f"rtsp://10.0.0.9:554{rest}")
    assert look.place == "rtsp://10.0.0.9:554"
