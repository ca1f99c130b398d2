"""How many bytes a day of ordinary work writes to the disk, and which part writes them.

The whole demo stage runs, every part a process of its own, with a synthetic film. Once the permit is
active the counters of the processes (proc(5), io: write_bytes, what was sent towards the disk) and the
sizes of the files are read, and read again after a while. The runtime folder, which need not survive a
restart, lies in memory as on a real box (/run); what would be written there is told apart by looking at
the files themselves. The floor is the journal's own lines: not a byte less holds what was consumed.
`python -m tests.bench disk`
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from edge_agent.domain.permit import State
from edge_agent.ops import painter
from edge_agent.ops.demo.job import Job
from edge_agent.ops.demo.stage import Stage
from edge_agent.ops.demo.timeline import Timeline
from edge_agent.ops.folders import DATABASE, JOURNAL
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.store import journal
from edge_agent.store.reader import Reader
from edge_agent.tell.live_file import LIVE
from tests.bench.guarded import ROOT, NotReady
from tests.bench.table import show

DAY_S = 86_400.0
SETTLE_S = 10.0
PAINTED_S = painter.EVERY_S
STILL_S = STANDARD.still_every_s
MEMORY = Path("/dev/shm")  # noqa: S108 (the file system in memory of every Linux, for the runtime folder)
MB = 1e6
HEAD = ("", "bytes measured", "MB a day", "")


class BenchStage(Stage):
    """The demo's stage, its runtime folder in memory."""

    memory: Path

    def start_agent(self) -> None:
        """Lay the folder where the service manager would, then start."""
        self.runtime_folder.symlink_to(self.memory, target_is_directory=True)
        super().start_agent()


class Quiet(Timeline):
    """A timeline that nobody reads."""

    def plain(self, words: str) -> None:
        pass

    def _print(self, words: str) -> None:
        pass


def programs(agent: int) -> dict[str, int]:
    """Process ids of the agent and its children, by the module that each runs."""
    found = {"agent": agent}
    for task in Path(f"/proc/{agent}/task").iterdir():
        for pid in (task / "children").read_text(encoding="ascii").split():
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            found[words[2].decode().rsplit(".", 1)[-1]] = int(pid)
    return found


def written(pid: int) -> int:
    """Bytes that the process has sent towards the disk so far."""
    fields = dict(line.split(": ") for line in Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines())
    return int(fields["write_bytes"])


class Sizes:
    """The state folder at one moment."""

    def __init__(self, folder: Path) -> None:
        self.database = (folder / DATABASE).stat().st_size
        self.wal = (folder / f"{DATABASE}-wal").stat().st_size
        self.journal = sum(path.stat().st_size for path in journal.segments(folder / JOURNAL))
        with Reader.open(folder / DATABASE) as reader:
            self.rows = sum(1 for _ in reader.audit())


def measure(stage: Stage, job: Job, seconds: float) -> list[tuple[str, ...]]:
    """The rows of the table."""
    pids = programs(stage.agent._process.pid)
    before, began = Sizes(stage.state_folder), {name: written(pid) for name, pid in pids.items()}
    began_s = time.monotonic()
    time.sleep(seconds)
    after, took_s = Sizes(stage.state_folder), time.monotonic() - began_s
    if job._permit().state != State.ACTIVE.value:
        raise NotReady(f"the work did not stay active: {[r.detail.en for r in job._permit().standing]}")
    if programs(stage.agent._process.pid) != pids:
        raise NotReady("a program was started again meanwhile")

    def row(name: str, count: float, note: str = "") -> tuple[str, ...]:
        return (name, f"{count:.0f}", f"{count / took_s * DAY_S / MB:.0f}", note)

    sent = {name: written(pid) - began[name] for name, pid in pids.items()}
    lines = after.journal - before.journal
    live = (stage.runtime_folder / LIVE).stat().st_size
    stills = sum(path.stat().st_size for path in stage.runtime_folder.glob("*.jpg"))
    return [
        row("sent to the disk, all programs", sum(sent.values()), f"in {took_s:.0f} s"),
        *(row(f"  by {name}", count) for name, count in sent.items()),
        row("floor: the journal's own lines", lines, "growth of its segments"),
        row("above it: half-filled pages, WAL, file system", sum(sent.values()) - lines),
        row("  WAL growth", after.wal - before.wal, "a file that is reused: nothing when it does not grow"),
        row("  database growth", after.database - before.database),
        row("audit rows (not bytes)", after.rows - before.rows, "events committed meanwhile"),
        row("not on the disk: live picture", live * took_s / PAINTED_S, f"{live} bytes twice a second, in memory"),
        row("not on the disk: still", stills * took_s / STILL_S, f"{stills} bytes once a second, in memory"),
    ]


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    """One on the disk, one in memory."""
    with (
        tempfile.TemporaryDirectory(prefix="edge-bench-") as disk,
        tempfile.TemporaryDirectory(prefix="edge-bench-", dir=MEMORY) as memory,
    ):
        Path(disk).chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        yield Path(disk), Path(memory)


def main() -> int:
    """Bring the job to active, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=90.0, help="of ordinary work")
    options = parser.parse_args()
    with folders() as (disk, memory):
        BenchStage.memory = memory
        with BenchStage(ROOT / "zones" / "demo-tank", disk, None) as stage:
            job = Job(stage, Quiet(), 1)
            job.arrives()
            job.refused_while_warming_up()
            job.starts()
            time.sleep(SETTLE_S)
            rows = measure(stage, job, options.seconds)
    show("Disk: bytes written by ordinary work of the demo job (4 detectors, 3 wearables, 1 camera)", HEAD, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
