"""Just short of the limits of gas over time, and just beyond (tests/scenarios/moved_limits.py)."""

from msgspec.structs import replace

from edge_agent.domain.request import Ask
from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from tests.scenarios.stories.gas import air
from tests.scenarios.stories.telling import story, story_at, working
from tests.support.story import Story, scenario_site, ticket


def _heard_in(site: Settings, *missing: int) -> Story:
    """Carbon monoxide above its 8-hour value; in some seconds of each minute its detector is not heard."""
    told = working(site, goes_in=())
    told.field.gas["gas-co"] = {"level": 20.0}
    for second in range(150):
        told.field.silent = {"gas-co"} if second % 60 in missing else set()
        told.step()
    return told


@story
def a_minute_that_is_known_for_three_quarters_counts(site: Settings) -> Story:
    return _heard_in(site, *range(0, 60, 4))


@story
def a_minute_that_is_known_for_a_second_less_is_missing(site: Settings) -> Story:
    return _heard_in(site, *range(0, 60, 4), 2)


def _leak(site: Settings, per_s: float, for_s: int, most: float, rests_s: int = 0, *, digits: int = 2) -> Story:
    """Hydrogen sulfide rises evenly for so long, up to so much, and then stays."""
    told = working(site, goes_in=())
    rising = [round(min(most, per_s * second), digits) for second in range(for_s)]
    air(told, "gas-h2s", *rising, *rising[-1:] * rests_s)
    return told


@story
def a_leak_that_is_two_minutes_from_its_limit(site: Settings) -> Story:
    """Foretold from the first slope on, which is just soon enough."""
    return _leak(site, 0.053, 40, 2.0, 60)


@story
def a_leak_that_is_a_little_more_than_two_minutes_from_its_limit(site: Settings) -> Story:
    return _leak(site, 0.084, 100, 6.5, 10)


@story
def a_leak_that_comes_to_rest(site: Settings) -> Story:
    """How many medians, and how sure, decides from when on it is foretold."""
    return _leak(site, 0.03, 200, 2.0, 60)


@story
def a_slow_leak_is_foretold_by_the_long_view(site: Settings) -> Story:
    """Eight minutes ahead, by a detector that tells tenths."""
    return _leak(site, 0.02, 60, 4.0, 30, digits=1)


@story
def a_faster_leak_that_rests_is_seen_by_the_long_view(site: Settings) -> Story:
    return _leak(site, 0.055, 40, 6.5, 30)


@story
def a_leak_of_forty_seconds_leaves_the_short_view(site: Settings) -> Story:
    """When its window has passed, nothing rises any more."""
    return _leak(site, 0.08, 40, 4.0, 60)


def _puffs(site: Settings, per_s: float, most: float) -> Story:
    """It rises, and every third value is half a part more: where the views are cut, they differ."""
    told = working(site, goes_in=())
    puffs = (0.0, 0.5, 0.0)
    air(told, "gas-h2s", *(round(min(most, per_s * at + puffs[at % 3]), 1) for at in range(200)))
    return told


@story
def a_leak_in_puffs_soon_reaches_its_limit(site: Settings) -> Story:
    return _puffs(site, 0.12, 6.5)


@story
def a_leak_in_puffs_reaches_its_limit(site: Settings) -> Story:
    return _puffs(site, 0.08, 6.5)


@story
def a_leak_in_puffs_comes_to_rest(site: Settings) -> Story:
    return _puffs(site, 0.05, 4.0)


def polled_twice_a_second() -> Settings:
    base = scenario_site()
    gas = {name: replace(table, poll_s=0.5) for name, table in base.site.gas.items()}
    site = replace(base.site, gas=gas)
    return replace(base, site=site, devices=derived(site, base.rulebook))


@story_at(polled_twice_a_second)
def a_start_just_before_a_silent_detector_is_stale(site: Settings) -> Story:
    """However fast it is polled, three seconds of silence say nothing yet."""
    told = Story(site)
    told.bring(ticket())
    told.run(2)
    told.ready()
    told.field.silent.add("gas-h2s")
    told.run(2)
    told.ask(Ask.START, "wang-lei")
    told.step()
    return told
