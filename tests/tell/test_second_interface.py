"""Two network interfaces to one broker (a cable and a modem, say), in a namespace: each is used by its name."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from edge_agent.settings.site_brokers import SecondUplinkTable
from edge_agent.store.batch import Batch
from tests.support.broker import Mosquitto, Subscriber
from tests.tell.conftest import Agent
from tests.tell.test_forwarder import EVENTS, told
from tests.tell.test_second_way import drained, wait_for_way

BROKER = "10.231.9.9"  # inside the namespace, reached by either interface
MakeAgent = Callable[..., Agent]


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


class Network:
    """This machine with two interfaces more; the centre lies behind both of them."""

    def __init__(self) -> None:
        mark = f"{os.getpid() % 100_000:05d}"
        self.space = f"edge-{mark}"
        self.cable, self.modem = f"ec{mark}", f"em{mark}"
        ip("netns", "add", self.space)
        self._inside("link", "set", "lo", "up")
        self._inside("addr", "add", f"{BROKER}/32", "dev", "lo")
        for net, name in ((1, self.cable), (2, self.modem)):
            ip("link", "add", name, "type", "veth", "peer", "name", f"{name}x", "netns", self.space)
            ip("addr", "add", f"10.231.{net}.1/24", "dev", name)
            ip("link", "set", name, "up")
            self._inside("addr", "add", f"10.231.{net}.2/24", "dev", f"{name}x")
            self._inside("link", "set", f"{name}x", "up")
        self.plug(self.cable, metric="10")
        ip("route", "add", f"{BROKER}/32", "via", "10.231.2.2", "metric", "20")

    def _inside(self, *arguments: str) -> None:
        ip("-n", self.space, *arguments)

    def plug(self, name: str, metric: str) -> None:
        """The cable is in: its route is the better one."""
        ip("link", "set", name, "up")
        ip("route", "replace", f"{BROKER}/32", "via", "10.231.1.2", "metric", metric)

    def end(self) -> None:
        for name in (self.cable, self.modem):
            with suppress(subprocess.CalledProcessError):
                ip("link", "del", name)
        ip("netns", "del", self.space)


@pytest.fixture
def network() -> Iterator[Network]:
    if os.getuid() != 0 or shutil.which("ip") is None:
        pytest.skip("interfaces can be made by root alone, with iproute2")
    made = Network()
    yield made
    made.end()


class Inside(Mosquitto):
    """The broker, in the namespace."""

    def __init__(self, folder: Path, network: Network) -> None:
        super().__init__(folder, host="10.231.2.2")
        config = folder / "mosquitto.conf"
        config.write_text(config.read_text().replace("127.0.0.1", "0.0.0.0", 1))  # noqa: S104 (in its own namespace)
        self._command = ["ip", "netns", "exec", network.space, *self._command]


@contextmanager
def watching(port: int) -> Iterator[Subscriber]:
    """The centre, by the line that is never cut."""
    watcher = Subscriber(port, EVENTS, host="10.231.2.2")
    yield watcher
    watcher.close()


def peers(network: Network, port: int) -> set[str]:
    """From which of our addresses the broker is spoken to."""
    said = subprocess.run(
        ["ip", "netns", "exec", network.space, "ss", "-Htn", "state", "established", f"( sport = :{port} )"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return {
        line.split()[-1].rpartition(":")[0].removeprefix("[::ffff:").rstrip("]")
        for line in said.stdout.splitlines()
    }


def test_the_modems_interface_carries_while_the_cable_is_out(
    network: Network, tmp_path: Path, make_agent: MakeAgent
) -> None:
    with Inside(tmp_path / "broker", network) as broker, watching(broker.port) as watcher:
        ways = {"host": BROKER, "keepalive_s": 5}
        second = SecondUplinkTable(port=broker.port, interface=network.modem, after_s=1.0, back_s=1.0, **ways)
        agent = make_agent(broker.port, second=second, interface=network.cable, **ways)
        wait_for_way(agent, second=False)
        assert "10.231.1.1" in peers(network, broker.port)
        agent.commit(Batch(outbox=tuple(told(seq) for seq in range(1, 51))))
        drained(agent)
        ip("link", "set", network.cable, "down")
        agent.commit(Batch(outbox=tuple(told(seq) for seq in range(51, 101))))
        wait_for_way(agent, second=True)
        assert "10.231.2.1" in peers(network, broker.port)
        drained(agent)
        network.plug(network.cable, metric="10")
        wait_for_way(agent, second=False)
        agent.commit(Batch(outbox=(told(101),)))
        drained(agent)
        watcher.wait_for(lambda got: len(got) >= 101)
        assert sorted({json.loads(one.payload)["seq"] for one in watcher.messages}) == list(range(1, 102))
