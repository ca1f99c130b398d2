"""The camera, watched by independent clients (PyAV, cv2): the loop, several clients, and every way to fail."""

import itertools
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.container import InputContainer

from edge_agent.simulate.clip import write_clip
from edge_agent.simulate.handle import Simulator, SimulatorError

TICKS = 9000  # the synthetic film has 10 pictures a second


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clip(tmp_path_factory.mktemp("clip") / "shapes.mp4", seconds=2.0)


@pytest.fixture
def camera(clip: Path) -> Iterator[Simulator]:
    with Simulator("camera", "--clip", str(clip)) as simulator:
        yield simulator


def url(camera: Simulator) -> str:
    return f"rtsp://127.0.0.1:{camera.port}/live"


def watch(camera: Simulator, timeout_s: float = 20.0) -> InputContainer:
    quick = {"rtsp_transport": "tcp", "probesize": "100000", "analyzeduration": "500000"}
    return av.open(url(camera), timeout=timeout_s, options=quick)


def sent_beyond(camera: Simulator, count: int) -> None:
    deadline = time.monotonic() + 30
    while camera.command("status")["pictures"] <= count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Watcher:
    """Decodes pictures one by one; errors of broken pictures are skipped."""

    def __init__(self, container: InputContainer) -> None:
        self._packets = container.demux(video=0)
        self._ready: list[av.VideoFrame] = []
        self.broken = 0

    def next(self) -> av.VideoFrame:
        while not self._ready:
            try:
                self._ready = list(next(self._packets).decode())
            except av.error.InvalidDataError:
                self.broken += 1
        return self._ready.pop(0)

    def until(self, condition: Callable[[np.ndarray, np.ndarray], bool], limit: int = 150) -> np.ndarray:
        """The first picture for which `condition(picture, picture before)` holds."""
        before = self.next().to_ndarray(format="gray")
        for _ in range(limit):
            picture = self.next().to_ndarray(format="gray")
            if condition(picture, before):
                return picture
            before = picture
        raise AssertionError(f"not within {limit} pictures")


def test_pictures_arrive_in_the_films_rhythm_across_the_loop(camera: Simulator) -> None:
    with watch(camera) as container:
        watcher = Watcher(container)
        frames = [watcher.next() for _ in range(46)]  # the film has 20
    assert (frames[0].width, frames[0].height) == (320, 240)
    times = [frame.pts for frame in frames if frame.pts is not None]
    assert len(times) >= 45
    assert {after - before for before, after in itertools.pairwise(times)} == {TICKS}
    pictures = [frame.to_ndarray(format="gray") for frame in frames]
    assert all(np.any(before != after) for before, after in itertools.pairwise(pictures))


def test_it_runs_in_real_time(camera: Simulator) -> None:
    before = time.monotonic()
    with watch(camera) as container:
        watcher = Watcher(container)
        first = watcher.next()
        while (last := watcher.next()).pts is None or last.pts < (first.pts or 0) + 20 * TICKS:
            pass
    # It cannot be faster than two seconds of film, less what the client read while probing.
    assert time.monotonic() - before >= 1.9


def test_cv2_reads_it_without_being_told_the_transport(camera: Simulator) -> None:
    capture = cv2.VideoCapture(url(camera), cv2.CAP_FFMPEG)
    try:
        assert capture.isOpened()
        good, picture = capture.read()
        assert good
        assert picture.shape == (240, 320, 3)
    finally:
        capture.release()


def test_several_clients_see_pictures_and_are_told(camera: Simulator) -> None:
    with watch(camera) as one, watch(camera) as two:
        watchers = [Watcher(one), Watcher(two)]
        for watcher in watchers * 5:
            assert watcher.next().width == 320
        status = camera.command("status")
        assert (status["mode"], status["clients"]) == ("film", 2)
    camera.wait_for(lambda line: line.get("asked") == "TEARDOWN")
    camera.wait_for(lambda line: line.get("client") == "left")


def test_freeze_is_a_healthy_stream_of_one_still_picture_and_back_moves_on(camera: Simulator) -> None:
    with watch(camera) as container:
        watcher = Watcher(container)
        watcher.next()
        camera.command("freeze")
        watcher.until(np.array_equal)
        still = [watcher.next() for _ in range(12)]
        steps = {after.pts - before.pts for before, after in itertools.pairwise(still)}
        assert steps == {TICKS}
        assert len({frame.to_ndarray(format="gray").tobytes() for frame in still}) == 1
        camera.command("back")
        watcher.until(lambda now, before: not np.array_equal(now, before))


def test_dark_is_dark_but_not_still(camera: Simulator) -> None:
    with watch(camera) as container:
        watcher = Watcher(container)
        assert watcher.next().to_ndarray(format="rgb24").mean() > 60
        camera.command("dark")
        dark = watcher.until(lambda now, _: now.mean() < 25)
        assert not np.array_equal(dark, watcher.until(lambda now, before: not np.array_equal(now, before)))
        camera.command("back")
        watcher.until(lambda now, _: now.mean() > 60)
        assert watcher.broken == 0


def test_stall_keeps_the_connection_and_answers_but_sends_nothing(camera: Simulator) -> None:
    with watch(camera) as container:
        watcher = Watcher(container)
        watcher.next()
        camera.command("stall")
        sent = camera.command("status")["pictures"]
        assert ask(camera, "OPTIONS", f"{url(camera)} RTSP/1.0").startswith(b"RTSP/1.0 200")
        time.sleep(0.5)
        status = camera.command("status")
        assert (status["pictures"], status["clients"]) == (sent, 1)
        camera.command("back")
        last = next(frame.pts for frame in iter(watcher.next, None) if frame.pts is not None)
        sent_beyond(camera, sent + 3)
        assert next(frame.pts for frame in iter(watcher.next, None) if frame.pts > last)


