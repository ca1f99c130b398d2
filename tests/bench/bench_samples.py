"""From a sample published over MQTT to the decision about it, and to its event at the central system's broker.

A gas, a pressure and a temperature sensor publish on the field broker (mosquitto); each in turn says a value
beyond its danger limit, at any phase of the box's tick. The decision counts once it is on the disk; the event
once another process that subscribes to the uplink's broker (mosquitto too) has it. The floor is one message of
about the event's size, published by paho with QoS 1 to the same broker and observer, after each sample. Wanted
(ledger 4-17): at most 800 ms to the decision. `python -m tests.bench samples`
"""

import argparse
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from edge_agent.domain.observation import Quality
from edge_agent.store.batch import Batch
from edge_agent.tell import messages
from tests.bench.bench_events import FLOOR_TOPIC, Floor, Listener
from tests.bench.guarded import PATIENCE_S, Guarded, NotReady
from tests.bench.table import SPREAD, show, spread

GOAL_MS = 800
# By device: what it says when all is well, and beyond its danger limit.
SENSORS = {"gas-yard": (0.0, 60.0), "pressure-1": (0.4, 2.0), "temperature-1": (25.0, 120.0)}
SITE = """
[gas.gas-yard]
name = { zh = "场地硫化氢", en = "H2S of the yard" }
bus = "field_broker"
at = "gas-yard"
profile = "advantech_wise-4000_ai1"
gas = "h2s"
area = "yard"
range = 100.0
unit = "ppm"

[gauges.pressure-1]
name = { zh = "反应釜压力", en = "Pressure" }
bus = "field_broker"
at = "pressure-1"
profile = "advantech_wise-4000_ai1"
measures = "pressure"
area = "yard"
range = 2.5
unit = "MPa"
without_trip = "a bench"
limits = { high_high = { value = 1.6, unit = "MPa", clause = "a bench" } }

[gauges.temperature-1]
name = { zh = "反应釜温度", en = "Temperature" }
bus = "field_broker"
at = "temperature-1"
profile = "advantech_wise-4000_ai1"
measures = "temperature"
area = "yard"
range = 150.0
unit = "degC"
without_trip = "a bench"
limits = { high_high = { value = 85, unit = "degC", clause = "a bench" } }
"""


def measured_at_the_yard(site: Path) -> None:
    """The demo tank with three sensors that publish."""
    file = site / "site.toml"
    file.write_text(file.read_text("utf-8") + SITE, encoding="utf-8")


class Sensors:
    """Publish as their module does; when each value left is kept."""

    def __init__(self, port: int) -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench-sensors")
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def say(self, device: str, level: float) -> float:
        """One message, measured now; the second at which it left."""
        at = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        payload = msgspec.json.encode({"s": 1, "t": at, "q": 192, "c": 1, "ai1": level, "ai_st1": 1})
        sent_s = time.monotonic()
        self._client.publish(f"Advantech/{device}/data", payload, qos=1)
        return sent_s

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Decided:
    """Stamps when an alarm about each device was on the disk."""

    def __init__(self, job: Guarded) -> None:
        self.at_s: dict[str, tuple[int, float]] = {}
        commit = job.store.commit

        def stamped(batch: Batch) -> None:
            commit(batch)
            now_s = time.monotonic()
            for entry in batch.audit:
                event = entry.event
                if event is not None and event.type == "alarm.raised":
                    source = str(event.data["source"])
                    self.at_s.setdefault("gas-yard" if source == "yard/h2s" else source, (event.seq, now_s))

        job.store.commit = stamped  # type: ignore[method-assign]


class Samples:
    """Seconds from each sample to its decision, to the observer, and of the floor beside it."""

    def __init__(self, job: Guarded) -> None:
        self.decided: dict[str, list[float]] = {device: [] for device in SENSORS}
        self.observed: dict[str, list[float]] = {device: [] for device in SENSORS}
        self.floor: list[float] = []
        self._job = job
        self._sensors, self._floor = Sensors(job.ports.field_broker), Floor(job.ports.uplink, FLOOR_TOPIC)
        self._stamps = Decided(job)
        site = job.settings.site.site
        self._topic = messages.up_topic(site.id, site.unit, "event")

    def take(self, count: int) -> None:
        """So many of each sensor, one after the other."""
        with Listener(self._job.ports.uplink, self._topic, FLOOR_TOPIC) as observer:
            for number in range(count * len(SENSORS)):
                self._one(tuple(SENSORS)[number % len(SENSORS)], observer)
                self._floor.publish(number, size=2000)
                observer.wait_for(FLOOR_TOPIC, {number})
                self.floor.append(observer.arrived[FLOOR_TOPIC, number] - self._floor.sent_s[number])

    def _one(self, device: str, observer: Listener) -> None:
        self._calm()
        before = self._job.brain.state
        self._stamps.at_s.clear()
        time.sleep(random.uniform(0, 0.2))  # noqa: S311 (a phase, not a secret)
        sent_s = self._sensors.say(device, SENSORS[device][1])
        self._until(lambda: device in self._stamps.at_s, f"nothing was decided about {device}")
        seq, decided_s = self._stamps.at_s[device]
        observer.wait_for(self._topic, {seq})
        self.decided[device].append(decided_s - sent_s)
        self.observed[device].append(observer.arrived[self._topic, seq] - sent_s)
        self._job.put_back(before)

    def _calm(self) -> None:
        """Every sensor has said that all is well."""
        for device, (safe, _) in SENSORS.items():
            self._sensors.say(device, safe)
        self._until(self._all_safe, "a sensor is not heard")

    def _all_safe(self) -> bool:
        said = self._job.brain.state.memory.readings
        return all(
            device in said and said[device].quality is Quality.GOOD and said[device].level == safe
            for device, (safe, _) in SENSORS.items()
        )

    def _until(self, holds: object, fault: str) -> None:
        assert callable(holds)
        deadline_s = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > deadline_s:
                raise NotReady(fault)
            time.sleep(0.002)

    def close(self) -> None:
        self._sensors.close()
        self._floor.close()

    def rows(self) -> list[tuple[str, ...]]:
        """Both ways of each sensor, and the floor."""
        found = []
        for device in SENSORS:
            note = f"wanted: max <= {GOAL_MS}"
            found.append(spread(f"{device}: sample -> decision on the disk", self.decided[device], note=note))
            found.append(spread(f"{device}: sample -> observer at the broker", self.observed[device]))
        return [*found, spread("  floor: paho QoS 1 -> observer", self.floor)]


def main(argv: list[str] | None = None) -> int:
    """Measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, help="samples of each sensor")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        with Guarded(folder, edit=measured_at_the_yard) as job:
            job.guard()
            samples = Samples(job)
            samples.take(options.count)
            samples.close()
    show("Samples over MQTT to the decision and to the broker, in ms", SPREAD, samples.rows(), "paho-mqtt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
