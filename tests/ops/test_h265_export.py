"""Films of an H.265 camera are copied as those of an H.264 one are: raw as they came, masked as H.264."""

from pathlib import Path

import av
import pytest

from edge_agent.field.film.parts import Head, Packet, Stamp
from edge_agent.field.film.reader import Film
from edge_agent.field.film.sealed import SALT_BYTES, name_of
from edge_agent.field.film.writer import FilmWriter
from edge_agent.ops.recordings.masking import masked
from edge_agent.ops.recordings.remux import remux
from edge_agent.sense.camera.filming.plain import Plain
from edge_agent.sense.camera.filming.ring import Ring
from tests.ops.test_recordings import KEY
from tests.support.story import T0_UTC
from tests.vision.conftest import moving

COUNT = 24


class Caught(Ring):
    """A ring that forgets nothing."""

    def __init__(self) -> None:
        self.packets: list[Packet] = []

    def put(self, data: bytes, pts: int | None, dts: int | None, *, key: bool, arrived_s: float) -> None:
        self.packets.append(Packet(data, pts, dts, key, arrived_s))


@pytest.fixture(params=["mp4", "hevc"])
def sealed(request: pytest.FixtureRequest, tmp_path: Path) -> Film:
    """What a capture program seals, out of a container with boxes and out of a bare stream; with B-frames."""
    source = tmp_path / f"source.{request.param}"
    with av.open(str(source), "w") as container:
        stream = container.add_stream("libx265", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.options = {"preset": "ultrafast", "x265-params": "bframes=2:keyint=10:log-level=none"}
        for picture in moving(COUNT):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    caught = Caught()
    with av.open(str(source)) as opened:
        plain = Plain(opened)
        for number, packet in enumerate(opened.demux(video=0)):
            plain.put(packet, number * 0.1, caught)
    stamp = Stamp(site="s-1", unit="u-1", camera="cam-1", permit="P-1", area="tank-inside")
    head = Head(
        kind="permit", about="P-1", stamp=stamp, codec=plain.codec, began_utc=T0_UTC, salt=bytes(SALT_BYTES),
        key=name_of(KEY),
    )  # fmt: skip
    path = tmp_path / "sealed"
    writer = FilmWriter(path, head, KEY)
    writer.add(tuple(caught.packets))
    writer.end()
    return Film(path, KEY)


def codec_and_pictures(path: Path) -> tuple[str, int]:
    with av.open(str(path)) as container:
        return container.streams.video[0].codec_context.name, sum(1 for _ in container.decode(video=0))


def test_it_is_masked_and_any_player_shows_it(sealed: Film, tmp_path: Path) -> None:
    assert masked(sealed, tmp_path / "masked.mp4", lambda _: [(0.1, 0.1, 0.5, 0.9)], ()) == COUNT
    assert codec_and_pictures(tmp_path / "masked.mp4") == ("h264", COUNT)


@pytest.mark.parametrize("name", ["raw.mkv", "raw.mp4"])
def test_raw_it_is_what_the_camera_sent(sealed: Film, tmp_path: Path, name: str) -> None:
    assert remux(sealed, tmp_path / name) == COUNT
    assert codec_and_pictures(tmp_path / name) == ("hevc", COUNT)
