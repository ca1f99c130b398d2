"""A limit that was loosened by signature: shown while it lasts, and over by itself."""

from edge_agent.domain.centre_record import record_of
from edge_agent.domain.centre_rule import RuleLimit, RuleTable
from edge_agent.domain.delivery import RecordDelivery
from edge_agent.domain.request import Ask
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, working
from tests.support.story import ROOT, Story, scenario_site

LOOSENED = ROOT / "tests" / "scenarios" / "sites" / "loosened-tank"
NO_LINK = Words("无连接", "no connection")


def link_lost_for(told: Story, seconds: float) -> None:
    """The way to the centre is down for so long, and then back."""
    told.field.unwell["uplink"] = NO_LINK
    told.run(seconds)
    told.field.unwell["uplink"] = NOTHING
    told.run(8)


@story
def a_limit_is_loosened_for_a_minute(_site: Settings) -> Story:
    """From 11:07 to 11:08 a lost link may last 10 s instead of 5: 7 s are told before and after, not between."""
    told = Story(scenario_site(LOOSENED))
    told.run(2)
    link_lost_for(told, 7)
    told.run(10)
    link_lost_for(told, 7)
    told.run(40)
    link_lost_for(told, 7)
    told.trusted = False  # whether its time is over is not known any more
    told.run(4)
    return told


@story
def a_clock_that_is_not_trusted_loosens_nothing(_site: Settings) -> Story:
    """Nobody knows whether the minute has come or is over: the limit of the book holds, and nothing is shown."""
    told = Story(scenario_site(LOOSENED), trusted=False)
    told.run(25)
    link_lost_for(told, 7)
    told.run(60)
    return told


def limits_arrive(told: Story, version: int, **stop_high_ppm: float) -> None:
    """The centre's own table: where the work is to stop for each of these gases."""
    limits = {
        f"gases.{gas}.stop_high": RuleLimit(value=value, unit="ppm", reason="instruction S-12")
        for gas, value in stop_high_ppm.items()
    }
    table = RuleTable(id="rule", rulebook="demo-confined-space", limits=limits)
    told.file(RecordDelivery(id=f"m-{version}", at_s=told.now_s, record=record_of(table, version, told.utc)))
    told.step()


@story
def the_centre_moves_limits_during_the_work(site: Settings) -> Story:
    """A stricter limit counts at once and its people are told; what takes it back waits until they have gone."""
    told = working(site)
    told.field.gas["gas-h2s"] = {"level": 4.5}
    told.run(2)
    limits_arrive(told, 1, h2s=9.0)  # looser than the rulebook: refused, nothing changes
    told.run(2)
    limits_arrive(told, 2, h2s=4.0)
    told.run(3)
    limits_arrive(told, 3)  # takes it back: not now
    told.run(12)
    told.comes_out()
    told.ask(Ask.REVOKE, "wang-lei")
    told.step()
    told.ask(Ask.CLOSE, "li-na", people_inside=0)
    told.run(3)
    return told
