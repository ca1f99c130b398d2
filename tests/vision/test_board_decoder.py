"""The board's decoder in the processor's place: real GStreamer, with its software decoders in the chip's place."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from edge_agent.domain.observation import View
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera.decoding import gdp
from edge_agent.sense.camera.decoding.board import Board, decoder
from edge_agent.sense.camera.decoding.pictures import Decoded, Processor
from edge_agent.sense.camera.decoding.watch import DecoderWatch
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.sense.camera.stream import Pictures, open_stream
from edge_agent.simulate.handle import Simulator
from tests.support.languages import faults
from tests.vision.conftest import QUICK, Start, camera, film, moving

H264 = "h264parse ! openh264dec"
H265 = "h265parse ! libde265dec max-threads=1"
LIMITS = replace(QUICK, decoder_late_s=0.8)
RATE_HZ = 25


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("clip") / "film.mp4", moving(50), rate_hz=RATE_HZ, profile="baseline")


@pytest.fixture(scope="module")
def clip_265(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "film.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=RATE_HZ)
        stream.width, stream.height, stream.pix_fmt = 322, 182, "yuv420p"
        stream.options = {"x265-params": "bframes=0:keyint=10:log-level=none"}
        for picture in moving(30, 322, 182):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def board_of(container: av.container.InputContainer, pipeline: str) -> Board:
    codec = container.streams.video[0].codec_context.name
    made = decoder(container, {codec: pipeline}, LIMITS)
    assert isinstance(made, Board)
    return made


@contextlib.contextmanager
def opened(url: str, pipeline: str) -> Iterator[tuple[Board, Iterator[Decoded]]]:
    """The pictures of a stream as a capture program gets them, and what decodes them."""
    with open_stream(url, LIMITS) as container, contextlib.closing(board_of(container, pipeline)) as board:
        yield board, iter(Pictures(container, url, time.monotonic(), decoder=board))


def by_time(pictures: list[Decoded]) -> dict[float, NDArray[np.uint8]]:
    return {round(one.pts_s, 3): one.frame.to_ndarray(format="bgr24") for one in pictures if one.pts_s is not None}


def with_processor(path: Path) -> dict[float, NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        maker, stream = Processor(), container.streams.video[0]
        return by_time([one for packet in container.demux(stream) for one in maker.decode(packet, lambda _: 0.0)])


@pytest.mark.parametrize("codec", ["h264", "hevc"])
def test_every_picture_has_the_time_of_its_own_packet(codec: str, clip: Path, clip_265: Path) -> None:
    """Compared with the processor's: the same picture at the same time, none twice."""
    path, pipeline = {"h264": (clip, H264), "hevc": (clip_265, H265)}[codec]
    wanted = with_processor(path)
    with opened(f"file://{path}", pipeline) as (board, pictures):
        found = list(pictures)
    assert board.fault == NOTHING
    assert len(found) >= 0.5 * len(wanted), "a decoder may keep some back at the end"
    assert len(by_time(found)) == len(found)
    for at_s, picture in by_time(found).items():
        assert picture.shape == wanted[at_s].shape
        assert np.abs(picture.astype(int) - wanted[at_s]).mean() < 1.0, at_s


def test_a_size_that_changes_in_a_live_stream_is_followed(tmp_path: Path) -> None:
    """Two films in one transport stream, over RTSP: 320 x 240, then 322 x 182, and so on."""
    parts = []
    for n, (width, height) in enumerate([(320, 240), (322, 182)]):
        pictures = moving(20, width, height)
        parts.append(film(tmp_path / f"{n}.ts", pictures, rate_hz=RATE_HZ, profile="baseline").read_bytes())
    clip = tmp_path / "both.ts"
    clip.write_bytes(b"".join(parts))
    with (
        Simulator("camera", "--clip", str(clip)) as source,
        opened(f"rtsp://127.0.0.1:{source.port}/live", H264) as (board, pictures),
    ):
        sizes = [(one.frame.width, one.frame.height) for one, _ in zip(pictures, range(60), strict=False)]
        assert board.fault == NOTHING
    changes = [new for old, new in pairwise(sizes) if old != new]
    assert {(320, 240), (322, 182)} <= set(changes)


