"""A limit that was loosened by signature: shown while it lasts, and over by itself."""

from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story
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
