"""How many cameras one box can judge, how soon a picture becomes a finding, and what a camera costs in memory.

Real capture and inference programs over real RTSP: one simulated camera, its film joined by more and more clients,
5 pictures a second each. A box carries so many cameras as long as each is judged at least once a second without a
gap (the guard's post is judged from them, docs/domain.md 2.5 G6) and the box does not say that it is behind
(SYS-08). From a picture's arrival to the word about it at the agent's door is "frame -> finding"; its floor is the
row of one camera, which has nothing to wait for. Cold start is from nothing to the first word about a picture.
Memory is each program's proportional share (PSS). All of it with the model's own input and with one of 320 px,
made of it for this run. `python -m tests.bench.bench_cameras --model NAME --most N --sides 416 320`
"""

import argparse
import itertools
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import DeviceHealth, Observation, Sighting, View
from edge_agent.domain.words import Words
from edge_agent.ops.demo_clip import cached_clip
from edge_agent.ops.model.resize import resize
from edge_agent.sense.camera import manifest
from edge_agent.sense.camera.telling import LOAD
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.settings.site_cameras import CameraTable
from edge_agent.simulate.handle import Simulator
from tests.bench.bench_vision import AREAS, MODELS, cpu_s
from tests.bench.table import quantile, show

FPS = 5.0
SETTLE_S = 15.0  # programs start, scenes are learnt, the load's window fills
MEASURE_S = 20.0
GUARD_GAP_S = 1.0
PATIENCE_S = 90.0
COUNTS = (1, 4, 8, 12, 16, 20, 24, 28, 32)
MOST_EACH_MB, MOST_JUDGING_MB = 70, 250  # wanted of each program's share of memory
HEAD = (
    "", "judged/s, least", "longest gap s", "p50 ms", "p99 ms", "cores", f"MB each <= {MOST_EACH_MB}",
    f"MB judging <= {MOST_JUDGING_MB}", "",
)  # fmt: skip


class Witness:
    """What comes out of one Vision."""

    def __init__(self, cameras: int) -> None:
        self._lock = threading.Condition()
        self._cameras = cameras
        self.began_s = time.monotonic()
        self.first_s: float | None = None
        self.behind = False
        self.counting = False
        self.delays_s: list[float] = []
        self.seen_s: dict[str, list[float]] = {}

    def hear(self, observation: Observation) -> None:
        """A Deliver."""
        now_s = time.monotonic()
        with self._lock:
            match observation:
                case DeviceHealth(source=source, ok=ok) if source == LOAD:
                    self.behind = not ok
                case Sighting(view=View.CLEAR):
                    self._picture(observation, now_s)
            self._lock.notify_all()

    def _picture(self, seen: Sighting, now_s: float) -> None:
        if self.first_s is None:
            self.first_s = now_s - self.began_s
        taken_s = seen.at_s - seen.age_s
        times = self.seen_s.setdefault(seen.source, [])
        if times and taken_s - times[-1] < 1 / FPS / 4:
            return  # the same picture, told again
        times.append(taken_s)
        if self.counting:
            self.delays_s.append(now_s - taken_s)

    def until_all_are_seen(self) -> bool:
        """Whether every camera has been judged at least once, within the time allowed."""
        with self._lock:
            return self._lock.wait_for(lambda: len(self.seen_s) == self._cameras, PATIENCE_S)

    def begin(self) -> None:
        """What comes from now on counts."""
        with self._lock:
            self.counting = True
            self.seen_s = {name: times[-1:] for name, times in self.seen_s.items()}


@contextmanager
def running(url: str, cameras: int, models: Path, model: str) -> Iterator[tuple[Vision, Witness]]:
    """So many cameras, watched."""
    named = {
        f"cam-{at}": CameraTable(name=Words("相机", "camera"), url=url, model=model, fps=FPS, areas=AREAS)
        for at in range(1, cameras + 1)
    }
    with tempfile.TemporaryDirectory(prefix="edge-agent-bench-") as folder:
        vision = Vision(named, SystemClock(declared=True), Folders(models, Path(folder)), clock_declared=True)
        witness, stop = Witness(cameras), threading.Event()
        worker = threading.Thread(target=vision.run, args=(witness.hear, stop))
        worker.start()
        try:
            yield vision, witness
        finally:
            stop.set()
            worker.join()


