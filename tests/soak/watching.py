"""Two cameras watched for hours by the whole real box: in none of its programs may memory or handles pile up.

`python -m tests.soak.watching --hours 2` starts the demo's site with a second camera, each its own RTSP stream,
and everything else of it: the agent, one capture program each, inference, the way to the centre, the pages. Every
minute it notes each program's proportional share of memory (PSS) and its open descriptors. After a warm-up it
judges the slope between the median pair of samples (Theil-Sen), which a step or a single high sample does not
move. Exit 1 if something grew, or if a program was started anew so often that nothing can be said of it.
"""

import argparse
import itertools
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from edge_agent.domain.observation import View
from edge_agent.ops.demo.stage import Stage
from edge_agent.ops.demo_clip import cached_clip
from edge_agent.simulate.handle import Simulator
from edge_agent.tell.live import Live
from tests.bench.bench_cameras import pss_mb
from tests.system.conftest import anywhere
from tests.system.processes import descendants

PROGRAMS = {
    "agent": "-m edge_agent run ",
    "capture": "-m edge_agent.sense.camera.capture",
    "inference": "-m edge_agent.sense.camera.inference",
    "forwarder": "-m edge_agent.tell.forwarder",
    "pages": "-m web_ui ",
}
WARM_UP = 0.25  # of the time: caches, pools and windows fill
MOST_MB_H = 1.0  # a box runs for a year: 24 MB a day fill a small one within months
LEAST_MB = 2.0  # below, it is the allocator's noise
MOST_FDS = 3
LEAST_SHARE = 0.5  # of the time a program must have lived, or nothing can be said of it
SECOND = """
[cameras.cam-2]
name = {{ zh = "第二摄像机", en = "Second camera" }}
url = "rtsp://localhost:{port}/cam-2"
model = "ppe-nano-third"
fps = 4.0
"""


class Sample(Struct, frozen=True):
    """One program at one second after the beginning."""

    at_s: float
    pss_mb: float
    fds: int


class Verdict(Struct, frozen=True, kw_only=True):
    """What became of one program between warm-up and end."""

    program: str
    pid: int
    samples: int
    first_mb: float
    last_mb: float
    slope_mb_h: float
    first_fds: int
    last_fds: int
    grew: bool


def slope(points: list[tuple[float, float]]) -> float:
    """The median of the slopes between all pairs of points (Theil-Sen); 0 with fewer than two."""
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.combinations(points, 2) if x2 != x1]
    return statistics.median(slopes) if slopes else 0.0


def judged(program: str, pid: int, samples: list[Sample]) -> Verdict:
    """The verdict about one program's life, its warm-up left out."""
    kept = samples[int(len(samples) * WARM_UP) :]
    mb_h = 3600 * slope([(s.at_s, s.pss_mb) for s in kept])
    grown_mb = mb_h * (kept[-1].at_s - kept[0].at_s) / 3600
    fds = kept[-1].fds - kept[0].fds
    return Verdict(
        program=program, pid=pid, samples=len(kept), first_mb=kept[0].pss_mb, last_mb=kept[-1].pss_mb,
        slope_mb_h=mb_h, first_fds=kept[0].fds, last_fds=kept[-1].fds,
        grew=(mb_h > MOST_MB_H and grown_mb > LEAST_MB) or fds > MOST_FDS,
    )  # fmt: skip


class Watched:
    """The samples of every program that lived."""

    def __init__(self) -> None:
        self.began_s = time.monotonic()
        self.lives: dict[tuple[str, int], list[Sample]] = {}
        self.views: Counter[tuple[str, str]] = Counter()  # how often each camera was what, at a sample

    def look(self, root: int, live: Live) -> None:
        """Take one sample of each program of the box below process `root`, and of what the board says."""
        self.views.update((camera.id, camera.view) for camera in live.cameras)
        at_s = time.monotonic() - self.began_s
        for pid, command in descendants(root).items():
            for program, words in PROGRAMS.items():
                if words in command:
                    with suppress(OSError):  # it ended while we looked
                        fds = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
                        self.lives.setdefault((program, pid), []).append(Sample(at_s, pss_mb(pid), fds))

    def verdicts(self) -> list[Verdict]:
        """Of every life that lasted long enough."""
        lasted_s = time.monotonic() - self.began_s
        return [
            judged(program, pid, samples)
            for (program, pid), samples in self.lives.items()
            if samples[-1].at_s - samples[0].at_s >= LEAST_SHARE * lasted_s
        ]


def table(watched: Watched, verdicts: list[Verdict]) -> str:
    """For people."""
    rows = [
        f"  {v.program:10} {v.first_mb:7.1f} -> {v.last_mb:7.1f} MB  {v.slope_mb_h:+6.2f} MB/h  "
        f"descriptors {v.first_fds} -> {v.last_fds}  {'GREW' if v.grew else 'stands'}"
        for v in verdicts
    ]
    seen = ", ".join(f"{camera} {view} {times} times" for (camera, view), times in sorted(watched.views.items()))
    head = f"watching: {len(watched.lives)} lives of programs, {len(verdicts)} long enough to judge; {seen}"
    return "\n".join([head, *rows])


def passed(watched: Watched, verdicts: list[Verdict]) -> bool:
    """Whether both cameras were seen, every program of the box is judged, and none grew."""
    lives = Counter(v.program for v in verdicts)
    judged_all = all(lives[name] >= (2 if name == "capture" else 1) for name in PROGRAMS)
    seen = all(watched.views[camera, View.CLEAR.value] for camera in ("cam-1", "cam-2"))
    return seen and judged_all and not any(v.grew for v in verdicts)


def watch(hours: float, every_s: float, fps: float | None) -> Watched:
    """The whole box for so long."""
    film = str(cached_clip()) if cached_clip().exists() else None
    folder = Path(tempfile.mkdtemp(prefix="edge-watching-"))
    folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
    shown = ("--clip", film) if film else ("--synthetic", "20")
    try:
        with Simulator("camera", "--path", "cam-2", *shown) as second:
            source = anywhere(folder / "source")
            site = source / "site.toml"
            text = site.read_text(encoding="utf-8") + SECOND.format(port=second.port)
            if fps is not None:
                text = re.sub(r"(?m)^fps = [0-9.]+", f"fps = {fps}", text)
            site.write_text(text, encoding="utf-8")
            with Stage(source, folder, film, warmup_s=0) as stage:
                watched = Watched()
                end_s = watched.began_s + 3600 * hours
                while time.monotonic() < end_s:
                    time.sleep(min(every_s, max(0.0, end_s - time.monotonic())))
                    stage.agent.check()
                    watched.look(os.getpid(), stage.live())
                return watched
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Watch, judge, write it down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--every-s", type=float, default=60.0)
    parser.add_argument("--fps", type=float, help="of both cameras; the site's own otherwise")
    parser.add_argument("--json", type=Path)
    told = parser.parse_args()
    watched = watch(told.hours, told.every_s, told.fps)
    verdicts = watched.verdicts()
    good = passed(watched, verdicts)
    sys.stdout.write(table(watched, verdicts) + "\n")
    sys.stdout.write(f"watching: {'nothing piles up' if good else 'FAILED'} in {told.hours:g} h\n")
    if told.json:
        lives = [
            {"program": program, "pid": pid, "samples": [[s.at_s, s.pss_mb, s.fds] for s in samples]}
            for (program, pid), samples in watched.lives.items()
        ]
        told.json.write_text(json.dumps({"passed": good, "hours": told.hours, "lives": lives}), encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
