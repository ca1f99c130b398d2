"""A real mosquitto on a free loopback port, and an independent subscriber that sees what arrives."""

import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from edge_agent.ops.demo.ports import picked_port

WITHIN_S = 60.0  # generous: the machine may be busy


class Mosquitto:
    """One broker; stop and start keep its port and, with `keep`, its sessions and retained messages."""

    def __init__(
        self,
        folder: Path,
        *,
        extra: str = "allow_anonymous true",
        tls: str = "",
        keep: bool = True,
        host: str = "127.0.0.1",
    ) -> None:
        """`extra` and `tls` are lines of mosquitto.conf; nothing runs before `start`."""
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        if program is None:
            pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
        self._held, self._host = ExitStack(), host
        self.port = picked_port(self._held)
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "mosquitto.conf"
        config.write_text(
            f"listener {self.port} 127.0.0.1\n{tls}\n{extra}\npersistence {str(keep).lower()}\n"
            f"persistence_location {folder}/\nuser root\nmax_queued_messages 0\n"
        )
        self._command = [program, "-c", str(config)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Run, and wait until it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        waited = threading.Event()
        for _ in range(int(WITHIN_S / 0.02)):
            with socket.socket() as probe:
                if probe.connect_ex((self._host, self.port)) == 0:
                    return self
            assert self._process.poll() is None, "mosquitto ended at once: look at its configuration"
            waited.wait(0.02)
        raise AssertionError("mosquitto does not answer")

    def stop(self) -> None:
        """End it (it writes down its sessions)."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            self._process.wait(WITHIN_S)
            self._process = None

    def hang(self) -> None:
        """Stop answering, with connections open: what a half-open TCP connection looks like."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Answer again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._held.close()


class Subscriber:
    """Sees every message on its topics, in order, over outages of the broker."""

    def __init__(self, port: int, topics: str, *, client_id: str = "watcher", host: str = "127.0.0.1") -> None:
        """Connects in the background; a kept session, so that nothing is missed meanwhile."""
        self.messages: list[paho.MQTTMessage] = []
        self._changed = threading.Condition()
        self._subscribed = threading.Event()
        self._topics = topics
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = lambda client, *_: client.subscribe(self._topics, qos=1)
        self.client.on_subscribe = lambda *_: self._subscribed.set()
        self.client.on_message = self._on_message
        self.client.connect(host, port)
        self.client.loop_start()
        assert self._subscribed.wait(WITHIN_S)

    def _on_message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def wait_for(self, enough: Callable[[list[paho.MQTTMessage]], bool], within_s: float = WITHIN_S) -> None:
        """Until `enough(messages)`; an assertion fails after `within_s`."""
        with self._changed:
            assert self._changed.wait_for(lambda: enough(self.messages), within_s), (
                f"{len(self.messages)} messages"
            )

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Say something, and wait until the broker has it."""
        self.client.publish(topic, payload, qos=qos, retain=retain).wait_for_publish(WITHIN_S)

    def expects_a_break(self) -> None:
        """The broker is going to be away; `back` waits for what comes after that."""
        self._subscribed.clear()

    def back(self) -> None:
        """Until it is subscribed again: nobody keeps for it what is said with QoS 0 meanwhile."""
        assert self._subscribed.wait(WITHIN_S)

    def close(self) -> None:
        """Leave."""
        self.client.disconnect()
        self.client.loop_stop()


@contextmanager
def subscriber(port: int, topics: str, *, client_id: str = "watcher") -> Iterator[Subscriber]:
    """A Subscriber that leaves at the end."""
    watcher = Subscriber(port, topics, client_id=client_id)
    try:
        yield watcher
    finally:
        watcher.close()
