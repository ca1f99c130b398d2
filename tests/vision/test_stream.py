"""What a stream says when it cannot be used, which of its pictures are taken, and that no password is told."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent.sense.camera import frames
from edge_agent.sense.camera.capture import Pace
from edge_agent.sense.camera.child import masked
from edge_agent.sense.camera.frames import FrameReader
from edge_agent.sense.camera.lines import CaptureOrder
from edge_agent.sense.camera.stream import open_stream
from edge_agent.sense.camera.stream_faults import StreamError
from tests.vision.conftest import QUICK, film, moving

EVERY_PICTURE = 1e6  # a second: on a busy machine late pictures come close together, and none may be left out


@pytest.mark.parametrize(
    ("told", "hidden"),
    [
        ("rtsp://admin:s3cret@10.0.0.7:554/live", "s3cret"),
        ("cannot open 'rtsp://admin:p@ss/wo:rd@10.0.0.7/live': refused", "ss/wo:rd"),
        ("rtsp://10.0.0.7/live?user=admin&password=s3cret&channel=1", "s3cret"),
        ("rtsp://10.0.0.7/user=admin&password=s3cret&channel=1.sdp", "s3cret"),
        ("rtsp://10.0.0.7/live?user=admin&password=a_s3cret&channel=1", "s3cret"),
        ("rtsp://10.0.0.7/user=admin_password=s3cret_channel=1.sdp?real_stream", "s3cret"),
        ("rtsp://10.0.0.7/s;token=s3cret", "s3cret"),
    ],
)
def test_credentials_are_blotted_out(told: str, hidden: str) -> None:
    assert hidden not in masked(told)
    assert "10.0.0.7" in masked(told)


def test_an_address_without_credentials_is_left_alone() -> None:
    assert masked("rtsp://10.0.0.7:554/live?channel=1") == "rtsp://10.0.0.7:554/live?channel=1"


def test_a_file_that_is_no_video_says_so(tmp_path: Path) -> None:
    path = tmp_path / "holiday.mp4"
    path.write_bytes(np.random.default_rng(1).bytes(20_000))
    with pytest.raises(StreamError, match=r"holiday\.mp4: .*not a video"):
        open_stream(f"file://{path}", QUICK)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match="check the address"):
        open_stream(f"file://{tmp_path}/none.mp4", QUICK)


def test_a_list_that_points_elsewhere_is_not_followed(tmp_path: Path) -> None:
    film(tmp_path / "real.mp4", moving(5))
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.ts\n")
    with pytest.raises(StreamError, match="not a video"):
        open_stream(f"file://{path}", QUICK)


def test_nobody_listening_is_told_without_the_password() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        url = f"rtsp://admin:s3cret@127.0.0.1:{taken.getsockname()[1]}/live"
        with pytest.raises(StreamError) as told:
            open_stream(url, QUICK)
    assert "s3cret" not in str(told.value)
    assert "check the camera's power" in str(told.value)


@pytest.fixture
def mute_server() -> Iterator[int]:
    """Accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in held:
            connection.close()


def test_a_camera_that_never_answers_is_given_up(mute_server: int) -> None:
    with pytest.raises(StreamError, match="no answer in time"):
        open_stream(f"rtsp://127.0.0.1:{mute_server}/live", QUICK)


@given(st.floats(5, 60), st.floats(0.5, 30), st.lists(st.floats(0, 0.2), min_size=200, max_size=200))
def test_about_as_many_pictures_are_passed_on_as_are_wanted(
    source_fps: float, wanted: float, jitter: list[float]
) -> None:
    pace = Pace(wanted)
    taken = sum(pace.wants((n + late) / source_fps) for n, late in enumerate(jitter))
    seconds = len(jitter) / source_fps
    assert taken <= seconds * wanted + 2
    if wanted <= source_fps / 2:
        assert taken >= seconds * wanted * 0.8 - 2
    if wanted >= source_fps * 1.4:
        assert taken == len(jitter)


def test_after_a_gap_no_burst_is_passed_on() -> None:
    pace = Pace(5)
    assert pace.wants(0.0)
    assert [pace.wants(10 + n * 0.04) for n in range(6)] == [True, False, False, False, True, False]


class Capture:
    """A capture program run directly."""

    def __init__(self, url: str) -> None:
        self.frames_fd = frames.create("cam-1")
        self.bell_fd = os.eventfd(0, os.EFD_NONBLOCK)
        order = CaptureOrder(
            camera="cam-1", url=url, fps=EVERY_PICTURE, frames_fd=self.frames_fd, bell_fd=self.bell_fd,
            parent=os.getpid(), limits=QUICK,
        )  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-m", "edge_agent.sense.camera.capture"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(self.frames_fd, self.bell_fd),
        )  # fmt: skip
        assert self.process.stdin is not None
        self.process.stdin.write(msgspec.json.encode(order) + b"\n")
        self.process.stdin.flush()

    def lines(self) -> Iterator[dict[str, object]]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()
        os.close(self.frames_fd)
        os.close(self.bell_fd)


def test_a_film_is_played_to_its_end_at_its_own_speed(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", moving(10))
    with Capture(f"file://{path}") as capture:
        lines = list(capture.lines())
        assert [line["state"] for line in lines] == ["opening", "open", "size", "ended"]
        assert (lines[-1]["width"], lines[-1]["height"], lines[-1]["seq"]) == (320, 240, 10)
        assert capture.process.wait(30) == 0
        reader = FrameReader(capture.frames_fd)
        last, before = reader.unseen(9), None
        assert last is not None
        assert (last.seq, last.picture.shape) == (10, (240, 320, 3))
        assert last.pts_s == pytest.approx(0.9)
        picture = moving(10)[9].astype(int)
        assert np.abs(last.picture - picture).mean() < 5  # blue, green, red, the right way up
        del last, before, reader


def test_a_film_whose_size_changes_is_followed(tmp_path: Path) -> None:
    one = film(tmp_path / "one.ts", moving(8, 320, 240))
    two = film(tmp_path / "two.ts", moving(8, 480, 272))
    path = tmp_path / "both.ts"
    path.write_bytes(one.read_bytes() + two.read_bytes())
    with Capture(f"file://{path}") as capture:
        sizes = [(line["width"], line["height"]) for line in capture.lines() if line["state"] == "size"]
    assert sizes == [(320, 240), (480, 272)]


def test_the_end_of_stdin_ends_it_even_while_it_waits_for_a_camera(mute_server: int) -> None:
    with Capture(f"rtsp://admin:s3cret@127.0.0.1:{mute_server}/live") as capture:
        line = next(capture.lines())
        assert line["state"] == "opening"
        assert "s3cret" not in str(line)
        command = Path(f"/proc/{capture.process.pid}/cmdline").read_bytes()
        assert b"s3cret" not in command
        began_s = time.monotonic()
        assert capture.process.stdin is not None
        capture.process.stdin.close()
        assert capture.process.wait(30) == 0
        assert time.monotonic() - began_s < QUICK.open_timeout_s  # not by its own time-out
