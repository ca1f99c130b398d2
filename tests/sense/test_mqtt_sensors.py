"""Sensors over MQTT: the WISE profile against a simulator written from its manual, over a real broker.

A retained message, an old one, a backlog after an outage, a clock that stands or runs ahead, an input that is
switched off: none of them is ever a good value.
"""

from collections.abc import Callable, Iterator

import pytest

from edge_agent.domain.observation import Observation, Quality, Reading
from edge_agent.sense.mqtt_sensors import MqttSensors
from edge_agent.sense.sampled.sensor import Place, Sensor
from edge_agent.settings.site_brokers import BrokerTable
from edge_agent.simulate.handle import Simulator
from tests.sense.conftest import Broker
from tests.sense.field_fakes import CLOCK, Heard, running, unanswered, wise_profile

MAC = "00D0C9AABB01"
TOPIC = f"Advantech/{MAC}/data"


def sensors(port: int, stale_s: float = 60.0) -> MqttSensors:
    """`stale_s` is far longer than a busy machine needs between two messages."""
    place = Place(device="gas-h2s", at=MAC, period_s=0.2, stale_s=stale_s, gas="h2s")
    table = BrokerTable(host="127.0.0.1", port=port)
    return MqttSensors(table, (Sensor(place, wise_profile()),), CLOCK, f"test-{port}")


def is_(quality: Quality, words: str = "") -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, Reading) and seen.quality is quality and words in seen.detail.en


def levels(heard: Heard, after: int = 0) -> list[float | None]:
    return [one.level for one in heard.all[after:] if isinstance(one, Reading) and one.quality is Quality.GOOD]


@pytest.fixture
def wise(broker: Broker) -> Iterator[Simulator]:
    options = ("--port", str(broker.port), "--mac", MAC, "--level", "3.5", "--interval", "0.2")
    with Simulator("wise", *options) as module:
        yield module


def test_a_value_with_its_unit_its_age_and_its_alarm(broker: Broker, wise: Simulator) -> None:
    heard = Heard()
    with running(sensors(broker.port), heard):
        seen = heard.wait(is_(Quality.GOOD))
        assert isinstance(seen, Reading)
        assert (seen.source, seen.channel, seen.level, seen.unit) == ("gas-h2s", "h2s", 3.5, "ppm")
        assert seen.age_s >= 0
        assert not seen.device_alarm
        wise.command("fault", kind="high_alarm")
        heard.wait(lambda one: isinstance(one, Reading) and one.device_alarm, heard.mark())


ILLS = {
    "no_clock": (Quality.FAULT, "no time of measurement"),
    "future": (Quality.CLOCK_BAD, "in the future"),
    "bad_quality": (Quality.FAULT, "state 0 is not in the profile"),
    "channel_off": (Quality.FAULT, "switched off"),
    "nan": (Quality.FAULT, "no JSON"),
    "text": (Quality.FAULT, "no number"),
    "missing": (Quality.FAULT, "level is not there"),
    "not_json": (Quality.FAULT, "no JSON"),
}


@pytest.mark.parametrize("kind", ILLS)
def test_what_is_ill_is_never_good(broker: Broker, wise: Simulator, kind: str) -> None:
    heard = Heard()
    with running(sensors(broker.port), heard):
        heard.wait(is_(Quality.GOOD))
        wise.command("fault", kind=kind)
        ill = heard.wait(is_(*ILLS[kind]))
        assert isinstance(ill, Reading)
        assert ill.level is None
        after = heard.mark()
        heard.wait(is_(*ILLS[kind]), after)  # told again, as long as it lasts
        assert not levels(heard, after)
        wise.command("heal")
        heard.wait(is_(Quality.GOOD), after)


def test_a_level_beyond_the_transmitters_range_is_danger(broker: Broker, wise: Simulator) -> None:
    heard = Heard()
    with running(sensors(broker.port), heard):
        wise.command("set", level=100.5)
        heard.wait(is_(Quality.OVERRANGE))
        wise.command("set", level=-6.0)
        heard.wait(is_(Quality.FAULT, "far below zero"))


