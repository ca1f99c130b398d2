"""How a story is registered, and the beginning that most share."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from edge_agent.clock import Instant
from edge_agent.decide.state import Decision
from edge_agent.domain.observation import Observation
from edge_agent.settings.site import Settings
from tests.support.story import Story, scenario_site


class Told(Protocol):
    """What a story leaves behind: the lines of inputs.jsonl, what was decided, and where it happened."""

    settings: Settings
    lines: list[bytes]
    decisions: list[Decision]


Wires = Mapping[str, Callable[[Instant], Iterable[Observation]]]  # by device

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


def wired(site: Settings, wires: Wires) -> Story:
    """A story in which these devices speak on the wire."""
    told = Story(site)
    told.wires |= wires
    return told


def working(site: Settings, wires: Wires | None = None, **changes: Any) -> Story:
    """Work is under way, and what speaks on the wire has said what it should so far."""
    told = wired(site, wires or {})
    told.begin_work(**changes)
    told.run(2)
    return told
