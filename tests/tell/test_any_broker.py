"""Brokers of three makes: no event is lost, health is retained, a death is told, downlinks are kept."""

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge_agent.store.batch import Batch
from tests.support.broker import Mosquitto, subscriber
from tests.support.other_brokers import Aedes, Nats
from tests.tell.conftest import Agent
from tests.tell.test_forwarder import EVENTS, forwarder_pid, seqs, told

HEALTH = "edge/s/u/up/health"
DOWN = "edge/s/u/dn/permit"
MakeAgent = Callable[..., Agent]
AnyBroker = Mosquitto | Nats | Aedes


@pytest.fixture(params=[Mosquitto, Nats, Aedes], ids=["mosquitto", "nats", "aedes"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyBroker]:
    with request.param(tmp_path / "broker") as running:
        yield running


def test_events_arrive_and_none_is_missing_after_a_kill(broker: AnyBroker, make_agent: MakeAgent) -> None:
    with subscriber(broker.port, "edge/#") as watcher:
        agent = make_agent(broker.port)
        agent.wait_for_link(up=True)
        agent.commit(Batch(outbox=tuple(told(seq) for seq in range(1, 301))))
        watcher.wait_for(lambda got: any(one.topic == EVENTS for one in got))
        os.kill(forwarder_pid(), signal.SIGKILL)
        watcher.wait_for(lambda got: len({one.payload for one in got if one.topic == EVENTS}) == 300)
        assert seqs([one for one in watcher.messages if one.topic == EVENTS]) == list(range(1, 301))
        while agent.waiting():
            threading.Event().wait(0.01)


def test_health_is_retained_and_a_killed_unit_is_offline_by_its_will(
    broker: AnyBroker, make_agent: MakeAgent
) -> None:
    def online(got: list[bytes]) -> list[bool]:
        return [json.loads(one)["online"] for one in got]

    agent = make_agent(broker.port)
    agent.wait_for_link(up=True)
    with subscriber(broker.port, HEALTH) as watcher:
        watcher.wait_for(lambda got: online([one.payload for one in got]) == [True])
        assert watcher.messages[0].retain
        os.kill(forwarder_pid(), signal.SIGKILL)
        watcher.wait_for(lambda got: online([one.payload for one in got])[1:] == [False, True])


def test_what_the_centre_sends_while_the_unit_is_away_is_kept_for_it(
    broker: AnyBroker, make_agent: MakeAgent
) -> None:
    first = make_agent(broker.port)
    first.wait_for_link(up=True)
    first.end()
    with subscriber(broker.port, "edge/+/+/up/#") as centre:
        centre.publish(DOWN, b"a permit")
    again = make_agent(broker.port)
    down = again.downs.get(timeout=60)
    again.uplink.took(down.n)
    assert (down.topic, down.payload, down.retain) == (DOWN, b"a permit", False)
