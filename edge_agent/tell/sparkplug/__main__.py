"""The process that speaks Sparkplug: `python -m edge_agent.tell.sparkplug`, told as one JSON line on stdin.

It reads the live picture as any page does and writes nothing of the agent's. It says on stdout when the
connection comes and goes (wire.Link, a JSON line each), and ends with the agent's end of the pipe.
"""

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.domain.words import Words
from edge_agent.field.mqtt_login import identify
from edge_agent.field.ready import readable
from edge_agent.store.folder import put_unsynced
from edge_agent.tell import link
from edge_agent.tell.live_file import read_live
from edge_agent.tell.retry import Retry
from edge_agent.tell.sparkplug.host import PrimaryHost
from edge_agent.tell.sparkplug.image import image
from edge_agent.tell.sparkplug.metric import Unreadable, commanded
from edge_agent.tell.sparkplug.node import COUNTS, REBIRTH, EdgeNode, Image, Message
from edge_agent.tell.sparkplug.wire import SparkplugConfig
from edge_agent.tell.wire import Line, Link

LOOK_S = 0.25  # at the picture, which is painted twice a second
CONNECT_S = 5.0
LONGEST_RETRY_S = 5.0
REBIRTHS_APART_S = 1.0  # a host that asks in a loop must not fill the line
WAITING = Words("等待主站（STATE）上线", "waiting for the primary host's STATE")


