"""What a resume asks for after a stop: air that was sampled since, measures at which somebody has looked again."""

from msgspec.structs import replace

from edge_agent.domain.request import Ask
from edge_agent.domain.ticket import Measure, MeasureKind
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story, working
from tests.scenarios.stories.weather import ALOFT
from tests.support.story import GOOD_AIR, Story, ticket

NET = Measure(id="net", kind=MeasureKind.MANUAL, words=Words("安全网", "safety net"))


def struck_by_gas(site: Settings) -> Story:
    """Dangerous gas has come and gone, and everybody is out."""
    told = working(site)
    told.run(30)
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.step()
    told.field.gas["gas-h2s"] = {"level": 0.0}
    told.comes_out()
    told.run(9)
    return told


@story
def a_retest_that_was_sampled_before_the_alarm(site: Settings) -> Story:
    """Entered after it, and sampled before: it says nothing of the air since."""
    told = struck_by_gas(site)
    told.ask(Ask.RETEST, "sun-yan", samples=tuple(replace(one, at_utc=told.utc - 20) for one in GOOD_AIR))
    told.step()
    told.resume("wang-lei")
    told.ask(Ask.RETEST, "sun-yan", samples=tuple(replace(one, at_utc=told.utc - 5) for one in GOOD_AIR))
    told.step()
    told.resume("wang-lei", "li-na", "zhao-min")
    told.run(2)
    return told


@story
def a_retest_grows_old_before_the_resume(site: Settings) -> Story:
    told = struck_by_gas(site)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(1790, every_s=5)
    told.resume("wang-lei")  # within the half hour
    told.run(20)
    told.resume("li-na")  # beyond it: the first signature does not help
    told.run(2)
    told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    told.run(2)
    told.resume("li-na", "zhao-min")
    told.run(2)
    return told


@story
def measures_aloft_are_looked_at_again_after_a_break(site: Settings) -> Story:
    """GB 30871-2022 8.2.11: after a break the conditions are confirmed anew."""
    told = Story(site)
    told.field.wind_mps = 2.0
    told.bring(ticket(**ALOFT | {"measures": (NET,)}))
    told.run(2)
    told.ready()
    told.ask(Ask.CONFIRM, "li-na", about=("net",))
    told.step()
    told.ask(Ask.START, "wang-lei")
    told.step()
    told.ask(Ask.START, "li-na")
    told.run(2)
    told.ask(Ask.STOP, "zhou-qiang", reason="a break")
    told.run(6)
    told.resume()
    told.ask(Ask.CONFIRM, "li-na", about=("net",))
    told.step()
    told.resume()
    told.run(2)
    return told
