"""What 1,000 position updates a second cost: CPU of the thread that hears them, as a share of one core.

Real messages of each family through a real mosquitto into the box's own worker; a publisher beside it keeps the
pace, and its CPU and the broker's are not counted. The floor is the same thread doing no more than receive (paho).
The last row is the brain's share: the same positions taken into memory, 200 a step.
`python -m tests.bench wearables`
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from edge_agent.clock import Instant, SystemClock
from edge_agent.domain.observation import DeviceHealth, Observation, Position
from edge_agent.domain.words import Words
from edge_agent.fuse.memory import Memory, absorb
from edge_agent.sense import build
from edge_agent.sense.mqtt_field import FieldBroker
from edge_agent.sense.wearables.family import Told
from edge_agent.settings.site import Settings, Site
from edge_agent.settings.site_brokers import BrokerTable, DownlinkTable
from edge_agent.settings.site_itself import SiteTable
from edge_agent.settings.site_worn import PositioningTable, WearableTable
from edge_agent.simulate.maps import Map
from edge_agent.simulate.platforms import PLATFORMS, Message, Scene
from edge_agent.simulate.tag import Tag, TagSpec
from tests.bench.table import show
from tests.support.broker import Mosquitto

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = {
    "omlox": "omlox_wristband",
    "card": "cn_card_platform",
    "wristband": "cn_wristband_gateway",
    "abeeway": "chirpstack_abeeway",
}
TAGS = 200
RATE_HZ = 1000
NAME = Words("某", "some")
HEAD = ("", "messages", "heard", "CPU s", "% of one core", "")


class Silent:
    """A family that receives and reads nothing: the floor."""

    topics = "omlox/+/location"
    devices: frozenset[str] = frozenset()

    def heard(self, _topic: str, _payload: bytes, _received: Instant) -> Iterator[Told]:
        """Nothing."""
        return iter(())


def settings(port: int, profile: str) -> Settings:
    """A site with so many tags of one kind."""
    broker = BrokerTable(host="127.0.0.1", port=port)
    tags = {
        f"tag-{at}": WearableTable(name=NAME, profile=profile, provider_id=f"c0ffee{at:06}") for at in range(TAGS)
    }
    site = Site(
        schema=1,
        site=SiteTable(id="yard", unit="box", name=NAME, rulebook="any", origin_lat=31.0, origin_lon=121.0),
        downlink=DownlinkTable(keys=()),
        uplink=broker,
        field_broker=broker,
        positioning=PositioningTable(zones={"GW0012": "yard"}, crs={"cn_card_platform": "gcj02"}),
        wearables=tags,
    )
    return Settings(folder=Path(), site=site, areas=(), persons=(), rulebook=None, devices=(), digest="")  # type: ignore[arg-type]


def messages(platform: str, count: int) -> list[Message]:
    """What so many words of the tags are, each with the time at which it will be sent."""
    now_s, utc_s = time.monotonic(), time.time()
    crs = "gcj02" if platform == "card" else "wgs84"
    scene = Scene(map=Map(crs=crs))
    specs = [TagSpec(provider_id=f"c0ffee{at:06}", x=4.0, y=5.0, source="GW0012") for at in range(TAGS)]
    tags = [Tag(spec, 1, now_s) for spec in specs]
    found: list[Message] = []
    for at in range(count):
        tag, after_s = tags[at % TAGS], at / RATE_HZ
        found += PLATFORMS[platform](tag, tag.locate(now_s + after_s, utc_s + after_s), utc_s + after_s, scene)
    return found


class Heard:
    """Counts positions; keeps them for the brain's share."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.positions: list[Position] = []
        self.ready = threading.Event()

    def __call__(self, seen: Observation) -> None:
        """One observation of the worker."""
        if isinstance(seen, Position):
            self.positions.append(seen)
        elif isinstance(seen, DeviceHealth) and seen.ok:
            self.ready.set()


@contextmanager
def hearing(source: FieldBroker, heard: Heard) -> Iterator[int]:
    """The worker in its thread; gives the thread's CPU clock."""
    stop = threading.Event()
    thread = threading.Thread(target=source.run, args=(heard, stop), daemon=True)
    thread.start()
    if not heard.ready.wait(30):
        raise SystemExit("bench_wearables: the broker does not let the worker in")
    try:
        yield time.pthread_getcpuclockid(thread.ident or 0)
    finally:
        stop.set()
        thread.join()


def cpu_s(port: int, source: FieldBroker, said: list[Message]) -> tuple[float, list[Position]]:
    """Seconds of CPU of the worker's thread for these messages, sent at the pace; and what it heard."""
    heard = Heard()
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", port)
    client.loop_start()
    with hearing(source, heard) as clock:
        before_s, began_s = time.clock_gettime(clock), time.monotonic()
        for at, message in enumerate(said):
            time.sleep(max(0.0, began_s + at / RATE_HZ - time.monotonic()))
            client.publish(message.topic, message.payload)
        last = client.publish("bench/end", b"", qos=1)
        last.wait_for_publish(60)
        _settle(heard)
        spent_s = time.clock_gettime(clock) - before_s
    client.disconnect()
    client.loop_stop()
    return spent_s, heard.positions


def _settle(heard: Heard) -> None:
    """Wait until nothing more is on its way: for two seconds nothing new, or half a minute in all."""
    for _ in range(15):
        before = len(heard.positions)
        time.sleep(2.0)
        if len(heard.positions) == before:
            return


def row(name: str, spent_s: float, count: int, heard: int) -> tuple[str, ...]:
    """One row of the table."""
    return (name, str(count), str(heard), f"{spent_s:.3f}", f"{100 * spent_s * RATE_HZ / count:.1f}", "")


def rows(folder: Path, seconds: float) -> list[tuple[str, ...]]:
    """Every family, the floor, and the brain's share of what the last one said."""
    with Mosquitto(folder) as broker:
        return _rows(broker.port, round(seconds * RATE_HZ))


def _rows(port: int, count: int) -> list[tuple[str, ...]]:
    clock = SystemClock(declared=True)
    found, positions = [], []
    for platform, profile in FAMILIES.items():
        (source,) = build.sources(settings(port, profile), clock, ROOT)
        if not isinstance(source, FieldBroker):
            raise SystemExit("bench_wearables: no worker of the field broker")
        spent_s, positions = cpu_s(port, source, messages(platform, count))
        found.append(row(f"{platform}, read and placed", spent_s, count, len(positions)))
        if not positions:
            raise SystemExit(f"bench_wearables: nothing of {platform} was heard")
    table = BrokerTable(host="127.0.0.1", port=port)
    floor_s, _ = cpu_s(port, FieldBroker(table, (Silent(),), clock, "floor"), messages("omlox", count))
    found.append(row("floor: received and not read", floor_s, count, 0))
    found.append(row("the brain takes them in, 200 a step", absorbed_s(positions), len(positions), len(positions)))
    return found


def absorbed_s(positions: list[Position]) -> float:
    """Seconds of CPU to take these positions into memory."""
    memory = Memory(booted_s=0.0)
    began_s = time.thread_time()
    for at in range(0, len(positions), TAGS):
        memory = absorb(memory, tuple(positions[at : at + TAGS]))
    return time.thread_time() - began_s


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="tests.bench wearables")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each family")
    options = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    with tempfile.TemporaryDirectory(prefix="edge-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
        found = rows(folder, options.seconds)
    title = (
        f"Wearables: CPU of one thread at {RATE_HZ} position updates a second of {TAGS} tags (goal: at most 30 %)"
    )
    show(title, HEAD, found, "paho-mqtt", "msgspec")


if __name__ == "__main__":
    main()
