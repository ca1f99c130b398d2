"""Our profiles against simulators that somebody else wrote from the makers' manuals, as processes."""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge_agent.domain.observation import DeviceHealth, Observation, Position, Quality, Reading
from edge_agent.sense.mqtt_field import FieldBroker
from edge_agent.sense.wearables import omlox
from edge_agent.settings.site_brokers import BrokerTable
from edge_agent.simulate.handle import Simulator
from tests.sense.conftest import Broker
from tests.sense.field_fakes import CLOCK, FRAME, TAG, Heard, bus, detector, running

WIRING = [("ch4", 1, "cn10_single_gas", "%LEL"), ("h2s", 3, "cn10_single_gas", "ppm")]
WIRING += [("co", 4, "cn10_single_gas", "ppm"), ("o2", 2, "pemtech_pt495", "%vol")]


@pytest.fixture
def modules() -> Iterator[Simulator]:
    with Simulator("gas-gateway", "--warmup", "0.5") as gateway:
        yield gateway


def level(gas: str, low: float, high: float) -> Callable[[Observation], bool]:
    return lambda seen: (
        isinstance(seen, Reading) and seen.channel == gas and seen.level is not None and low <= seen.level <= high
    )


def quality(gas: str, wanted: Quality) -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, Reading) and seen.channel == gas and seen.quality is wanted


def test_the_four_modules_of_a_job(modules: Simulator) -> None:
    heard = Heard()
    wired = [detector(gas, unit, name, poll_s=0.5, min_poll_s=0.5) for gas, unit, name, _ in WIRING]
    with running(bus(modules.port, *wired, timeout_s=1.0), heard):
        for gas, _, _, unit in WIRING:
            good = heard.wait(quality(gas, Quality.GOOD))
            assert isinstance(good, Reading)
            assert good.unit == unit
        assert isinstance(heard.wait(level("o2", 20.4, 21.4)), Reading)
        for gas, wanted in (("h2s", 30.0), ("co", 88.0), ("ch4", 12.0), ("o2", 17.5)):
            modules.command("set", gas=gas, level=wanted)
            seen = heard.wait(level(gas, wanted * 0.9, wanted * 1.1))
            assert isinstance(seen, Reading)
    first = next(one for one in heard.all if isinstance(one, Reading) and one.channel == "h2s")
    assert first.quality in (Quality.WARMUP, Quality.GOOD)
    assert not any(line.get("written") for line in modules.lines)


@pytest.mark.parametrize(
    ("ailment", "wanted"),
    [
        ("sensor_fault", Quality.FAULT),
        ("overrange", Quality.OVERRANGE),
        ("warmup", Quality.WARMUP),
        ("silent", Quality.COMM_FAIL),
        ("exception", Quality.COMM_FAIL),
        ("garbage", Quality.COMM_FAIL),
        ("reset", Quality.COMM_FAIL),
    ],
)
def test_each_ailment_of_a_module_is_the_quality_it_should_be(
    modules: Simulator, ailment: str, wanted: Quality
) -> None:
    heard = Heard()
    with running(bus(modules.port, detector("h2s", 3, poll_s=0.5, min_poll_s=0.5), timeout_s=1.0), heard):
        heard.wait(quality("h2s", Quality.GOOD))
        modules.command("fault", kind=ailment, unit=3)
        seen = heard.wait(quality("h2s", wanted))
        after = heard.mark()
        modules.command("heal", unit=3)
        heard.wait(quality("h2s", Quality.GOOD), after)
    assert isinstance(seen, Reading)
    assert seen.level is None
    assert seen.detail or wanted in {Quality.WARMUP, Quality.OVERRANGE}  # these two say it by themselves


