"""`edge-agent camera probe`: what it says of sound streams and of faulty ones, never with a password."""

import io
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import av
import pytest

from edge_agent.__main__ import main
from edge_agent.domain.observation import View
from edge_agent.domain.words import Words
from edge_agent.sense.camera.probe import Stream, described, probe
from edge_agent.sense.camera.stream import open_stream
from edge_agent.sense.camera.stream_faults import StreamError
from edge_agent.simulate.handle import Simulator
from tests.support.languages import faults
from tests.vision.conftest import QUICK, film, moving

PASSWORD = "p@ss:w/o%rd?&#"  # noqa: S105 - a hostile one, of nobody
LOGIN = f"admin:{quote(PASSWORD, safe='')}"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    path = film(tmp_path_factory.mktemp("clip") / "moving.mp4", moving(40))
    with Simulator("camera", "--clip", str(path), "--login", f"admin:{PASSWORD}") as running:
        yield running


def film_265(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=10)
        stream.height, stream.width, stream.pix_fmt = 240, 320, "yuv420p"
        stream.options = {"preset": "ultrafast", "x265-params": "keyint=10:bframes=0:log-level=none:pools=1"}
        for picture in moving(40):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def camera_265(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator("camera", "--clip", str(film_265(tmp_path_factory.mktemp("clip") / "moving.mp4"))) as running:
        yield running


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["camera", "probe", *arguments])
    out, err = capsys.readouterr()
    assert err == ""
    for secret in (PASSWORD, quote(PASSWORD, safe=""), "w/o", "w%2Fo"):
        assert secret not in out
    return code, out


def test_a_sound_stream_is_described(locked: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = told(capsys, f"rtsp://{LOGIN}@127.0.0.1:{locked.port}/live", "--seconds", "3")
    assert code == 0, out
    assert f"rtsp://***@127.0.0.1:{locked.port}/live: opens" in out
    assert "H.264, 320 x 240 pixels" in out
    assert "a key frame every 1.0 s" in out
    assert "the stream's clock and ours" in out


def test_h265_is_told_and_decoded(camera_265: Simulator) -> None:
    url = f"rtsp://127.0.0.1:{camera_265.port}/live"
    seen = probe(url, 3)
    assert (seen.codec, seen.width, seen.height) == ("hevc", 320, 240)
    assert seen.key_every_s == pytest.approx(1.0)
    assert any("H.265" in words.en for words in described(seen))
    with open_stream(url, QUICK) as container:
        picture = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert abs(picture[60:110].astype(int) - 110).mean() < 40
    assert picture.shape == (240, 320, 3)


def test_a_wrong_password_is_named(locked: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = told(capsys, f"rtsp://admin:{quote('w/o' + PASSWORD, safe='')}@127.0.0.1:{locked.port}/live")
    assert code == 69
    assert "check user and password" in out


def test_a_hostile_password_that_nobody_encoded_is_not_told(
    locked: Simulator, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _ = told(capsys, f"rtsp://admin:{PASSWORD}@127.0.0.1:{locked.port}/live")
    assert code != 0


def test_a_wrong_path_is_named(locked: Simulator, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = told(capsys, f"rtsp://{LOGIN}@127.0.0.1:{locked.port}/other")
    assert code == 69
    assert "check the path behind the host" in out


def test_a_camera_that_sends_over_udp_only_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = film(tmp_path / "moving.mp4", moving(40))
    with Simulator("camera", "--clip", str(path), "--udp-only") as camera:
        code, out = told(capsys, f"rtsp://127.0.0.1:{camera.port}/live")
    assert code == 69
    assert "does not send over TCP" in out


def test_nobody_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        code, out = told(capsys, f"rtsp://{LOGIN}@127.0.0.1:{taken.getsockname()[1]}/live")
    assert code == 69
    assert "check the camera's power" in out


def test_the_address_may_come_from_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"file://{film(tmp_path / 'film.mp4', moving(40))}\n"))
    code, out = told(capsys, "-")
    assert code == 0
    assert "10.0 pictures a second" in out


def test_what_is_no_address_is_not_tried(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = told(capsys, "http://127.0.0.1/live")
    assert code == 64
    assert "begins with rtsp://" in out


def test_what_has_to_be_mended_is_said_with_its_remedy() -> None:
    seen = Stream(
        where="rtsp://***@10.0.0.7/live", codec="hevc", width=3840, height=2160, promised_hz=25.0, rate_hz=25.0,
        key_every_s=10.0, kbit_s=8000.0, drift_s=0.0, damaged=3, looked_s=30.0,
        view=View.DARK, view_detail=Words("过暗", "too dark"),
    )  # fmt: skip
    words = described(seen)
    text = " ".join(w.en for w in words)
    assert "too seldom: set the interval to 2 s" in text
    assert "prefer the camera's sub-stream" in text
    assert "too dark" in text
    assert "3 damaged pictures" in text
    assert [fault for w in words for fault in faults(w)] == []


def test_a_stream_that_dies_while_it_is_looked_at_is_told(tmp_path: Path) -> None:
    path = film(tmp_path / "moving.mp4", moving(40))
    with Simulator("camera", "--clip", str(path)) as camera:
        camera.command("garbage", kind="bytes")
        with pytest.raises(StreamError):
            probe(f"rtsp://127.0.0.1:{camera.port}/live", 20)
