"""Cameras on a cable of the box: real GStreamer, with its own test picture in the place of the sensor."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections import deque
from pathlib import Path

import pytest

from edge_agent.domain.observation import View
from edge_agent.ops.checking import faults as faults_of
from edge_agent.sense.camera import board
from edge_agent.sense.camera.decoding.gdp import LAYOUTS
from edge_agent.sense.camera.piped import piped
from edge_agent.sense.camera.stream_faults import StreamError
from edge_agent.settings.load import load
from tests.support.demo_root import SITE
from tests.support.languages import faults
from tests.vision.conftest import QUICK, Start, camera

ROOT = Path(__file__).resolve().parents[2]
URL = "usb:///dev/video99"
BOARDS = sorted(path.stem for path in (ROOT / board.BOARD_FOLDER).glob("*.toml"))
OURS = "EDGE_AGENT_TEST_RUN"
SENSOR = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=15/1"


def without_sensor(name: str) -> str:
    """The pipeline of a board, with GStreamer's test picture in the place of the camera and its ISP."""
    text = board.pipeline(board.load(ROOT, name), URL)
    assert text is not None
    return f"{SENSOR} ! videoconvert ! {text[text.index('video/x-raw,format=I420') :]}"


@pytest.mark.parametrize("name", BOARDS)
def test_a_boards_profile_is_whole(name: str) -> None:
    profile = board.load(ROOT, name)
    assert not faults(profile.title) or name.startswith("jetson"), "a name is a name"
    assert not faults(profile.tried)
    for text in filter(None, (profile.usb, profile.csi)):
        assert text.count("mpegtsmux") == 1
        assert "leaky=downstream" in text, "late pictures are worth nothing"
    for codec, text in profile.decoders.items():
        assert text.startswith({"h264": "h264parse ! ", "hevc": "h265parse ! "}[codec])
        assert any(layout in text.rpartition("video/x-raw")[2] for layout in LAYOUTS), "what the box can read"


def test_pictures_come_over_the_pipe_with_their_times() -> None:
    with piped(URL, without_sensor("generic-x86"), QUICK) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        frames = [frame for frame, _ in zip(container.decode(stream), range(20), strict=False)]
    assert {(frame.width, frame.height) for frame in frames} == {(320, 240)}
    times = [float(frame.time) for frame in frames]
    assert times == sorted(times)
    assert times[-1] - times[0] == pytest.approx(19 / 15, abs=0.5)


@pytest.mark.parametrize(
    ("pipeline", "said"),
    [
        (
            "v4l2src device=/dev/video99 ! jpegdec ! openh264enc ! mpegtsmux",
            "Cannot identify device '/dev/video99'",
        ),
        ("nosuchsrc ! mpegtsmux", "no element"),
        (f"{SENSOR} ! fakesink videotestsrc num-buffers=0 ! openh264enc ! mpegtsmux", "no picture in time"),
        ("videotestsrc num-buffers=0 ! openh264enc ! mpegtsmux", "no video in what it sends"),
    ],
    ids=["no-camera", "no-plug-in", "hangs", "ends"],
)
def test_what_is_wrong_is_told(pipeline: str, said: str) -> None:
    with pytest.raises(StreamError) as fault, piped(URL, pipeline, QUICK):
        pass
    assert said in str(fault.value)
    assert "check the camera's cable and its address" in str(fault.value)


def test_a_camera_that_is_pulled_out_is_told_and_leaves_no_process() -> None:
    opened = piped(URL, without_sensor("generic-x86"), QUICK)
    pictures = opened.__enter__().decode(video=0)
    next(pictures)
    for child in _launched():
        os.kill(child, signal.SIGKILL)
    deque(pictures, maxlen=0)  # what was on its way, and the end
    with pytest.raises(StreamError, match="stopped"):
        opened.__exit__(None, None, None)
    assert not _launched()


def test_a_camera_on_a_cable_is_watched_like_any_other(start: Start) -> None:
    watched = start({"cam": camera(URL)}, pipelines={"cam": without_sensor("generic-x86")})
    watched.wait_for(lambda seen: seen.view is View.CLEAR)
    (child,) = _launched()
    mark = watched.mark()
    os.kill(watched.vision.pids["cam"], signal.SIGKILL)
    watched.wait_for(lambda seen: seen.view is View.GONE, after=mark)
    watched.wait_for(lambda seen: seen.view is View.CLEAR, after=mark)
    assert child not in _launched(), "GStreamer dies with the program that started it"
    assert watched.end() < 5
    assert not _launched()