class Speaker:
    """One connection after another to one broker; one thread, which never waits longer than LOOK_S."""

    def __init__(self, config: SparkplugConfig, now_s: float) -> None:
        """`now_s` is monotonic seconds."""
        self._config = config
        self._node = EdgeNode(config.group, config.node, _kept(Path(config.kept)))
        self._host = PrimaryHost(config.primary_host)
        self._retry = Retry(longest_s=LONGEST_RETRY_S, at_s=now_s)
        self._client: paho.Client | None = None
        self._listening = False  # the broker took our subscriptions
        self._refused: Words | None = None
        self._answer_by_s = 0.0
        self._born = False
        self._asked_again = False
        self._born_s = float("-inf")
        self._link: Link | None = None

    def turn(self, now_s: float, now_utc: float) -> None:
        """One look: at the connection, at the host, at the picture."""
        live = read_live(Path(self._config.runtime))
        if live is None:
            return  # the agent has not painted yet: there is nothing that could be said
        now, at_ms = image(live, now_utc), round(now_utc * 1000)
        if self._client is None and now_s >= self._retry.at_s:
            self._connect(now_s, at_ms)
        if self._client is not None:
            self._serve(self._client, now_s)
        self._say(now, now_s, at_ms)

    def leave(self, now_utc: float) -> None:
        """The certificate of death, then the goodbye (…-edge-node-intentional-disconnect-ndeath)."""
        client, self._client = self._client, None
        if client is not None and self._listening:
            self._send(client, self._node.death(round(now_utc * 1000)))
            client.disconnect()
            client.loop(timeout=0.1)

    def _connect(self, now_s: float, at_ms: int) -> None:
        """A session of its own: its will names its number (…-birth-publish-will-message-payload-bdSeq)."""
        config = self._config
        self._node.opened()
        _keep(Path(config.kept), self._node.bd_seq)
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"spb-{config.group}-{config.node}",
            clean_session=True,
            protocol=paho.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_S
        death = self._node.death(at_ms)
        client.will_set(death.topic, death.payload, qos=1, retain=False)
        client.on_connect, client.on_subscribe = self._on_connect, self._on_subscribe
        client.on_message = self._on_message
        self._listening = self._born = False
        self._refused = None
        try:
            identify(client, config)
            client.connect(config.host, config.port, config.keepalive_s)
        except (OSError, ValueError) as fault:
            self._lost(link.trouble_connecting(fault, config.host, config.port), now_s)
            return
        self._client, self._answer_by_s = client, now_s + CONNECT_S

    def _serve(self, client: paho.Client, now_s: float) -> None:
        code = client.loop(timeout=0.0)
        if self._refused is not None:
            self._lost(self._refused, now_s)
        elif code != MQTTErrorCode.MQTT_ERR_SUCCESS:
            early = not self._listening and self._config.ca is not None
            self._lost(link.CLOSED_EARLY if early else link.CLOSED, now_s)
        elif not self._listening and now_s > self._answer_by_s:
            self._lost(link.NO_CONNACK, now_s)

    def _say(self, now: Image, now_s: float, at_ms: int) -> None:
        client = self._client
        if client is None or not self._listening:
            self._node.keep(now)
            return
        if not self._host.online:
            self._node.keep(now)
            self._wait_for_host(client, at_ms)
            return
        again = self._asked_again and now_s - self._born_s >= REBIRTHS_APART_S
        if not self._born or again:
            self._born, self._asked_again, self._born_s = True, False, now_s
            messages = list(self._node.births(now, at_ms))
            self._tell(Link(up=True, detail=link.UP))
            self._retry.worked()
        else:
            messages = list(self._node.changes(now, at_ms))
        for message in messages:
            self._send(client, message)

    def _wait_for_host(self, client: paho.Client, at_ms: int) -> None:
        """Offline: a death, and a new session that waits (…-edge-node-termination-host-offline)."""
        self._tell(Link(up=False, detail=WAITING))
        if self._born:
            self._send(client, self._node.death(at_ms))
            client.disconnect()
            client.loop(timeout=0.1)
            self._client, self._listening, self._born = None, False, False
            self._node.lost()

    def _lost(self, words: Words, now_s: float) -> None:
        client, self._client = self._client, None
        sock = client.socket() if client is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.close()  # without a goodbye: the broker publishes our death
        self._listening = self._born = False
        self._node.lost()
        self._retry.failed(now_s)
        self._tell(Link(up=False, detail=words))

    def _send(self, client: paho.Client, message: Message) -> None:
        client.publish(message.topic, message.payload, qos=0, retain=False)

    def _tell(self, said: Link) -> None:
        if said != self._link:
            self._link = said
            sys.stdout.buffer.write(msgspec.json.encode(Line(link=said)) + b"\n")
            sys.stdout.buffer.flush()

    def _on_connect(self, client: paho.Client, _data: Any, _flags: Any, reason: ReasonCode, _props: Any) -> None:
        if reason.is_failure:
            self._refused = link.refused_by_broker(reason.value)
            return
        state = self._host.topic
        topics = [(self._node.topic("NCMD"), 1), *([(state, 1)] if state else [])]
        client.subscribe(topics)

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: list[ReasonCode], _props: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            self._refused = NOT_HEARD
        else:
            self._listening = True

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        if message.topic == self._host.topic:
            self._host.heard(bytes(message.payload))
            return
        with contextlib.suppress(Unreadable):  # nobody is owed an answer to what is no payload
            self._asked_again = self._asked_again or commanded(bytes(message.payload), REBIRTH)


NOT_HEARD = Words(
    "消息服务器不允许本机订阅 Sparkplug 主题（NCMD、STATE），请检查其权限（ACL）",
    "the broker does not let this unit subscribe to Sparkplug's NCMD and STATE: check the broker's access list",
)


def _kept(file: Path) -> int:
    """The newest number; anything unreadable begins anew, which the specification allows."""
    try:
        return int(file.read_text("ascii")) % COUNTS
    except (OSError, ValueError):
        return COUNTS - 1  # so that the first session has 0


def _keep(file: Path, number: int) -> None:
    with contextlib.suppress(OSError):  # a full disk costs the number's order alone
        put_unsynced(file, str(number).encode("ascii"))


def main() -> int:
    """Speak until the agent closes our stdin."""
    stdin = sys.stdin.fileno()
    config = msgspec.json.decode(sys.stdin.buffer.readline(), type=SparkplugConfig)
    speaker = Speaker(config, time.monotonic())
    with contextlib.suppress(BrokenPipeError):  # the agent is gone
        while True:
            speaker.turn(time.monotonic(), time.time())
            if readable(stdin, LOOK_S) and not os.read(stdin, 4096):
                break
    speaker.leave(time.time())
    return 0


if __name__ == "__main__":
    sys.exit(main())
