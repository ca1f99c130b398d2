"""Wearers are called over the field broker: a tracker rings after its next uplink and says so, or it is told."""

import base64
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from msgspec.structs import replace

from edge_agent.act import caller as under_test
from edge_agent.act.build import caller
from edge_agent.act.caller import Caller
from edge_agent.decide.calls import Call
from edge_agent.decide.speech import Urgency
from edge_agent.field import wearable_call
from edge_agent.field.wearable_call import CallTable
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import BrokerTable
from edge_agent.simulate.handle import Simulator
from tests.act.relay_bench import CLOCK, ROOT, health
from tests.sense.conftest import Broker
from tests.sense.field_fakes import Heard, running
from tests.support.story import scenario_site

APPLICATION = "0b3c"
ABEEWAY = wearable_call.load(ROOT, "chirpstack_abeeway")
EUI = "20635f01000000aa"


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    found = Broker(tmp_path)
    found.start()
    yield found
    found.close()


def lora(site: Settings, port: int) -> Settings:
    """The demo tank, whose guard wears an Abeeway tracker."""
    guard = replace(site.site.wearables["tag-guard"], profile="chirpstack_abeeway", provider_id=EUI, period_s=1.0)
    table = replace(
        site.site,
        field_broker=BrokerTable(host="127.0.0.1", port=port),
        wearables={**site.site.wearables, "tag-guard": guard},
        positioning=replace(site.site.positioning, call_at={"chirpstack_abeeway": APPLICATION}),
    )
    return replace(site, site=table)


def asked(*wanted: Call) -> Any:
    return SimpleNamespace(state=SimpleNamespace(calls=wanted))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is to be called is said here; who it is in a job has tests of its own below."""
    monkeypatch.setattr(under_test, "calls", lambda _settings, state: state.calls)


GUARD = Call(Urgency.LEAVE, "tag-guard")


@pytest.mark.usefixtures("told")
def test_a_tracker_rings_and_says_so(site: Settings, broker: Broker) -> None:
    tags = json.dumps([{"provider_id": EUI, "x": 0.0, "y": 0.0}])
    options = ("--port", str(broker.port), "--platform", "abeeway", "--tags", tags, "--interval", "0.2")
    found = caller(lora(site, broker.port), CLOCK, ROOT)
    assert found is not None
    heard = Heard()
    with Simulator("wearables", *options) as platform, running(found, heard):
        heard.wait(health(ok=True))
        found.beside(asked(GUARD))
        assert platform.wait_for(lambda line: line.get("rang") == EUI)["token"] == 1
        end = [made.taken for made in found._made.values()]
        while end != [True]:
            heard.wait(health(ok=True), heard.mark())
            end = [made.taken for made in found._made.values()]
    assert [made.count for made in found._made.values()] == [1], "once in a minute is enough"


@pytest.mark.usefixtures("told")
def test_without_a_receipt_and_without_a_broker_it_is_told(
    site: Settings, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "RECEIPT_S", -1.0)
    found = caller(lora(site, broker.port), CLOCK, ROOT)
    assert found is not None
    heard = Heard()
    with running(found, heard):
        heard.wait(health(ok=True))
        found.beside(asked(GUARD))
        heard.wait(health(ok=False, word="no receipt"))
        found.beside(asked())
        heard.wait(health(ok=True), heard.mark())
        broker.stop()
        heard.wait(health(ok=False), heard.mark())


@pytest.mark.usefixtures("told")
def test_a_call_is_made_again_with_another_token_after_its_time_and_never_without_its_site(
    site: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, bytes]] = []
    assert ABEEWAY is not None
    settings = lora(site, 1)
    made = Caller(settings, {"chirpstack_abeeway": ABEEWAY}, CLOCK, "test")
    monkeypatch.setattr(made._listener, "publish", lambda topic, body: sent.append((topic, body)) or True)
    for now_s in (0.0, 59.0, 60.0, 61.0):
        made._call(GUARD, now_s)
    tokens = [base64.b64decode(json.loads(body)["data"]).hex() for _, body in sent]
    assert tokens == ["ff0103", "ff0203"]
    assert sent[0][0] == f"application/{APPLICATION}/device/{EUI}/command/down"
    made._call(Call(Urgency.LEAVE, "tag-worker-1"), 0.0)  # of a platform that cannot call
    nowhere = replace(settings.site, positioning=replace(settings.site.positioning, call_at={}))
    without = Caller(replace(settings, site=nowhere), {"chirpstack_abeeway": ABEEWAY}, CLOCK, "test")
    monkeypatch.setattr(without._listener, "publish", lambda topic, body: sent.append((topic, body)) or True)
    without._call(GUARD, 0.0)
    assert len(sent) == 2


@pytest.mark.parametrize(
    ("topic", "payload", "taken"),
    [
        (f"application/x/device/{EUI}/event/ack", b'{"acknowledged": true}', True),
        (f"application/x/device/{EUI}/event/ack", b'{"acknowledged": false}', False),
        (f"application/x/device/{EUI}/event/ack", b'{"acknowledged": 1}', False),
        (f"application/x/device/{EUI}/event/ack", b"\xff", False),
        (f"application/x/device/{EUI}/event/ack", b"[]", False),
        ("application/x/device/20635f01000000ab/event/ack", b'{"acknowledged": true}', False),
        (f"application/x/device/{EUI}/event/txack", b'{"acknowledged": true}', False),
    ],
)
def test_only_a_receipt_of_this_device_is_one(site: Settings, topic: str, payload: bytes, *, taken: bool) -> None:
    assert ABEEWAY is not None
    made = Caller(lora(site, 1), {"chirpstack_abeeway": ABEEWAY}, CLOCK, "test")
    made._made["tag-guard"] = under_test.Made(count=1, at_s=0.0, taken=False)
    message = mqtt.MQTTMessage(topic=topic.encode())
    message.payload = payload
    made._receipt(message)
    assert made._made["tag-guard"].taken is taken


def test_a_token_is_another_one_each_time_and_never_nothing() -> None:
    table = CallTable(topic="t/{tag}", body="{base64}", data_hex="FF0{n}03")
    said = [base64.b64decode(table.message("a", "", count)[1])[1] for count in range(1, 40)]
    assert set(said) == set(range(1, 16))
    assert all(before != after for before, after in pairwise(said))


def test_a_platform_of_the_sites_own_is_written_in_a_few_lines() -> None:
    table = CallTable(topic="gw/{site}/cmd", body='{"mac": "{tag}", "vibrate": 3}')
    assert table.message("C0:FF", "GW12", 1) == ("gw/GW12/cmd", b'{"mac": "C0:FF", "vibrate": 3}')
