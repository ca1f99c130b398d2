"""How a story is registered, and the beginning that most share."""

from collections.abc import Callable
from typing import Protocol

from edge_agent.decide.state import Decision
from edge_agent.settings.site import Settings
from tests.support.story import Story


class Told(Protocol):
    """What a story leaves behind: the lines of inputs.jsonl, what was decided, and where it happened."""

    settings: Settings
    lines: list[bytes]
    decisions: list[Decision]


STORIES: dict[str, Callable[[Settings], Told]] = {}


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
