"""Power cuts, kills and a month without the centre: what was acknowledged is never lost, and counts once.

`python -m tests.soak.faults` (make faults) tries, each with the real records, forwarder, broker and consumer:
- so many power cuts at any write, cut or sync of a recorded run (tests/support/power.py), beside a control with
  fewer syncs, which must lose something, else the replay would prove nothing;
- a unit that publishes is killed (SIGKILL) again and again: what it said is kept, and each once at the centre;
- days without the centre at 8,000 events and three measured messages a minute, in accelerated time: afterwards
  the centre has every event. Measured values give way, and the gap itself is an event;
- so many power cuts at any call to the disk during updates (tests/ops/update/cuts.py), beside a control with fewer
  syncs, and kills of the updater: one whole version boots;
- a broker that is three NATS servers (docs/upstream/scale/nats-node.conf) loses the one that the unit speaks to.
"""

import argparse
import random
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from edge_agent.agent.outward import LOOK_S, Outward
from edge_agent.clock import Instant
from edge_agent.domain.asked import Asked
from edge_agent.domain.noted import MessagesDropped
from edge_agent.ops.demo.ports import picked_port
from edge_agent.store.batch import Outgoing
from edge_agent.store.reader import Reader
from edge_agent.store.room import CLASSES, TELEMETRY
from edge_agent.store.store import Store
from tests.bench.table import machine
from tests.ops.update import cuts as version_cuts
from tests.ops.update import killed
from tests.soak.cluster import cluster
from tests.soak.unit import NAME, SOURCE, Unit, agent
from tests.support.broker import Mosquitto
from tests.support.power import Left, cuts

EVENTS_A_DAY = 8_000
MEASURED = ("gas", "loc", "wear")
MINUTES_A_DAY = 1440
DAY_UTC = 1_795_000_000.0
QUIET_S = "8"
PATIENCE_S = 3600.0


class Failed(Exception):  # noqa: N818 (it says what was found)
    """Something was lost, or counted twice."""


def say(words: str) -> None:
    """A line of the report."""
    sys.stdout.write(f"faults: {words}\n")
    sys.stdout.flush()


def power_cuts(folder: Path, times: int, seed: str) -> None:
    """Ours lose nothing; the control loses something. Raises Failed."""
    found: dict[str, list[Left]] = {}
    for name, synchronous in (("FULL", ""), ("NORMAL", "normal")):
        (folder / name).mkdir()
        found[name] = cuts(folder / name, times, 200, seed, synchronous)
        lost = [left.lost for left in found[name] if left.lost]
        broken = [left.broken for left in found[name] if left.broken]
        say(
            f"{times} power cuts, synchronous={name}: {len(lost)} lost acknowledged events (up to "
            f"{max(lost, default=0)} each), {len(broken)} left records that cannot be read or do not hold"
        )
    wrong = [left for left in found["FULL"] if left.lost or left.broken]
    if wrong:
        raise Failed(f"a power cut: {wrong[0]}")
    if not any(left.lost for left in found["NORMAL"]):
        raise Failed("the control lost nothing: the replay proves nothing")


def updates(folder: Path, times: int, seed: str) -> None:
    """Ours always boot one whole version; the control does not. Raises Failed."""
    found: dict[str, list[version_cuts.Left]] = {}
    for name, careless in (("ours", False), ("without syncs", True)):
        (folder / name).mkdir()
        found[name] = version_cuts.cuts(folder / name, times, seed, careless=careless)
        bad = [left for left in found[name] if not left.good]
        say(f"{times} power cuts of updates, {name}: {len(bad)} left no whole version that may boot")
    if wrong := [left for left in found["ours"] if not left.good]:
        raise Failed(f"a power cut of an update: {wrong[0]}")
    if all(left.good for left in found["without syncs"]):
        raise Failed("the control of the updates lost nothing: the replay proves nothing")
    if broken := killed.kills(folder / "killed", times, seed):
        raise Failed(broken[0])
    say(f"{times} kills of the updater: one whole version boots each time")


def consume(port: int, into: Path, *more: str) -> "subprocess.Popen[str]":
    """The reference consumer."""
    command = [sys.executable, "-m", "edge_agent", "consume", "--port", str(port), "--into", str(into), "--quiet"]
    return subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True)


def agreed(port: int, into: Path, folder: Path) -> str:
    """The consumer's last word once nothing comes any more; its count is the unit's. Raises Failed."""
    out, _ = consume(port, into, "--until-quiet", QUIET_S).communicate(timeout=PATIENCE_S)
    with Reader.open(folder / NAME) as reader:
        (newest,) = reader.recent(1)
    with sqlite3.connect(into) as file:
        query = "SELECT count(*), count(DISTINCT seq), max(seq) FROM event WHERE source = ?"
        kept = file.execute(query, (SOURCE,)).fetchone()
    if kept != (newest.seq, newest.seq, newest.seq):
        raise Failed(
            f"the unit has told {newest.seq} events, the consumer has (all, distinct, last) {kept}: {out}"
        )
    return out.strip().replace("\n", "; ")


def subscribed(port: int, into: Path, quiet_s: str = "1") -> None:
    """From here on the broker keeps for the consumer. A cluster takes a while until it lets anybody in."""
    end_s = time.monotonic() + 60.0
    while True:
        first = consume(port, into, "--until-quiet", quiet_s)
        first.communicate(timeout=PATIENCE_S)
        if first.returncode == 0:
            return
        if time.monotonic() > end_s:
            raise Failed("the broker lets no consumer in")