def pss_mb(pid: int) -> float:
    """Proportional set size of a process (proc(5), smaps_rollup)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measured(url: str, cameras: int, models: Path, model: str) -> tuple[tuple[str, ...], bool, float | None]:
    """One row, whether the box carried them, and the cold start in seconds."""
    with running(url, cameras, models, model) as (vision, witness):
        if not witness.until_all_are_seen():
            return (f"{cameras} cameras", *("-" for _ in HEAD[2:]), "not all were seen"), False, witness.first_s
        time.sleep(SETTLE_S)
        witness.begin()
        before = {name: cpu_s(pid) for name, pid in vision.pids.items()}
        time.sleep(MEASURE_S)
        after = {name: cpu_s(pid) for name, pid in vision.pids.items()}
        memory = {name: pss_mb(pid) for name, pid in vision.pids.items()}
        seen = {name: list(times) for name, times in witness.seen_s.items()}
        delays_s, behind = list(witness.delays_s), witness.behind
    gap_s = max(b - a for times in seen.values() for a, b in itertools.pairwise(times))
    least_hz = min((len(times) - 1) / MEASURE_S for times in seen.values())
    cores = sum(after[name] - before.get(name, 0.0) for name in after) / MEASURE_S
    each = [mb for name, mb in memory.items() if name != "inference"]
    carried = gap_s <= GUARD_GAP_S and not behind
    note = "" if carried else "behind: SYS-08" if behind else "a gap longer than 1 s"
    row = (
        f"{cameras} cameras", f"{least_hz:.2f}", f"{gap_s:.2f}", f"{quantile(delays_s, 0.5) * 1000:.0f}",
        f"{quantile(delays_s, 0.99) * 1000:.0f}", f"{cores:.2f}", f"{sum(each) / len(each):.0f}",
        f"{memory['inference']:.0f}", note,
    )  # fmt: skip
    return row, carried, witness.first_s


def main() -> int:
    """Print the table. Exit 2 if there is no film to measure with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clip", type=Path, default=cached_clip())
    parser.add_argument("--model", default="ppe-nano-first")
    parser.add_argument("--most", type=int, default=COUNTS[-1])
    parser.add_argument("--sides", type=int, nargs="*", help="of the model's input, px (its own and 320)")
    told = parser.parse_args()
    if not told.clip.exists():
        sys.stderr.write(f"bench cameras: {told.clip} is not there: run the demo once, or name a film by --clip\n")
        return 2
    with Simulator("camera", "--clip", str(told.clip)) as camera, tempfile.TemporaryDirectory() as folder:
        own = manifest.model(MODELS, told.model).input[0]
        for side in told.sides or (own, 320):
            models, model = MODELS, told.model
            if side != own:
                models = Path(folder)
                model = resize(MODELS, told.model, side, models)
            carried(f"rtsp://127.0.0.1:{camera.port}/live", models, model, side, told.most)
    return 0


def carried(url: str, models: Path, model: str, side: int, limit: int) -> None:
    """Print the table of one model: more and more cameras, until the box does not carry them, or `limit`."""
    rows, most, cold_s = [], 0, None
    for cameras in (count for count in COUNTS if count <= limit):
        row, enough, first_s = measured(url, cameras, models, model)
        rows.append(row)
        cold_s = cold_s or first_s
        if not enough:
            break
        most = cameras
    began = f"first word after {cold_s or 0:.1f} s"
    show(
        f"Cameras, {FPS:.0f} pictures a second each, {model}, {side} px: {most} carried; {began}",
        HEAD,
        rows,
        "onnxruntime",
        "av",
        "opencv-python-headless",
    )


if __name__ == "__main__":
    sys.exit(main())
