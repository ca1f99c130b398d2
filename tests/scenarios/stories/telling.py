"""How a story is registered, and the beginning that most share."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Protocol

from edge_agent.decide.state import Decision
from edge_agent.settings.site import Settings
from tests.support.story import Story, scenario_site


class Told(Protocol):
    """What a story leaves behind: the lines of inputs.jsonl, what was decided, and where it happened."""

    settings: Settings
    lines: list[bytes]
    decisions: list[Decision]


STORIES: dict[str, Callable[[Settings], Told]] = {}
SITES: dict[str, Callable[[], Settings]] = {}  # stories told of a changed demo tank
FOLDERS = Path(__file__).parents[1]


def story(tell: Callable[[Settings], Story]) -> Callable[[Settings], Story]:
    """Register under the function's name."""
    STORIES[tell.__name__] = tell
    return tell


def story_at(site: Callable[[], Settings]) -> Callable[[Callable[[Settings], Story]], Callable[[Settings], Story]]:
    """Register a story of a changed demo tank."""

    def register(tell: Callable[[Settings], Story]) -> Callable[[Settings], Story]:
        SITES[tell.__name__] = site
        return story(tell)

    return register


@cache
def site_of(name: str) -> Settings:
    """The settings of the site where this scenario happens."""
    own = FOLDERS / name / "site"
    return scenario_site(own) if own.exists() else _made(SITES.get(name, scenario_site))


@cache
def _made(site: Callable[[], Settings]) -> Settings:
    """Stories of one site share its settings, which never change."""
    return site()


def working(site: Settings, **changes: object) -> Story:
    """Work is under way."""
    told = Story(site)
    told.begin_work(**changes)
    told.run(2)
    return told
