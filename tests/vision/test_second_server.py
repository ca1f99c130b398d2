"""The same stream program against an RTSP server of another make: Debian's gst-rtsp-server."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge_agent.domain.observation import View
from edge_agent.sense.camera.probe import probe
from edge_agent.sense.camera.stream import open_stream
from edge_agent.sense.camera.stream_faults import StreamError
from tests.vision.conftest import QUICK, Start, camera

SERVER = Path(__file__).parents[1] / "support" / "gst_rtsp.py"
Serve = Callable[..., tuple[str, "subprocess.Popen[str]"]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[subprocess.Popen[str]] = []

    def begin(*options: str) -> tuple[str, "subprocess.Popen[str]"]:
        command = ["/usr/bin/python3", str(SERVER), *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return f"rtsp://127.0.0.1:{int(process.stdout.readline())}/live", process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def test_its_stream_is_described_and_judged(serve: Serve, start: Start) -> None:
    url, _ = serve()
    seen = probe(url, 5)
    assert (seen.codec, seen.width, seen.height) == ("h264", 320, 240)
    assert seen.rate_hz == pytest.approx(15, abs=3)
    assert seen.key_every_s is None or seen.key_every_s == pytest.approx(4, abs=0.5)
    watched = start({"cam": camera(url)})
    watched.wait_for(lambda sighting: sighting.view is View.CLEAR)


def test_its_digest_log_in_is_answered(serve: Serve) -> None:
    url, _ = serve("guest:s3cret")
    with open_stream(url.replace("://", "://guest:s3cret@"), QUICK) as container:
        assert next(container.decode(video=0)).width == 320
    with pytest.raises(StreamError, match="check user and password"):
        open_stream(url.replace("://", "://guest:guess@"), QUICK)


def test_one_that_dies_in_the_middle_of_a_group_of_pictures_is_gone(serve: Serve, start: Start) -> None:
    url, process = serve()
    watched = start({"cam": camera(url)})
    watched.wait_for(lambda sighting: sighting.view is View.CLEAR)
    mark = watched.mark()
    process.kill()
    gone = watched.wait_for(lambda sighting: sighting.view is View.GONE, after=mark)
    assert gone.persons == ()
    assert gone.detail
