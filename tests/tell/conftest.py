"""A real broker, a store, and an uplink whose forwarder runs as it does in the agent."""

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from edge_agent.settings.site_brokers import SecondUplinkTable, UplinkTable
from edge_agent.store.batch import Batch
from edge_agent.store.store import Store
from edge_agent.tell.uplink import Acks, ForwarderEnded, Told, Uplink, forwarder_config
from edge_agent.tell.wire import Down, Link
from tests.support.broker import WITHIN_S, Mosquitto
from tests.support.desk_site import Site, running


class Agent:
    """The agent's part of the uplink: deletes what was acknowledged, restarts a forwarder that died."""

    def __init__(self, store: Store, broker: UplinkTable, second: SecondUplinkTable | None = None) -> None:
        config = forwarder_config(
            store.path, site="s", unit="u", boot="b00t", demo=True, broker=broker, second=second
        )
        self.store = store
        self.uplink = Uplink(config)
        self.links: queue.Queue[Link] = queue.Queue()
        self.downs: queue.Queue[Down] = queue.Queue()
        self.deaths = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._writing = threading.Lock()  # the store is the brain's; here two threads play it

    def start(self) -> None:
        self._thread.start()

    def commit(self, batch: Batch) -> None:
        with self._writing:
            self.store.commit(batch)
        self.uplink.wake()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.uplink.run(self._deliver, self._stop)
            except ForwarderEnded:
                self.deaths += 1

    def _deliver(self, told: Told) -> None:
        match told:
            case Acks(ids=ids):
                with self._writing:
                    self.store.commit(Batch(acked=ids))
            case Link():
                self.links.put(told)
            case Down():
                self.downs.put(told)

    def wait_for_link(self, *, up: bool) -> Link:
        while True:
            link = self.links.get(timeout=WITHIN_S)
            if link.up is up:
                return link

    def waiting(self) -> int:
        with self._writing:
            return self.store.load().waiting

    def end(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(WITHIN_S)
            assert not self._thread.is_alive()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(tmp_path / "broker") as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "edge.sqlite") as opened:
        yield opened


@pytest.fixture
def make_agent(store: Store) -> Iterator[Callable[..., Agent]]:
    agents: list[Agent] = []

    def make(port: int, *, second: SecondUplinkTable | None = None, **fields: Any) -> Agent:
        table = UplinkTable(**{"host": "127.0.0.1", "port": port, "keepalive_s": 5, **fields})
        agents.append(Agent(store, table, second))
        agents[-1].start()
        return agents[-1]

    yield make
    for agent in agents:
        agent.end()


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    sites: list[Site] = []

    def make(wrong: dict[str, int] | None = None) -> Site:
        sites.append(Site(tmp_path, wrong))
        return running(sites[-1])

    yield make
    for site in sites:
        site.stop.set()
        site.thread.join(WITHIN_S)
        assert not site.thread.is_alive()
        assert not site.path.exists()


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site()
