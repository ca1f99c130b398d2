"""How a positioning platform reaches the box: it publishes to the field's broker, or calls the box by HTTP."""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from edge_agent.simulate.control import Refused, Say


class Wire(Protocol):
    """One way to the box."""

    async def connect(self, say: Say) -> int:
        """The port that is spoken to; raises OSError if nobody is there, Refused if it does not let us in."""

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Send one message; Refused if it cannot be sent at all."""

    def hear(self, topic: str, heard: Callable[[bytes], None]) -> None:
        """Pass on what others publish on `topic`; nobody does over HTTP. Before `connect`."""

    async def close(self) -> None:
        """Say goodbye."""


class MqttWire:
    """A client of the field's broker."""

    def __init__(self, client: Client, host: str, port: int, qos: int) -> None:
        """Nothing is connected yet."""
        self._client, self._broker, self._qos = client, (host, port), qos
        self._topics: dict[str, Callable[[bytes], None]] = {}

    async def connect(self, say: Say) -> int:
        """The broker's port, once it is there and what others publish will be heard."""
        loop = asyncio.get_running_loop()
        let_in: asyncio.Future[ReasonCode] = loop.create_future()
        asked: set[int | None] = set()

        def connected(_c: Client, _u: Any, _f: ConnectFlags, code: ReasonCode, _p: Properties | None) -> None:
            say(broker=not code.is_failure)
            asked.clear()
            asked.update(self._client.subscribe(topic, 1)[1] for topic in self._topics)
            if not asked or code.is_failure:
                loop.call_soon_threadsafe(_settle, let_in, code)

        def subscribed(_c: Client, _u: Any, mid: int, codes: list[ReasonCode], _p: Properties | None) -> None:
            asked.discard(mid)
            if not asked:
                loop.call_soon_threadsafe(_settle, let_in, codes[0])

        def lost(_c: Client, _u: Any, _f: DisconnectFlags, _r: ReasonCode, _p: Properties | None) -> None:
            say(broker=False)

        for topic, heard in self._topics.items():
            self._client.message_callback_add(topic, _in_loop(loop, heard))
        self._client.on_connect, self._client.on_disconnect = connected, lost
        self._client.on_subscribe = subscribed
        self._client.reconnect_delay_set(1, 2)
        await asyncio.to_thread(self._client.connect, *self._broker)
        self._client.loop_start()
        code = await asyncio.wait_for(let_in, 20)
        if code.is_failure:
            raise Refused(f"the broker at {self._broker} refuses: {code}")
        return self._broker[1]

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish to the broker."""
        try:
            self._client.publish(topic, payload, qos=self._qos, retain=retain)
        except ValueError as reason:  # a topic with wildcards, a payload beyond MQTT's limit
            raise Refused(f"cannot publish on {topic!r}: {reason}") from reason

    def hear(self, topic: str, heard: Callable[[bytes], None]) -> None:
        """Pass on, in the loop's own thread, what others publish on `topic`. Before `connect`."""
        self._topics[topic] = heard

    async def close(self) -> None:
        """Say goodbye to the broker."""
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)


class HttpWire:
    """A caller of the box's receiver: one request for each message; what it answers is told as `answered`."""

    def __init__(self, host: str, port: int, bearer: str | None) -> None:
        """Nothing is sent yet."""
        self._host, self._port, self._bearer = host, port, bearer
        self._calls: set[asyncio.Task[None]] = set()

    async def connect(self, say: Say) -> int:
        """Nobody need be there yet: each message calls anew."""
        self._say = say
        return self._port

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Call the box: a GET where everything stands in the path, else a POST. HTTP retains nothing."""
        if retain:
            raise Refused("HTTP retains nothing")
        call = asyncio.get_running_loop().create_task(self._call(topic, payload))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    def hear(self, topic: str, heard: Callable[[bytes], None]) -> None:
        """Nothing is published over HTTP."""

    async def _call(self, path: str, payload: bytes) -> None:
        method = "GET" if "?" in path else "POST"
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}:{self._port}", "Connection: close"]
        head += [f"Authorization: Bearer {self._bearer}"] if self._bearer else []
        head += ["Content-Type: application/json", f"Content-Length: {len(payload)}"] if method == "POST" else []
        try:
            reader, writer = await asyncio.wait_for(asyncio.open_connection(self._host, self._port), 10)
            writer.write("\r\n".join([*head, "", ""]).encode() + payload)
            answer = await asyncio.wait_for(reader.readline(), 10)
            writer.close()
        except (OSError, TimeoutError) as reason:
            self._say(answered=None, why=str(reason) or type(reason).__name__)
            return
        self._say(answered=int(answer.split()[1]) if len(answer.split()) > 1 else None)

    async def close(self) -> None:
        """End what is under way."""
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)


def _in_loop(
    loop: asyncio.AbstractEventLoop, heard: Callable[[bytes], None]
) -> Callable[[Client, Any, MQTTMessage], None]:
    return lambda _client, _data, message: _pass_on(loop, heard, message)


def _pass_on(loop: asyncio.AbstractEventLoop, heard: Callable[[bytes], None], message: MQTTMessage) -> None:
    loop.call_soon_threadsafe(heard, bytes(message.payload))


def _settle(future: "asyncio.Future[ReasonCode]", code: ReasonCode) -> None:
    """The first connection is waited for; later ones only told."""
    if not future.done():
        future.set_result(code)
