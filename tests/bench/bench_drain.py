"""A backlog of 100,000 events drains to a broker, and what happens meanwhile is not kept waiting.

The real box comes up (guarded.py) with the backlog in its records, every event in the audit chain and the outbox.
An independent subscriber, another process, counts what arrives. Meanwhile somebody reports a leak five times a
second: priority 2, as an alarm of that rank has, which overtakes the backlog's 3. Wanted: at least 2,000 events a
second, at most 50 MB more memory (the bench's own counts of arrivals are in it), p99 <= 300 ms from an event's
commit to the subscriber. Then what one event costs the disk: bytes handed to the kernel by the store alone, for
its commit and for taking it off the list, beside the bytes of the event as it is sent.
`python -m tests.bench drain`
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.person import Proof
from edge_agent.domain.report import Report
from edge_agent.domain.request import Ask, Request
from edge_agent.store.batch import Batch, Outgoing
from edge_agent.store.store import Store
from edge_agent.tell import messages
from tests.bench.bench_events import Commits
from tests.bench.guarded import PATIENCE_S, Guarded, NotReady
from tests.bench.subscriber import Subscriber
from tests.bench.table import SPREAD, show, spread
from tests.support.store_values import entries

COUNT, AT_ONCE = 100_000, 1000
LIVE_HZ = 5.0
GOAL_HZ, GOAL_MB, GOAL_MS = 2000, 50, 300
MB = 2**20
HEAD = ("", "measured", "")
SAYING = "an event whose words are about as long as those of a stop with two causes. " * 10


def backlog(store: Store, count: int, topic: str) -> int:
    """So many events in the records, all of them waiting; the bytes of one as it is sent."""
    head, size = store.load().head_hash, 0
    for start in range(1, count + 1, AT_ONCE):
        events = [_event(seq) for seq in range(start, min(start + AT_ONCE, count + 1))]
        audit = entries(events, head)
        rows = tuple(_outgoing(event, topic, head) for event in events)
        store.commit(Batch(audit=audit, outbox=rows))
        head, size = audit[-1].sealed.hash, len(rows[0].payload)
    return size


def _event(seq: int) -> Event:
    data = {"words": {"zh": "", "en": SAYING}}
    return Event(
        seq=seq,
        type="request.rejected",
        subject="unit",
        at_s=1.0,
        at_utc=1.8e9,
        priority=Priority.MEDIUM,
        data=data,
    )


def _outgoing(event: Event, topic: str, head: str) -> Outgoing:
    told = messages.cloud_event(event, site="s", unit="u", boot="b", trusted=True, demo=True, prev_hash=head)
    return Outgoing(topic=topic, payload=messages.encode(told), priority=int(event.priority), seq=event.seq)


class Arrivals(Subscriber):
    """What a subscriber of its own process saw: how many of the backlog by when, and each live event."""

    def __init__(self, port: int, topic: str, count: int) -> None:
        """Starts it, and waits until it is subscribed."""
        self.live_s: dict[int, float] = {}
        self.first_s = self.last_s = 0.0
        self.missing = count
        self._seen, self.begun, self.done = bytearray(count + 1), threading.Event(), threading.Event()
        super().__init__(port, topic)

    def heard(self, line: dict[str, Any]) -> None:
        """A live event, or one of the backlog."""
        seq, at_s = line["seq"], line["t"]
        if seq >= len(self._seen):
            self.live_s.setdefault(seq, at_s)
        elif not self._seen[seq]:
            self._seen[seq] = 1
            self.missing -= 1
            self.first_s, self.last_s = self.first_s or at_s, at_s
            self.begun.set()
            if not self.missing:
                self.done.set()


def resident(pid: str) -> int:
    """Bytes of memory that a process holds."""
    words = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    return int(words[1]) * 4096


def forwarder() -> int:
    """The process id of this box's forwarder."""
    for file in Path("/proc/self/task").glob("*/children"):
        for pid in file.read_text(encoding="ascii").split():
            if b"edge_agent.tell.forwarder" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
    raise NotReady("no forwarder runs")