Harm = Callable[[int], None]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda pid: os.kill(pid, signal.SIGKILL), "its program ended"),
        (lambda pid: os.kill(pid, signal.SIGSTOP), "no picture from it for 0.8 s"),
    ],
    ids=["killed", "hangs"],
)
def test_the_processor_takes_over_in_the_middle_of_a_live_stream(clip: Path, harm: Harm, said: str) -> None:
    with (
        Simulator("camera", "--clip", str(clip)) as source,
        opened(f"rtsp://127.0.0.1:{source.port}/live", H264) as (board, pictures),
    ):
        shown = [next(pictures) for _ in range(10)]
        assert board._outside is not None
        pid = board._outside._running.process.pid
        assert board.fault == NOTHING
        harm(pid)
        harmed_s = time.monotonic()
        while board.fault == NOTHING:
            shown.append(next(pictures))
        assert time.monotonic() - harmed_s < STANDARD.gone_s + 1.0, "1 s for a busy machine"
        shown += [next(pictures) for _ in range(10)]
    assert said in board.fault.en
    assert not faults(board.fault)
    times = [one.pts_s for one in shown if one.pts_s is not None]
    assert times == sorted(set(times)), "no picture a second time, none out of order"
    arrivals = [one.arrived_s for one in shown]
    assert max(arrivals) <= time.monotonic()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.parametrize(
    ("pipeline", "said"),
    [
        ("h264parse ! nosuchdec", "no element"),
        ("h264parse ! fakesink videotestsrc num-buffers=2 ! video/x-raw,format=RGB", "are no pictures"),
        ("h264parse ! openh264dec ! videoconvert ! video/x-raw,format=RGB", "are no pictures"),
        (
            "h264parse ! fakesink videotestsrc is-live=true ! video/x-raw,format=I420,width=32,height=32",
            "no picture",
        ),
    ],
    ids=["no-plug-in", "raw-bytes", "another-layout", "pictures-of-nothing-given"],
)
def test_one_that_is_no_decoder_is_given_up_with_a_reason(clip: Path, pipeline: str, said: str) -> None:
    with (
        Simulator("camera", "--clip", str(clip)) as source,
        opened(f"rtsp://127.0.0.1:{source.port}/live", pipeline) as (board, pictures),
    ):
        board._limits = replace(LIMITS, decoder_start_s=1.0)
        shown = [next(pictures) for _ in range(5)]
    assert said in board.fault.en
    assert not faults(board.fault)
    wanted = with_processor(clip)
    for one in shown:
        picture = one.frame.to_ndarray(format="bgr24")
        assert min(np.abs(picture.astype(int) - true).mean() for true in wanted.values()) < 1.0


def test_pictures_that_the_decoder_drops_are_counted(clip: Path) -> None:
    with opened(f"file://{clip}", f"{H264} ! identity drop-probability=0.5") as (board, pictures):
        found = list(pictures)
    assert board.fault == NOTHING
    assert board.damaged > 0
    assert by_time(found).keys() <= with_processor(clip).keys()


