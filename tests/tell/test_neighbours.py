"""Two boxes over a real broker: each hears what the other guards; what is old, foreign or broken is not taken."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from msgspec.structs import replace
from paho.mqtt import publish
from paho.mqtt.client import MQTTMessage

from edge_agent.clock import SystemClock
from edge_agent.decide.beside import Ours
from edge_agent.domain.claim import Claim, Standing
from edge_agent.domain.observation import Claims, Observation
from edge_agent.domain.permit import State
from edge_agent.domain.ticket import Point
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import BrokerTable
from edge_agent.settings.site_itself import PeerTable
from edge_agent.tell import signing
from edge_agent.tell.contract.peer import PeerWord
from edge_agent.tell.neighbours import Neighbours, topic
from tests.support.broker import WITHIN_S, Mosquitto, subscriber
from tests.support.story import scenario_site

KEYS = {unit: signing.new_key() for unit in ("edge-1", "edge-2")}
WELDING = Claim(
    permit="P-9", type="hot", level="1", area="yard", point=Point(1.0, 2.0), state=State.ACTIVE, uses=("venting",)
)
LEAK = Standing(
    code="GAS-01", area="yard", leave=True, title=Words("气体危险", "gas"), detail=Words("12", "12 ppm")
)
SITE = scenario_site().site.site.id


def table(broker: Mosquitto) -> BrokerTable:
    return BrokerTable(host="127.0.0.1", port=broker.port, keepalive_s=5)


def box(unit: str, other: str, broker: BrokerTable) -> Settings:
    base = scenario_site()
    site = replace(
        base.site,
        site=replace(base.site.site, unit=unit),
        field_broker=broker,
        peers=(PeerTable(unit=other, name=Words("邻机", "other box"), ed25519=signing.public_text(KEYS[other])),),
    )
    return replace(base, site=site)


class Box:
    """One box's end: what it guards, and what it has heard."""

    def __init__(self, unit: str, other: str, broker: BrokerTable) -> None:
        self.tells = Ours()
        self.heard: list[Claims] = []
        self._worker = Neighbours(
            box(unit, other, broker), SystemClock(declared=True), lambda: self.tells, KEYS[unit]
        )

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


def test_each_hears_what_the_other_guards_and_what_sounds_there(broker: Mosquitto) -> None:
    one, two = Box("edge-1", "edge-2", table(broker)), Box("edge-2", "edge-1", table(broker))
    one.tells = Ours(claims=(WELDING,))
    with two.running(), one.running():
        two.hears(lambda seen: seen.source == "edge-1" and seen.claims == (WELDING,))
        one.hears(lambda seen: seen.source == "edge-2" and seen.claims == ())
        one.tells = Ours(claims=(replace(WELDING, state=State.PAUSED),), alarms=(LEAK,))
        two.hears(lambda seen: (seen.claims, seen.alarms) == (one.tells.claims, (LEAK,)))


def test_what_was_recorded_or_made_up_is_not_taken(broker: Mosquitto) -> None:
    """Somebody on the same wire plays the box's own words again, once its gas has come, and makes up others."""
    one, two = Box("edge-1", "edge-2", table(broker)), Box("edge-2", "edge-1", table(broker))
    quiet: list[MQTTMessage] = []
    with subscriber(broker.port, topic(SITE, "edge-2")) as wire, one.running(), two.running():
        one.hears(lambda seen: seen.alarms == ())
        quiet.extend(wire.messages)
        two.tells = Ours(alarms=(LEAK,))
        one.hears(lambda seen: seen.alarms == (LEAK,))
        said = len(one.heard)
        made_up = PeerWord(
            site=SITE, unit="edge-2", session="f" * 16, n=1, challenge="0" * 16, heard={}, claims=(), alarms=()
        )
        forged = signing.sign(msgspec.json.encode(made_up), KEYS["edge-1"], "edge-2")
        for payload in [*(message.payload for message in quiet), forged, b"{", b"\x00" * 2**20]:
            publish.single(topic(SITE, "edge-2"), payload, qos=1, hostname="127.0.0.1", port=broker.port)
            publish.single(
                topic(SITE, "edge-2"), payload, qos=1, retain=True, hostname="127.0.0.1", port=broker.port
            )
        two.tells = Ours(alarms=(LEAK, replace(LEAK, area="tank")))  # behind all of them
        one.hears(lambda seen: len(seen.alarms) == 2)
    assert quiet
    assert all(seen.alarms for seen in one.heard[said:])


def test_a_box_that_comes_up_anew_is_heard_again(broker: Mosquitto) -> None:
    one = Box("edge-1", "edge-2", table(broker))
    with one.running():
        for area in ("yard", "tank"):
            two = Box("edge-2", "edge-1", table(broker))
            two.tells = Ours(claims=(replace(WELDING, area=area),))
            with two.running():
                one.hears(lambda seen, told=two.tells: seen.claims == told.claims)  # type: ignore[misc]


def test_a_broker_that_comes_late_is_found(broker: Mosquitto) -> None:
    broker.stop()
    one = Box("edge-1", "edge-2", table(broker))
    with one.running():
        time.sleep(0.5)
        broker.start()
        two = Box("edge-2", "edge-1", table(broker))
        two.tells = Ours(claims=(WELDING,))
        with two.running():
            one.hears(lambda seen: seen.claims == (WELDING,))
