"""The independent subscriber: a plain MQTT client in the place of the central system.

It knows nothing of the agent but the topic and the contract. It keeps what arrives, tells copies from new events
by (source, seq), and says at the end whether anything was missing, came in another order or broke the contract.
"""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.tell.contract.check import fault_of
from edge_agent.tell.contract.event_types import wire_type

Event = dict[str, Any]


class NotSeen(Exception):  # noqa: N818 (it says what did not happen)
    """Something expected was not seen in time."""


class Subscriber:
    """Collects what every unit tells, over broker restarts (a persistent session, QoS 1)."""

    def __init__(self, port: int) -> None:
        """Connect to the central broker on loopback and subscribe."""
        self.deliveries = 0
        self._events: dict[tuple[str, int], Event] = {}
        self._broken: list[str] = []  # what did not keep the contract
        self._after = 0  # the number of the event last expected
        self._changed = threading.Condition()
        self._subscribed = threading.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id="demo-central-system", clean_session=False
        )
        self._client.on_connect = self._connected
        self._client.on_subscribe = self._ready
        self._client.on_message = self._heard
        self._client.reconnect_delay_set(1, 2)
        self._client.connect("127.0.0.1", port, keepalive=10)
        self._client.loop_start()
        if not self._subscribed.wait(10):
            raise NotSeen("the central broker did not take the subscription within 10 s")

    def stop(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, topic: str, payload: bytes) -> None:
        """Publish to a unit, as the central system does."""
        self._client.publish(topic, payload, qos=1).wait_for_publish(10)

    def expect(self, type_: str, within_s: float, where: Callable[[Event], bool] = lambda _: True) -> Event:
        """The next event of this type after the last one expected; NotSeen if it does not come.

        "Next" by `seq`, because a live alarm may overtake on the way.
        """
        wanted = wire_type(type_)
        deadline_s = time.monotonic() + within_s
        with self._changed:
            while True:
                later = [self._events[key] for key in sorted(self._events) if key[1] > self._after]
                for event in later:
                    if event["type"] == wanted and where(event):
                        self._after = int(event["seq"])
                        return event
                left_s = deadline_s - time.monotonic()
                if left_s <= 0:
                    since = [event["type"] for event in later]
                    raise NotSeen(f"{wanted} was not seen within {within_s:.0f} s; since then: {since}")
                self._changed.wait(left_s)

    def faults(self) -> list[str]:
        """What is wrong with what arrived: gaps in `seq` from the first event on, breaches of the contract."""
        with self._changed:
            seqs = sorted(seq for _, seq in self._events)
            broken = list(self._broken)
        if not seqs:
            return ["no event arrived"]
        missing = sorted(set(range(1, seqs[-1] + 1)) - set(seqs))
        return [*([f"missing: {missing}"] if missing else []), *broken]

    def breaches(self) -> list[str]:
        """What arrived and did not keep the contract."""
        with self._changed:
            return list(self._broken)

    def count(self) -> int:
        """How many different events arrived."""
        with self._changed:
            return len(self._events)

    def wait_for_seq(self, seq: int, within_s: float) -> None:
        """Until every event up to `seq` is here."""
        deadline_s = time.monotonic() + within_s
        with self._changed:
            while len([number for _, number in self._events if number <= seq]) < seq:
                left_s = deadline_s - time.monotonic()
                if left_s <= 0:
                    return
                self._changed.wait(left_s)

    def _connected(
        self, client: mqtt.Client, _user: object, _flags: object, _code: ReasonCode, _p: Properties | None
    ) -> None:
        client.subscribe("edge/+/+/up/#", qos=1)

    def _ready(
        self, _client: mqtt.Client, _user: object, _mid: int, _codes: list[ReasonCode], _p: Properties | None
    ) -> None:
        self._subscribed.set()

    def _heard(self, _client: mqtt.Client, _user: object, message: mqtt.MQTTMessage) -> None:
        fault = fault_of(message.topic, bytes(message.payload))
        if fault:
            with self._changed:
                self._broken.append(fault)
        if not message.topic.endswith("/up/event"):
            return
        event: Event = json.loads(message.payload)
        key = (str(event["source"]), int(event["seq"]))
        with self._changed:
            self.deliveries += 1
            if key not in self._events:
                self._events[key] = event
                self._changed.notify_all()
