"""One message to the centre's broker and back: that we may speak, are acknowledged, and are heard.

MQTT 5, because only there the acknowledgement says whether the message was taken (OASIS MQTT 5, 3.4.2.1). The
message goes to `up/doctor`, is kept by nobody, and says nothing but its number.
"""

import secrets
import threading
import time

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.domain.words import Words
from edge_agent.field.mqtt_login import identify
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.settings.site_brokers import BrokerTable

WAIT_S = 3.0
LET_WRITE = Words("请在消息服务器的 ACL 中允许本机发布", "let this unit publish there, in the broker's ACL")
LET_READ = Words("请在 ACL 中允许本机读取此主题", "let this unit read that topic, in the broker's ACL")
SEE_BROKER = Words(
    "请查看消息服务器的负载、磁盘和限速", "see to the broker's load, its disk and any limit on messages"
)


class _Trip:
    """What came of one message, as the broker's answers arrive."""

    def __init__(self, topic: str) -> None:
        self.topic, self.word = topic, secrets.token_hex(8).encode()
        self.refused: ReasonCode | None = None  # why the broker did not take it
        self.may_read = True
        self.acknowledged, self.returned, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.sent_s = self.took_s = 0.0

    def connected(
        self, client: mqtt.Client, _data: object, _flags: object, code: ReasonCode, _props: object
    ) -> None:
        if code.is_failure:
            self.ended.set()
            return
        client.subscribe(self.topic, qos=1)

    def subscribed(
        self, client: mqtt.Client, _data: object, _mid: int, codes: list[ReasonCode], _props: Properties | None
    ) -> None:
        self.may_read = not any(code.is_failure for code in codes)
        self.sent_s = time.monotonic()
        client.publish(self.topic, self.word, qos=1)

    def published(
        self, _client: mqtt.Client, _data: object, _mid: int, code: ReasonCode, _props: Properties
    ) -> None:
        self.refused = code if code.is_failure else None
        self.acknowledged.set()
        if code.is_failure or not self.may_read or self.returned.is_set():
            self.ended.set()

    def heard(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        if bytes(message.payload) == self.word:
            self.took_s = time.monotonic() - self.sent_s
            self.returned.set()
            if self.acknowledged.is_set():
                self.ended.set()


def tried(part: str, table: BrokerTable, topic: str, who: str) -> Finding:
    """What one message met with; the log-in itself was looked at before."""
    trip = _Trip(topic)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=who, protocol=mqtt.MQTTv5)
    client.connect_timeout = WAIT_S
    identify(client, table)
    client.on_connect, client.on_subscribe = trip.connected, trip.subscribed
    client.on_publish, client.on_message = trip.published, trip.heard
    client.connect(table.host, table.port, table.keepalive_s)
    client.loop_start()
    try:
        trip.ended.wait(WAIT_S)
    finally:
        client.disconnect()
        client.loop_stop()
    return _judged(part, topic, trip)


def _judged(part: str, topic: str, trip: _Trip) -> Finding:
    if trip.refused is not None:
        says = Words(f"无权发布 {topic}", f"may not publish to {topic}: {trip.refused}")
        return fault(part, Layer.UNIT, "may_not_publish", says, LET_WRITE)
    if not trip.acknowledged.is_set():
        says = Words("已登录，但消息未被确认收下", "lets us in, but does not acknowledge what is published")
        return fault(part, Layer.UNIT, "not_acknowledged", says, SEE_BROKER)
    if not trip.returned.is_set():
        says = Words(
            f"消息已确认收下，但 {topic} 没有返回，往返未证实",
            f"acknowledges what is published, but {topic} did not come back: the round trip is not proven",
        )
        return unseen(part, "not_returned", says, LET_READ)
    ms = 1000 * trip.took_s
    return fine(
        part, Words(f"已登录，消息往返 {ms:.0f} 毫秒", f"lets us in; a message there and back took {ms:.0f} ms")
    )
