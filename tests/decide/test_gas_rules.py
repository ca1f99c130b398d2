"""Gas rules under limits that no shipped rulebook has."""

from msgspec.structs import replace

from edge_agent.domain.limit import Limit
from edge_agent.domain.outcome import AlarmState
from edge_agent.domain.permit import State
from edge_agent.settings.site import Settings
from tests.support.story import GOOD_AIR, Story, scenario_site


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


def with_gas_asked_by_name(gas: str) -> Settings:
    """The demo tank, where a confined space is sampled and watched for one gas by its name."""
    site = scenario_site()
    works = site.rulebook.works
    asked = replace(
        works["confined_space"], sampled=("combustible", "o2", gas), watched=("combustible", "o2", gas)
    )
    return replace(site, rulebook=replace(site.rulebook, works=works | {"confined_space": asked}))


def test_a_gas_that_is_asked_for_by_name_is_not_shown_by_another_poison() -> None:
    told = Story(with_gas_asked_by_name("h2s"))
    told.samples = tuple(sample for sample in GOOD_AIR if sample.gas != "h2s")
    told.begin_work(devices=("gas-ch4", "gas-o2", "gas-co", "relay-1", "cam-1"), goes_in=())
    refused = " ".join(reason.en for decision in told.decisions for a in decision.answers for reason in a.reasons)
    assert "no detector of hydrogen sulfide is bound" in refused
    assert "no sample of hydrogen sulfide" in refused


def test_a_gas_that_is_asked_for_by_name_is_enough() -> None:
    told = Story(with_gas_asked_by_name("h2s"))
    told.begin_work(devices=("gas-ch4", "gas-o2", "gas-h2s", "relay-1", "cam-1"), goes_in=())
    assert told.state is State.ACTIVE
