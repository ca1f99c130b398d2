"""What a SCADA is shown of gauges: value, limits, what was crossed, the interlock; a silent one is no device."""

from edge_agent.domain.words import NOTHING
from edge_agent.tell.picture import Link, draw
from edge_agent.tell.sparkplug.image import image
from edge_agent.tell.sparkplug.metric import Grade, Metric
from tests.scenarios.stories.gauges import REACTOR, Measured, of, working


def shown(level: float, *, silent: bool = False) -> tuple[dict[str, Metric], str]:
    """The gauge's metrics (none: it is no device), and which devices are silent."""
    reactor = Measured("reactor", REACTOR, level)
    reactor.silent = silent
    told = working(of(reactor=REACTOR)(), {"reactor": reactor})
    told.run(3)
    link = Link(ok=True, detail=NOTHING, waiting=0)
    live = draw(told.settings, told.decisions[-1].state, told.instant, (), link)
    seen = image(live, live.at_utc)
    metrics = {one.name: one for one in seen.get("gauge-reactor", ())}
    (devices,) = (one for one in seen[""] if one.name == "Devices/Silent")
    old = image(live, live.at_utc + 60)
    assert all(one.grade is Grade.STALE for one in old.get("gauge-reactor", ()))
    return metrics, str(devices.value)


def test_a_gauge_beyond_its_limit_says_which() -> None:
    metrics, silent = shown(90.0)
    level = metrics["Level"]
    assert (level.value, level.unit, level.grade) == (90.0, "°C", Grade.GOOD)
    assert metrics["Crossed"].value == "high_high"
    assert metrics["Limits/high_high"].value == 85.0
    assert metrics["Interlock"].value == "tripped"
    assert metrics["Measures"].value == "temperature"
    assert "reactor" not in silent


def test_one_that_is_silent_is_no_device_and_is_named() -> None:
    metrics, silent = shown(20.0, silent=True)
    assert metrics == {}
    assert "gauge-reactor" in silent
