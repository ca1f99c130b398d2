"""Gas rules under limits that no shipped rulebook has."""

from msgspec.structs import replace

from edge_agent.domain.outcome import AlarmState
from edge_agent.domain.rulebook import Limit
from edge_agent.settings.site import Settings
from tests.support.story import Story, scenario_site


def with_low_oxygen_warning(least: float) -> Settings:
    """The demo tank, where oxygen warns at both ends."""
    site = scenario_site()
    oxygen = replace(site.rulebook.gases["o2"], warn_low=Limit(value=least, unit="%vol", clause="a site's own"))
    return replace(site, rulebook=replace(site.rulebook, gases=site.rulebook.gases | {"o2": oxygen}))


def warnings_at(level: float, *, after_s: int) -> set[str]:
    told = Story(with_low_oxygen_warning(20.0))
    told.begin_work(goes_in=())
    told.field.gas["gas-o2"] = {"level": level}
    told.run(after_s)
    alarms = told.decisions[-1].state.alarms.values()
    return {alarm.verdict.rule for alarm in alarms if alarm.state is AlarmState.UNACK_ACTIVE}


def test_oxygen_that_runs_low_warns_as_soon_as_any_gas() -> None:
    assert warnings_at(19.8, after_s=5) == set()
    assert warnings_at(19.8, after_s=6) == {"gas_warning"}


def test_only_high_oxygen_has_its_longer_time() -> None:
    assert warnings_at(21.2, after_s=10) == set()
    assert warnings_at(21.2, after_s=11) == {"gas_oxygen_rich"}
