"""Camera programs killed a thousand times: the box must see again each time, and nothing may pile up.

`python -m tests.soak.restarts --times 1000` kills capture and inference by turns, waits for the next picture
that was judged, and compares this process's memory and open files after a tenth of the kills with those at the
end. Exit 1 if they grew by more than noise, or if the box did not see again.
"""

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.domain.observation import Observation, Sighting, View
from edge_agent.domain.words import Words
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.sense.camera.vision import Folders, Vision
from edge_agent.settings.site_cameras import CameraTable
from edge_agent.simulate.handle import Simulator

MODELS = Path(__file__).resolve().parents[2] / "models"
SOON = replace(STANDARD, backoff_first_s=0.05, backoff_last_s=0.05, gone_s=0.5)  # on site it waits longer
PATIENCE_S = 60.0
FILES_MORE = 3
MEMORY_MORE_MB = 8.0


def files() -> int:
    """Descriptors that this process holds."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def memory_mb() -> float:
    """Resident memory of this process (proc(5), statm)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Seen:
    """When the newest judged picture was taken."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._at_s = float("-inf")

    def hear(self, said: Observation) -> None:
        """A Deliver."""
        if isinstance(said, Sighting) and said.view is View.CLEAR:
            with self._news:
                self._at_s = max(self._at_s, said.at_s - said.age_s)
                self._news.notify_all()

    def since(self, second: float) -> bool:
        """Wait for a picture taken after `second`."""
        with self._news:
            return self._news.wait_for(lambda: self._at_s > second, PATIENCE_S)


def until(there: Callable[[], bool]) -> bool:
    """Wait until it is so."""
    end_s = time.monotonic() + PATIENCE_S
    while not there():
        if time.monotonic() > end_s:
            return False
        time.sleep(0.01)
    return True


def killed(vision: Vision, name: str) -> bool:
    """Kill one program; whether another took its place."""
    pid = vision.pids.get(name)
    if pid is None:
        return until(lambda: name in vision.pids)
    os.kill(pid, signal.SIGKILL)
    return until(lambda: vision.pids.get(name, pid) != pid)


def kills(vision: Vision, seen: Seen, times: int) -> int:
    """Kill so often; 0 if the box saw again each time and held on to nothing."""
    early = (files(), memory_mb())
    for done in range(1, times + 1):
        name = "cam" if done % 2 else "inference"
        if not killed(vision, name) or not seen.since(time.monotonic()):
            sys.stdout.write(f"restarts: not seen again within {PATIENCE_S:.0f} s after kill {done}, of {name}\n")
            return 1
        if done == max(1, times // 10):
            early = (files(), memory_mb())
    late = (files(), memory_mb())
    sys.stdout.write(
        f"restarts: {times} kills, seen again each time; files {early[0]} -> {late[0]}, "
        f"memory {early[1]:.1f} -> {late[1]:.1f} MB from a tenth of them to the end\n"
    )
    return int(late[0] - early[0] > FILES_MORE or late[1] - early[1] > MEMORY_MORE_MB)


def main() -> int:
    """Start a camera and its programs, kill them, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1000)
    times = parser.parse_args().times
    with Simulator("camera", "--synthetic", "20") as camera, tempfile.TemporaryDirectory() as folder:
        url = f"rtsp://127.0.0.1:{camera.port}/live"
        table = CameraTable(name=Words("相机", "camera"), url=url, model="ppe-nano-first", fps=10.0)
        vision = Vision(
            {"cam": table}, SystemClock(declared=True), Folders(MODELS, Path(folder)), limits=SOON,
            clock_declared=True,
        )  # fmt: skip
        seen, stop = Seen(), threading.Event()
        worker = threading.Thread(target=vision.run, args=(seen.hear, stop))
        worker.start()
        try:
            return kills(vision, seen, times)
        finally:
            stop.set()
            worker.join()


if __name__ == "__main__":
    sys.exit(main())
