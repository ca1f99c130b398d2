"""What vision costs: CPU seconds per 1000 inferred frames of the real programs, beside the least possible.

The floor is one process that decodes the same film with PyAV and runs the same session on the same
pictures, and does nothing else: no hand-over, no tracks, no areas, no health, no stills. It waits for
each picture as long as a camera lets wait, as the real programs do: who sleeps in between finds cold
caches, and the same loop as fast as it can, shown beside it, is some per cent cheaper. All are
measured in this run, in turns, so that a busy machine is as hard on the one as on the other. Wanted:
at most 1.15 times the floor. `python -m tests.bench.bench_vision --clip FILM`
"""

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import Observation, Sighting, View
from edge_agent.domain.words import Words
from edge_agent.domain.zone import PictureArea
from edge_agent.ops.demo_clip import cached_clip
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.runtimes.onnx import OnnxRuntime
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.settings.site_cameras import CameraTable

MODELS = Path(__file__).resolve().parents[2] / "models"
MODEL = "ppe-nano-first"
GOAL = 1.15
FASTEST_FPS = 15.0  # of a camera in site.toml
WARM_UP = 20  # pictures: loading and first-time work are not the running cost
TICKS = os.sysconf("SC_CLK_TCK")
AREAS = (
    PictureArea(id="left", area="bay", corners=((0.0, 0.2), (0.5, 0.2), (0.5, 1.0), (0.0, 1.0))),
    PictureArea(id="door", area="mouth", corners=((0.3, 0.35), (0.75, 0.35), (0.8, 0.95), (0.25, 0.95))),
)


class Which(NamedTuple):
    """The model that is run."""

    models: Path = MODELS
    name: str = MODEL


SHIPPED = Which()


def cpu_s(pid: int) -> float:
    """User and system seconds of a process so far (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def film_rate(clip: Path) -> float:
    with av.open(str(clip)) as container:
        return float(container.streams.video[0].average_rate or 10)


def floor(clip: Path, every: int, count: int, which: Which, fps: float) -> float:
    """CPU seconds per 1000 inferred frames of the plainest loop; runs in a process of its own.

    `fps` pictures a second at most (0: as fast as it can).
    """
    model = manifest.model(which.models, which.name)
    runtime = OnnxRuntime(manifest.weights(which.models, which.name))
    width, height = model.input
    canvas = np.full((height, width, 3), 114, np.uint8)
    tensor = np.empty((1, 3, height, width), np.float32)
    reformatter, done, began_s, first_s = VideoReformatter(), 0, 0.0, time.monotonic()
    with av.open(str(clip)) as container:
        container.streams.video[0].codec_context.thread_count = 1
        for number, frame in enumerate(container.decode(video=0)):
            if number % every:
                continue
            share = min(width / frame.width, height / frame.height)
            size = round(frame.width * share), round(frame.height * share)
            small = reformatter.reformat(frame, *size, "bgr24", interpolation="BILINEAR", threads=1).to_ndarray()
            canvas[: size[1], : size[0]] = small
            for channel, plane in enumerate(cv2.split(canvas)):
                tensor[0, channel] = plane
            runtime.run(tensor)
            done += 1
            if done == WARM_UP:
                began_s = time.process_time()
            if done == WARM_UP + count:
                break
            if fps:
                time.sleep(max(0.0, first_s + done / fps - time.monotonic()))
    return (time.process_time() - began_s) / (done - WARM_UP) * 1000


def floor_apart(clip: Path, every: int, count: int, which: Which = SHIPPED, fps: float = 0.0) -> float:
    """`floor` in a fresh process, at the same nice level as the real programs."""
    command = [
        sys.executable,
        "-m",
        "tests.bench.bench_vision",
        "--clip",
        str(clip),
        "--floor",
        f"{every},{count},{fps}",
        "--models",
        str(which.models),
        "--model",
        which.name,
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    run = subprocess.run(["nice", "-n", "5", *command], check=True, capture_output=True, env=environment)
    return float(json.loads(run.stdout))


class Counter:
    """Counts judged pictures, and reads the programs' CPU time at the first and the last of them."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pictures: set[int] = set()
        self._at_start: dict[str, float] = {}
        self._pids: dict[str, int] = {}
        self.restarted = False  # a film that ends is begun by a new program, whose time starts at nothing
        self.done = threading.Event()
        self.cost: dict[str, float] = {}  # CPU seconds per 1000 pictures, by program
        self.people = 0
        self.vision: Vision

    def hear(self, observation: Observation) -> None:
        """A Deliver."""
        if not isinstance(observation, Sighting) or observation.view is not View.CLEAR or self.done.is_set():
            return
        before = len(self._pictures)
        self._pictures.add(round((observation.at_s - observation.age_s) * 1e6))  # a repeated word is no picture
        judged = len(self._pictures)
        if judged == before:
            return
        self.people += len(observation.persons)
        if judged == WARM_UP:
            self._at_start = self._read()
            self._pids = self.vision.pids
        if judged == WARM_UP + self._count:
            now = self._read()
            self.restarted = self._pids != self.vision.pids
            self.cost = {name: (now[name] - s) / self._count * 1000 for name, s in self._at_start.items()}
            self.done.set()

    def _read(self) -> dict[str, float]:
        programs = {name: cpu_s(pid) for name, pid in self.vision.pids.items()}
        return {**programs, "agent's thread": time.thread_time()}


