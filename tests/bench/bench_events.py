"""How long from the commit of an event until an independent subscriber has it, over a real mosquitto.

The real box runs and guards an active job (guarded.py); twenty times a second something is turned away
at its door, which is an event: decided, committed, taken out of the store by the forwarder (a process),
published with QoS 1, and received by a subscriber that is another process. Also how long until the box itself
knows that the broker has it (PUBACK). The floor is one message of the same size, published by paho with QoS 1 to
the same broker and subscriber, after each event; beside it stands what sites use instead: a mosquitto on the box
that keeps each message on its disk (persistence, saved at every change) and bridges it to the same broker.
Wanted: p99 <= 100 ms. `python -m tests.bench events`
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from msgspec import Struct
from paho.mqtt.enums import CallbackAPIVersion

from edge_agent.domain.noted import Rejected
from edge_agent.domain.words import Words
from edge_agent.ops.demo.ports import picked_port
from edge_agent.ops.demo.stage import Broker
from edge_agent.store.batch import Batch
from edge_agent.store.reader import Reader
from edge_agent.tell import messages
from tests.bench.guarded import PATIENCE_S, Guarded, NotReady
from tests.bench.subscriber import Subscriber
from tests.bench.table import SPREAD, show, spread

GOAL_MS = 100
FLOOR_TOPIC, BRIDGE_TOPIC = "bench/floor", "bench/bridge"
SIZE = 600  # bytes of what is held against an event
BRIDGE = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval 1
max_queued_messages 0
connection central
address 127.0.0.1:{central}
topic # out 1
cleansession false
"""
SEQS = "SELECT seq FROM outbox WHERE seq IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
WORDS = Words("签名不符", "the signature does not hold, and these words are as long as such words are")


class Listener(Subscriber):
    """What a subscriber's process has received: seconds by (topic, seq)."""

    def __init__(self, port: int, *topics: str) -> None:
        """Starts it, and waits until it is subscribed."""
        self.arrived: dict[tuple[str, int], float] = {}
        self.news = threading.Condition()
        super().__init__(port, *topics)

    def heard(self, line: dict[str, Any]) -> None:
        """The first of each counts."""
        with self.news:
            self.arrived.setdefault((line["topic"], line["seq"]), line["t"])
            self.news.notify_all()

    def wait_for(self, topic: str, seqs: set[int]) -> None:
        """Until all of these have arrived."""
        with self.news:
            if not self.news.wait_for(lambda: all((topic, seq) in self.arrived for seq in seqs), PATIENCE_S):
                missing = sorted(seq for seq in seqs if (topic, seq) not in self.arrived)
                raise NotReady(f"not received on {topic}: {missing[:10]} ({len(missing)} in all)")


class Commits:
    """Stamps the second at which each event's transaction was on the disk."""

    def __init__(self, job: Guarded) -> None:
        self.at_s: dict[int, float] = {}
        commit = job.store.commit

        def stamped(batch: Batch) -> None:
            commit(batch)
            now_s = time.monotonic()
            self.at_s.update({entry.event.seq: now_s for entry in batch.audit if entry.event is not None})

        job.store.commit = stamped  # type: ignore[method-assign]


class Pubacks:
    """Stamps the second at which the box heard of each event that the broker has it."""

    def __init__(self, job: Guarded) -> None:
        self.at_s: dict[int, float] = {}
        acked = job.brain.keeper.acked
        path = job.store.path

        def stamped(rows: Sequence[int]) -> None:
            now_s = time.monotonic()
            with Reader.open(path) as reader:  # they are taken off with the next commit
                found = reader._database.execute_sql(SEQS, (json.dumps(list(rows)),))
                self.at_s.update({seq: now_s for (seq,) in found})
            acked(rows)

        job.brain.keeper.acked = stamped  # type: ignore[method-assign]