def test_a_live_camera_is_judged_on_while_its_decoder_is_killed(clip: Path, start: Start) -> None:
    with Simulator("camera", "--clip", str(clip)) as source:
        watched = start({"cam": camera(f"rtsp://127.0.0.1:{source.port}/live")}, decoders={"h264": H264})
        watched.wait_for(lambda seen: seen.view is View.CLEAR)
        assert watched.decoders == [], "while all is well nothing is said of it"
        capture = watched.vision.pids["cam"]
        (child,) = children(capture)
        os.kill(child, signal.SIGKILL)
        said = watched.wait_for_decoder().detail
        assert said.en.startswith("cam: the board's decoder cannot be used: its program ended")
        watched.wait_for(lambda seen: seen.view is View.CLEAR, after=watched.mark())
        assert watched.vision.pids["cam"] == capture, "the same program went on"
        mark = watched.mark()
        os.kill(capture, signal.SIGKILL)
        watched.wait_for(lambda seen: seen.view is View.GONE, after=mark)
        watched.wait_for(lambda seen: seen.view is View.CLEAR, after=mark)
        assert children(watched.vision.pids["cam"]) == [], "for a while it is not tried again"
        assert not watched.decoders[-1].ok, "and that is said as long as it lasts"


def test_a_fault_is_forgiven_after_its_time_and_told_until_the_board_decodes_again() -> None:
    watch, why = DecoderWatch(again_s=600), Words("坏", "broken")
    watch.begin(by_board=True)
    watch.hear(why, 10.0, running=True)
    watch.look(609.0)
    assert watch.doubted
    watch.begin(by_board=False)
    watch.hear(NOTHING, 609.5, running=True)
    assert watch.why == why, "the processor decodes"
    watch.look(611.0)
    assert not watch.doubted
    watch.begin(by_board=True)
    assert watch.why == why
    watch.hear(NOTHING, 612.0, running=True)
    assert watch.why == NOTHING
    watch.silent(620.0)
    watch.look(620.0)
    assert watch.doubted, "a program that had to be killed may have hung in it"


def fed(pieces: list[bytes]) -> list[gdp.Raw]:
    """What a reader makes of bytes that come in these pieces."""
    reader, found = gdp.Reader(), []
    for piece in pieces:
        left = memoryview(piece)
        while left:
            room = reader.room()
            count = min(len(room), len(left))
            room[:count], left = left[:count], left[count:]
            if (picture := reader.filled(count)) is not None:
                found.append(picture)
    return found


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_no_bytes_break_the_reader(pieces: list[bytes]) -> None:
    with contextlib.suppress(gdp.NotGdp):
        assert fed(pieces) == []


@given(st.data(), st.integers(1, 9), st.integers(1, 9), st.sampled_from(gdp.LAYOUTS))
def test_pictures_are_whole_however_the_pipe_cuts_them(
    data: st.DataObject, wide: int, high: int, layout: str
) -> None:
    shape = gdp.Shape(layout, wide, high)
    caps = f"video/x-raw, format=(string){layout}, width=(int){wide}, height=(int){high}, framerate=(fraction)0/1"
    pixels = data.draw(st.binary(min_size=shape.size, max_size=shape.size))
    event = gdp._piece(64 + 17_934, b"")  # of which nothing is needed
    spoken = event + gdp.described(caps) + 2 * gdp.packet(pixels, 7, key=True) + event
    cuts = sorted(data.draw(st.lists(st.integers(0, len(spoken)), max_size=9)))
    pieces = [spoken[a:b] for a, b in pairwise([0, *cuts, len(spoken)])]
    assert fed(pieces) == 2 * [gdp.Raw(7, shape, bytearray(pixels))]


@pytest.mark.parametrize(
    "caps", ["video/x-raw, format=(string)RGB, width=(int)8, height=(int)8", "video/x-raw", ""]
)
def test_pictures_of_a_layout_that_cannot_be_read_are_refused(caps: str) -> None:
    with pytest.raises(gdp.NotGdp):
        fed([gdp.described(caps)])


@given(st.integers(1, 700), st.integers(1, 500), st.sampled_from(gdp.LAYOUTS))
def test_a_pictures_size_follows_from_its_shape(width: int, height: int, layout: str) -> None:
    shape = gdp.Shape(layout, width, height)
    assert width * height * 1.5 <= shape.size <= (width + 7) * (height + 2) * 1.5


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
