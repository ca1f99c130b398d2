"""The field goes wrong in mid-work: gas, a dead gateway, garbage from a tag, a message left at the broker."""

import os
import signal

from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import State
from tests.support.broker import WITHIN_S
from tests.system.site import Site, until

# Not "nulls": that one is a Location without a place, which is another story.
KINDS = ("truncated", "not_json", "array", "wrong_types", "nan", "huge", "binary", "empty")


def test_gas_over_its_limit(site: Site) -> None:
    gateway = site.stage.gateway
    site.begin_work()
    mark = site.stage.relay.mark()
    gateway.command("set", gas="h2s", level=30.0)
    site.coil(mark, on=False)
    paused = site.until_state(State.PAUSED)
    assert paused.evacuate
    assert any("Hydrogen sulfide detector: hydrogen sulfide" in c.detail.en for c in paused.causes)
    assert "hydrogen sulfide" in site.refused("resume", "wang-lei")
    gateway.command("set", gas="h2s", level=0.0)
    until(lambda: not danger(site), "the air is clean again")
    assert site.energised_since(mark) == []


def test_the_gateway_dies(site: Site) -> None:
    stage = site.stage
    site.begin_work()
    mark = stage.relay.mark()
    os.kill(stage.gateway.pid, signal.SIGKILL)
    site.coil(mark, on=False)
    paused = site.until_state(State.PAUSED)
    names = ("Methane detector", "Hydrogen sulfide detector", "Carbon monoxide detector")

    def named() -> bool:
        permit = site.live()
        told = "; ".join(cause.detail.en for cause in permit.causes) if permit else ""
        return all(f"{name}: " in told for name in names)

    until(named, "every detector is named as a cause")
    assert not paused.evacuate
    assert all(gas.level is None or gas.quality != "good" for gas in stage.live().gas)
    stage.gateway.stop()
    stage.start_gateway()
    until(lambda: all(gas.quality in {"good", "warmup"} for gas in stage.live().gas), "all are heard again")
    assert site.energised_since(mark) == []
    assert "re-test" in site.refused("resume", "wang-lei")


def test_a_contactor_that_is_welded(site: Site) -> None:
    relay = site.stage.relay
    before = relay.mark()
    site.begin_work()
    relay.wait_for(lambda line: line.get("contact") == 0 and line.get("closed") is True, WITHIN_S, after=before)
    mark = relay.mark()
    relay.command("weld", coil=0)
    relay.command("press_stop")
    site.coil(mark, on=False)

    def told() -> bool:
        return any(alarm.title.en == "Isolation failed" for alarm in site.stage.live().alarms)

    until(told, "the box says that the load still has power")
    failed = next(alarm for alarm in site.stage.live().alarms if alarm.title.en == "Isolation failed")
    assert failed.priority == Priority.CRITICAL
    relay.command("unweld", coil=0)
    relay.command("release_stop")
    assert site.energised_since(mark) == []


def test_the_guards_tag_sends_garbage(site: Site) -> None:
    wearables = site.stage.wearables
    site.begin_work()
    mark = site.stage.relay.mark()
    wearables.command("silent", tag="tag-guard")
    try:
        for kind in KINDS:
            wearables.command("malformed", tag="tag-guard", kind=kind)
        site.coil(mark, on=False)
        paused = site.until_state(State.PAUSED)
        assert [cause.title.en for cause in paused.causes] == ["Guard lost"]
        wearables.command("malformed", tag="tag-guard", kind="wrong_types")
        assert "Guard" in site.refused("resume", "wang-lei")
    finally:
        wearables.command("speak", tag="tag-guard")
    assert site.energised_since(mark) == []


def test_a_message_left_at_the_broker_is_not_somebody_present(site: Site) -> None:
    """It bears no time of its own, so only "retained" says that it is old."""
    stage = site.stage
    left = '{"position": {"type": "Point", "coordinates": [6.5, 0.5]}, "accuracy": 0.3}'
    topic = "omlox/tag-guard/location"
    stage.wearables.command("silent", tag="tag-guard")
    try:
        stage.wearables.command("raw", topic=topic, payload=left, retain=True)
        stage.agent.stop()
        stage.start_agent()
        site.receive()
        until(lambda: site.person("wu-gang").fresh, "the other tags are heard")
        assert site.person("li-na").x_m is None
        assert not site.person("li-na").fresh
        assert "gives no place" in site.refused("check_in", "li-na")
    finally:
        stage.wearables.command("clear_retained", tag="tag-guard")
        stage.wearables.command("speak", tag="tag-guard")
    site.until_accepted("check_in", "li-na")


def danger(site: Site) -> bool:
    return any(gas.danger for gas in site.stage.live().gas)
