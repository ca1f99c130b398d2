"""Dry contacts over MQTT and OPC UA: closed only where a module that lives says so now, plainly and as good."""

import json
import time
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.act import build as act_build
from edge_agent.clock import Instant
from edge_agent.domain.observation import Contact, Observation, Quality
from edge_agent.domain.words import NOTHING
from edge_agent.sense import build
from edge_agent.sense.mqtt_sensors import MqttSensors
from edge_agent.sense.opcua.server import OpcUaServer, sampled_of
from edge_agent.sense.sampled.profile import SampledProfile, load_mqtt, load_opcua, of_one_contact
from edge_agent.sense.sampled.sensor import Place, Sensor
from edge_agent.sense.sampled.values import Sampled
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings, Site
from edge_agent.settings.site_brokers import BrokerTable, DownlinkTable
from edge_agent.settings.site_lines import OpcUaTable
from edge_agent.settings.site_relays import ContactTable, RelayTable
from tests.sense.conftest import Broker
from tests.sense.field_fakes import CLOCK, NAME, ROOT, SITE, Heard, running
from tests.support.story import scenario_site
from tests.support.wires import Node

MAC = "00D0C9AABB02"
TOPIC = f"Advantech/{MAC}/data"
WISE = load_mqtt(ROOT, "advantech_wise-4000_di")
BAD_SENSOR, LAST_USABLE = 0x808C0000, 0x40900000


def module(**inputs: int) -> RelayTable:
    """A module on the broker, whose contacts have these names."""
    contacts = {name: ContactTable(input=at, kind="interlock") for name, at in inputs.items()}
    return RelayTable(name=NAME, bus="field_broker", node=MAC, profile="advantech_wise-4000_di", contacts=contacts)


def settings(port: int, **relays: RelayTable) -> Settings:
    """A site with these modules, and a server of the plant."""
    broker = BrokerTable(host="127.0.0.1", port=port)
    site = Site(
        schema=1,
        site=SITE,
        downlink=DownlinkTable(keys=()),
        uplink=broker,
        field_broker=broker,
        relays=relays,
        opcua={"dcs": OpcUaTable(host="127.0.0.1", security="none")},
    )
    book = scenario_site().rulebook
    return Settings(
        folder=ROOT, site=site, areas=(), persons=(), rulebook=book, devices=derived(site, book), digest=""
    )


def said(**changed: Any) -> bytes:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"s": 1, "t": now, "q": 192, "c": 1, "di1": True, "di2": False, **changed}).encode()


def contact(channel: str, *, closed: bool | None, words: str = "") -> Callable[[Observation], bool]:
    return lambda seen: (
        isinstance(seen, Contact) and (seen.channel, seen.closed) == (channel, closed) and words in seen.detail.en
    )


def test_one_message_speaks_of_each_contact_and_a_retained_one_of_none(
    broker: Broker, publish: Callable[..., None]
) -> None:
    publish(TOPIC, said(), retain=True)
    (source,) = build.sources(settings(broker.port, io=module(door=0, clamp=1)), CLOCK, ROOT)
    heard = Heard()
    with running(source, heard):
        heard.wait(contact("door", closed=None, words="retained"))
        heard.wait(contact("clamp", closed=None, words="retained"))
        assert not [seen for seen in heard.all if isinstance(seen, Contact) and seen.closed]
        publish(TOPIC, said())
        heard.wait(contact("door", closed=True))
        heard.wait(contact("clamp", closed=False))
        publish(TOPIC, said(di1=False))  # within the same second
        heard.wait(contact("door", closed=False))
        publish(TOPIC, said(di1="open"))
        heard.wait(contact("door", closed=None, words="says of no contact"))
        heard.wait(contact("door", closed=None, words="last new value"), heard.mark())  # and then it is silent