def kills(folder: Path, times: int, seed: str) -> None:
    """A publishing unit is killed so often. Raises Failed."""
    rng, said = random.Random(seed), 0  # noqa: S311 (a test's dice)
    with Mosquitto(folder / "broker") as broker:
        subscribed(broker.port, folder / "kept.db")
        consumer = consume(broker.port, folder / "kept.db")
        for _ in range(times):
            command = [sys.executable, "-m", "tests.soak.unit", str(folder), str(broker.port)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as unit:
                assert unit.stdout is not None
                for _ in range(rng.randint(1, 80)):
                    said = int(unit.stdout.readline())
                unit.send_signal(signal.SIGKILL)
                said = max([said, *(int(line) for line in unit.stdout.read().splitlines() if line.isdigit())])
            with Store.open(folder / NAME) as store:
                if store.load().seq < said:
                    raise Failed(f"the unit said {said} and keeps {store.load().seq}")
        consumer.send_signal(signal.SIGINT)
        consumer.communicate(timeout=PATIENCE_S)
        drained(folder, broker.port)
        say(f"{times} kills while publishing: {agreed(broker.port, folder / 'kept.db', folder)}")


def drained(folder: Path, port: int) -> float:
    """The unit tells the rest; the seconds that it took."""
    began_s = time.monotonic()
    with Store.open(folder / NAME) as store:
        telling = agent(store, port)
        telling.wait_for_link(up=True)
        with Reader.open(folder / NAME) as reader:
            while reader.waiting():
                time.sleep(0.1)
        telling.end()
    return time.monotonic() - began_s


class FastClock:
    """Time that passes as it is told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s

    def instant(self) -> Instant:
        return Instant(now_s=self.now_s, utc=DAY_UTC + self.now_s, trusted=True)


def offline(folder: Path, days: float) -> None:
    """So many days without the centre, then it is back. Raises Failed."""
    clock, asked = FastClock(), list[Asked]()
    with Mosquitto(folder / "broker") as broker:
        subscribed(broker.port, folder / "kept.db")
    with Store.open(folder / NAME) as store:
        unit, outward, owed = Unit(store), Outward(clock, store, asked.append), 0.0
        for _ in range(round(days * MINUTES_A_DAY)):
            clock.now_s += LOOK_S
            owed += EVENTS_A_DAY / MINUTES_A_DAY
            outward.measured(
                [Outgoing(topic=f"edge/s/u/up/{one}", payload=b"{}", priority=TELEMETRY) for one in MEASURED]
            )
            dropped, asked[:] = len(asked), []
            more, _ = outward.take()
            store.commit(unit.happens(int(owed) + dropped, DAY_UTC + clock.now_s, more))
            owed -= int(owed)
            outward.works()
            if any(isinstance(one, MessagesDropped) and one.kind == "event" for one in asked):
                raise Failed(f"events gave way after {unit.seq} of them")
        waiting = store.load().waiting
    most = next(one for one in CLASSES if one.name == "telemetry").most_rows
    if not unit.seq <= waiting <= unit.seq + most + len(MEASURED):
        raise Failed(f"{waiting} messages wait, of them {unit.seq} events and at most {most} measured ones")
    with Mosquitto(folder / "broker-again") as broker:
        subscribed(broker.port, folder / "kept.db")
        took_s = drained(folder, broker.port)
        words = agreed(broker.port, folder / "kept.db", folder)
    size = (folder / NAME).stat().st_size / 2**20
    say(f"{days:g} days offline, {unit.seq} events ({size:.0f} MB of records), told in {took_s:.0f} s: {words}")


def node_lost(folder: Path, events: int) -> None:
    """A broker of three servers loses the one that the unit speaks to. Raises Failed."""
    with ExitStack() as held:
        ports = tuple(picked_port(held) for _ in range(3))
        with cluster(folder, ports) as nodes:
            subscribed(ports[1], folder / "kept.db", "15")
            with Store.open(folder / NAME) as store:
                unit, first = Unit(store), agent(store, ports[0])
                first.wait_for_link(up=True)
                for _ in range(events):
                    first.commit(unit.happens(1, time.time()))
                nodes.kill(0)
                first.end()
                second = agent(store, ports[2])
                second.wait_for_link(up=True)
                for _ in range(events):
                    second.commit(unit.happens(1, time.time()))
                with Reader.open(folder / NAME) as reader:
                    while reader.waiting():
                        time.sleep(0.1)
                second.end()
            say(f"a cluster of three loses a node: {agreed(ports[1], folder / 'kept.db', folder)}")


def main() -> int:
    """0 if nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--days", type=float, default=30.0)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument("--seed", default="")
    options = parser.parse_args()
    seed = options.seed or secrets.token_hex(4)
    say(f"seed {seed}")
    tries: list[Callable[[Path], None]] = [
        lambda folder: power_cuts(folder, options.cuts, seed),
        lambda folder: kills(folder, options.kills, seed),
        lambda folder: offline(folder, options.days),
        lambda folder: node_lost(folder, 500),
        lambda folder: updates(folder, options.updates, seed),
    ]
    failed = False
    for one in tries:
        with tempfile.TemporaryDirectory(prefix="edge-faults-") as name:
            try:
                one(Path(name))
            except Failed as fault:
                say(f"FAILED: {fault}")
                failed = True
    sys.stdout.write("\n".join(machine(("paho-mqtt", "apsw"))) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
