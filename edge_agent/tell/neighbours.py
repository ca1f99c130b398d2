"""Tells the other boxes of the site what this one guards, and hears what they guard, over the field broker.

One message per box, `edge/<site>/<unit>/peer/claims`: every ten seconds, and at once when something changes.
Nothing is retained: an old word of a box that is gone must not look like a live one. What cannot be read is
left out and logged; the box that sent it then counts as silent, which starts nothing new.
"""

import logging
from collections.abc import Callable
from threading import Event as StopFlag

import msgspec
import paho.mqtt.client as mqtt
from msgspec import Struct
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.clock import Clock
from edge_agent.domain.claim import Claim
from edge_agent.domain.observation import Claims
from edge_agent.domain.ports import Deliver
from edge_agent.field.mqtt_login import identify
from edge_agent.settings.site import BrokerTable, Settings

log = logging.getLogger(__name__)

TELL_S = 10.0  # a third of the rulebook's patience (simops.peer_stale_s)
LOOK_S = 0.2
CONNECT_S = 0.8  # cannot be interrupted, and `stop` must be obeyed within a second
RETRY_S = 2.0
LARGEST = 256 * 1024  # bytes; fifty works are about 20 kB


class Told(Struct, frozen=True, kw_only=True):
    """The body of one message."""

    unit: str
    claims: tuple[Claim, ...]


def topic(site: str, unit: str) -> str:
    """Where a box tells its claims."""
    return f"edge/{site}/{unit}/peer/claims"


class Neighbours:
    """A worker of the supervisor. `ours` gives this box's open works whenever asked."""

    def __init__(self, settings: Settings, clock: Clock, ours: Callable[[], tuple[Claim, ...]]) -> None:
        """Nothing is connected until `run`."""
        self._site, self._unit = settings.site.site.id, settings.site.site.unit
        self._units = {peer.unit for peer in settings.site.peers}
        self._table: BrokerTable = settings.site.field_broker
        self._clock, self._ours = clock, ours
        self._told: tuple[Claim, ...] | None = None
        self._told_s = 0.0

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Tell and hear until `stop`; a broker that is gone is tried again, and every peer falls silent."""
        while not stop.is_set():
            self._told = None
            try:
                client = self._client(deliver)
                client.connect(self._table.host, self._table.port, self._table.keepalive_s)
            except (OSError, ValueError) as fault:
                log.warning("the field broker is not reached for the other boxes: %s", fault)
            else:
                self._talk(client, stop)
            stop.wait(RETRY_S)

    def _talk(self, client: mqtt.Client, stop: StopFlag) -> None:
        try:
            while not stop.is_set() and client.loop(timeout=LOOK_S) == MQTTErrorCode.MQTT_ERR_SUCCESS:
                if client.is_connected():
                    self._tell(client)
        finally:
            client.disconnect()
            client.loop(timeout=0.01)  # the DISCONNECT leaves with this

    def _tell(self, client: mqtt.Client) -> None:
        now_s, claims = self._clock.monotonic(), self._ours()
        if claims != self._told or now_s - self._told_s >= TELL_S:
            body = msgspec.json.encode(Told(unit=self._unit, claims=claims))
            client.publish(topic(self._site, self._unit), body, qos=1)
            self._told, self._told_s = claims, now_s

    def _client(self, deliver: Deliver) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"{self._site}-{self._unit}-peers")
        client.connect_timeout = CONNECT_S
        identify(client, self._table)
        client.on_connect = self._on_connect
        client.on_message = lambda _client, _data, message: self._heard(message, deliver)
        return client

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: mqtt.ConnectFlags, code: ReasonCode, _props: object
    ) -> None:
        if code.is_failure:
            log.warning("the field broker refuses us: %s", code)
            return
        client.subscribe(topic(self._site, "+"), qos=1)

    def _heard(self, message: mqtt.MQTTMessage, deliver: Deliver) -> None:
        unit = message.topic.split("/")[2]
        if unit not in self._units or message.retain:
            return
        try:
            told = msgspec.json.decode(message.payload[:LARGEST], type=Told)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
            log.warning("what %s says of its works cannot be read: %s", unit, fault)
            return
        if told.unit == unit:
            deliver(Claims(source=unit, at_s=self._clock.monotonic(), claims=told.claims))
