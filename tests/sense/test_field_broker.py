"""The field broker's worker on a real mosquitto: retained, malformed, down and back."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from edge_agent.domain.observation import DeviceHealth, Observation, Position
from edge_agent.sense.mqtt_field import BROKER, FieldBroker
from edge_agent.sense.wearables import omlox, profile
from edge_agent.sense.wearables.family import Fix, Tag
from edge_agent.sense.wearables.mapped import Mapped
from edge_agent.settings.site_brokers import BrokerTable
from tests.sense.conftest import Broker
from tests.sense.field_fakes import CLOCK, FRAME, ROOT, TAG, Heard, running, unanswered

TOPIC = "omlox/T7/location"


def worker(port: int, **broker: object) -> FieldBroker:
    table = BrokerTable(host="127.0.0.1", port=port, **broker)
    return FieldBroker(table, (omlox.Hub((TAG,), FRAME),), CLOCK, f"test-{port}")


def message(**changed: object) -> bytes:
    now = datetime.now(UTC).isoformat()
    fix = {"position": {"type": "Point", "coordinates": [1, 2]}, "provider_id": "T7", "timestamp_generated": now}
    return json.dumps(fix | changed).encode()


def broker_is(*, ok: bool) -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, DeviceHealth) and seen.source == BROKER and seen.ok is ok


def complaint(seen: Observation) -> bool:
    return isinstance(seen, DeviceHealth) and seen.source == "tag-7" and not seen.ok


def a_position(seen: Observation) -> bool:
    return isinstance(seen, Position)


def test_a_fix_arrives_as_a_position_of_the_device(broker: Broker, publish: Callable[..., None]) -> None:
    heard = Heard()
    with running(worker(broker.port), heard):
        heard.wait(broker_is(ok=True))
        publish("omlox/other/location", message(provider_id="other"))
        publish(TOPIC, message())
        seen = heard.wait(a_position)
    assert isinstance(seen, Position)
    assert (seen.source, seen.x_m, seen.y_m) == ("tag-7", 1.0, 2.0)
    assert seen.age_s < 20
    assert [one for one in heard.all if isinstance(one, Position)] == [seen]


def test_a_retained_message_is_never_live(broker: Broker, publish: Callable[..., None]) -> None:
    publish(TOPIC, message(), retain=True)
    heard = Heard()
    with running(worker(broker.port), heard):
        seen = heard.wait(complaint)
        assert not any(isinstance(one, Position) for one in heard.all)
        publish(TOPIC, message())
        heard.wait(a_position)
        heard.wait(lambda one: isinstance(one, DeviceHealth) and one.source == "tag-7" and one.ok)
    assert isinstance(seen, DeviceHealth)
    assert "retained" in seen.detail.en


def test_json_of_another_shape_is_told_once_and_the_next_fix_is_heard(
    broker: Broker, publish: Callable[..., None]
) -> None:
    heard = Heard()
    with running(worker(broker.port), heard):
        heard.wait(broker_is(ok=True))
        for payload in (b"[1]", b"{", b'{"properties": {"sos": "x"}}', b"\x00\xff") * 5:
            publish(TOPIC, payload)
        publish(TOPIC, message())
        heard.wait(a_position)
    assert len([one for one in heard.all if complaint(one)]) == 1


def test_a_broker_that_goes_is_reported_and_found_again(broker: Broker) -> None:
    heard = Heard()
    with running(worker(broker.port), heard):
        heard.wait(broker_is(ok=True))
        broker.stop()
        gone = heard.wait(broker_is(ok=False))
        after = heard.mark()
        broker.start()
        heard.wait(broker_is(ok=True), after)
    assert isinstance(gone, DeviceHealth)
    assert str(broker.port) in gone.detail.zh


def test_a_broker_that_never_was_is_reported_again_and_again() -> None:
    heard = Heard()
    with unanswered() as port, running(worker(port), heard):
        heard.wait(broker_is(ok=False))
        heard.wait(broker_is(ok=False), heard.mark())


@pytest.mark.parametrize(
    "table", [{"ca": "/nowhere/ca.pem"}, {"username": "u", "password_file": "/nowhere/secret"}]
)
def test_a_missing_certificate_or_secret_is_named_and_there_is_no_plain_fallback(
    broker: Broker, table: dict[str, str]
) -> None:
    heard = Heard()
    with running(worker(broker.port, **table), heard):
        seen = heard.wait(broker_is(ok=False))
    assert isinstance(seen, DeviceHealth)
    assert "No such file" in seen.detail.en
    assert not any(broker_is(ok=True)(one) for one in heard.all)


def test_a_message_that_breaks_the_reader_does_not_silence_the_next(
    broker: Broker, publish: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = omlox.read

    def breaks(payload: bytes, *rest: object) -> Fix:
        if payload == b"boom":
            raise ZeroDivisionError("boom")
        return real(payload, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(omlox, "read", breaks)
    heard = Heard()
    with running(worker(broker.port), heard):
        heard.wait(broker_is(ok=True))
        publish(TOPIC, b"boom")
        publish(TOPIC, message())
        heard.wait(a_position)
    assert any(isinstance(one, DeviceHealth) and "ZeroDivisionError" in one.detail.en for one in heard.all)


def test_two_platforms_speak_over_one_broker(broker: Broker, publish: Callable[..., None]) -> None:
    card = Tag(device="card-1", provider_id="C1", profile=profile.load(ROOT, "cn_card_platform"))
    assert isinstance(card.profile, profile.MappedProfile)
    families = (omlox.Hub((TAG,), FRAME), Mapped(card.profile, (card,), FRAME, "local"))
    heard = Heard()
    with running(FieldBroker(BrokerTable(host="127.0.0.1", port=broker.port), families, CLOCK, "two"), heard):
        heard.wait(broker_is(ok=True))
        publish("cards/1/position", b"{")
        heard.wait(lambda seen: isinstance(seen, DeviceHealth) and seen.source == BROKER and bool(seen.detail))
        now_ms = datetime.now(UTC).timestamp() * 1000
        publish("cards/1/position", json.dumps({"cardAddr": "c1", "x": 3, "y": 4, "timestamp": now_ms}).encode())
        publish(TOPIC, message())
        heard.wait(lambda seen: a_position(seen) and seen.source == "tag-7")
        seen = heard.wait(lambda seen: a_position(seen) and seen.source == "card-1")
    assert isinstance(seen, Position)
    assert (seen.x_m, seen.y_m) == (3.0, 4.0)
