"""Many units on one broker, each a real MQTT client of its own: connected, with a will, publishing at QoS 1.

`python -m tests.bench.fleet PORT UNITS SECONDS TIMES`. What each says, how often and how long it is comes from the
published example of a whole job (docs/upstream/examples/job.jsonl), as if each unit guarded one job after the
other of `JOB_S`; TIMES as often. The last line says in JSON what was sent and how long the PUBACKs took.
"""

import heapq
import json
import random
import selectors
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

JOB = Path(__file__).resolve().parents[2] / "docs" / "upstream" / "examples" / "job.jsonl"
JOB_S = 2 * 3600.0  # four jobs in a shift of eight hours
MEASURED, EVERY_S = ("gas", "loc", "wear"), 10.0  # at work: docs/upstream/README.md, Level 2
KEEPALIVE_S = 600
SETTLE_S = 20.0


def bodies() -> tuple[dict[str, list[dict[str, Any]]], Counter[str]]:
    """Of each kind of message: examples, and how many a job makes."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in JOB.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        found.setdefault(told["topic"].split("/")[4], []).append(told["payload"])
    return found, Counter({kind: len(told) for kind, told in found.items()})


class Unit:
    """One client."""

    def __init__(self, number: int, port: int, fleet: "Fleet") -> None:
        self.name, self.seq, self.sent_s = f"u{number:05d}", 0, dict[int, float]()
        self._fleet = fleet
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=f"edge-scale-{self.name}", clean_session=False
        )
        self.client.max_inflight_messages_set(1000)
        self.client.will_set(f"edge/scale/{self.name}/up/health", b'{"online":false}', qos=1, retain=True)
        self.client.on_publish = self._taken
        self.client.connect("127.0.0.1", port, KEEPALIVE_S)

    def _taken(self, _client: paho.Client, _data: Any, mid: int, _code: Any, _properties: Any) -> None:
        sent_s = self.sent_s.pop(mid, None)
        if sent_s is not None:
            self._fleet.took_s.append(time.monotonic() - sent_s)

    def say(self, kind: str, body: dict[str, Any]) -> int:
        """One message of its own; its bytes."""
        told = {**body, "source": f"edge/scale/{self.name}"}
        leaf = kind
        if kind == "event":
            self.seq += 1
            told |= {"seq": self.seq, "id": f"{self.name}-{self.seq:012d}"}
        elif kind in ("permit", "timeline", "video"):
            leaf = f"{kind}/P-1"
        payload = json.dumps(told, ensure_ascii=False).encode()
        retained = kind in ("permit", "timeline", "video", "health")
        info = self.client.publish(f"edge/scale/{self.name}/up/{leaf}", payload, qos=1, retain=retained)
        self.sent_s[info.mid] = time.monotonic()
        return len(payload)


class Fleet:
    """All of them in one loop."""

    def __init__(self, port: int, count: int) -> None:
        self.took_s: list[float] = []
        self.sent: Counter[str] = Counter()
        self.bytes = 0
        self._selector = selectors.DefaultSelector()
        self.units = []
        for number in range(count):
            unit = Unit(number, port, self)
            self._selector.register(unit.client.socket(), selectors.EVENT_READ, unit)
            self.units.append(unit)
            self.turn(0.0)
        end_s = time.monotonic() + SETTLE_S
        while not all(unit.client.is_connected() for unit in self.units) and time.monotonic() < end_s:
            self.turn(0.05)

    def turn(self, wait_s: float) -> None:
        """Whatever the broker says now."""
        for key, _ in self._selector.select(wait_s):
            key.data.client.loop_read()
        for unit in self.units:
            if unit.client.want_write():
                unit.client.loop_write()

    def run(self, seconds: float, times: float) -> float:
        """Each unit at its own moments; how late the last ones were sent, in seconds."""
        examples, counts = bodies()
        dice = random.Random("fleet")  # noqa: S311 (the same each time)
        every_s = {kind: JOB_S / count / times for kind, count in counts.items() if kind not in MEASURED}
        every_s |= dict.fromkeys(MEASURED, EVERY_S / times)
        began_s, late_s = time.monotonic(), 0.0
        due = [
            (dice.uniform(0, apart_s), at, kind)
            for at in range(len(self.units))
            for kind, apart_s in every_s.items()
        ]
        heapq.heapify(due)
        while due[0][0] < seconds:
            now_s = time.monotonic() - began_s
            while due[0][0] <= now_s:
                at_s, at, kind = heapq.heappop(due)
                heapq.heappush(due, (at_s + every_s[kind], at, kind))
                if at_s >= seconds:
                    break
                self.bytes += self.units[at].say(kind, dice.choice(examples[kind]))
                self.sent[kind] += 1
                late_s = now_s - at_s
            self.turn(max(0.0, min(0.05, due[0][0] - (time.monotonic() - began_s))))
        end_s = time.monotonic() + SETTLE_S
        while len(self.took_s) < self.sent.total() and time.monotonic() < end_s:
            self.turn(0.05)
        return late_s


def main(port: int, count: int, seconds: float, times: float) -> int:
    """Connect all, say so, wait for a line, run, report."""
    fleet = Fleet(port, count)
    connected = sum(unit.client.is_connected() for unit in fleet.units)
    sys.stdout.write(json.dumps({"connected": connected}) + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
    late_s = fleet.run(seconds, times)
    told = {"sent": fleet.sent, "bytes": fleet.bytes, "took_s": fleet.took_s, "late_s": late_s}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])))
