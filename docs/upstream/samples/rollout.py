"""Rolls another version out to many units in waves, and stops at the first that does not pass. Python 3.9 and up.

python rollout.py RELEASE SHA256 KEY.pem KID HOST PORT WAVES.json [PATIENCE_S [URL SIZE]]

WAVES.json: [["site/unit"], ["site/unit", "site/unit"], ...], few first. One kind of board at a time: SHA256 is
that of edge-agent-RELEASE-MACHINE.tar, which lies on each unit as updates/SHA256.tar in its state folder, or is
SIZE bytes at URL, from where each unit fetches it (a host of its [fetch]). A wave
begins once every unit of the one before has told `update.settled` with passed = true. A unit at work takes it when
the work has ended; PATIENCE_S (3 days) is how long a wave may take. Ends with 0 if every unit passed, 1 with the
names of those that did not: no later wave was ordered then. Beside this: sign_and_send.py.
"""

import json
import sys
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt
from sign_and_send import signed

LOOK_S = 0.2


class Rollout:
    """Listens to every unit, and remembers what became of this bundle where."""

    def __init__(self, host: str, port: int, sha256: str) -> None:
        self.sha256, self.told = sha256, {}
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        listens = threading.Event()
        self.client.on_subscribe = lambda *_: listens.set()
        self.client.on_connect = lambda client, *_: client.subscribe("edge/+/+/up/event", qos=1)
        self.client.on_message = self.heard
        self.client.connect(host, port)
        self.client.loop_start()
        if not listens.wait(30):
            raise SystemExit("the broker does not let this listen to edge/+/+/up/event: nothing was ordered")

    def heard(self, _client: object, _userdata: object, message: mqtt.MQTTMessage) -> None:
        """An event of some unit; the topic says of which (the broker lets each write under its own name only)."""
        event = json.loads(message.payload)
        if ".update.settled." in event.get("type", "") and event["data"]["sha256"] == self.sha256:
            _, site, unit, *_ = message.topic.split("/")
            self.told[f"{site}/{unit}"] = event["data"]

    def wave(
        self, units: "list[str]", order: "dict[str, object]", pem: bytes, kid: str, patience_s: float
    ) -> "list[str]":
        """Order it of these units; those that did not pass in time, with the reason."""
        for name in units:
            site, unit = name.split("/")
            message = signed("update", order, int(time.time() * 1000), pem, kid, site, unit)
            self.client.publish(f"edge/{site}/{unit}/dn/update", message, qos=1).wait_for_publish(10)
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            if any(name in self.told and not self.told[name]["passed"] for name in units):
                break
            if all(name in self.told for name in units):
                return []
            time.sleep(LOOK_S)
        return [f"{name}: {self.why(name)}" for name in units if not self.told.get(name, {}).get("passed")]

    def why(self, name: str) -> str:
        """In the unit's own words."""
        told = self.told.get(name)
        return "nothing heard" if told is None else told["words"]["en"]


def main() -> int:
    """The arguments stand above."""
    release, sha256, key, kid, host, port, waves, *patience = sys.argv[1:]
    rollout = Rollout(host, int(port), sha256)
    for number, units in enumerate(json.loads(Path(waves).read_text("utf-8"))):
        order = {"id": "update", "release": release, "sha256": sha256, "wave": number}
        if len(patience) == 3:
            order.update(url=patience[1], size=int(patience[2]))
        print(f"wave {number}: {', '.join(units)}", flush=True)
        failed = rollout.wave(
            units, order, Path(key).read_bytes(), kid, float(patience[0]) if patience else 259_200.0
        )
        if failed:
            print("stopped: " + "; ".join(failed), flush=True)
            return 1
    print("every unit passed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
