"""Gauges are read as gas detectors are: by the same profiles, over the same buses, brokers and servers."""

from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.clock import Instant, SystemClock
from edge_agent.domain.observation import Quality, Reading
from edge_agent.sense.build import mqtt_sensors, sources
from edge_agent.sense.sampled.profile import fitted, load_opcua
from edge_agent.settings.site_sensors import GaugeTable
from tests.scenarios.stories.gauges import POOL, REACTOR, of
from tests.sense.field_fakes import ROOT
from tests.support.wires import Named, Node, gauge_on_the_bus

GOOD, BAD = 0x00000000, 0x80000000
CURRENT = 2  # what the module's input is set to: 0-20 mA


def read(microamperes: int, **changes: Any) -> Reading:
    table = replace(REACTOR, **changes)
    wire = gauge_on_the_bus("reactor", table, {0: microamperes, 0x1000: CURRENT})
    for second in range(1, 33):  # warm by then
        (said,) = wire(Instant(now_s=float(second), utc=0.0, trusted=True))
    assert isinstance(said, Reading)
    return said


@pytest.mark.parametrize(
    ("microamperes", "level", "quality"),
    [
        (4_000, -50.0, Quality.GOOD),
        (8_000, 0.0, Quality.GOOD),
        (12_000, 50.0, Quality.GOOD),
        (0, None, Quality.FAULT),
        (3_700, None, Quality.UNDERRANGE),
        (20_000, None, Quality.OVERRANGE),  # the module shows no more
    ],
)
def test_a_loop_spans_the_range_of_the_nameplate(microamperes: int, level: float | None, quality: Quality) -> None:
    said = read(microamperes)
    assert (said.channel, said.level, said.unit if level is not None else "degC", said.quality) == (
        "temperature", level, "degC", quality,
    )  # fmt: skip


def test_without_a_beginning_of_its_own_the_range_begins_at_nought() -> None:
    assert read(12_000, range_from=0.0).level == 75.0


def test_every_gauge_of_the_site_is_heard_where_it_is() -> None:
    settings = of(reactor=REACTOR, pool=POOL)()
    built = sources(settings, SystemClock(declared=True), ROOT)
    assert {"bus gateway-1"} <= {one.name for one in built}
    assert [one.device for one in mqtt_sensors(settings, ROOT)] == ["pool"]


@pytest.mark.parametrize(
    ("level", "code", "expected"),
    [
        (2.5, GOOD, (2.5, Quality.GOOD)),
        (-20.0, GOOD, (-20.0, Quality.GOOD)),
        (-29.0, GOOD, (None, Quality.FAULT)),  # further below its range than a zero that drifts
        (90.0, GOOD, (None, Quality.OVERRANGE)),
        (2.5, BAD, (None, Quality.FAULT)),
        ("full", GOOD, (None, Quality.FAULT)),
    ],
)
def test_a_server_gives_one_as_an_analogue_item(
    level: float | str, code: int, expected: tuple[float | None, Quality]
) -> None:
    table = GaugeTable(
        name=REACTOR.name, bus="dcs", at="ns=2;s=TI-101", profile="analog_item", measures="temperature",
        area="yard", unit="degC", range=80.0, range_from=-20.0, limits=REACTOR.limits,
    )  # fmt: skip
    shape = fitted(load_opcua(ROOT, "analog_item"), table)
    wire = Named("reactor", shape, table.measures, lambda now: {"level": Node(level, code, now.utc)})
    (said,) = wire(Instant(now_s=1.0, utc=1_000.0, trusted=True))
    assert isinstance(said, Reading)
    assert (said.level, said.quality) == expected