def test_wearables_as_a_platform_publishes_them(broker: Broker) -> None:
    tags = json.dumps([{"provider_id": "T7", "x": 4.0, "y": 5.0, "accuracy_m": 0.3, "battery_pct": 70}])
    heard = Heard()
    table, hub = BrokerTable(host="127.0.0.1", port=broker.port), omlox.Hub((TAG,), FRAME)
    worker = FieldBroker(table, (hub,), CLOCK, "bench")
    with (
        Simulator("wearables", "--port", str(broker.port), "--tags", tags, "--interval", "0.2") as people,
        running(worker, heard),
    ):
        seen = heard.wait(lambda one: isinstance(one, Position) and one.x_m is not None)
        assert isinstance(seen, Position)
        assert abs((seen.x_m or 0) - 4) < 5
        assert abs((seen.y_m or 0) - 5) < 5
        assert (seen.worn, seen.sos, seen.accuracy_m) == (True, False, 0.3)
        assert (seen.fall, seen.here, seen.heart_rate_bpm, seen.battery_pct) == (False, False, 72.0, 70.0)
        people.command("sos", tag="T7")
        heard.wait(lambda one: isinstance(one, Position) and one.sos)
        people.command("fall", tag="T7")
        heard.wait(lambda one: isinstance(one, Position) and one.fall and one.moving is False)
        heard.wait(lambda one: isinstance(one, Position) and (one.no_motion_s or 0) > 0.3)
        people.command("fall", tag="T7", on=False)
        people.command("press", tag="T7")
        heard.wait(lambda one: isinstance(one, Position) and one.here and not one.fall)
        people.command("pulse", tag="T7", bpm=255)
        heard.wait(lambda one: isinstance(one, Position) and one.heart_rate_bpm is None and not one.here)
        people.command("take_off", tag="T7")
        heard.wait(lambda one: isinstance(one, Position) and one.worn is False)
        for kind in (
            "truncated",
            "not_json",
            "array",
            "wrong_types",
            "nan",
            "nulls",
            "huge",
            "binary",
            "empty",
        ):
            people.command("malformed", tag="T7", kind=kind)
        heard.wait(lambda one: isinstance(one, DeviceHealth) and one.source == "tag-7" and not one.ok)
        people.command("out_of_order", tag="T7", age_s=30)
        people.command("duplicate", tag="T7")
        heard.wait(lambda one: isinstance(one, Position), heard.mark())
    placed = [one for one in heard.all if isinstance(one, Position) and one.x_m is not None]
    fixed_s = [one.at_s - one.age_s for one in placed]
    assert all(later - earlier > -1.0 for earlier, later in itertools.pairwise(fixed_s))


def test_a_midas_reads_chlorine_in_hundredths(tmp_path: Path) -> None:
    """The ledger's first level is 0.3 ppm: a detector of tenths would show three counts of noise."""
    module = {"unit": 6, "type": "midas", "gas": "cl2", "level": 0.0, "range": 5, "low": 4.5, "high": 4.8}
    file = tmp_path / "modules.json"
    file.write_text(json.dumps([module | {"decimals": 2}]))
    heard = Heard()
    with Simulator("gas-gateway", "--warmup", "0.5", "--modules", str(file)) as gateway:
        wired = detector("cl2", 6, "honeywell_midas", poll_s=0.5)
        with running(bus(gateway.port, wired, timeout_s=1.0), heard):
            heard.wait(quality("cl2", Quality.WARMUP))
            heard.wait(quality("cl2", Quality.GOOD))
            gateway.command("set", unit=6, level=0.32)
            seen = heard.wait(level("cl2", 0.319, 0.321))
            after = heard.mark()
            gateway.command("fault", kind="sensor_fault", unit=6)
            heard.wait(quality("cl2", Quality.FAULT), after)
            gateway.command("heal", unit=6)
            after = heard.mark()
            gateway.command("fault", kind="overrange", unit=6)
            heard.wait(quality("cl2", Quality.OVERRANGE), after)
            gateway.command("heal", unit=6)
            after = heard.mark()
            gateway.command("fault", kind="frozen", unit=6)  # its heartbeat stands still
            heard.wait(lambda one: isinstance(one, Reading) and one.quality is not Quality.GOOD, after)
    assert isinstance(seen, Reading)
    assert seen.unit == "ppm"
