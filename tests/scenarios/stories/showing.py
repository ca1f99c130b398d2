"""How people show who and where they are, counted; what a device reads and fails too often is told."""

from edge_agent.domain.figures import Tries
from edge_agent.domain.noted import Tally
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import story
from tests.support.story import Story, ticket


def _tried(told: Story, way: str, tried: int, held: int) -> None:
    told.file(Tally(id=f"t{tried}-{held}", at_s=told.now_s, ways={way: Tries(tried=tried, held=held)}))
    told.run(2)


@story
def a_badge_reader_fails_once_in_a_hundred_times(site: Settings) -> Story:
    told = Story(site)
    told.run(2)
    _tried(told, "log_in/badge", 199, 197)  # too few to tell
    _tried(told, "log_in/badge", 1, 1)  # 99 of a hundred
    _tried(told, "log_in/badge", 400, 400)  # the reader was cleaned
    return told


@story
def a_badge_reader_fails_once_in_two_hundred_times(site: Settings) -> Story:
    told = Story(site)
    told.run(2)
    _tried(told, "log_in/badge", 200, 199)
    _tried(told, "log_in/pin", 300, 200)  # what people mistype is no device's fault
    return told


@story
def wearables_that_show_their_guards_too_seldom(site: Settings) -> Story:
    told = Story(site)
    told.bring(ticket())
    told.run(2)
    _tried(told, "check_in/tag", 199, 199)
    told.field.guard |= {"x_m": None, "y_m": None}
    told.run(20)
    for _ in range(2):
        told.ask(Ask.CHECK_IN, "li-na")
        told.step()
    told.run(2)
    return told
