"""What many detectors cost and how punctual they are read, and how long from a register to the coil.

200 detectors behind ten Modbus TCP gateways (processes of their own), each asked once a second by the real bus
workers, one on each gateway dead. Wanted: at most 15 % of one core; the healthy ones' periods off by at most 20 ms
(p99). The floor is the same number of plain pymodbus reads a second, and how late a sleep ends.

Then the real box guards a job (guarded.py): methane rises in the detector's register at any phase of its poll, and
the relay module stamps the moment at which its coil falls. Wanted: p99 <= poll period + 50 ms, worst <= poll
period + 1 s. `python -m tests.bench gas`
"""

import argparse
import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pymodbus.client import ModbusTcpClient

from edge_agent.domain.observation import Observation, Quality, Reading
from edge_agent.domain.permit import State
from edge_agent.sense.modbus import GasBus
from edge_agent.simulate.handle import Simulator
from tests.bench.bench_stop import PERMISSIVE, Stops
from tests.bench.guarded import PATIENCE_S, PERMIT, Guarded, NotReady
from tests.bench.table import SPREAD, show, spread
from tests.sense.field_fakes import bus, detector

POLL_S = 1.0
CPU_GOAL_PCT, JITTER_GOAL_MS = 15, 20
BLOCK = 10  # registers of one detector of this family
SAFE, DANGEROUS = 0.8, 30.0  # %LEL


class Yard:
    """`gateways` buses of `each` detectors, the first of each dead; what arrives is kept."""

    def __init__(self, folder: Path, gateways: int, each: int) -> None:
        self.polls = gateways * each
        self.seen: dict[str, list[float]] = {}
        self._ends = ExitStack()
        self._workers: list[GasBus] = []
        units = [
            {"unit": unit, "type": "cn10", "gas": "h2s", "level": 1, "range": 100, "low": 7, "high": 14}
            for unit in range(1, each + 1)
        ]
        file = folder / "modules.json"
        file.write_text(json.dumps(units))
        for number in range(gateways):
            gateway = Simulator("gas-gateway", "--modules", str(file))
            self._ends.callback(gateway.stop)
            gateway.command("fault", kind="silent", unit=1)
            self.port = gateway.port
            polled = [detector("h2s", unit, poll_s=POLL_S, min_poll_s=0.5) for unit in range(1, each + 1)]
            for one in polled:
                one.device = f"gas-{number}-{one.unit_id}"
            self._workers.append(bus(gateway.port, *polled, timeout_s=0.5))

    def close(self) -> None:
        self._ends.close()

    def _deliver(self, seen: Observation) -> None:
        if isinstance(seen, Reading) and seen.quality is Quality.GOOD:
            self.seen.setdefault(seen.source, []).append(seen.at_s)

    @contextmanager
    def running(self) -> Iterator[None]:
        """The workers, one thread each as in the box."""
        stop = threading.Event()
        threads = [threading.Thread(target=one.run, args=(self._deliver, stop)) for one in self._workers]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join(PATIENCE_S)

    def measure(self, seconds: float) -> tuple[float, list[float]]:
        """Share of one core, and by how much each healthy period was off, in seconds."""
        with self.running():
            time.sleep(2 * POLL_S)  # all of them have found their beat
            self.seen.clear()
            cpu_s, began_s = time.process_time(), time.monotonic()
            time.sleep(seconds)
            share = (time.process_time() - cpu_s) / (time.monotonic() - began_s)
        off = [
            abs(later - earlier - POLL_S)
            for stamps in self.seen.values()
            for earlier, later in itertools.pairwise(stamps)
        ]
        return share, off

    def floor(self, seconds: float) -> tuple[float, list[float]]:
        """The share that as many plain pymodbus reads a second take, and how late a sleep ends."""
        client = ModbusTcpClient("127.0.0.1", port=self.port, timeout=5, retries=0)
        client.connect()
        cpu_s, reads = time.process_time(), 0
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            client.read_holding_registers(0, count=BLOCK, device_id=2)
            reads += 1
        each_s = (time.process_time() - cpu_s) / reads
        client.close()
        late = []
        for _ in range(round(seconds * 20)):
            began_s = time.monotonic()
            time.sleep(0.05)
            late.append(time.monotonic() - began_s - 0.05)
        return each_s * self.polls / POLL_S, late


class Leaks(Stops):
    """Methane rises in the detector's own register again and again; seconds until the coil has fallen."""

    def __init__(self, job: Guarded) -> None:
        super().__init__(job)
        self.poll_s = job.settings.site.gas["gas-ch4"].poll_s

    def sample(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """One leak, if the job has not stopped by itself."""
        job = self.job
        self._until_active()
        time.sleep(random.uniform(0, self.poll_s))  # noqa: S311 (a phase, not a secret)
        before, mark = job.brain.state, job.relay.mark()
        if before.permits[PERMIT].state is not State.ACTIVE or not self._on_at(mark):
            return
        self._before = before
        changed = job.gateway.command("set", gas="ch4", level=DANGEROUS)
        fell = job.relay.wait_for(lambda line: line.get("coil") == PERMISSIVE, PATIENCE_S, after=mark)
        if fell["on"] is not False or fell["why"] != "write":
            raise NotReady(f"not the fall that was meant: {fell}")
        self.whole.append(fell["t"] - changed["t"])
        job.gateway.command("set", gas="ch4", level=SAFE)
        time.sleep(2 * self.poll_s)  # the detector has been read as clean again
        meanwhile()
        job.put_back(before)

    def row(self) -> tuple[str, ...]:
        poll_ms = 1000 * self.poll_s
        note = f"wanted: p99 <= {poll_ms + 50:.0f}, worst <= {poll_ms + 1000:.0f} (poll period {poll_ms:.0f})"
        return spread("register changes -> coil fallen", self.whole, note=note)


def main(argv: list[str] | None = None) -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--leaks", type=int, default=100)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        yard = Yard(Path(name), 10, 20)
        try:
            share, off = yard.measure(args.seconds)
            floor, late = yard.floor(args.seconds / 10)
        finally:
            yard.close()
    cpu = [("share of one core, %", "1", *[f"{100 * share:.1f}"] * 4, f"wanted: <= {CPU_GOAL_PCT}")]
    cpu.append(("  floor: as many plain pymodbus reads", "1", *[f"{100 * floor:.1f}"] * 4, ""))
    rows = [
        spread("period off by, ms", off, note=f"wanted: p99 <= {JITTER_GOAL_MS}"),
        spread("  floor: a sleep ends too late by", late),
    ]
    show("200 detectors once a second, ten of them dead", SPREAD, [*cpu, *rows], "pymodbus")
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with Guarded(folder) as job:
            job.guard()
            job.activate()
            leaks = Leaks(job)
            while len(leaks.whole) < args.leaks:
                leaks.sample()
            leaks.close()
    show("From a detector's register to the coil, ms", SPREAD, [leaks.row()], "pymodbus")
    return 0


if __name__ == "__main__":
    sys.exit(main())
