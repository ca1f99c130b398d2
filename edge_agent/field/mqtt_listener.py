"""One connection to an MQTT broker, heard in the caller's own thread: why it ended, and who did not let us in.

paho's network loop runs in the thread that calls `listen`, so there is no second thread that could die of an
exception unnoticed (docs/field.md, pain 7), and `stop` is looked at ten times a second.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from threading import Event as StopFlag

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.domain.words import NOTHING, Words
from edge_agent.field import system_words
from edge_agent.field.mqtt_login import identify
from edge_agent.settings.site_brokers import BrokerTable

LOOK_S = 0.1
CONNECT_S = 0.8  # cannot be interrupted, and `stop` must be obeyed within a second
GREET_S = 3.0  # how long a broker that took the connection may leave us without a grant

ENDED = Words("连接已断开", "the connection ended")
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


class End(StrEnum):
    """How far a connection got before it ended."""

    TOLD = "told"  # we were told to stop
    UNREACHABLE = "unreachable"  # no connection; also a TLS that failed
    UNUSABLE = "unusable"  # a certificate, password file or address that cannot be used
    MUTE = "mute"  # connected, and then nothing
    REFUSED = "refused"  # not let in
    NO_GRANT = "no_grant"  # let in, but may not hear
    LOST = "lost"


class Listener:
    """Subscribes to `topics` and passes on what is heard. One call of `listen` is one connection."""

    def __init__(
        self, table: BrokerTable, client_id: str, topics: tuple[str, ...], table_name: str = "field_broker"
    ) -> None:
        """`table_name` is how site.toml calls the broker, for words."""
        self.table = table
        self._client_id, self._topics, self._name = client_id, topics, table_name
        self._client_now: mqtt.Client | None = None
        self._greeted: bool | None = None  # None: the subscription is not granted yet
        self.end = End.TOLD
        self.why = NOTHING

    @property
    def where(self) -> str:
        """Host and port."""
        return f"{self.table.host}:{self.table.port}"

    def listen(
        self,
        stop: StopFlag,
        heard: Callable[[mqtt.MQTTMessage], None],
        granted: Callable[[], None] = lambda: None,
        tick: Callable[[], None] = lambda: None,
    ) -> bool:
        """One connection, until it ends; whether the broker had let us hear. `end` and `why` say why it ended.

        `tick` is called about ten times a second meanwhile.
        """
        self._greeted, self.end, self.why = None, End.TOLD, NOTHING
        try:
            client = self._client(heard, granted)
            client.connect(self.table.host, self.table.port, self.table.keepalive_s)
        except OSError as error:
            self._ended(End.UNUSABLE if error.filename is not None else End.UNREACHABLE, _of_system(error))
            return False
        except ValueError as error:  # a certificate or host that cannot be used
            words = Words("地址、证书或密码文件无法使用", str(error) or type(error).__name__)
            self._ended(End.UNUSABLE, words)
            return False
        self._client_now = client
        try:
            self._loop(client, stop, tick)
        finally:
            self._client_now = None
            client.disconnect()
            client.loop(timeout=0.01)  # the DISCONNECT leaves with this
            _close(client)
        return self._greeted is True

    def publish(self, topic: str, payload: bytes) -> bool:
        """Send one message from within `tick`; whether it was handed to the connection. Raises ValueError."""
        if self._client_now is None or not self._greeted:
            return False
        return self._client_now.publish(topic, payload, qos=1).rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _loop(self, client: mqtt.Client, stop: StopFlag, tick: Callable[[], None]) -> None:
        since_s = time.monotonic()
        while not stop.is_set():
            code = client.loop(timeout=LOOK_S)
            tick()
            if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
                if not self.why:
                    words = Words(LOOP_ENDS.get(code, f"连接错误（代码 {code.value}）"), mqtt.error_string(code))
                    self._ended(End.LOST, words)
                return
            if self._greeted is False:
                return
            if self._greeted is None and time.monotonic() - since_s > GREET_S:
                zh = f"已连接，但消息服务器 {GREET_S:g} 秒无响应"
                self._ended(End.MUTE, Words(zh, f"connected, but the broker says nothing for {GREET_S:g} s"))
                return

    def _client(self, heard: Callable[[mqtt.MQTTMessage], None], granted: Callable[[], None]) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=self._client_id)
        client.connect_timeout = CONNECT_S
        identify(client, self.table)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe(granted)
        client.on_message = lambda _client, _data, message: heard(message)
        return client

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: mqtt.ConnectFlags, code: ReasonCode, _props: object
    ) -> None:
        if code.is_failure:
            self._greeted = False
            why = REFUSALS.get(code.value, f"代码 {code.value}")
            self._ended(
                End.REFUSED,
                Words(
                    f"拒绝连接（{why}），请检查 [{self._name}] 的 username 和 password_file",
                    f"refused us: {code}; check [{self._name}] username and password_file",
                ),
            )
            return
        client.subscribe([(topic, 1) for topic in self._topics])

    def _on_subscribe(self, granted: Callable[[], None]) -> mqtt.CallbackOnSubscribe_v2:
        """Only a granted subscription means that anything is heard."""

        def on_subscribe(
            _client: mqtt.Client, _data: object, _mid: int, codes: list[ReasonCode], _props: Properties | None
        ) -> None:
            refused = [topic for topic, code in zip(self._topics, codes, strict=False) if code.is_failure]
            self._greeted = not refused
            if self._greeted:
                granted()
                return
            topics = ", ".join(refused)
            self._ended(
                End.NO_GRANT,
                Words(
                    f"无权订阅 {topics}，请检查消息服务器的权限（ACL）",
                    f"may not subscribe to {topics}: check the broker's ACL",
                ),
            )

        return on_subscribe

    def _ended(self, end: End, why: Words) -> None:
        self.end, self.why = end, why


def _of_system(error: OSError) -> Words:
    """A connection's fault, or a file's (the CA, the password) with its name."""
    why = system_words.of(error)
    return why if error.filename is None else Words(f"{error.filename}：{why.zh}", f"{error.filename}: {why.en}")


def _close(client: mqtt.Client) -> None:
    """Close the socket for certain: paho keeps it where a loop ended in the middle of an error."""
    sock = client.socket()
    if sock is not None:
        sock.close()
