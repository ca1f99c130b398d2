"""Sets the stage: two brokers, the simulated field, the agent and the pages, each a process of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from edge_agent.ops.demo.ports import Ports, copy_site
from edge_agent.ops.demo.witness import NotSeen, Subscriber
from edge_agent.simulate.handle import Simulator
from edge_agent.tell.live import Live

BROKER_CONF = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
max_queued_messages 0
"""
TAGS = (
    {"provider_id": "tag-guard", "x": 6.5, "y": 0.5, "roam_m": 1.0},
    {"provider_id": "tag-guard-2", "x": 12.0, "y": 6.0, "roam_m": 1.0},
    {"provider_id": "tag-worker-1", "x": 6.0, "y": 1.0, "roam_m": 0.5},
    {"provider_id": "tag-worker-2", "x": 6.0, "y": -1.0, "roam_m": 0.5},
)
# Who starts it dies, in whatever way: it ends too. (What leads a simulator is its end of a pipe.)
WITH_US = ("setpriv", "--pdeathsig", "TERM")
# Long enough that the first attempt to start meets a detector that warms up.
WARMUP_S = 25


class Process:
    """One child process whose output goes to a file."""

    def __init__(
        self, name: str, command: list[str], folder: Path, *, keep: Sequence[int] = (), user: str = ""
    ) -> None:
        """Start it, from the main thread, whose end is its own; `keep`: descriptors; `user`: not as root.

        A session of its own, so that Ctrl-C reaches only the demo, which ends it.
        """
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 (our own commands)
                [*WITH_US, *(("--reuid", user, "--regid", user, "--clear-groups") if user else ()), *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=keep,
            )

    def check(self) -> None:
        """Raise NotSeen with the end of its log if it has ended."""
        code = self._process.poll()
        if code is not None:
            tail = self.log.read_text(encoding="utf-8", errors="replace")[-1500:]
            raise NotSeen(f"{self.name} has ended with code {code}:\n{tail}")

    def stop(self, timeout_s: float = 15.0) -> None:
        """End it politely, then by force."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)  # a stopped one could not hear the next
            self._process.terminate()
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def wait(self, timeout_s: float) -> int:
        """Its exit code; NotSeen if it does not end by itself."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            raise NotSeen(f"{self.name} has not ended after {timeout_s:.0f} s") from None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        self._process.kill()
        self._process.wait()


class Broker:
    """One mosquitto on loopback that can be stopped and started again with its sessions."""

    def __init__(self, name: str, port: int, folder: Path, conf: str = BROKER_CONF) -> None:
        """Write its configuration and start it."""
        self._name, self._port, self._folder = name, port, folder
        data = folder / name
        data.mkdir()
        self._user = ""
        if os.geteuid() == 0:  # mosquitto gives up root: by itself it would outlive its demo
            self._user = "mosquitto"
            shutil.chown(data, self._user, self._user)
        self._conf = folder / f"{name}.conf"
        self._conf.write_text(conf.format(port=port, folder=data), encoding="utf-8")
        self._process: Process | None = None
        self.start()

    def start(self) -> None:
        """Start it (again)."""
        path = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        if path is None:
            raise NotSeen("mosquitto is not installed: run `make setup` (apt-get install mosquitto)")
        self._process = Process(self._name, [path, "-c", str(self._conf)], self._folder, user=self._user)
        wait_for_port(self._port, self._process)

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.stop()
            self._process = None


def wait_for_port(port: int, process: Process, within_s: float = 20.0) -> None:
    """Until something listens on the port."""
    deadline_s = time.monotonic() + within_s
    needle = f":{port:04X} 00000000:0000 0A"  # LISTEN in /proc/net/tcp: no connection is wasted on asking
    while needle not in Path("/proc/net/tcp").read_text(encoding="ascii"):
        process.check()
        if time.monotonic() > deadline_s:
            raise NotSeen(f"{process.name} does not listen on port {port} after {within_s:.0f} s")
        time.sleep(0.05)


