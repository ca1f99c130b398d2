"""All cameras as one Source: keeps their programs alive and tells the brain what each picture is good for."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.clock import Clock
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera import frames, load, telling
from edge_agent.sense.camera.filming.orders import FilmDesk
from edge_agent.sense.camera.keeper import Keeper, Silence
from edge_agent.sense.camera.limits import STANDARD, VisionLimits
from edge_agent.sense.camera.lines import (
    CaptureSays,
    Failed,
    InferenceLine,
    InferenceOrder,
    Judged,
    Ready,
    WatchedCamera,
)
from edge_agent.sense.camera.onlookers.keeping import Onlookers
from edge_agent.sense.camera.process import Hear, Program
from edge_agent.sense.camera.runtimes.wanted import Wanted
from edge_agent.sense.camera.telling import Telling
from edge_agent.sense.camera.watch import Watch
from edge_agent.settings.site_cameras import CameraTable, GuardColour

INFERENCE = "edge_agent.sense.camera.inference"
TICK_S = 0.1  # how often programs are looked after when none of them says anything
HUNG = Words(
    "有画面但模型无应答：分析程序卡死，已重启",
    "pictures arrive, but the model does not answer: its program hung and was restarted",
)
PASSED_OVER = Words(
    "{camera} 的画面一直未轮到分析：分析程序异常，已重启",
    "the pictures of {camera} get no turn: the program that judges was restarted",
)
TRACKS_PER_LIFE = 1_000_000  # numbers set aside for each life of the inference program


class Folders(Struct, frozen=True):
    """Where models are, where stills and films go; what runs the models, when it is proven, the guards' colour."""

    models: Path
    runtime: Path
    wanted: Wanted = Wanted()
    films: FilmDesk | None = None  # None: nothing is ever kept
    accepted: Path | None = None  # where accepted models are remembered
    canary_s: float = 60.0
    guard_colour: GuardColour | None = None
    pipelines: Mapping[str, str] = {}  # by camera id, for cameras on a cable of this box
    offered: Path | None = None  # where a model that the centre offers lies
    decoders: Mapping[str, str] = {}  # by codec, where the board shall decode what comes over the network
    onlookers: Path | None = None  # the socket at which live pictures are shown; None: nobody looks on


