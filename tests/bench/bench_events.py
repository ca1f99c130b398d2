"""How long from the commit of an event until an independent subscriber has it, over a real mosquitto.

The real box runs and guards an active job (guarded.py); twenty times a second something is turned away
at its door, which is an event: decided, committed, taken out of the store by the forwarder (a process),
published with QoS 1, and received by a subscriber that is another process. The floor is one message of
the same size, published by paho with QoS 1 to the same broker and subscriber, after each event.
Wanted: p99 <= 100 ms. `python -m tests.bench events`
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from edge_agent.domain.request import Rejected
from edge_agent.domain.words import Words
from edge_agent.store.batch import Batch
from edge_agent.tell import messages
from tests.bench.guarded import PATIENCE_S, Guarded, NotReady
from tests.bench.table import SPREAD, show, spread

GOAL_MS = 100
FLOOR_TOPIC = "bench/floor"
WORDS = Words("签名不符", "the signature does not hold, and these words are as long as such words are")


class Listener:
    """The subscriber's process, and what it has received: seconds by (topic, seq)."""

    def __init__(self, port: int, *topics: str) -> None:
        """Starts it, and waits until it is subscribed."""
        self.arrived: dict[tuple[str, int], float] = {}
        self.news = threading.Condition()
        command = [sys.executable, "-m", "tests.bench.listen", str(port), *topics]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        if b"ready" not in self._process.stdout.readline():
            raise NotReady("the subscriber did not come up")
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            line = msgspec.json.decode(raw)
            with self.news:
                self.arrived.setdefault((line["topic"], line["seq"]), line["t"])
                self.news.notify_all()

    def wait_for(self, topic: str, seqs: set[int]) -> None:
        """Until all of these have arrived."""
        with self.news:
            if not self.news.wait_for(lambda: all((topic, seq) in self.arrived for seq in seqs), PATIENCE_S):
                missing = sorted(seq for seq in seqs if (topic, seq) not in self.arrived)
                raise NotReady(f"not received on {topic}: {missing[:10]} ({len(missing)} in all)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._reader.join()
        self._process.stdout.close()


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


class Floor:
    """The plainest publisher there is."""

    def __init__(self, port: int) -> None:
        self.sent_s: dict[int, float] = {}
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench-floor")
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def publish(self, seq: int, size: int) -> None:
        """One message of about `size` bytes."""
        payload = msgspec.json.encode({"seq": seq, "data": "x" * size})
        self.sent_s[seq] = time.monotonic()
        self._client.publish(FLOOR_TOPIC, payload, qos=1).wait_for_publish(PATIENCE_S)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def measure(job: Guarded, count: int, rate_hz: float) -> tuple[list[float], list[float]]:
    """Seconds from commit to arrival of each event, and of each of the floor's messages."""
    site = job.settings.site.site
    topic = messages.up_topic(site.id, site.unit, "event")
    with Listener(job.ports.uplink, topic, FLOOR_TOPIC) as listener:
        commits, floor = Commits(job), Floor(job.ports.uplink)
        began_s = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, began_s + number / rate_hz - time.monotonic()))
            asked = Rejected(id=f"r{number}", at_s=time.monotonic(), origin="bench", reason=WORDS)
            job.brain.ask(asked).result(PATIENCE_S)
            time.sleep(max(0.0, began_s + (number + 0.5) / rate_hz - time.monotonic()))
            floor.publish(number, size=600)
        committed = dict(commits.at_s)  # the box may have more to tell before it ends
        listener.wait_for(topic, set(committed))
        listener.wait_for(FLOOR_TOPIC, set(floor.sent_s))
        floor.close()
    events = [listener.arrived[topic, seq] - at_s for seq, at_s in committed.items()]
    return events, [listener.arrived[FLOOR_TOPIC, seq] - at_s for seq, at_s in floor.sent_s.items()]


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
            events, floor = measure(job, options.count, options.rate)
    rows = [
        spread("event committed -> subscriber", events, note=f"wanted: p99 <= {GOAL_MS}"),
        spread("floor: paho QoS 1 -> subscriber", floor),
    ]
    title = f"Events: commit -> independent subscriber over mosquitto on loopback, {options.rate:g}/s, in ms"
    show(title, SPREAD, rows, "paho-mqtt", "msgspec")
    return 0


if __name__ == "__main__":
    sys.exit(main())