class Stage:
    """Everything that the demo runs, from `with` to its end."""

    ports: Ports
    gateway: Simulator
    relays: dict[str, Simulator]
    wearables: Simulator
    camera: Simulator
    central: Broker
    subscriber: Subscriber
    agent: Process
    site: Path
    _field: dict[str, Any]

    def __init__(self, source: Path, folder: Path, clip: str | None, warmup_s: float = WARMUP_S) -> None:
        """`source` is the site folder, `folder` an empty one for everything that is written."""
        self._source, self._folder, self._clip, self._warmup_s = source, folder, clip, warmup_s
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._set()
        except BaseException:
            self._ends.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def _set(self) -> None:
        self.site = self._folder / "site"
        self.ports = copy_site(self._source, self.site, self._ends)
        file = self.site / "field.toml"  # what stands in the field, where it is not the usual
        self._field = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        self.central = Broker("central-broker", self.ports.uplink, self._folder)
        self._ends.callback(self.central.stop)
        self.subscriber = Subscriber(self.ports.uplink)  # before the agent, so that nothing is missed
        self._ends.callback(self.subscriber.stop)
        field = Broker("field-broker", self.ports.field_broker, self._folder)
        self._ends.callback(field.stop)
        play = self._play
        self.start_gateway()
        self.relays = {name: play("relay", "--port", str(port)) for name, port in self.ports.relays.items()}
        tags = json.dumps(self._field.get("tags", TAGS))
        self.wearables = play("wearables", "--port", str(self.ports.field_broker), "--tags", tags)
        film = ("--clip", self._clip) if self._clip else ("--synthetic", "20")
        self.camera = play("camera", "--port", str(self.ports.camera), "--path", "cam-1", *film)
        self.start_agent()
        self._ends.callback(self._stop_agent)
        pages = Process("pages", [sys.executable, "-m", "web_ui", str(self.site)], self._folder)
        self._ends.callback(pages.stop)
        wait_for_port(self.ports.board, pages)

    def _play(self, kind: str, *options: str) -> Simulator:
        simulator = Simulator(kind, *options)
        self._ends.callback(simulator.stop)
        return simulator

    def start_gateway(self) -> None:
        """Give the detectors' gateway power (again): its detectors warm up first."""
        options = ["--port", str(self.ports.gateway), "--warmup", str(self._warmup_s)]
        if "modules" in self._field:
            file = self._folder / "modules.json"
            file.write_text(json.dumps(self._field["modules"]), encoding="utf-8")
            options += ["--modules", str(file)]
        self.gateway = self._play("gas-gateway", *options)

    @property
    def relay(self) -> Simulator:
        """The relay module of a site that has one."""
        return next(iter(self.relays.values()))

    def start_agent(self) -> None:
        """Start the agent (again) and wait until it guards: a picture of its own, and somebody at the desk."""
        began_utc = time.time()
        command = [sys.executable, "-m", "edge_agent", "run", str(self.site)]
        self.agent = Process("agent", command, self._folder, keep=self.ports.claims)
        deadline_s = time.monotonic() + 60
        while not self._guards(began_utc):
            self.agent.check()
            if time.monotonic() > deadline_s:
                raise NotSeen(f"the agent does not answer after 60 s; see {self.agent.log}")
            time.sleep(0.1)

    def _guards(self, since_utc: float) -> bool:
        """What a killed agent left behind, a socket file and an old picture, does not count."""
        with socket.socket(socket.AF_UNIX) as line:
            if line.connect_ex(str(self.socket)) != 0:
                return False
        return (self.runtime_folder / "live.json").exists() and self.live().at_utc >= since_utc

    def _stop_agent(self) -> None:
        self.agent.stop()

    @property
    def state_folder(self) -> Path:
        """Database and journal."""
        return self.site / "state"

    @property
    def runtime_folder(self) -> Path:
        """Live picture, stills, request socket."""
        return self.site / "runtime"

    @property
    def socket(self) -> Path:
        """Where people's requests are filed."""
        return self.runtime_folder / "requests.sock"

    def live(self) -> Live:
        """The live picture as it stands."""
        return msgspec.json.decode((self.runtime_folder / "live.json").read_bytes(), type=Live)