class Vision:
    """The cameras of a site: one capture program each, one inference program for all."""

    def __init__(
        self, cameras: dict[str, CameraTable], clock: Clock, folders: Folders, *,
        limits: VisionLimits = STANDARD, clock_declared: bool = False,
    ) -> None:  # fmt: skip
        """`clock` must be the machine's monotonic one: the programs stamp pictures by it too."""
        self._cameras = cameras
        self._clock = clock
        self._folders = folders
        self._limits = limits
        self._clock_declared = clock_declared
        self._running: _Running | None = None
        self.begun, self.refused = 0, NOTHING  # how often models began to judge; why one of them does not

    @property
    def name(self) -> str:
        """Which worker this is, for people."""
        return "vision"

    @property
    def pids(self) -> dict[str, int]:
        """Process ids of the running programs: "inference" and one per camera id (for the record)."""
        return {} if self._running is None else self._running.pids()

    def _began(self, refused: Words) -> None:
        self.begun, self.refused = self.begun + 1, refused

    def reload(self) -> None:
        """Load the models anew, soon. From any thread."""
        if self._running is not None:
            self._running.reload.set()

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Deliver a Sighting per judged picture, and at least one a second per camera, until `stop`."""
        self._folders.runtime.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            running = _Running(self._cameras, self._clock, self._limits, stack, self._folders.films)
            running.begin(self._folders, clock_declared=self._clock_declared)
            stack.callback(running.end)
            running.on_ready = self._began
            self._running = running
            while not stop.is_set():
                running.tick(deliver)
                running.rest()
        self._running = None


@contextmanager
def _owned(fd: int) -> Iterator[int]:
    """A descriptor closed at the end."""
    try:
        yield fd
    finally:
        os.close(fd)


class _Running:
    """One run of Vision: watches, keepers and descriptors, all of which end with it."""

    def __init__(
        self, cameras: dict[str, CameraTable], clock: Clock, limits: VisionLimits, stack: ExitStack,
        films: FilmDesk | None,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._limits = limits
        self._wake = threading.Event()
        self._bell_fd = stack.enter_context(_owned(os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)))
        self._onlookers = Onlookers(stack, limits, self._wake.set)
        self._watches: dict[str, Watch] = {}
        for name, camera in cameras.items():
            fd = stack.enter_context(_owned(frames.create(name)))
            watch = Watch(name, camera, fd, limits, clock.monotonic(), films)
            stack.callback(watch.close)
            self._watches[name] = watch
        self._films = films is not None
        self._captures: dict[str, Keeper[CaptureSays]] = {}
        self._inference: Keeper[InferenceLine]
        self._heard_s = float("-inf")
        self._ready = False
        self.reload = threading.Event()
        self.on_ready: Callable[[Words], None] = lambda _refused: None
        self._fault = NOTHING
        self._telling = Telling()
        self._turns = load.Turns(len(cameras), limits)

    def begin(self, folders: Folders, *, clock_declared: bool) -> None:
        """Make the keepers; the programs start with the first tick."""
        parent = os.getpid()
        for name, watch in self._watches.items():
            self._captures[name] = Keeper(
                self._starter(watch, parent, folders),
                msgspec.json.Decoder(CaptureSays),
                self._wake.set,
                self._limits,
            )
        seen_fds = self._onlookers.begin(folders.onlookers, {w.name: w.frames_fd for w in self._watches.values()})
        cameras = tuple(
            WatchedCamera(
                id=w.name, frames_fd=w.frames_fd, model=w.camera.model, areas=w.camera.areas,
                hide=w.camera.hide,
                seen_fd=seen_fds.get(w.name),
            )
            for w in self._watches.values()
        )  # fmt: skip

        def start(hear: Hear) -> Program:
            self._ready = False
            order = InferenceOrder(
                cameras=cameras, bell_fd=self._bell_fd, models_folder=str(folders.models),
                runtime_folder=str(folders.runtime), parent=parent, limits=self._limits, wanted=folders.wanted,
                clock_declared=clock_declared, canary_s=folders.canary_s,
                accepted_folder="" if folders.accepted is None else str(folders.accepted),
                offered_folder="" if folders.offered is None else str(folders.offered),
                guard_colour=folders.guard_colour,
                first_track=1 + (self._inference.starts - 1) * TRACKS_PER_LIFE,
            )  # fmt: skip
            fds = (self._bell_fd, *(c.frames_fd for c in cameras), *seen_fds.values())
            return Program(INFERENCE, order, fds, hear)

        decoder: msgspec.json.Decoder[InferenceLine] = msgspec.json.Decoder(InferenceLine)
        self._inference = Keeper(start, decoder, self._wake.set, self._limits)

    def _starter(self, watch: Watch, parent: int, folders: Folders) -> Callable[[Hear], Program]:
        pipeline = folders.pipelines.get(watch.name, "")
        return watch.starter(self._bell_fd, parent, pipeline, {} if pipeline else folders.decoders)

    def pids(self) -> dict[str, int]:
        """Process ids by "inference" and camera id."""
        found = {name: keeper.pid for name, keeper in self._captures.items()}
        found["inference"] = self._inference.pid
        found["onlookers"] = self._onlookers.pid
        return {name: pid for name, pid in found.items() if pid is not None}

    def tick(self, deliver: Deliver) -> None:
        """Look after every program once, and say what is new or due."""
        now_s = self._clock.monotonic()
        for name, watch in self._watches.items():
            watch.care(self._captures[name], now_s)
            self._turns.look(name, waits=watch.unjudged_since_s is not None)
        self._care_for_inference(deliver, now_s)
        self._onlookers.care(now_s)
        self._telling.load(self._watches.values(), self._fault, deliver, now_s)
        self._telling.decoders(self._watches.values(), deliver, now_s)
        for watch in self._watches.values():
            if now_s - watch.told_s >= self._limits.repeat_s:
                self._say(watch, deliver)

    def rest(self) -> None:
        """Wait until a program says something, or for a tick."""
        self._wake.wait(TICK_S)
        self._wake.clear()

    def end(self) -> None:
        """Let films come to their end, kill all, then reap all: together they take as long as the slowest."""
        if self._films:
            self._let_films_end()
        keepers: tuple[Keeper[CaptureSays] | Keeper[InferenceLine], ...]
        keepers = (self._inference, *self._captures.values())
        self._onlookers.end()
        for keeper in keepers:
            keeper.kill()
        for keeper in keepers:
            keeper.reap()

    def _let_films_end(self) -> None:
        """An ended film is whole and its hash is told; one that is killed lacks its last second."""
        for keeper in self._captures.values():
            keeper.let_go()
        until_s = self._clock.monotonic() + self._limits.film_end_s
        while self._clock.monotonic() < until_s and not all(keeper.gone for keeper in self._captures.values()):
            self.rest()
        for name, watch in self._watches.items():
            watch.listen(self._captures[name], self._clock.monotonic())

    def _care_for_inference(self, deliver: Deliver, now_s: float) -> None:
        """Take in verdicts; kill a program that leaves pictures waiting without a word."""
        for line in self._inference.heard():
            self._heard_s = now_s
            match line:
                case Judged():
                    self._fault = NOTHING
                    watch = self._watches[line.camera]
                    watch.hear(line)
                    self._turns.hear(line.camera)
                    self._say(watch, deliver)
                case Failed():
                    self._fault = line.detail
                case Ready():
                    self._ready = True
                    self.on_ready(line.refused)
                    self._turns.begin()
                    for watch in self._watches.values():
                        watch.load.begin()
                    telling.models(line.refused, deliver, self._clock.monotonic())
        if self.reload.is_set() and self._inference.running:
            self.reload.clear()
            self._inference.restart(now_s)
        self._inference.care(now_s)
        missed, silence = self._turns.missed(), self._silence(now_s)
        if silence is Silence.HELD_UP:
            self._fault = load.OVERLOADED
        if self._inference.running and (missed or silence is Silence.HANGS):
            self._fault = PASSED_OVER.filled(camera=missed) if missed else HUNG
            self._inference.restart(now_s)
            self._turns.begin()

    def _silence(self, now_s: float) -> Silence:
        """What it means where a picture waits while nothing at all is said."""
        limit_s = self._limits.inference_silent_s if self._ready else self._limits.inference_start_s
        said_s = max(self._heard_s, self._inference.started_s)
        waiting = [w.unjudged_since_s for w in self._watches.values() if w.unjudged_since_s is not None]
        return self._inference.silent(now_s - max(said_s, min(waiting)) if waiting else 0.0, limit_s, now_s)

    def _say(self, watch: Watch, deliver: Deliver) -> None:
        """Tell the brain what may be said about this camera now."""
        now_s = self._clock.monotonic()
        watch.told_s = now_s
        deliver(watch.sighting(now_s, self._fault))
