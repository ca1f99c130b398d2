"""What every part of a running box stands on, and what a part is: a name and what runs in its thread."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from edge_agent.agent.brain import Brain
from edge_agent.clock import SystemClock
from edge_agent.domain.person import Person
from edge_agent.settings.site import Settings

Worker = tuple[str, Callable[[threading.Event], None]]  # its name, and what runs in its thread


class Core(Struct, frozen=True):
    """The settings in force, where the program's own files lie, the clock and the brain."""

    settings: Settings
    root: Path
    clock: SystemClock
    brain: Brain

    def busy(self) -> bool:
        """Whether anybody is at work."""
        return any(permit.busy for permit in self.brain.state.permits.values())

    def persons(self) -> Mapping[str, Person]:
        """Everybody known by now."""
        return self.brain.state.persons
