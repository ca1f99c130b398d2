"""The field broker: one worker that hears every wearable of the site. A source of domain/ports.py.

paho's network loop runs in this worker's own thread, so there is no second thread that could die of
an exception unnoticed (docs/field.md, pain 7), and `stop` is looked at ten times a second.
"""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event as StopFlag

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.clock import Clock
from edge_agent.domain.observation import DeviceHealth, Observation
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words
from edge_agent.field import system_words
from edge_agent.sense.wearables.family import Family, Told
from edge_agent.sense.wearables.memory import TagBook
from edge_agent.settings.site import BrokerTable

log = logging.getLogger(__name__)

BROKER = "field_broker"  # under this name the worker speaks about the broker itself
LOOK_S = 0.1
CONNECT_S = 0.8  # cannot be interrupted, and `stop` must be obeyed within a second
GREET_S = 3.0  # how long a broker that took the connection may leave us without a grant
FIRST_RETRY_S = 0.25
LONGEST_RETRY_S = 4.0

ENDED = Words("连接已断开", "the connection ended")
RETAINED = Words(
    "保留消息不是实时数据，未采用；发布位置时请勿使用 retain",
    "a retained message is not live and was not used; publish positions without retain",
)
# The reasons of a CONNACK that people meet, as paho gives them: MQTT 5 codes (MQTT 3.1.1, table 3.1).
REFUSALS = {
    132: "协议版本不支持",
    133: "客户端标识被拒绝",
    134: "用户名或密码错误",
    135: "未获授权",
    136: "服务不可用",
}
# What ends paho's loop.
LOOP_ENDS = {
    MQTTErrorCode.MQTT_ERR_CONN_LOST: "连接中断",
    MQTTErrorCode.MQTT_ERR_NO_CONN: "未连接",
    MQTTErrorCode.MQTT_ERR_CONN_REFUSED: "连接被拒绝",
    MQTTErrorCode.MQTT_ERR_KEEPALIVE: "心跳超时",
    MQTTErrorCode.MQTT_ERR_PROTOCOL: "协议错误",
    MQTTErrorCode.MQTT_ERR_TLS: "TLS 错误",
}


