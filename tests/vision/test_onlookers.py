"""Live pictures for whoever looks on: masked by their own verdict; nobody who looks on costs the box anything."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import SeenPerson, View
from edge_agent.domain.words import Words
from edge_agent.field.onlookers import SOCKET, Asked, CameraPulses, Shown, Thing
from edge_agent.sense.camera import frames
from edge_agent.sense.camera.frames import FrameWriter
from edge_agent.sense.camera.onlookers import seen
from edge_agent.sense.camera.onlookers.door import MOST_VISITORS
from edge_agent.sense.camera.onlookers.gallery import Gallery
from edge_agent.sense.camera.onlookers.program import BEHIND
from edge_agent.sense.camera.onlookers.pulse import Pulse
from edge_agent.sense.camera.onlookers.seen import Seen, SeenReader, SeenWriter
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.simulate.handle import Simulator
from tests.vision.conftest import MODEL, MODELS, PATIENCE_S, QUICK, Watched, camera, film, moving

CAMERA = "cam-1"
FACE = (0.25, 0.25, 0.5, 0.5)
NOISE = np.random.default_rng(7).integers(0, 255, (360, 480, 3), dtype=np.uint8)


class Buffers:
    """What the programs share of one camera."""

    def __init__(self) -> None:
        self.frames, self.seen = frames.create(CAMERA), seen.create(CAMERA)
        self._writer, self._teller = FrameWriter(self.frames), SeenWriter(self.seen)

    def come(self, at_s: float, picture: np.ndarray = NOISE) -> int:
        return self._writer.write(picture.reshape(picture.shape[0], -1), at_s, at_s)

    def judged(self, seq: int, at_s: float, **more: object) -> None:
        told = {"view": View.CLEAR, "model": MODEL, "count": seq, "hidden": (FACE,)} | more
        self._teller.write(Seen(seq=seq, arrived_s=at_s, judged_s=at_s + 0.25, **told))  # type: ignore[arg-type]


@pytest.fixture
def buffers() -> Iterator[Buffers]:
    made = Buffers()
    yield made
    os.close(made.frames)
    os.close(made.seen)


@pytest.fixture
def gallery(buffers: Buffers) -> Gallery:
    return Gallery(CAMERA, buffers.frames, buffers.seen)


def shown(gallery: Gallery) -> np.ndarray:
    assert gallery.made is not None
    picture = cv2.imdecode(np.frombuffer(gallery.made.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.astype(np.int16)


def rough(picture: np.ndarray, box: tuple[float, float, float, float]) -> float:
    """How much detail there is in a part."""
    height, width = picture.shape[:2]
    x1, y1, x2, y2 = (round(v * s) for v, s in zip(box, (width, height) * 2, strict=True))
    part = picture[y1 + 4 : y2 - 4, x1 + 4 : x2 - 4]
    return float(np.abs(np.diff(part, axis=1)).mean())


def test_a_picture_is_shown_with_its_own_verdict_and_its_heads_hidden(buffers: Buffers, gallery: Gallery) -> None:
    person = SeenPerson(track=4, box=FACE, score=0.9, zones=("tank",))
    seq = buffers.come(1.0)
    gallery.look(1.0)
    assert gallery.made is None  # nobody has said yet where the heads are
    buffers.judged(seq, 1.0, persons=(person,), things=(Thing(FACE, "hardhat"),))
    gallery.look(1.3)
    assert gallery.made is not None
    told = gallery.made.shown
    assert (told.seq, told.view, told.whole, told.persons) == (seq, "clear", False, (person,))
    assert told.things == (Thing(FACE, "hardhat"),)
    assert rough(shown(gallery), FACE) < 5
    assert rough(shown(gallery), (0.6, 0.6, 0.9, 0.9)) > 20


def test_a_verdict_about_another_picture_shows_nothing(buffers: Buffers, gallery: Gallery) -> None:
    """The face may be elsewhere by now."""
    first = buffers.come(1.0)
    buffers.come(1.1)  # only this one was ever seen here
    gallery.look(1.1)
    buffers.judged(first, 1.0)
    gallery.look(1.5)
    assert gallery.made is None


@pytest.mark.parametrize("more", [{"hidden": None}, {"view": View.MOVED, "hidden": None}, {"view": View.DARK}])
def test_where_nobody_can_tell_where_people_are_all_of_it_is_hidden(
    buffers: Buffers, gallery: Gallery, more: dict[str, object]
) -> None:
    seq = buffers.come(1.0)
    gallery.look(1.0)
    buffers.judged(seq, 1.0, persons=(SeenPerson(track=4, box=FACE, score=0.9),), **more)
    gallery.look(1.3)
    assert gallery.made is not None
    assert gallery.made.shown.whole
    assert gallery.made.shown.persons == ()
    assert rough(shown(gallery), (0.0, 0.0, 1.0, 1.0)) < 12


def test_more_people_than_can_be_told_hide_the_whole_picture(buffers: Buffers, gallery: Gallery) -> None:
    crowd = tuple(SeenPerson(track=one, box=FACE, score=0.123, zones=("tank",)) for one in range(2000))
    seq = buffers.come(1.0)
    gallery.look(1.0)
    buffers.judged(seq, 1.0, persons=crowd)
    gallery.look(1.3)
    assert gallery.made is not None
    assert gallery.made.shown.whole


def test_what_is_being_written_is_not_read(buffers: Buffers) -> None:
    reader = SeenReader(buffers.seen)
    assert reader.newest() is None
    buffers.judged(1, 1.0)
    assert reader.newest() is not None
    os.pwrite(buffers.seen, (1).to_bytes(8, "little"), 0)  # a writer that was killed at work
    assert reader.newest() is None


def test_the_pulse_tells_rates_delay_and_model_and_begins_anew_with_the_program(buffers: Buffers) -> None:
    pulse = Pulse(CAMERA, buffers.frames, buffers.seen)
    assert pulse.health.come_hz is None
    for second in range(4):
        for at in range(5):
            seq = buffers.come(second + at / 5)
        buffers.judged(seq, float(second), count=4 * (second + 1), detail=Words("暗", "dark"))
        pulse.look(float(second))
    told = pulse.health
    assert (told.come_hz, told.judged_hz, told.late_s, told.model) == (5.0, 4.0, 0.25, MODEL)
    assert told.detail.en == "dark"
    buffers.judged(buffers.come(9.0), 9.0, count=1)
    pulse.look(9.0)
    assert pulse.health.judged_hz is None


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Watched, Path]]:
    """The real programs before a real stream."""
    path = film(tmp_path_factory.mktemp("clip") / "moving.mp4", moving(40))
    run = tmp_path_factory.mktemp("run")
    with Simulator("camera", "--clip", str(path)) as simulator:
        table = camera(f"rtsp://127.0.0.1:{simulator.port}/live", fps=5.0)
        folders = Folders(MODELS, run, onlookers=run / SOCKET)
        watched = Watched(Vision({CAMERA: table}, SystemClock(declared=True), folders, limits=QUICK))
        watched.wait_for(lambda s: s.view is View.CLEAR)
        yield watched, run / SOCKET
        watched.end()


def visit(path: Path, asked: Asked | bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE_S)
        line.connect(str(path))
        line.sendall((asked if isinstance(asked, bytes) else msgspec.json.encode(asked)) + b"\n")
        heard = b""
        while piece := line.recv(65536):
            heard += piece
        return heard


def picture(path: Path, after: int = 0) -> tuple[Shown, bytes]:
    """The next one, however long the box takes."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        line, _, jpeg = visit(path, Asked(camera=CAMERA, after=after)).partition(b"\n")
        told = msgspec.json.decode(line, type=Shown)
        assert len(jpeg) == told.size
        if told.size:
            return told, jpeg
    raise AssertionError("no picture came")


