"""An independent subscriber as a process of its own: one JSON line per message, with the second it arrived.

`python -m tests.bench.listen PORT TOPIC...`. Its clock is CLOCK_MONOTONIC, which all processes of one
machine share, so its lines can be held against the bench's own stamps. End of stdin ends it.
"""

import os
import sys
import threading
import time
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion


def main(port: int, topics: list[str]) -> int:
    """Say `ready` once subscribed, then every message's topic and `seq`, until stdin ends."""
    waited = threading.Event()

    def heard(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        at_s = time.monotonic()
        _say(t=at_s, topic=message.topic, seq=msgspec.json.decode(message.payload)["seq"])

    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="bench-listener")
    client.on_message = heard
    client.on_connect = lambda *_: client.subscribe([(topic, 1) for topic in topics])
    client.on_subscribe = lambda *_: waited.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    if not waited.wait(20):
        return 1
    _say(ready=True)
    while os.read(0, 65536):
        pass
    client.disconnect()
    client.loop_stop()
    return 0


def _say(**fields: Any) -> None:
    os.write(1, msgspec.json.encode(fields) + b"\n")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