def test_gone_closes_and_refuses_and_back_listens_on_the_same_port(camera: Simulator) -> None:
    with watch(camera) as container:
        watcher = Watcher(container)
        watcher.next()
        camera.command("gone")
        with pytest.raises((av.error.FFmpegError, StopIteration)):
            watcher.until(lambda *_: False)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", camera.port), timeout=10)
    with pytest.raises(SimulatorError, match="first say back"):
        camera.command("freeze")
    camera.command("back")
    with watch(camera) as container:
        assert Watcher(container).next().width == 320


def test_mute_accepts_and_never_answers(camera: Simulator) -> None:
    camera.command("mute")
    with pytest.raises(av.error.FFmpegError):
        watch(camera, timeout_s=0.5)


def test_broken_pictures_do_not_break_the_stream_for_good(camera: Simulator) -> None:
    with watch(camera) as container:
        watcher = Watcher(container)
        watcher.next()
        sent = camera.command("status")["pictures"]
        camera.command("garbage", kind="pictures")
        sent_beyond(camera, sent + 5)
        camera.command("back")
        watcher.until(lambda now, before: now.std() > 20 and not np.array_equal(now, before))


def test_a_scene_is_shown_once_and_every_picture_of_it_is_told(camera: Simulator, tmp_path: Path) -> None:
    scene = write_clip(tmp_path / "scene.mp4", seconds=0.5)
    with watch(camera) as container:
        watcher = Watcher(container)
        watcher.next()
        mark = camera.mark()
        camera.command("scene", clip=str(scene))
        first = camera.wait_for(lambda line: line.get("scene") == 0, after=mark)
        last = camera.wait_for(lambda line: line.get("scene") == 4, after=mark)
        assert first["t"] < last["t"]
        sent_beyond(camera, camera.command("status")["pictures"] + 5)
        assert camera.command("status")["mode"] == "film"
        times = [watcher.next().pts for _ in range(20)]
    assert [line["scene"] for line in camera.lines[mark:] if "scene" in line] == [0, 1, 2, 3, 4]
    assert {after - before for before, after in itertools.pairwise(times)} == {TICKS}


def test_a_scene_of_another_size_is_refused_in_words(camera: Simulator, tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match=r"No such file"):
        camera.command("scene", clip=str(tmp_path / "none.mp4"))
    wide = write_clip(tmp_path / "wide.mp4", seconds=0.5, size_px=(640, 240))
    with pytest.raises(SimulatorError, match=r"the film is h264 \(320, 240\)"):
        camera.command("scene", clip=str(wide))


def test_bytes_that_are_no_rtp_reach_the_client(camera: Simulator) -> None:
    camera.command("garbage", kind="bytes")
    with socket.create_connection(("127.0.0.1", camera.port), timeout=20) as sock:
        stream = sock.makefile("rb")
        for number, request in enumerate((setup(camera), f"PLAY {url(camera)} RTSP/1.0\r\nCSeq: 9\r\n\r\n")):
            sock.sendall(request.encode())
            while stream.readline() != b"\r\n":
                pass
            assert number in {0, 1}
        noise = stream.read(4000)
        stream.close()
    assert noise.count(b"\x80\x60") < 5
    assert len(set(noise)) > 200


def setup(camera: Simulator, transport: str = "RTP/AVP/TCP;unicast;interleaved=0-1") -> str:
    return f"SETUP {url(camera)}/trackID=0 RTSP/1.0\r\nCSeq: 8\r\nTransport: {transport}\r\n\r\n"


def ask(camera: Simulator, method: str, rest: str) -> bytes:
    with socket.create_connection(("127.0.0.1", camera.port), timeout=20) as sock:
        sock.sendall(f"{method} {rest}\r\nCSeq: 5\r\n\r\n".encode())
        return sock.recv(4096)


def test_requests_get_the_codes_of_the_standard(camera: Simulator) -> None:
    options = ask(camera, "OPTIONS", f"{url(camera)} RTSP/1.0")
    assert b"CSeq: 5\r\n" in options
    assert b"GET_PARAMETER" in options
    assert ask(camera, "DESCRIBE", f"rtsp://127.0.0.1:{camera.port}/other RTSP/1.0").startswith(b"RTSP/1.0 404")
    assert ask(camera, "RECORD", f"{url(camera)} RTSP/1.0").startswith(b"RTSP/1.0 405")
    assert ask(camera, "GET_PARAMETER", f"{url(camera)} RTSP/1.0\r\nSession: 7").startswith(b"RTSP/1.0 454")
    assert ask(camera, "hello", "there") == b""
    with socket.create_connection(("127.0.0.1", camera.port), timeout=20) as sock:
        sock.sendall(setup(camera, "RTP/AVP;unicast;client_port=5000-5001").encode())
        assert sock.recv(4096).startswith(b"RTSP/1.0 461")


def test_a_film_of_another_kind_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "other.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuvj420p"
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuvj420p")))
        container.mux(stream.encode(None))
    with pytest.raises(SimulatorError, match=r"mjpeg: transcode it to H\.264"):
        Simulator("camera", "--clip", str(path))
    with pytest.raises(SimulatorError, match="No such file"):
        Simulator("camera", "--clip", str(tmp_path / "none.mp4"))


def test_the_synthetic_film_needs_no_file() -> None:
    with Simulator("camera", "--synthetic", "1") as camera, watch(camera) as container:
        assert Watcher(container).next().width == 320
