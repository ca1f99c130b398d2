"""Three NATS servers as one broker, by the very file that docs/upstream/scale.md gives; one of them is killed."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONF = Path(__file__).resolve().parents[2] / "docs" / "upstream" / "scale" / "nats-node.conf"
ROUTES = (6221, 6222, 6223)
WITHIN_S = 60.0


class Cluster:
    """`ports` are those of MQTT, a node each."""

    def __init__(self, folder: Path, ports: tuple[int, ...]) -> None:
        program = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")
        if program is None:
            raise FileNotFoundError("nats-server is not installed (make test installs it)")
        self.ports, self._nodes = ports, list[subprocess.Popen[bytes]]()
        for at, (port, peers) in enumerate(zip(ports, ROUTES, strict=True), start=1):
            told = {
                "NODE": f"n{at}",
                "CLIENT": "-1",
                "MQTT": str(port),
                "PEERS": str(peers),
                "STORE": f"{folder}/n{at}",
            }
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self._nodes.append(subprocess.Popen([program, "-c", str(CONF)], env={**os.environ, **told}, **quiet))
        for port in ports:
            self._answers(port)

    @staticmethod
    def _answers(port: int) -> None:
        end_s = time.monotonic() + WITHIN_S
        while time.monotonic() < end_s:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError(f"no NATS answers on port {port}")

    def kill(self, at: int) -> None:
        """One node is gone from one moment to the next."""
        self._nodes[at].kill()
        self._nodes[at].wait()

    def stop(self) -> None:
        """End them all."""
        for node in self._nodes:
            node.kill()
            node.wait()


@contextmanager
def cluster(folder: Path, ports: tuple[int, ...]) -> Iterator[Cluster]:
    """Three nodes until the end of the block."""
    made = Cluster(folder, ports)
    try:
        yield made
    finally:
        made.stop()