def test_a_retained_message_is_never_a_value_however_new_it_is(broker: Broker, wise: Simulator) -> None:
    wise.command("fault", kind="silent")
    wise.command("retain", level=0.0)
    heard = Heard()
    with running(sensors(broker.port), heard):
        heard.wait(is_(Quality.STALE, "retained"))
        heard.wait(is_(Quality.STALE, "nothing was ever heard"))
        assert not levels(heard)


def test_what_was_measured_an_hour_ago_is_stale_and_puts_no_newer_value_back(
    broker: Broker, wise: Simulator
) -> None:
    wise.command("fault", kind="silent")
    heard = Heard()
    with running(sensors(broker.port), heard):
        heard.wait(is_(Quality.STALE, "ever heard"))  # subscribed, or about to be
        wise.command("heal")
        heard.wait(is_(Quality.GOOD))
        wise.command("fault", kind="silent")
        after = heard.mark()
        wise.command("set", level=77.0)
        wise.command("backlog")
        wise.command("heal")
        wise.command("set", level=1.0)
        heard.wait(lambda one: isinstance(one, Reading) and one.level == 1.0, after)
    assert set(levels(heard, after)) <= {77.0, 3.5, 1.0}
    assert not [one for one in heard.all[after:] if isinstance(one, Reading) and one.age_s > 60]


def test_a_backlog_alone_is_stale(broker: Broker, wise: Simulator) -> None:
    wise.command("fault", kind="silent")
    heard = Heard()
    with running(sensors(broker.port), heard):
        while not any(is_(Quality.STALE, "measured")(one) for one in heard.all):
            wise.command("backlog")
            heard.wait(lambda one: isinstance(one, Reading), heard.mark())
    assert not levels(heard)


def test_a_clock_that_stands_still_makes_every_further_message_nothing_new(
    broker: Broker, wise: Simulator
) -> None:
    heard = Heard()
    with running(sensors(broker.port, stale_s=2.0), heard):
        heard.wait(is_(Quality.GOOD))
        wise.command("fault", kind="frozen_time")
        heard.wait(is_(Quality.STALE, "last new value"), heard.mark())
        after = heard.mark()
        heard.wait(is_(Quality.STALE), after)
        assert not levels(heard, after)


def test_silence_is_told_every_period(broker: Broker) -> None:
    heard = Heard()
    with running(sensors(broker.port), heard):
        for _ in range(3):
            heard.wait(is_(Quality.STALE, "nothing was ever heard"), heard.mark())


def test_a_broker_that_goes_makes_every_sensor_unknown_and_is_found_again(broker: Broker, wise: Simulator) -> None:
    heard = Heard()
    with running(sensors(broker.port), heard):
        heard.wait(is_(Quality.GOOD))
        broker.stop()
        heard.wait(is_(Quality.COMM_FAIL, str(broker.port)))
        after = heard.mark()
        broker.start()
        heard.wait(is_(Quality.GOOD), after)
        assert wise.command("status")["sent"]


def test_a_broker_that_never_was() -> None:
    heard = Heard()
    with unanswered() as port, running(sensors(port), heard):
        heard.wait(is_(Quality.COMM_FAIL, "refused"))
        heard.wait(is_(Quality.COMM_FAIL, "refused"), heard.mark())


def test_a_message_that_breaks_the_reader_does_not_silence_the_next(
    broker: Broker, wise: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edge_agent.sense.sampled import message  # noqa: PLC0415

    real = message.read

    def breaks(payload: bytes, profile: object) -> object:
        if b"3.5" in payload:
            raise ZeroDivisionError("boom")
        return real(payload, profile)  # type: ignore[arg-type]

    monkeypatch.setattr(message, "read", breaks)
    heard = Heard()
    with running(sensors(broker.port), heard):
        heard.wait(is_(Quality.FAULT, "ZeroDivisionError"))
        wise.command("set", level=2.0)
        heard.wait(is_(Quality.GOOD))