class Floor:
    """The plainest publisher there is."""

    def __init__(self, port: int, topic: str) -> None:
        self.sent_s: dict[int, float] = {}
        self.taken_s: dict[int, float] = {}
        self._topic = topic
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"bench-{topic.rpartition('/')[2]}")
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def publish(self, seq: int, size: int) -> None:
        """One message of about `size` bytes, until its PUBACK."""
        payload = msgspec.json.encode({"seq": seq, "data": "x" * size})
        self.sent_s[seq] = time.monotonic()
        self._client.publish(self._topic, payload, qos=1).wait_for_publish(PATIENCE_S)
        self.taken_s[seq] = time.monotonic()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def bridge(folder: Path, central: int) -> Iterator[int]:
    """A mosquitto beside the box that bridges to the central one; its port."""
    with ExitStack() as held:
        port = picked_port(held)
        broker = Broker("bridge", port, folder, BRIDGE.replace("{central}", str(central)))
        held.callback(broker.stop)
        yield port


class Measured(Struct, frozen=True):
    """Seconds, of each event and of each message that stands beside them."""

    event: list[float]  # from the commit to the subscriber
    puback: list[float]  # from the commit until the box knows that the broker has it
    floor: list[float]
    floor_puback: list[float]
    bridged: list[float]


def measure(job: Guarded, count: int, rate_hz: float) -> Measured:
    """So many events, and after each a message of the floor and one over the bridge."""
    site = job.settings.site.site
    topic = messages.up_topic(site.id, site.unit, "event")
    with (
        Listener(job.ports.uplink, topic, FLOOR_TOPIC, BRIDGE_TOPIC) as listener,
        bridge(job.folder, job.ports.uplink) as bridge_port,
    ):
        commits, pubacks = Commits(job), Pubacks(job)
        floor, bridged = Floor(job.ports.uplink, FLOOR_TOPIC), Floor(bridge_port, BRIDGE_TOPIC)
        began_s = time.monotonic()
        for number in range(count):
            _wait_until(began_s + number / rate_hz)
            asked = Rejected(id=f"r{number}", at_s=time.monotonic(), origin="bench", reason=WORDS)
            job.brain.ask(asked).result(PATIENCE_S)
            for part, beside in enumerate((floor, bridged), start=1):
                _wait_until(began_s + (number + part / 3) / rate_hz)
                beside.publish(number, size=SIZE)
        committed = dict(commits.at_s)  # the box may have more to tell before it ends
        listener.wait_for(topic, set(committed))
        for beside, where in ((floor, FLOOR_TOPIC), (bridged, BRIDGE_TOPIC)):
            listener.wait_for(where, set(beside.sent_s))
            beside.close()
    arrived = listener.arrived
    return Measured(
        event=[arrived[topic, seq] - at_s for seq, at_s in committed.items()],
        puback=[pubacks.at_s[seq] - at_s for seq, at_s in committed.items() if seq in pubacks.at_s],
        floor=[arrived[FLOOR_TOPIC, seq] - at_s for seq, at_s in floor.sent_s.items()],
        floor_puback=[floor.taken_s[seq] - at_s for seq, at_s in floor.sent_s.items()],
        bridged=[arrived[BRIDGE_TOPIC, seq] - at_s for seq, at_s in bridged.sent_s.items()],
    )


def _wait_until(at_s: float) -> None:
    time.sleep(max(0.0, at_s - time.monotonic()))


def main() -> int:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500, help="events")
    parser.add_argument("--rate", type=float, default=20.0, help="events a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with Guarded(folder) as job:
            job.guard()
            job.activate()
            found = measure(job, options.count, options.rate)
    rows = [
        spread("event committed -> subscriber", found.event, note=f"wanted: p99 <= {GOAL_MS}"),
        spread("event committed -> PUBACK known", found.puback),
        spread("floor: paho QoS 1 -> subscriber", found.floor, note="nothing on a disk"),
        spread("floor: paho QoS 1 -> PUBACK", found.floor_puback, note="nothing on a disk"),
        spread("peer: mosquitto bridge -> subscriber", found.bridged, note="saved at every change"),
    ]
    title = f"Events: commit -> independent subscriber over mosquitto on loopback, {options.rate:g}/s, in ms"
    show(title, SPREAD, rows, "paho-mqtt", "msgspec")
    return 0


if __name__ == "__main__":
    sys.exit(main())
