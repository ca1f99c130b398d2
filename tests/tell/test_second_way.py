"""Two ways to the centre: the second carries when the first is lost, and nothing is lost or doubled by either."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from paho.mqtt.client import MQTTMessage

from edge_agent.settings.site_brokers import SecondUplinkTable
from edge_agent.store.batch import Batch
from edge_agent.tell.ways import FIRST, SECOND, Ways
from edge_agent.tell.wire import Link
from tests.support.broker import WITHIN_S, Mosquitto, Subscriber, subscriber
from tests.tell.conftest import Agent
from tests.tell.test_forwarder import EVENTS, told

MakeAgent = Callable[..., Agent]


@pytest.fixture
def brokers(tmp_path: Path) -> Iterator[tuple[Mosquitto, Mosquitto]]:
    with Mosquitto(tmp_path / "one") as one, Mosquitto(tmp_path / "two") as two:
        yield one, two


def by(two: Mosquitto, **fields: float | str) -> SecondUplinkTable:
    return SecondUplinkTable(
        **{"host": "127.0.0.1", "port": two.port, "keepalive_s": 5, "after_s": 1.0, "back_s": 1.0, **fields}
    )


def wait_for_way(agent: Agent, *, second: bool) -> Link:
    while (link := agent.wait_for_link(up=True)).second is not second:
        pass
    return link


def every_seq(*watchers: Subscriber) -> list[int]:
    """What a centre that listens to both brokers has, each number once."""
    return sorted({json.loads(one.payload)["seq"] for w in watchers for one in w.messages if one.topic == EVENTS})


def drained(agent: Agent) -> None:
    while agent.waiting():
        threading.Event().wait(0.01)


def test_it_fails_over_and_back_again_and_each_event_arrives(
    brokers: tuple[Mosquitto, Mosquitto], make_agent: MakeAgent
) -> None:
    one, two = brokers
    with ExitStack() as stack:
        first, other = (stack.enter_context(subscriber(b.port, "edge/#", client_id="w")) for b in brokers)
        agent = make_agent(one.port, second=by(two))
        assert wait_for_way(agent, second=False).detail.en == "connected"
        agent.commit(Batch(outbox=tuple(told(seq) for seq in range(1, 101))))
        one.stop()
        agent.commit(Batch(outbox=tuple(told(seq) for seq in range(101, 201))))
        assert wait_for_way(agent, second=True).detail.en == "connected by the second way"
        other.wait_for(lambda got: sum(m.topic == EVENTS for m in got) >= 100)
        other.publish("edge/s/u/dn/permit", b"asked by the second way")
        down = agent.downs.get(timeout=WITHIN_S)
        assert down.payload == b"asked by the second way"
        one.start()
        agent.commit(Batch(outbox=tuple(told(seq) for seq in range(201, 301))))
        agent.uplink.took(down.n)
        wait_for_way(agent, second=False)
        drained(agent)
        first.wait_for(lambda _: len(every_seq(first, other)) == 300)
        assert every_seq(first, other) == list(range(1, 301))
        # whoever listens to the second broker alone is told that it was left
        other.wait_for(lambda got: _online(got)[-1] is False)


def test_an_interface_that_is_not_there_is_named_and_the_second_way_is_taken(
    brokers: tuple[Mosquitto, Mosquitto], make_agent: MakeAgent
) -> None:
    one, two = brokers
    agent = make_agent(one.port, second=by(two, interface="lo"), interface="wwan77")
    assert agent.wait_for_link(up=False).detail.en == "there is no network interface wwan77"
    wait_for_way(agent, second=True)
    agent.commit(Batch(outbox=(told(1),)))
    drained(agent)


def test_with_both_gone_each_is_tried_in_its_turn_and_the_outbox_keeps_everything(
    tmp_path: Path, make_agent: MakeAgent
) -> None:
    one, two = Mosquitto(tmp_path / "one"), Mosquitto(tmp_path / "two")
    agent = make_agent(one.port, second=by(two))
    agent.wait_for_link(up=False)
    agent.commit(Batch(outbox=(told(1),)))
    assert agent.waiting() == 1
    with one:
        wait_for_way(agent, second=False)
        drained(agent)
    two.__exit__(None, None, None)


def _online(got: list[MQTTMessage]) -> list[bool]:
    return [json.loads(one.payload)["online"] for one in got if one.topic.endswith("up/health")]


def two_ways(**changes: float) -> Ways:
    return Ways(two=True, after_s=10.0, back_s=60.0, **changes)


def test_a_short_loss_changes_nothing() -> None:
    ways = two_ways()
    ways.failed(100.0)
    ways.failed(109.9)
    assert ways.now == FIRST
    ways.works()
    ways.failed(120.0)
    ways.failed(129.0)
    assert ways.now == FIRST, "each loss is counted anew"
    ways.failed(130.0)
    assert ways.now == SECOND


def test_without_a_second_way_nothing_changes() -> None:
    ways = Ways(two=False, after_s=10.0, back_s=60.0)
    for at_s in (0.0, 1000.0):
        ways.failed(at_s)
    assert ways.now == FIRST
    assert not ways.due(2000.0)


def test_the_first_is_looked_at_in_its_time_and_taken_where_it_answers() -> None:
    ways = two_ways()
    for at_s in (0.0, 10.0):
        ways.failed(at_s)
    ways.works()
    assert not ways.due(69.0)
    assert ways.due(70.0)
    assert not ways.looked(70.0, answers=False)
    assert not ways.due(129.0)
    assert ways.looked(130.0, answers=True)
    assert ways.now == FIRST


def test_a_first_way_that_answers_and_does_not_carry_is_looked_at_ever_more_rarely() -> None:
    ways, now_s, waits = two_ways(), 0.0, []
    ways.failed(now_s)
    for _ in range(8):
        now_s += 10
        ways.failed(now_s)
        assert ways.now == SECOND
        began_s = now_s
        while not ways.due(now_s):
            now_s += 1
        waits.append(now_s - began_s)
        assert ways.looked(now_s, answers=True)
        ways.failed(now_s)  # its broker does not let us in
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    ways.works()
    ways.failed(now_s + 4000)
    ways.failed(now_s + 4010)
    assert ways.now == SECOND
    assert ways.due(now_s + 4070), "it carried for long enough to be trusted again"