def drain(job: Guarded, count: int) -> tuple[Arrivals, list[float], dict[str, int]]:
    """The backlog's arrivals, seconds from commit to arrival of live events, and bytes of growth by program."""
    site = job.settings.site.site
    topic = messages.up_topic(site.id, site.unit, "event")
    backlog(job.store, count, topic)
    arrivals = Arrivals(job.ports.uplink, topic, count)
    job.guard()
    commits = Commits(job)
    if not arrivals.begun.wait(PATIENCE_S):
        raise NotReady("nothing arrives")
    programs = {"agent": "self", "forwarder": str(forwarder())}
    before = {name: resident(pid) for name, pid in programs.items()}
    most, number = dict(before), 0
    while not arrivals.done.wait(1 / LIVE_HZ):
        number += 1
        job.brain.ask(_report(number)).result(PATIENCE_S)
        most = {name: max(most[name], resident(pid)) for name, pid in programs.items()}
        if time.monotonic() - arrivals.first_s > PATIENCE_S + count / 200:
            raise NotReady(f"{arrivals.missing} of {count} have not arrived")
    told = {seq: at_s for seq, at_s in commits.at_s.items() if seq > count and seq in arrivals.live_s}
    arrivals.close()
    live = [arrivals.live_s[seq] - at_s for seq, at_s in told.items() if at_s > arrivals.first_s]
    return arrivals, live, {name: most[name] - before[name] for name in before}


def _report(number: int) -> Request:
    return Request(
        id=f"r{number}",
        at_s=time.monotonic(),
        ask=Ask.REPORT,
        person="wang-lei",
        proof=Proof.PIN,
        report=Report(kind="leak", note="bench"),
    )


@contextmanager
def handed_over() -> Iterator[list[int]]:
    """How many bytes this process hands to write(2) and its like meanwhile (proc(5), io: wchar)."""
    told: list[int] = []
    before = _wchar()
    yield told
    told.append(_wchar() - before)


def _wchar() -> int:
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    return int(dict(line.split(": ") for line in lines)["wchar"])


def per_event(folder: Path, count: int) -> list[tuple[str, ...]]:
    """Bytes of one event as it is sent, of its commit, and of taking it off the list, alone and by twenties."""
    with Store.open(folder / "bytes.sqlite") as store:
        head, size = store.load().head_hash, 0
        batches: list[Batch] = []
        for seq in range(1, count + 1):
            event = _event(seq)
            audit = entries([event], head)
            row = _outgoing(event, "edge/s/u/up/event", head)
            batches.append(Batch(audit=audit, outbox=(row,)))
            head, size = audit[-1].sealed.hash, len(row.payload)
        with handed_over() as committed:
            for batch in batches:
                store.commit(batch)
        with handed_over() as deleted:
            for start in range(1, count + 1, 20):
                store.commit(Batch(acked=tuple(range(start, start + 20))))
    return [
        (
            "SQLite: bytes of an event as it is sent",
            str(size),
            "floor: written twice, as record and to be sent",
        ),
        (
            "  written for its commit",
            f"{committed[0] / count:.0f}",
            "WAL and checkpoints, one event a transaction",
        ),
        (
            "  written to take it off the list",
            f"{deleted[0] / count:.0f}",
            "twenty a transaction, as PUBACKs come",
        ),
    ]


def main() -> int:
    """Measure, print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=COUNT, help="events that wait")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with Guarded(folder) as job:
            arrivals, live, grown = drain(job, options.count)
        bytes_rows = per_event(folder, 1000)
    took_s = arrivals.last_s - arrivals.first_s
    rows = [
        (
            "events drained a second",
            f"{options.count / took_s:.0f}",
            f"{options.count} in {took_s:.1f} s; wanted >= {GOAL_HZ}",
        ),
        *(
            (f"memory growth of the {name}, MB", f"{more / MB:.1f}", f"wanted: together <= {GOAL_MB}")
            for name, more in grown.items()
        ),
        *bytes_rows,
    ]
    show("Drain: a backlog to mosquitto on loopback, live events beside it", HEAD, rows, "paho-mqtt", "apsw")
    title = "Live events during the drain: commit -> independent subscriber, in ms"
    show(title, SPREAD, [spread("live event (priority 2)", live, note=f"wanted: p99 <= {GOAL_MS}")])
    return 0


if __name__ == "__main__":
    sys.exit(main())