def test_one_that_is_not_there_is_told_with_its_device(start: Start) -> None:
    text = board.pipeline(board.load(ROOT, "generic-x86"), URL)
    watched = start({"cam": camera(URL)}, pipelines={"cam": str(text)})
    seen = watched.wait_for(lambda seen: seen.view is View.GONE and bool(seen.detail))
    assert "Cannot identify device '/dev/video99'" in seen.detail.en


def site_with(tmp_path: Path, url: str, vision: str = "") -> list[tuple[str, str]]:
    """The faults of a site whose camera is at `url`."""
    shutil.copytree(ROOT / SITE, tmp_path / "site", ignore=shutil.ignore_patterns("state", "runtime"))
    file = tmp_path / "site" / "site.toml"
    text = file.read_text(encoding="utf-8").replace("rtsp://127.0.0.1:8554/cam-1", url)
    file.write_text(f"{text}\n[vision]\n{vision}\n", encoding="utf-8")
    found = faults_of(tmp_path / "site", ROOT)
    assert not [wrong for fault in found for wrong in faults(fault.problem)]
    return [(fault.key, fault.remedy.en) for fault in found]


def test_the_board_is_asked_for_and_must_know_the_kind(tmp_path: Path) -> None:
    assert site_with(tmp_path / "a", "usb:///dev/video0")[0] == (
        "vision.board", "name the board, one of: generic-x86, jetson-orin-nano, raspberry-pi-4, raspberry-pi-5"
    )  # fmt: skip
    ((key, remedy),) = site_with(tmp_path / "b", "csi://0", 'board = "generic-x86"')
    assert (key, remedy) == ("csi", "add csi to it, or connect cameras.cam-1 another way")
    ((key, remedy),) = site_with(tmp_path / "c", "usb:///dev/video0", 'board = "generic-x68"')
    assert "generic-x86" in remedy
    assert site_with(tmp_path / "d", "usb:///dev/video0", 'board = "generic-x86"') == []


def test_the_boards_own_decoder_is_used_where_the_site_says_so(tmp_path: Path) -> None:
    address = "rtsp://127.0.0.1:8554/cam-1"
    ((key, remedy),) = site_with(tmp_path / "a", address, 'decoding = "board"')
    assert (key, "name the board" in remedy) == ("vision.board", True)
    wanted = 'decoding = "board"\nboard = "raspberry-pi-5"'
    assert site_with(tmp_path / "b", address, wanted) == []
    settings = load(tmp_path / "b" / "site", ROOT)
    assert board.decoders(settings, ROOT) == board.load(ROOT, "raspberry-pi-5").decoders
    assert "h264" not in board.decoders(settings, ROOT), "that board has no decoder for it"
    site_with(tmp_path / "c", address, 'board = "raspberry-pi-5"')
    assert board.decoders(load(tmp_path / "c" / "site", ROOT), ROOT) == {}, "nothing changes unasked"


def test_a_box_without_gstreamer_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ((_, remedy),) = site_with(tmp_path / "a", "usb:///dev/video0", 'board = "generic-x86"')
    assert remedy.startswith("install it: apt install gstreamer1.0-tools")


@pytest.mark.parametrize("url", ["usb://video0", "usb:///dev/video0 ! filesink location=/x", "csi://10", "csi://"])
def test_an_address_that_is_none_is_a_fault(url: str, tmp_path: Path) -> None:
    ((key, remedy),) = site_with(tmp_path / "a", url, 'board = "generic-x86"')
    assert key == "cameras.cam-1.url"
    assert "usb:///dev/video0 or csi://0" in remedy


@pytest.fixture(autouse=True)
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of this run, which another one beside it must not count."""
    monkeypatch.setenv(OURS, str(os.getpid()))


def _launched() -> list[int]:
    """GStreamer's processes of this run."""
    found = subprocess.run(["pgrep", "-f", "gst-launch-1.0 -q v"], capture_output=True, check=False)
    return [pid for pid in map(int, found.stdout.split()) if _is_ours(pid)]


def _is_ours(pid: int) -> bool:
    with contextlib.suppress(OSError):  # it has ended meanwhile
        return f"{OURS}={os.getpid()}".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return False