class FieldBroker:
    """One MQTT broker on site and the tags that are heard over it."""

    kind = "mqtt_field"

    def __init__(self, table: BrokerTable, families: Iterable[Family], clock: Clock, client_id: str) -> None:
        """Nothing is connected until `run`."""
        self._table = table
        self._families = tuple(families)
        self._clock = clock
        self._client_id = client_id
        self._book = TagBook()
        self._greeted: bool | None = None  # None: the subscription is not granted yet
        self._why = NOTHING

    @property
    def name(self) -> str:
        """For people."""
        return f"field broker {self._table.host}:{self._table.port}"

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Hear the tags until `stop`; a broker that is gone is reported and tried again, ever more rarely."""
        retry_s = FIRST_RETRY_S
        while not stop.is_set():
            if self._listen(deliver, stop):
                retry_s = FIRST_RETRY_S
            if not stop.is_set():
                self._wait(deliver, stop, retry_s)
                retry_s = min(retry_s * 2, LONGEST_RETRY_S)

    def _listen(self, deliver: Deliver, stop: StopFlag) -> bool:
        """One connection, until it ends; whether the broker had let us in."""
        self._greeted = None
        try:
            client = self._client(deliver)
            client.connect(self._table.host, self._table.port, self._table.keepalive_s)
        except OSError as error:
            self._why = _of_system(error)
            return False
        except ValueError as error:  # a certificate or host that cannot be used
            self._why = Words("地址、证书或密码文件无法使用", str(error) or type(error).__name__)
            return False
        try:
            self._loop(client, stop)
        finally:
            client.disconnect()
            client.loop(timeout=0.01)  # the DISCONNECT leaves with this
            _close(client)
        return self._greeted is True

    def _loop(self, client: mqtt.Client, stop: StopFlag) -> None:
        since_s = self._clock.monotonic()
        while not stop.is_set():
            code = client.loop(timeout=LOOK_S)
            if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
                self._why = self._why or _ended(code)
                return
            if self._greeted is False:
                return
            if self._greeted is None and self._clock.monotonic() - since_s > GREET_S:
                zh = f"已连接，但消息服务器 {GREET_S:g} 秒无响应"
                self._why = Words(zh, f"connected, but the broker says nothing for {GREET_S:g} s")
                return

    def _client(self, deliver: Deliver) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self._client_id)
        client.connect_timeout = CONNECT_S
        if self._table.username is not None:
            secret = self._table.password_file
            client.username_pw_set(
                self._table.username, Path(secret).read_text(encoding="utf-8").strip() if secret else None
            )
        if self._table.ca is not None:
            client.tls_set(ca_certs=self._table.ca)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe(deliver)
        client.on_message = self._on_message(deliver)
        return client

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: mqtt.ConnectFlags, code: ReasonCode, _props: object
    ) -> None:
        if code.is_failure:
            self._greeted = False
            self._why = _refused(code)
            return
        client.subscribe([(one.topics, 1) for one in self._families])

    def _on_subscribe(self, deliver: Deliver) -> mqtt.CallbackOnSubscribe_v2:
        """Only a granted subscription means that tags are heard."""

        def on_subscribe(
            _client: mqtt.Client, _data: object, _mid: int, codes: list[ReasonCode], _props: Properties | None
        ) -> None:
            asked = [one.topics for one in self._families]
            refused = [topics for topics, code in zip(asked, codes, strict=False) if code.is_failure]
            self._greeted = not refused
            self._why = NOTHING if self._greeted else _no_grant(refused)
            if self._greeted:
                deliver(DeviceHealth(source=BROKER, at_s=self._clock.monotonic(), ok=True))

        return on_subscribe

    def _on_message(self, deliver: Deliver) -> mqtt.CallbackOnMessage:
        def on_message(_client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
            try:
                heard = list(self._heard(message))
            except Exception as error:
                # A message that breaks the reader becomes a verdict; the worker must hear the next one.
                log.exception("a message broke the reader")
                kind = type(error).__name__
                detail = Words(f"有报文无法读取（{kind}）", f"a message could not be read: {kind}: {error}")
                heard = self._book.say(BROKER, detail, self._clock.monotonic(), ok=True)
            for observation in heard:
                deliver(observation)

        return on_message

    def _heard(self, message: mqtt.MQTTMessage) -> Iterator[Observation]:
        received = self._clock.instant()
        for family in self._families:
            if mqtt.topic_matches_sub(family.topics, message.topic):
                for told in family.heard(message.topic, bytes(message.payload), received):
                    yield from self._taken(told, received.now_s, retained=message.retain)

    def _taken(self, told: Told, now_s: float, *, retained: bool) -> list[Observation]:
        """What to deliver of one word about a tag; of another site's tags the families say nothing."""
        if told.device is None:  # nobody knows whose it is: of the broker's messages one cannot be read
            return self._book.say(BROKER, told.wrong, now_s, ok=True)
        if retained:
            return self._book.say(told.device, RETAINED, now_s, ok=False)
        if told.fix is None:
            return self._book.say(told.device, told.wrong, now_s, ok=False)
        return self._book.take(told.fix)

    def _wait(self, deliver: Deliver, stop: StopFlag, retry_s: float) -> None:
        """Say that the broker is gone (once per attempt: every few seconds), and wait for the next."""
        where, why = f"{self._table.host}:{self._table.port}", self._why or ENDED
        detail = Words(f"{where}：{why.zh}", f"{where}: {why.en}")
        deliver(DeviceHealth(source=BROKER, at_s=self._clock.monotonic(), ok=False, detail=detail))
        self._why = NOTHING
        stop.wait(retry_s)


def _of_system(error: OSError) -> Words:
    """A connection's fault, or a file's (the CA, the password) with its name."""
    why = system_words.of(error)
    return why if error.filename is None else Words(f"{error.filename}：{why.zh}", f"{error.filename}: {why.en}")


def _no_grant(topics: list[str]) -> Words:
    listed = ", ".join(topics)
    return Words(
        f"无权订阅 {listed}，请检查消息服务器的权限（ACL）",
        f"may not subscribe to {listed}: check the broker's ACL",
    )


def _ended(code: MQTTErrorCode) -> Words:
    return Words(LOOP_ENDS.get(code, f"连接错误（代码 {code.value}）"), mqtt.error_string(code))


def _refused(code: ReasonCode) -> Words:
    why = REFUSALS.get(code.value, f"代码 {code.value}")
    return Words(
        f"拒绝连接（{why}），请检查 [field_broker] 的 username 和 password_file",
        f"refused us: {code}; check [field_broker] username and password_file",
    )


def _close(client: mqtt.Client) -> None:
    """Close the socket for certain: paho keeps it where a loop ended in the middle of an error."""
    sock = client.socket()
    if sock is not None:
        sock.close()