def judged_by(path: Path) -> str:
    """Which model, however long it takes until a picture has been judged; before that none is named."""
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        [one] = msgspec.json.decode(visit(path, Asked()), type=CameraPulses).cameras
        if one.model:
            return one.model
        time.sleep(0.1)
    raise AssertionError("no picture was judged")


def test_pictures_come_one_after_the_other_from_a_real_stream(looked_at: tuple[Watched, Path]) -> None:
    watched, path = looked_at
    after = 0
    for _ in range(3):
        told, jpeg = picture(path, after)
        assert jpeg.startswith(b"\xff\xd8\xff")
        assert told.seq > after
        assert told.view == "clear"
        after = told.seq
    assert os.getpriority(os.PRIO_PROCESS, watched.vision.pids["onlookers"]) == BEHIND
    assert judged_by(path) == MODEL
    assert msgspec.json.decode(visit(path, Asked(camera="cam-9")), type=Shown).size == 0
    assert visit(path, b"what?") == b""


def test_who_takes_nothing_stops_neither_the_box_nor_the_others(looked_at: tuple[Watched, Path]) -> None:
    """Every place is taken by somebody who asks for a picture and never reads it, or who never asks at all."""
    watched, path = looked_at
    stuck = []
    for number in range(MOST_VISITORS):
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(path))
        if number % 2:
            line.sendall(msgspec.json.encode(Asked(camera=CAMERA)) + b"\n")
        stuck.append(line)
    after = watched.mark()
    for _ in range(10):  # each picture is judged as before
        last = watched.wait_for(lambda s: s.view is View.CLEAR, after)
        after = watched.mark()
        assert last.age_s < QUICK.gone_s
    assert picture(path)[0].size  # their time is over, and the next one is let in
    for line in stuck:
        line.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_without_it_the_box_judges_on_and_it_comes_again(
    looked_at: tuple[Watched, Path], monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    watched, path = looked_at
    monkeypatch.setattr("edge_agent.sense.camera.onlookers.keeping.SILENT_S", 2.0)
    pid, after = watched.vision.pids["onlookers"], watched.mark()
    os.kill(pid, number)
    watched.wait_for(
        lambda s: s.view is View.CLEAR and watched.vision.pids.get("onlookers") not in {pid, None}, after
    )
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s:
        with suppress(ConnectionError, FileNotFoundError, msgspec.MsgspecError):
            assert picture(path)[0].size
            return
        time.sleep(0.05)
    raise AssertionError("it did not come again")
