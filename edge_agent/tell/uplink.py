"""The agent's end of the forwarder: its command, its configuration, and what comes back over its pipes."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from edge_agent.field.ready import readable
from edge_agent.settings.site_brokers import SecondUplinkTable, UplinkTable
from edge_agent.tell import messages
from edge_agent.tell.sparkplug.wire import SparkplugConfig
from edge_agent.tell.upload.wire import UploadConfig
from edge_agent.tell.wire import TOOK, Carried, Down, ForwarderConfig, Line, Link

log = logging.getLogger(__name__)

FORWARDER = "edge_agent.tell.forwarder"
STOP_LOOK_S = 0.2  # how soon `run` notices its stop flag
FAREWELL_S = 0.7  # for the forwarder to say goodbye to the broker; `run` must end within a second


class Acks(Struct, frozen=True):
    """Outbox ids that the broker has taken: delete them with the next commit."""

    ids: tuple[int, ...]


Told = Acks | Link | Down | Carried


class ForwarderEnded(Exception):  # noqa: N818 (the supervisor starts the worker again)
    """The child ended although nobody asked it to. Nothing is lost by that."""


class Uplink:
    """One forwarder at a time. `run` belongs to a supervised thread; `wake` and `took` never block."""

    def __init__(self, config: ForwarderConfig | SparkplugConfig | UploadConfig, module: str = FORWARDER) -> None:
        """Nothing is started yet; `config` is what `module` is told: `forwarder_config`, say."""
        self._module = module
        self.config_line = msgspec.json.encode(config) + b"\n"
        self._stdin = -1
        self._writing = threading.Lock()  # over the child's stdin: the brain's thread writes, ours closes it

    def run(self, deliver: Callable[[Told], None], stop: threading.Event) -> None:
        """Start the forwarder and deliver what it says until `stop`; then end it.

        `deliver` is called in this thread: Acks, each change of the Link, each unchecked Down (call `took`
        once it is recorded). Raises ForwarderEnded when the child dies: running again goes on where it was.
        """
        command = (sys.executable, "-m", self._module)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603
            try:
                self._attend(child, deliver, stop)
            finally:
                self._end(child)
        if not stop.is_set():
            raise ForwarderEnded(f"{self._module} ended with exit code {child.returncode}")

    def wake(self) -> None:
        """Something was committed to the outbox. Called by the brain; never blocks."""
        self._write(b"\n")

    def took(self, number: int) -> None:
        """Downlink `number` is recorded: the broker need not deliver it again. Never blocks.

        The broker stops delivering after 20 messages that nobody took.
        """
        self._write(TOOK + b"%d\n" % number)

    def _attend(
        self, child: "subprocess.Popen[bytes]", deliver: Callable[[Told], None], stop: threading.Event
    ) -> None:
        assert child.stdin is not None  # noqa: S101 (both were asked for)
        assert child.stdout is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(self.config_line)
            child.stdin.flush()
        os.set_blocking(child.stdin.fileno(), False)
        self._stdin = child.stdin.fileno()
        stdout, heard = child.stdout.fileno(), b""
        while not stop.is_set():
            if not readable(stdout, STOP_LOOK_S):
                continue
            said = os.read(stdout, 65536)
            if not said:
                return
            *lines, heard = (heard + said).split(b"\n")
            for line in lines:
                _pass_on(line, deliver)

    def _end(self, child: "subprocess.Popen[bytes]") -> None:
        """Close the child's stdin, which ends it; kill it if it hangs."""
        with self._writing:
            self._stdin = -1
            assert child.stdin is not None  # noqa: S101
            with contextlib.suppress(OSError):
                child.stdin.close()
        try:
            child.wait(FAREWELL_S)
        except subprocess.TimeoutExpired:
            child.kill()

    def _write(self, line: bytes) -> None:
        """A few bytes are written whole or not at all (PIPE_BUF); a full pipe means that it hangs anyway."""
        with self._writing:
            if self._stdin >= 0:
                with contextlib.suppress(BlockingIOError, BrokenPipeError):
                    os.write(self._stdin, line)


def forwarder_config(  # noqa: PLR0913 (all by name)
    store: Path,
    *,
    site: str,
    unit: str,
    boot: str,
    demo: bool,
    broker: UplinkTable,
    second: SecondUplinkTable | None = None,
) -> ForwarderConfig:
    """What the forwarder of this unit is told; `store` is the database it reads."""
    birth, will = (
        messages.encode(messages.health(site=site, unit=unit, boot=boot, online=online, demo=demo)).decode()
        for online in (True, False)
    )
    return ForwarderConfig(
        store=str(store),
        site=site,
        unit=unit,
        **asdict(broker),
        second=second,
        birth=birth,
        will=will,
    )


def _pass_on(line: bytes, deliver: Callable[[Told], None]) -> None:
    """One line of the child as the typed value it stands for."""
    said = msgspec.json.decode(line, type=Line)
    if said.ack is not None:
        deliver(Acks(said.ack))
    elif said.link is not None:
        deliver(said.link)
    elif said.down is not None:
        deliver(said.down)
    elif said.carried is not None:
        deliver(said.carried)
    elif said.unsendable is not None:
        log.error(
            "outbox row %d cannot be carried by MQTT (topic or size): it stays in the outbox", said.unsendable
        )
