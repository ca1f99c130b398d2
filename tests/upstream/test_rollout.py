"""The sample that rolls a version out: a real broker, units that answer; it stops at the first failure."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import paho.mqtt.client as mqtt
from joserfc.jwk import OKPKey

from tests.support.broker import Mosquitto

SAMPLE = Path(__file__).parents[2] / "docs" / "upstream" / "samples" / "rollout.py"
SHA256 = "6e" * 32


class Units:
    """Units that take what is signed for them, each with a fate of its own."""

    def __init__(self, port: int, fates: dict[str, bool]) -> None:
        self.fates, self.asked = fates, []
        self.ready = threading.Event()
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        self.client.on_connect = lambda client, *_: client.subscribe("edge/+/+/dn/update", qos=1)
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.on_message = self.ordered
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert self.ready.wait(20)

    def ordered(self, client, _userdata, message) -> None:
        _, site, unit, *_ = message.topic.split("/")
        name = f"{site}/{unit}"
        self.asked.append(name)
        data = {"sha256": SHA256, "passed": self.fates[name], "words": {"zh": "因", "en": "its relay"}}
        event = {"type": "edge_agent.update.settled.v1", "data": data}
        client.publish(f"edge/{name}/up/event", json.dumps(event), qos=1)

    def end(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def rolled(
    tmp_path, fates: dict[str, bool], waves: list[list[str]]
) -> tuple["subprocess.CompletedProcess[str]", Units]:
    key = tmp_path / "centre.pem"
    key.write_bytes(OKPKey.generate_key("Ed25519").as_pem(private=True))
    (tmp_path / "waves.json").write_text(json.dumps(waves), "utf-8")
    with Mosquitto(tmp_path / "broker") as broker:
        units = Units(broker.port, fates)
        command = [
            sys.executable,
            str(SAMPLE),
            "0.3.0",
            SHA256,
            str(key),
            "centre-1",
            "127.0.0.1",
            str(broker.port),
        ]
        done = subprocess.run(
            [*command, str(tmp_path / "waves.json"), "20"], capture_output=True, text=True, check=False
        )
        units.end()
    return done, units


def test_every_wave_follows_the_one_that_passed(tmp_path) -> None:
    fates = dict.fromkeys(("s/a", "s/b", "s/c"), True)
    done, units = rolled(tmp_path, fates, [["s/a"], ["s/b", "s/c"]])
    assert done.returncode == 0, done.stderr
    assert units.asked[0] == "s/a"
    assert sorted(units.asked) == ["s/a", "s/b", "s/c"]


def test_it_stops_at_the_first_that_does_not_pass(tmp_path) -> None:
    done, units = rolled(tmp_path, {"s/a": False, "s/b": True}, [["s/a"], ["s/b"]])
    assert done.returncode == 1
    assert "s/a: its relay" in done.stdout
    assert units.asked == ["s/a"], "no later wave was ordered"