def pipeline(clip: Path, fps: float, count: int, patience_s: float, which: Which = SHIPPED) -> Counter:
    """The real thing over the film, at the film's own speed."""
    with tempfile.TemporaryDirectory(prefix="edge-agent-bench-") as folder:
        camera = CameraTable(
            name=Words("相机", "camera"), url=f"file://{clip.resolve()}", model=which.name, fps=fps, areas=AREAS
        )
        counter = Counter(count)
        clock = SystemClock(declared=True)
        counter.vision = Vision(
            {"camera": camera}, clock, Folders(which.models, Path(folder)), clock_declared=True
        )
        stop = threading.Event()
        worker = threading.Thread(target=counter.vision.run, args=(counter.hear, stop))
        worker.start()
        finished = counter.done.wait(patience_s)
        stop.set()
        worker.join()
    if not finished:
        raise SystemExit(
            f"bench_vision: {clip}: fewer than {count + WARM_UP} pictures judged in {patience_s:.0f} s"
        )
    if counter.restarted:
        raise SystemExit(
            f"bench_vision: {clip}: ended before {count + WARM_UP} pictures: a longer film or --count"
        )
    return counter


def versions() -> str:
    """Machine and versions, for the table's foot."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    packages = ("onnxruntime", "av", "opencv-python-headless", "numpy")
    shown = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return f"{model}, {os.cpu_count()} cores; Python {platform.python_version()}, {shown}"


def main() -> int:
    """Print the table. Exit 2 if there is no film to measure with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clip", type=Path, default=cached_clip(), help="a film of a minute or so")
    parser.add_argument("--count", type=int, default=400, help="pictures to measure")
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--floor", help=argparse.SUPPRESS)
    options = parser.parse_args()
    clip = options.clip
    if not clip.exists():
        sys.stderr.write(f"bench_vision: {clip} is not there: run the demo once, or name a film by --clip\n")
        return 2
    if options.floor:
        which = Which(options.models, options.model)
        every, count, fps = options.floor.split(",")
        sys.stdout.write(f"{floor(clip, int(every), int(count), which, float(fps))}\n")
        return 0
    return table(clip, options.count, Which(options.models, options.model))


def table(clip: Path, count: int, which: Which) -> int:
    """Measure in turns and print."""
    rate = film_rate(clip)
    every = max(1, round(np.ceil(rate / FASTEST_FPS)))
    fps = rate / every
    hurried = floor_apart(clip, every, count, which)
    floors = [floor_apart(clip, every, count, which, fps)]
    real = pipeline(clip, fps, count, patience_s=60 + 4 * (count + WARM_UP) / fps, which=which)
    floors.append(floor_apart(clip, every, count, which, fps))
    least = statistics.mean(floors)
    children = sum(v for name, v in real.cost.items() if name != "agent's thread")
    rows = [
        ("the plain loop as fast as it can", hurried, ""),
        ("floor: the same at the film's own pace", least, f"before {floors[0]:.2f}, after {floors[1]:.2f}"),
        *((name, value, "") for name, value in real.cost.items()),
        ("capture + inference programs", children, ""),
        ("ratio", children / least, f"wanted: at most {GOAL}"),
    ]
    lines = [
        f"Vision, CPU s per 1000 inferred frames ({which.name}, {clip.name}, {rate:.4g} fps, 1 in {every})",
        *(f"  {name:38} {value:7.2f}   {note}".rstrip() for name, value, note in rows),
        f"  {count} pictures, {real.people / (count + WARM_UP):.1f} people in each; {versions()}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
