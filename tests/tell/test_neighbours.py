"""Two boxes over a real broker: each hears what the other guards; what is old, foreign or broken is not taken."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest
from msgspec.structs import replace
from paho.mqtt import publish

from edge_agent.clock import SystemClock
from edge_agent.domain.claim import Claim
from edge_agent.domain.observation import Claims, Observation
from edge_agent.domain.permit import State
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import Words
from edge_agent.settings.site import BrokerTable, PeerTable, Settings
from edge_agent.tell.neighbours import Neighbours, Told, topic
from tests.support.broker import WITHIN_S, Mosquitto
from tests.support.story import scenario_site

WELDING = Claim(
    permit="P-9", type="hot", level="1", area="yard", point=Point(1.0, 2.0), state=State.ACTIVE, uses=("venting",)
)


def table(broker: Mosquitto) -> BrokerTable:
    return BrokerTable(host="127.0.0.1", port=broker.port, keepalive_s=5)


def box(unit: str, other: str, broker: BrokerTable) -> Settings:
    base = scenario_site()
    site = replace(
        base.site,
        site=replace(base.site.site, unit=unit),
        field_broker=broker,
        peers=(PeerTable(unit=other, name=Words("邻机", "other box")),),
    )
    return replace(base, site=site)


class Box:
    """One box's end: what it guards, and what it has heard."""

    def __init__(self, unit: str, other: str, broker: BrokerTable) -> None:
        self.guards: tuple[Claim, ...] = ()
        self.heard: list[Claims] = []
        self._worker = Neighbours(box(unit, other, broker), SystemClock(declared=True), lambda: self.guards)

    def take(self, seen: Observation) -> None:
        assert isinstance(seen, Claims)
        self.heard.append(seen)

    @contextmanager
    def running(self) -> Iterator["Box"]:
        stop = threading.Event()
        thread = threading.Thread(target=self._worker.run, args=(self.take, stop), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            thread.join(WITHIN_S)
            assert not thread.is_alive()

    def hears(self, wanted: Callable[[Claims], bool]) -> None:
        deadline_s = time.monotonic() + WITHIN_S
        while not any(wanted(seen) for seen in list(self.heard)):
            assert time.monotonic() < deadline_s, self.heard
            time.sleep(0.05)


def test_each_hears_what_the_other_guards(broker: Mosquitto) -> None:
    one, two = Box("edge-1", "edge-2", table(broker)), Box("edge-2", "edge-1", table(broker))
    one.guards = (WELDING,)
    with two.running(), one.running():
        two.hears(lambda seen: seen.source == "edge-1" and seen.claims == (WELDING,))
        one.hears(lambda seen: seen.source == "edge-2" and seen.claims == ())
        one.guards = (replace(WELDING, state=State.PAUSED),)
        two.hears(lambda seen: seen.claims == one.guards)


@pytest.mark.parametrize(
    ("unit", "body", "retain"),
    [
        ("edge-2", b"{", False),
        ("edge-2", b'{"unit":"edge-2"}', False),
        ("edge-2", msgspec.json.encode(Told(unit="edge-3", claims=())), False),  # speaks for another
        ("edge-9", msgspec.json.encode(Told(unit="edge-9", claims=())), False),  # nobody that we know
        ("edge-2", msgspec.json.encode(Told(unit="edge-2", claims=(WELDING,))), True),  # as old as may be
    ],
    ids=["torn", "incomplete", "impostor", "stranger", "retained"],
)
def test_what_proves_nothing_is_not_taken(broker: Mosquitto, unit: str, body: bytes, retain: bool) -> None:  # noqa: FBT001
    to = topic(scenario_site().site.site.id, unit)
    if retain:
        publish.single(to, body, qos=1, retain=True, hostname="127.0.0.1", port=broker.port)
    box_1 = Box("edge-1", "edge-2", table(broker))
    ours = topic(scenario_site().site.site.id, "edge-2")
    good = msgspec.json.encode(Told(unit="edge-2", claims=()))
    with box_1.running():
        deadline_s = time.monotonic() + WITHIN_S
        while not box_1.heard and time.monotonic() < deadline_s:
            for where, what in ((to, body), (ours, good)):
                if not (retain and what is body):
                    publish.single(where, what, qos=1, hostname="127.0.0.1", port=broker.port)
            time.sleep(0.2)
    assert {seen.claims for seen in box_1.heard} == {()}


def test_a_broker_that_comes_late_is_found(broker: Mosquitto) -> None:
    broker.stop()
    one = Box("edge-1", "edge-2", table(broker))
    with one.running():
        time.sleep(0.5)
        broker.start()
        two = Box("edge-2", "edge-1", table(broker))
        two.guards = (WELDING,)
        with two.running():
            one.hears(lambda seen: seen.claims == (WELDING,))
