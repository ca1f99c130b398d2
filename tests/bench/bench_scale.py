"""A thousand units on one broker, shared subscriptions into PostgreSQL (or SQLite): what a small machine carries.

Everything runs on this machine: mosquitto, the units (tests/bench/fleet.py: real MQTT clients, rates and bodies of
a recorded job), two reference consumers that share one subscription, and the database. Each is told with the share
of one core that it took. Then the same at several times that rate. Wanted: every event is kept, whoever of the
consumers took it. `python -m tests.bench scale`; docs/upstream/scale.md reckons on from there.
"""

import argparse
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.bench.guarded import NotReady
from tests.bench.table import quantile, show
from tests.support.broker import Mosquitto

SHARED = "$share/kept/edge/+/+/up/#"
CONSUMERS = 2
PATIENCE_S = 120.0
HEAD = (
    "",
    "units",
    "times",
    "msg/s",
    "kB/s",
    "PUBACK p50 ms",
    "p99 ms",
    "broker",
    "units'",
    "consumers",
    "database",
    "",
)
COUNT = "SELECT count(*) FROM event"
TICK_HZ = os.sysconf("SC_CLK_TCK")


def family_s(pid: int) -> float:
    """Processor seconds of a process and of its children, living and gone."""
    spent = 0.0
    for process in (pid, *_children(pid)):
        try:
            fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        spent += sum(int(field) for field in fields[11:15]) / TICK_HZ
    return spent


def _children(pid: int) -> Iterator[int]:
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in file.read_text(encoding="ascii").split():
            yield int(child)
            yield from _children(int(child))


@contextmanager
def database(folder: Path, kind: str) -> Iterator[tuple[Callable[[int], str], Callable[[], int], int | None]]:
    """Where each consumer keeps, how many events are kept, and the server's process."""
    if kind == "sqlite":
        files = [folder / f"kept-{at}.sqlite" for at in range(CONSUMERS)]
        yield lambda at: str(files[at]), lambda: sum(_rows(file) for file in files), None
        return
    from tests.support.postgresql import Postgresql  # noqa: PLC0415 (an extra, which SQLite does without)

    with Postgresql() as server:
        assert server._process is not None

        def count() -> int:
            with ExitStack():
                return int(server.rows(COUNT)[0][0])

        yield lambda _: server.url, count, server._process.pid


def _rows(file: Path) -> int:
    with sqlite3.connect(file) as kept:
        return int(kept.execute(COUNT).fetchone()[0])


def measured(units: int, seconds: float, times: float, kind: str) -> tuple[str, ...]:
    """One row of the table. Raises NotReady where an event is missing."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="edge-scale-")))
        broker = ends.enter_context(
            Mosquitto(folder / "broker", extra="allow_anonymous true\nmax_inflight_messages 500")
        )
        into, kept, server = ends.enter_context(database(folder, kind))
        consumers = [_consumer(broker.port, f"kept-{at}", into(at), ends) for at in range(CONSUMERS)]
        fleet = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.fleet", str(broker.port), str(units), str(seconds), str(times)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert fleet.stdout is not None
        assert fleet.stdin is not None
        connected = json.loads(fleet.stdout.readline())["connected"]
        if connected != units:
            raise NotReady(f"{connected} of {units} units are connected")
        assert broker._process is not None
        programs = [[broker._process.pid], [fleet.pid], [one.pid for one in consumers], [server] if server else []]
        before, began_s = [sum(map(family_s, pids)) for pids in programs], time.monotonic()
        fleet.stdin.write("go\n")
        fleet.stdin.flush()
        told = json.loads(fleet.stdout.readline())
        took_s = time.monotonic() - began_s
        shares = [(sum(map(family_s, pids)) - then) / took_s for pids, then in zip(programs, before, strict=True)]
        fleet.communicate(timeout=PATIENCE_S)
        lag_s = _until_kept(kept, told["sent"]["event"])
        if any(one.poll() is not None for one in consumers):
            raise NotReady("a consumer has ended")
    return _row(
        f"{kind}: all {told['sent']['event']} events kept", units, times, told, min(took_s, seconds), shares, lag_s
    )


def _consumer(port: int, name: str, into: str, ends: ExitStack) -> "subprocess.Popen[bytes]":
    command = [
        sys.executable,
        "-m",
        "edge_agent",
        "consume",
        "--port",
        str(port),
        "--client-id",
        name,
        "--topic",
        SHARED,
    ]
    command += ["--into", into, "--quiet"]
    subprocess.run([*command, "--until-quiet", "1"], check=True, stdout=subprocess.DEVNULL)  # tables, subscription
    consumer = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    ends.callback(consumer.wait)
    ends.callback(consumer.send_signal, signal.SIGINT)
    return consumer


def _until_kept(kept: Callable[[], int], events: int) -> float:
    began_s = time.monotonic()
    while (have := kept()) < events:
        if time.monotonic() - began_s > PATIENCE_S:
            raise NotReady(f"{have} of {events} events are kept")
        time.sleep(0.2)
    return time.monotonic() - began_s


def _row(  # noqa: PLR0917 (the cells)
    name: str, units: int, times: float, told: dict[str, Any], seconds: float, shares: list[float], lag_s: float
) -> tuple[str, ...]:
    sent = sum(told["sent"].values())
    late = f", units up to {told['late_s']:.1f} s late" if told["late_s"] > 1 else ""
    return (
        name,
        str(units),
        f"{times:g}",
        f"{sent / seconds:.0f}",
        f"{told['bytes'] / seconds / 1000:.0f}",
        *(f"{quantile(told['took_s'], share) * 1000:.1f}" for share in (0.5, 0.99)),
        *(f"{share:.0%}" for share in shares),
        f"the last event {lag_s:.1f} s after the end{late}",
    )


def main() -> int:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--times", type=float, nargs="+", default=[1.0, 4.0])
    parser.add_argument("--into", choices=("postgresql", "sqlite"), default="postgresql")
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    rows = [measured(options.units, options.seconds, times, options.into) for times in options.times]
    title = "Scale: units on one mosquitto, two consumers on one shared subscription; shares are of one core"
    show(title, HEAD, rows, "paho-mqtt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
