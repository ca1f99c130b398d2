"""Films of a real stream: clips from before they were asked for, whole jobs, killed programs, refusing disks."""

import hashlib
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import Filming, Sighting, View
from edge_agent.field.film import names
from edge_agent.field.film.parts import Stamp
from edge_agent.field.film.reader import Film
from edge_agent.ops.recordings.remux import remux
from edge_agent.sense.camera.filming.orders import FilmDesk, FilmDone, FilmOrder, Kind, Reel, Wanted
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.simulate.handle import Simulator
from tests.vision.conftest import MODELS, PATIENCE_S, QUICK, Watched, camera, film, moving

CAMERA = "cam-1"
KEY = bytes(range(32))
STAMP = Stamp(site="s-1", unit="u-1", camera=CAMERA, permit="P-1", clock_trusted=True)


in_either_coding = pytest.mark.parametrize("simulator", ["h264", "hevc"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def simulator(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    path = film(tmp_path_factory.mktemp("clip") / "moving.mp4", moving(40))
    if getattr(request, "param", "h264") == "hevc":
        path = hevc(path)
    with Simulator("camera", "--clip", str(path)) as running:
        yield running


def hevc(path: Path) -> Path:
    """The same film in H.265."""
    target = path.with_name("hevc.mp4")
    with av.open(str(path)) as source, av.open(str(target), "w") as container:
        stream = container.add_stream(
            "libx265", rate=10, options={"x265-params": "keyint=10:bframes=0:log-level=0"}
        )
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for frame in source.decode(video=0):
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    return target


class Filmed:
    """A Vision over one camera that films into a folder."""

    def __init__(self, url: str, folder: Path, reserve_bytes: int = 1) -> None:
        self.folder = folder / "films"
        self.desk = FilmDesk(FilmOrder(folder=str(self.folder), key=KEY, reserve_bytes=reserve_bytes))
        vision = Vision(
            {CAMERA: camera(url, fps=5)},
            SystemClock(declared=True),
            Folders(MODELS, folder / "run", films=self.desk),
            limits=QUICK,
        )
        self.watched = Watched(vision)
        self.found: list[FilmDone] = []

    def want(self, *reels: Reel) -> None:
        self.desk.want({CAMERA: Wanted(reels=reels)})

    def done(self) -> FilmDone:
        """The next film that is ended."""
        until(lambda: bool(self._look()))
        return self.found.pop(0)

    def _look(self) -> list[FilmDone]:
        self.found += self.desk.done()
        return self.found


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def filming(wanted: Filming) -> Callable[[Sighting], bool]:
    return lambda sighting: sighting.filming is wanted and sighting.view is View.CLEAR


def reel(kind: Kind, about: str, from_s: float, until_s: float | None = None) -> Reel:
    return Reel(kind=kind, about=about, stamp=STAMP, from_s=from_s, until_s=until_s)


@pytest.fixture
def filmed(simulator: Simulator, tmp_path: Path) -> Iterator[Filmed]:
    running = Filmed(f"rtsp://127.0.0.1:{simulator.port}/live", tmp_path)
    running.watched.wait_for(filming(Filming.READY))
    yield running
    running.watched.end()


@in_either_coding
def test_a_clip_shows_what_was_before_it_was_asked_for_and_plays_anywhere(filmed: Filmed, tmp_path: Path) -> None:
    until(lambda: filmed.watched.mark() > 20)  # four seconds of pictures
    asked_s = time.monotonic()
    filmed.want(reel("clip", "7", asked_s - 3.0, asked_s + 1.0))
    done = filmed.done()
    path = Path(done.path)
    assert (done.kind, done.about, done.camera, done.permit) == ("clip", "7", CAMERA, "P-1")
    assert done.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert 3.0 <= done.ended_utc - done.began_utc <= 6.0
    shown = Film(path, KEY)
    target = tmp_path / "clip.mkv"
    count = remux(shown, target)
    assert shown.fault is None
    with av.open(str(target)) as container:
        pictures = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
        assert container.duration is not None
        length_s = container.duration / av.time_base
    assert len(pictures) == count
    assert pictures[0].shape == (240, 320, 3)
    assert abs(length_s - (done.ended_utc - done.began_utc)) < 1.0
    assert len({picture.tobytes() for picture in pictures}) > count / 2  # it moves: nothing was made anew


@in_either_coding
def test_a_job_is_filmed_until_it_is_over(filmed: Filmed) -> None:
    filmed.want(reel("permit", "P-1", time.monotonic()))
    filmed.watched.wait_for(filming(Filming.RUNNING))
    (running,) = names.films(filmed.folder)
    assert (running.known, running.permit, running.kind) == (False, "P-1", "permit")
    after = filmed.watched.mark()
    filmed.want()
    done = filmed.done()
    assert (done.kind, done.path) == ("permit", str(running.path))
    filmed.watched.wait_for(filming(Filming.READY), after)
    shown = Film(Path(done.path), KEY)
    first, *_ = shown.packets()
    assert first.key
    assert shown.fault is None


@in_either_coding
def test_a_killed_capture_loses_its_last_chunk_and_the_next_one_goes_on(filmed: Filmed) -> None:
    filmed.want(reel("permit", "P-1", time.monotonic()))
    filmed.watched.wait_for(filming(Filming.RUNNING))
    (first,) = names.films(filmed.folder)
    size = first.path.stat().st_size
    until(lambda: first.path.stat().st_size > size)
    after = filmed.watched.mark()
    os.kill(filmed.watched.vision.pids[CAMERA], signal.SIGKILL)
    until(lambda: len(names.films(filmed.folder)) == 2)
    filmed.watched.wait_for(filming(Filming.RUNNING), after)
    torn = Film(first.path, KEY)
    packets = list(torn.packets())
    assert len(packets) > 5
    assert torn.fault is not None
    assert "cut off" in torn.fault.en
    assert packets[-1].at_s > 0.5


def test_what_is_open_when_the_box_ends_is_ended_as_whole(simulator: Simulator, tmp_path: Path) -> None:
    running = Filmed(f"rtsp://127.0.0.1:{simulator.port}/live", tmp_path)
    try:
        running.watched.wait_for(filming(Filming.READY))
        running.want(reel("permit", "P-1", time.monotonic()))
        running.watched.wait_for(filming(Filming.RUNNING))
    finally:
        running.watched.end()
    done = running.done()
    shown = Film(Path(done.path), KEY)
    assert list(shown.packets())
    assert shown.fault is None


def test_a_disk_without_room_for_more_is_told_and_pictures_go_on(simulator: Simulator, tmp_path: Path) -> None:
    running = Filmed(f"rtsp://127.0.0.1:{simulator.port}/live", tmp_path, reserve_bytes=1 << 60)
    try:
        running.want(reel("permit", "P-1", time.monotonic()))
        running.watched.wait_for(lambda s: s.filming is Filming.FAILED and "room" in s.filming_detail.en)
        assert names.films(running.folder) == []
        running.watched.wait_for(lambda s: s.view is View.CLEAR, running.watched.mark())
    finally:
        running.watched.end()


def test_a_folder_that_cannot_be_written_is_told_and_its_return_is_noticed(filmed: Filmed) -> None:
    filmed.folder.rmdir()
    filmed.folder.write_text("a file stands where the folder was")
    filmed.want(reel("permit", "P-1", time.monotonic()))
    filmed.watched.wait_for(lambda s: s.filming is Filming.FAILED and "written" in s.filming_detail.en)
    after = filmed.watched.mark()
    filmed.folder.unlink()
    filmed.watched.wait_for(filming(Filming.RUNNING), after)


def test_a_disk_that_takes_no_more_fails_the_film_and_no_picture(filmed: Filmed) -> None:
    filmed.want(reel("permit", "P-1", time.monotonic()))
    filmed.watched.wait_for(filming(Filming.RUNNING))
    pid, after = filmed.watched.vision.pids[CAMERA], filmed.watched.mark()
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    told = filmed.watched.wait_for(lambda s: s.filming is Filming.FAILED, after)
    assert "too large" in told.filming_detail.en
    after = filmed.watched.mark()
    for _ in range(3):
        told = filmed.watched.wait_for(lambda s: s.view is View.CLEAR, after)
        after = filmed.watched.mark()
    assert filmed.watched.vision.pids[CAMERA] == pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    filmed.watched.wait_for(filming(Filming.RUNNING), after)


def test_a_film_of_a_file_plays_too(tmp_path: Path) -> None:
    running = Filmed(f"file://{film(tmp_path / 'source.mp4', moving(400))}", tmp_path)
    try:
        running.watched.wait_for(filming(Filming.READY))
        now_s = time.monotonic()
        running.want(reel("clip", "9", now_s - 2.0, now_s + 1.0))
        shown = Film(Path(running.done().path), KEY)
        assert remux(shown, tmp_path / "out.mp4") > 20
        with av.open(str(tmp_path / "out.mp4")) as container:
            assert sum(1 for _ in container.decode(video=0)) > 20
    finally:
        running.watched.end()
