"""A sensor's word and the work: a retained "clean air" pauses it, the same word spoken now lets it go on."""

import json
import time
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from edge_agent.domain.observation import Quality, Reading
from edge_agent.domain.permit import State
from edge_agent.sense.mqtt_sensors import MqttSensors
from edge_agent.sense.sampled.sensor import Place, Sensor
from edge_agent.settings.site_brokers import BrokerTable
from tests.sense.conftest import Broker
from tests.sense.field_fakes import CLOCK, Heard, running, wise_profile
from tests.support.story import Story, scenario_site

TOPIC = "Advantech/M/data"


def clean_air() -> bytes:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"s": 1, "t": now, "q": 192, "c": 1, "ai1": 0.0, "ai_st1": 1}).encode()


@pytest.mark.parametrize(("retain", "ends"), [(True, State.PAUSED), (False, State.ACTIVE)])
def test_a_retained_word_of_clean_air_is_none(
    broker: Broker, publish: Callable[..., None], *, retain: bool, ends: State
) -> None:
    told = Story(scenario_site())
    told.begin_work()
    told.run(2)
    assert told.state is State.ACTIVE
    said = heard_of(broker, publish, retain=retain)
    told.field.silent.add("gas-h2s")  # this detector is the one on the broker
    for _ in range(15):
        told.also = (replace(said, at_s=told.now_s + 1.0),)
        told.step()
    assert told.state is ends


def heard_of(broker: Broker, publish: Callable[..., None], *, retain: bool) -> Reading:
    """What the box makes of that message, which stands at the broker before it comes, or is said afterwards."""
    if retain:
        publish(TOPIC, clean_air(), retain=True)
    place = Place(device="gas-h2s", at="M", period_s=0.2, stale_s=60.0, gas="h2s")
    sensor = Sensor(place, wise_profile())
    heard = Heard()
    with running(MqttSensors(BrokerTable(host="127.0.0.1", port=broker.port), (sensor,), CLOCK, "box"), heard):
        seen = heard.wait(lambda one: isinstance(one, Reading) and "retained" in one.detail.en) if retain else None
        while seen is None:
            publish(TOPIC, clean_air())
            found = [one for one in heard.all if isinstance(one, Reading) and one.quality is Quality.GOOD]
            seen = found[0] if found else None
    assert isinstance(seen, Reading)
    return seen
