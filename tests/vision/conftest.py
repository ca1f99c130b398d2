"""Shared by the vision tests: the shipped model, small films, and a Vision that is watched while it runs."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import av
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import DeviceHealth, Observation, Sighting
from edge_agent.domain.words import Words
from edge_agent.domain.zone import PictureArea
from edge_agent.sense.camera.limits import STANDARD, VisionLimits
from edge_agent.sense.camera.runtimes.wanted import PLAIN, Wanted
from edge_agent.sense.camera.telling import DECODER, LOAD
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.settings.site_cameras import CameraTable
from tests.support.languages import faults

MODELS = Path(__file__).resolve().parents[2] / "models"
MODEL = "ppe-nano-first"
PATIENCE_S = 60.0  # a loaded machine may be slow; nothing here waits when it need not

# The same judgements as on site, sooner: tests wait for each of them.
QUICK = replace(
    STANDARD, frozen_s=1.5, dropping_window_s=3.0,
    gone_s=1.0, capture_silent_s=3.0, inference_silent_s=3.0, open_timeout_s=2.0,
    read_timeout_s=2.0, backoff_first_s=0.2, backoff_last_s=0.5, still_every_s=0.5, film_end_s=30.0,
)  # fmt: skip


def camera(url: str, *, fps: float = 10.0, areas: tuple[PictureArea, ...] = ()) -> CameraTable:
    return CameraTable(name=Words("相机", "camera"), url=url, model=MODEL, fps=fps, areas=areas)


def film(path: Path, pictures: list[NDArray[np.uint8]], *, rate_hz: int = 10, **options: str) -> Path:
    """An H.264 film of BGR pictures (all of one size)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate_hz)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23", "bf": "0", "g": str(rate_hz), **options}
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def moving(count: int, width: int = 320, height: int = 240) -> list[NDArray[np.uint8]]:
    """Pictures of a box that moves over a textured wall."""
    pictures = []
    for n in range(count):
        picture = np.full((height, width, 3), 110, np.uint8)
        picture[:, ::16] = 80
        x = (n * 7) % (width - 50)
        picture[60:110, x : x + 50] = (60, 200, 230)
        pictures.append(picture)
    return pictures


class Watched:
    """A Vision running in its thread, and everything that it delivered."""

    def __init__(self, vision: Vision) -> None:
        self.vision = vision
        self.seen: list[Sighting] = []
        self.models: list[DeviceHealth] = []  # what it said of models that were refused
        self.load: list[DeviceHealth] = []  # and of pictures that it could not judge in time
        self.decoders: list[DeviceHealth] = []  # and of the board's decoder
        self.stop = threading.Event()
        self.fault: BaseException | None = None
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="vision-under-test", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.vision.run(self._deliver, self.stop)
        except BaseException as fault:  # told to the waiting test
            self.fault = fault
            raise

    def _deliver(self, observation: Observation) -> None:
        with self._news:
            if isinstance(observation, DeviceHealth):
                {LOAD: self.load, DECODER: self.decoders}.get(observation.source, self.models).append(observation)
                self._news.notify_all()
                return
            assert isinstance(observation, Sighting)
            self.seen.append(observation)
            self._news.notify_all()

    def mark(self) -> int:
        with self._news:
            return len(self.seen)

    def wait_for(self, wanted: Callable[[Sighting], bool], after: int = 0) -> Sighting:
        """The first sighting from number `after` on that is wanted."""
        deadline = time.monotonic() + PATIENCE_S
        looked = after
        with self._news:
            while True:
                for sighting in self.seen[looked:]:
                    if wanted(sighting):
                        return sighting
                looked = max(looked, len(self.seen))
                left_s = deadline - time.monotonic()
                assert self.fault is None, self.fault
                assert left_s > 0, f"not seen within {PATIENCE_S} s; last: {self.seen[-3:]}"
                self._news.wait(min(left_s, 1.0))

    def wait_for_decoder(self) -> DeviceHealth:
        """The latest word about the board's decoder."""
        with self._news:
            assert self._news.wait_for(lambda: bool(self.decoders), PATIENCE_S)
            return self.decoders[-1]

    def end(self) -> float:
        """Stop it; returns how long that took."""
        began_s = time.monotonic()
        self.stop.set()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        assert [wrong for sighting in self.seen for wrong in faults(sighting.detail)] == []
        return time.monotonic() - began_s


Start = Callable[..., Watched]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a Vision over the given cameras; ended with the test."""
    running: list[Watched] = []

    def begin(  # noqa: PLR0917 (what a Vision is made of)
        cameras: dict[str, CameraTable], limits: VisionLimits = QUICK, models: Path = MODELS, runtime: str = PLAIN,
        pipelines: Mapping[str, str] = MappingProxyType({}), decoders: Mapping[str, str] = MappingProxyType({}),
    ) -> Watched:  # fmt: skip
        wanted = Wanted(runtime=runtime, engines_folder=str(tmp_path / "engines"))
        folders = Folders(
            models,
            tmp_path / "run",
            wanted,
            accepted=tmp_path / "accepted",
            pipelines=pipelines,
            decoders=decoders,
        )
        vision = Vision(cameras, SystemClock(declared=True), folders, limits=limits, clock_declared=True)
        running.append(Watched(vision))
        return running[-1]

    yield begin
    for watched in running:
        watched.end()


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Pictures that are not part of the repository; tests that need them say so when they are skipped."""
    folder = os.environ.get("EDGE_AGENT_DATA")
    if not folder:
        pytest.skip("EDGE_AGENT_DATA is not set: no folder with labelled pictures of people here")
    return Path(folder)
