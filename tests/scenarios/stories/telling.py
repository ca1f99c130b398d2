"""How a story is registered, and the beginning that most share."""

from collections.abc import Callable

from edge_agent.settings.site import Settings
from tests.support.story import Story

STORIES: dict[str, Callable[[Settings], Story]] = {}


def story(tell: Callable[[Settings], Story]) -> Callable[[Settings], Story]:
    """Register under the function's name."""
    STORIES[tell.__name__] = tell
    return tell


def working(site: Settings, **changes: object) -> Story:
    """Work is under way."""
    told = Story(site)
    told.begin_work(**changes)
    told.run(2)
    return told
