"""One connection to the centre's broker over paho, from TCP to loss; never used again after that.

MQTT 3.1.1, QoS 1, a session that the broker keeps, so that it holds downlinks while we are away. A
downlink is acknowledged to the broker only once the agent has it on its disk (`took`).
"""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.domain.words import Words
from edge_agent.field import bound_socket
from edge_agent.field.mqtt_login import identify
from edge_agent.settings.site_brokers import UplinkTable
from edge_agent.store.batch import OutboxRow
from edge_agent.tell import link, messages
from edge_agent.tell.wire import ForwarderConfig

WINDOW = 20  # rows on their way at once
CONNECT_S = 5.0  # TCP, TLS and CONNACK each
FAREWELL_S = 0.5


class NotConnected(Exception):  # noqa: N818 (it is a state of the world, not an error of ours)
    """The connection is over."""

    def __init__(self, words: Words) -> None:
        """`words` say why."""
        super().__init__(words.en)
        self.words = words


class _Client(paho.Client):
    """paho, by one interface where the site says so."""

    interface: str | None = None

    def _create_socket_connection(self) -> socket.socket:
        if self.interface is None:
            return super()._create_socket_connection()
        return bound_socket.connect(self._host, self._port, self._connect_timeout, self.interface)


class Broker:
    """The connection. Every method is for the forwarder's one thread; none blocks but `connect`."""

    def __init__(self, config: ForwarderConfig, way: UplinkTable, health: bytes, numbers: Iterator[int]) -> None:
        """Nothing is sent before `connect`. `health` is said on arrival; `numbers` count downlinks.

        `way` is where it goes and how: the first one, which is `config` itself, or the second.
        """
        self._config, self._way = config, way
        self.ready = False  # the broker let us in
        self.in_flight: dict[int, int] = {}  # outbox id -> MQTT message id
        self._rows: dict[int, int] = {}  # MQTT message id -> outbox id
        self._acked: list[int] = []
        self._downs: list[tuple[int, str, bytes, bool]] = []
        self._untaken: dict[int, tuple[int, int]] = {}  # number of a downlink -> MQTT message id, QoS
        self._health = health
        self._numbers = numbers
        self._refused: Words | None = None
        self._answer_by_s = 0.0
        self._client = self._new_client()

    def _new_client(self) -> "_Client":
        config = self._config
        client = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"edge-{config.site}-{config.unit}",
            clean_session=False,
            protocol=paho.MQTTv311,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = CONNECT_S
        client.max_inflight_messages_set(WINDOW + 2)  # rows, and the two states of health
        client.will_set(self._health_topic, config.will.encode(), qos=1, retain=True)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    @property
    def _health_topic(self) -> str:
        return messages.up_topic(self._config.site, self._config.unit, "health")

    def connect(self) -> Words | None:
        """Open TCP and TLS; what stood in the way, if anything. The broker's own answer comes later: `ready`."""
        way = self._way
        self._client.interface = way.interface
        try:
            identify(self._client, way)
            # paho pings after its keep-alive and gives up after a second one: three quarters of ours,
            # so that a half-open connection is found within 1.5 times the keep-alive.
            self._client.connect(way.host, way.port, max(1, way.keepalive_s * 3 // 4))
        except (OSError, ValueError) as fault:
            return link.trouble_connecting(fault, way.host, way.port, way.interface)
        self._answer_by_s = time.monotonic() + CONNECT_S
        return None

    def fileno(self) -> int:
        """The socket to wait on; -1 once it is closed."""
        open_ = self._client.socket()
        return open_.fileno() if open_ else -1

    def wants_to_write(self) -> bool:
        """Whether to wait for the socket to take more."""
        return self._client.want_write()

    def holds_bytes(self) -> bool:
        """Whether TLS has read more than it gave us: then waiting on the socket would be in vain."""
        open_ = self._client.socket()
        return isinstance(open_, ssl.SSLSocket) and open_.pending() > 0

    def turn(self) -> None:
        """Read and write what the socket takes without waiting. Raises NotConnected."""
        self._client.loop_read()
        if self._client.want_write():
            self._client.loop_write()
        closed = self._client.socket() is None
        self._client.loop_misc()  # pings, and closes the socket when nothing comes back
        if self._refused:
            raise NotConnected(self._refused)
        if closed:
            raise NotConnected(link.CLOSED if self.ready or self._way.ca is None else link.CLOSED_EARLY)
        if not self.ready and time.monotonic() > self._answer_by_s:
            self._drop()
        if self.fileno() < 0:
            raise NotConnected(link.SILENT if self.ready else link.NO_CONNACK)

    def publish(self, row: OutboxRow) -> None:
        """Send one row, QoS 1. Raises NotConnected; ValueError for what MQTT cannot carry."""
        info = self._client.publish(row.topic, row.payload, qos=1, retain=row.retain)
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._drop()
            raise NotConnected(link.CLOSED)
        self.in_flight[row.id] = info.mid
        self._rows[info.mid] = row.id

    def took(self, number: int) -> None:
        """The agent has downlink `number` on its disk: the broker may forget it."""
        message = self._untaken.pop(number, None)
        if message:
            self._client.ack(*message)

    def take_acked(self) -> list[int]:
        """Outbox ids that the broker has taken since last asked."""
        taken, self._acked = self._acked, []
        return taken

    def take_downs(self) -> list[tuple[int, str, bytes, bool]]:
        """Number, topic, payload and retain flag of downlinks since last asked."""
        taken, self._downs = self._downs, []
        return taken

    @property
    def busy(self) -> bool:
        """Whether something that was sent is not acknowledged yet, in either direction."""
        return bool(self.in_flight or self._untaken)

    def leave(self) -> None:
        """Say goodbye properly: offline first, as a proper goodbye silences the last will."""
        if self.ready:
            self._client.publish(self._health_topic, self._config.will.encode(), qos=1, retain=True)
            self._client.disconnect()
            until_s = time.monotonic() + FAREWELL_S
            while self._client.want_write() and time.monotonic() < until_s:
                self._client.loop_write()
        self._drop()

    def _drop(self) -> None:
        """Close without a goodbye: the broker publishes our last will."""
        open_ = self._client.socket()
        if open_:
            with contextlib.suppress(OSError):
                open_.close()

    def _on_connect(
        self, client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            self._refused = link.refused_by_broker(reason.value)
            return
        client.subscribe(messages.down_topic(self._config.site, self._config.unit, "#"), qos=1)
        client.publish(self._health_topic, self._health, qos=1, retain=True)

    def _on_subscribe(
        self, _client: paho.Client, _data: Any, _mid: int, reasons: list[ReasonCode], _properties: Any
    ) -> None:
        """Only now is a permit that the centre sends certain to arrive: being in touch means both ways."""
        if any(reason.is_failure for reason in reasons):
            self._refused = link.NO_DOWNLINK
            return
        self.ready = True

    def _on_publish(self, _client: paho.Client, _data: Any, mid: int, _reason: Any, _properties: Any) -> None:
        row = self._rows.pop(mid, None)
        if row is not None:
            del self.in_flight[row]
            self._acked.append(row)

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        number = next(self._numbers)
        self._untaken[number] = (message.mid, message.qos)
        self._downs.append((number, message.topic, bytes(message.payload), message.retain))