def test_contacts_that_are_heard_are_sources_and_nothing_is_switched_there() -> None:
    served = RelayTable(
        name=NAME,
        bus="dcs",
        node='ns=3;s="DI1"',
        profile="siemens_s7-1500_contacts",
        contacts={"stop": ContactTable(input=7, kind="stop_button")},
    )
    made = settings(1883, io=module(door=0), plc=served)
    assert [type(one) for one in build.sources(made, CLOCK, ROOT)] == [MqttSensors, OpcUaServer]
    assert act_build.actuators(made, CLOCK, ROOT) == []
    (stop,) = build.contact_sensors(made, "dcs", ROOT)
    assert stop.profile.places["contact.0"] == '{at}."Closed"[7]'


def of_server() -> Sensor:
    place = Place(device="plc", at="DB", period_s=1.0, stale_s=3.0, channel="stop")
    return Sensor(place, of_one_contact(load_opcua(ROOT, "siemens_s7-1500_contacts"), 0))


def served(closed: Any, life: float, *, status: float = 0.0, code: int = 0) -> Sampled:
    nodes = {"contact.0": Node(closed, code, 5.0), "sequence": Node(life, 0, 5.0)}
    return sampled_of({**nodes, "quality.0": Node(status, 0, 5.0)})


def at(now_s: float) -> Instant:
    return Instant(now_s=now_s, utc=1_795_000_000.0 + now_s, trusted=True)


def state(seen: Observation | None) -> bool | None:
    assert isinstance(seen, Contact)
    return seen.closed


def test_behind_a_server_a_contact_is_closed_only_while_the_program_counts() -> None:
    one = of_server()
    assert state(one.heard(served(closed=True, life=1), at(1.0))) is None  # the first word proves no life
    assert state(one.heard(served(closed=True, life=2), at(2.0))) is True
    assert one.heard(served(closed=True, life=2), at(3.0)) is None  # nothing new
    assert one.silent(4.9, NOTHING) is None  # for less than three periods
    assert state(one.silent(5.1, NOTHING)) is None
    assert state(one.heard(served(closed=True, life=3), at(7.0))) is True
    assert state(one.heard(served(closed=False, life=3), at(7.1))) is False  # a stop waits for no count
    assert state(one.heard(served(closed=True, life=4, status=1.0), at(8.0))) is None  # a broken wire
    assert state(one.heard(served(closed=True, life=5, code=BAD_SENSOR), at(9.0))) is None
    assert state(one.heard(served(closed=True, life=6, code=LAST_USABLE), at(10.0))) is None


def test_an_old_message_and_one_that_cannot_be_read_close_nothing() -> None:
    place = Place(device="io", at=MAC, period_s=1.0, stale_s=3.0, channel="door")
    one = Sensor(place, of_one_contact(WISE, 0))

    def says(value: Any, utc: float, quality: float = 192.0) -> Sampled:
        return Sampled(values={"contact.0": value, "quality.0": quality}, source_utc=utc)

    now = at(100.0)
    assert state(one.heard(says(value=True, utc=now.utc - 10), now)) is None  # measured too long ago
    assert state(one.heard(says(value=True, utc=now.utc), at(100.0))) is True
    assert state(one.heard(says(value=True, utc=now.utc + 1, quality=0.0), at(101.0))) is None
    assert state(one.refused(Quality.FAULT, NAME, 102.5)) is None


@given(value=st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.booleans()), inverted=st.booleans())
def test_only_a_plain_word_is_one(value: Any, *, inverted: bool) -> None:
    shape: SampledProfile = of_one_contact(WISE, 0)
    if inverted and shape.inputs is not None:
        shape = replace(shape, inputs=replace(shape.inputs, closed=False))
    one = Sensor(Place(device="io", at=MAC, period_s=1.0, stale_s=3.0, channel="door"), shape)
    now = at(100.0)
    told = one.heard(Sampled(values={"contact.0": value, "quality.0": 192.0}, source_utc=now.utc), now)
    plain = not isinstance(value, str) and value in {0, 1}
    assert state(told) is ((bool(value) is not inverted) if plain else None)
