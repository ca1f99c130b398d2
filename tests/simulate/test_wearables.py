"""Wearables at a real broker (mosquitto), heard by an independent subscriber: content, movement, lies, silence."""

import json
import math
import queue
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from edge_agent.simulate.dice import dice
from edge_agent.simulate.handle import Simulator, SimulatorError
from edge_agent.simulate.tag import real_gap_s
from edge_agent.simulate.walker import Place, Walker

TAGS = json.dumps(
    [
        {"provider_id": "tag-guard", "x": 4.0, "y": 2.0, "accuracy_m": 0.2},
        {"provider_id": "tag-worker", "x": 0.0, "y": 0.0, "z": 1.2, "roam_m": 2.0},
    ]
)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = tmp_path_factory.mktemp("broker") / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    process = subprocess.Popen([program, "-c", str(settings)], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield port
    process.terminate()
    process.wait()


class Listener:
    """Hears everything under omlox/."""

    def __init__(self, port: int) -> None:
        self.heard: queue.Queue[MQTTMessage] = queue.Queue()
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.on_message = lambda _client, _data, message: self.heard.put(message)
        self._client.on_connect = lambda client, *_: client.subscribe("omlox/#", qos=1)
        subscribed: queue.Queue[bool] = queue.Queue()
        self._client.on_subscribe = lambda *_: subscribed.put(item=True)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        subscribed.get(timeout=20)

    def message(
        self, wanted: Callable[[MQTTMessage], bool] = lambda _: True, timeout_s: float = 20
    ) -> MQTTMessage:
        deadline = time.monotonic() + timeout_s
        while True:
            message = self.heard.get(timeout=max(0.01, deadline - time.monotonic()))
            if wanted(message):
                return message

    def location(self, tag: str, wanted: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        def fits(message: MQTTMessage) -> bool:
            return message.topic == f"omlox/{tag}/location" and wanted(json.loads(message.payload))

        found: dict[str, Any] = json.loads(self.message(fits).payload)
        return found

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def listener(broker: int) -> Iterator[Listener]:
    found = Listener(broker)
    yield found
    found.close()


@pytest.fixture
def tags(broker: int) -> Iterator[Simulator]:
    with Simulator("wearables", "--port", str(broker), "--tags", TAGS, "--interval", "0.1") as simulator:
        yield simulator


def far_from(location: dict[str, Any], x: float, y: float) -> float:
    here = location["position"]["coordinates"]
    return math.hypot(here[0] - x, here[1] - y)


def test_a_location_is_what_an_omlox_hub_sends(tags: Simulator, listener: Listener) -> None:
    location = listener.location("tag-guard")
    assert location["position"]["type"] == "Point"
    assert len(location["position"]["coordinates"]) == 2
    assert far_from(location, 4, 2) < 3
    expected = {"provider_id": "tag-guard", "provider_type": "uwb", "crs": "local", "accuracy": 0.2, "floor": 0.0}
    assert {key: location[key] for key in expected} == expected
    told = {"moving", "worn", "sos", "battery_pct", "button", "alarms", "vitals"}
    assert location["properties"].keys() == told
    generated = datetime.fromisoformat(location["timestamp_generated"])
    assert abs(generated.timestamp() - time.time()) < 30
    assert generated <= datetime.fromisoformat(location["timestamp_sent"])
    assert listener.location("tag-worker")["position"]["coordinates"][2] == 1.2
    assert tags.wait_for(lambda line: line.get("published") == "tag-worker")["worn"] is True


def test_the_port_that_is_ready_is_the_brokers_and_stdin_ends_it(broker: int) -> None:
    simulator = Simulator("wearables", "--port", str(broker))
    assert simulator.port == broker
    simulator.send_line(b"nonsense")
    assert simulator.wait_for(lambda line: "error" in line)
    assert simulator.stop() == 0


def test_it_walks_where_it_is_sent_at_walking_speed(tags: Simulator, listener: Listener) -> None:
    listener.location("tag-guard")
    tags.command("move", tag="tag-guard", x=7.0, y=2.0, speed=2.0)
    on_the_way = listener.location("tag-guard", lambda found: found["speed"] == 2.0)
    assert on_the_way["properties"]["moving"] is True
    assert far_from(listener.location("tag-guard", lambda found: far_from(found, 7, 2) < 0.8), 4, 2) > 1


def test_still_stir_take_off_put_on(tags: Simulator, listener: Listener) -> None:
    tags.command("still", tag="tag-worker")
    listener.location("tag-worker", lambda found: not found["properties"]["moving"])
    flags = {listener.location("tag-worker")["properties"]["moving"] for _ in range(8)}
    assert flags == {False}
    tags.command("stir", tag="tag-worker")
    listener.location("tag-worker", lambda found: found["properties"]["moving"])
    tags.command("take_off", tag="tag-worker")
    off = [listener.location("tag-worker", lambda found: not found["properties"]["worn"]) for _ in range(10)]
    assert not any(found["properties"]["moving"] for found in off)
    tags.command("put_on", tag="tag-worker")
    listener.location("tag-worker", lambda found: found["properties"]["worn"])


def test_a_platform_that_is_less_sure_of_a_place(tags: Simulator, listener: Listener) -> None:
    tags.command("accuracy", tag="tag-guard", m=12.5)
    found = listener.location("tag-guard", lambda found: found["accuracy"] == 12.5)
    assert found["properties"]["worn"]


def test_sos_and_battery(tags: Simulator, listener: Listener) -> None:
    tags.command("sos", tag="tag-guard")
    tags.command("battery", tag="tag-guard", pct=9)
    found = listener.location("tag-guard", lambda found: found["properties"]["sos"])
    found = listener.location("tag-guard", lambda found: found["properties"]["battery_pct"] == 9)
    assert found["properties"]["sos"] is True
    tags.command("sos", tag="tag-guard", on=False)
    listener.location("tag-guard", lambda found: not found["properties"]["sos"])


def test_a_fall_a_press_and_a_pulse(tags: Simulator, listener: Listener) -> None:
    tags.command("fall", tag="tag-worker")
    down = listener.location("tag-worker", lambda found: found["properties"]["alarms"]["fall"])
    later = listener.location("tag-worker", lambda found: found["properties"]["alarms"]["still_ms"] > 200)
    assert down["properties"]["moving"] is False
    assert later["properties"]["alarms"]["fall"] is True
    tags.command("fall", tag="tag-worker", on=False)
    listener.location("tag-worker", lambda found: not found["properties"]["alarms"]["fall"])
    listener.location("tag-worker", lambda found: found["properties"]["alarms"]["still_ms"] == 0)
    tags.command("press", tag="tag-guard", for_s=0.5)
    listener.location("tag-guard", lambda found: found["properties"]["button"] == "confirm")
    listener.location("tag-guard", lambda found: found["properties"]["button"] == "none")
    for bpm in (0, None):
        tags.command("pulse", tag="tag-guard", bpm=bpm)
        listener.location("tag-guard", lambda found, bpm=bpm: found["properties"]["vitals"]["hr"] == bpm)


def test_silence_is_of_one_tag_and_ends(tags: Simulator) -> None:
    after = tags.mark()
    tags.command("silent", tag="tag-guard")
    silent_from = tags.mark()
    for _ in range(5):
        tags.wait_for(lambda line: line.get("published") == "tag-worker", after=tags.mark())
    assert not [line for line in tags.lines[silent_from:] if line.get("published") == "tag-guard"]
    assert tags.command("status")["tags"][0]["silent"] is True
    tags.command("speak", tag="tag-guard")
    tags.wait_for(lambda line: line.get("published") == "tag-guard", after=max(after, silent_from))


def test_a_retained_stale_message_waits_for_the_next_subscriber(tags: Simulator, broker: int) -> None:
    tags.command("silent", tag="tag-guard")
    tags.command("retained_stale", tag="tag-guard", age_s=7200)
    late: Listener | None = None
    deadline = time.monotonic() + 20
    while late is None:
        late = Listener(broker)
        try:
            old = late.message(lambda message: message.retain, timeout_s=1)
        except queue.Empty:
            assert time.monotonic() < deadline
            late.close()
            late = None
    generated = datetime.fromisoformat(json.loads(old.payload)["timestamp_generated"])
    assert 7100 < time.time() - generated.timestamp() < 7400
    tags.command("clear_retained", tag="tag-guard")
    late.message(lambda message: message.payload == b"" and message.topic == "omlox/tag-guard/location")
    late.close()


def test_malformed_messages_are_malformed(tags: Simulator, listener: Listener) -> None:
    for tag in ("tag-guard", "tag-worker"):
        tags.command("silent", tag=tag)
    while True:
        try:
            listener.heard.get(timeout=0.3)
        except queue.Empty:
            break
    payloads: dict[str, bytes] = {}
    for kind in ("truncated", "not_json", "array", "wrong_types", "nan", "nulls", "huge", "binary", "empty"):
        tags.command("malformed", tag="tag-guard", kind=kind)
        payloads[kind] = listener.message().payload
    for kind in ("truncated", "not_json", "binary", "empty"):
        with pytest.raises(ValueError, match=r".*"):
            json.loads(payloads[kind])
    assert isinstance(json.loads(payloads["array"]), list)
    assert json.loads(payloads["wrong_types"])["position"] == "here"
    assert math.isnan(json.loads(payloads["nan"])["position"]["coordinates"][0])
    assert json.loads(payloads["nulls"])["position"] is None
    assert len(payloads["huge"]) > 300_000


def test_duplicates_old_fixes_and_raw_text(tags: Simulator, listener: Listener) -> None:
    first = listener.message(lambda message: message.topic == "omlox/tag-guard/location")
    tags.command("silent", tag="tag-guard")
    tags.command("silent", tag="tag-worker")
    tags.command("duplicate", tag="tag-guard")
    tags.command("out_of_order", tag="tag-guard", age_s=30)
    tags.command("raw", topic="omlox/tag-guard/location", payload="end")
    heard = [first.payload]
    while heard[-1] != b"end":
        message = listener.message()
        if message.topic == "omlox/tag-guard/location":
            heard.append(message.payload)
    *_, before, again, old, _ = heard
    assert before == again
    times = [json.loads(payload)["timestamp_generated"] for payload in (before, old)]
    assert times[1] < times[0]


def test_tags_can_be_added_and_unknown_ones_are_named(tags: Simulator, listener: Listener) -> None:
    tags.command("tag", provider_id="tag-3", x=9, y=9)
    assert far_from(listener.location("tag-3"), 9, 9) < 3
    with pytest.raises(SimulatorError, match="already"):
        tags.command("tag", provider_id="tag-3", x=9, y=9)
    with pytest.raises(SimulatorError, match=r"no tag tag-9; there are \['tag-3', 'tag-guard', 'tag-worker'\]"):
        tags.command("sos", tag="tag-9")
    with pytest.raises(SimulatorError, match="cannot publish on 'omlox/#'"):
        tags.command("raw", topic="omlox/#", payload="")


def test_no_broker_is_told() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken and not listening: nobody else can answer there meanwhile
        port = closed.getsockname()[1]
        with pytest.raises(SimulatorError, match="refused"):
            Simulator("wearables", "--port", str(port))


def test_the_real_gaps_have_the_real_distribution() -> None:
    chance = dice("gaps")
    gaps = sorted(real_gap_s(chance) for _ in range(20_000))
    for part, expected_s in ((0.5, 7.9), (0.9, 23.7), (0.95, 43.5)):
        assert gaps[int(part * len(gaps))] == pytest.approx(expected_s, rel=0.08)
    assert 90 < gaps[-1] <= 103


def test_a_walker_stays_about_its_post_and_never_stands_for_long() -> None:
    walker = Walker(Place(10, 5), 1.5, dice("walk"), 0.0)
    quiet_since, longest_s = 0.0, 0.0
    for second in range(1, 2000):
        walker.step(float(second))
        assert walker.at.to(Place(10, 5)) <= 1.51
        quiet_since = float(second) if walker.moving else quiet_since
        longest_s = max(longest_s, second - quiet_since)
    assert longest_s < 15
    walker.go(Place(40, 5), 1.5)
    walker.step(2000.0)
    assert 10 < walker.at.x_m < 13
    walker.stay_still()
    stays = walker.at
    walker.step(2500.0)
    assert (walker.at, walker.moving) == (stays, False)
