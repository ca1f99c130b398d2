"""Writes the live picture twice a second, beside the brain and never inside its step."""

import threading

from edge_agent.agent.brain import Brain
from edge_agent.clock import Clock
from edge_agent.ops.centre import Centre
from edge_agent.ops.folders import DATABASE
from edge_agent.settings.site import Settings
from edge_agent.store.reader import Reader
from edge_agent.tell.live_file import write_live
from edge_agent.tell.picture import draw
from edge_agent.tell.picture_next import Rehearsed

EVERY_S = 0.5


class Painter:
    """A worker of the supervisor."""

    def __init__(self, settings: Settings, clock: Clock, brain: Brain, centre: Centre) -> None:
        """Nothing is painted until `run`."""
        self._settings, self._clock, self._brain, self._centre = settings, clock, brain, centre
        self._asked = Rehearsed()

    def run(self, stop: threading.Event) -> None:
        """Paint until `stop`."""
        with Reader.open(self._settings.state_folder / DATABASE) as store:
            while not stop.wait(EVERY_S):
                link = self._centre.link(store.waiting())
                state, newest = self._brain.state, tuple(self._brain.newest)
                write_live(
                    self._settings.runtime_folder,
                    draw(self._settings, state, self._clock.instant(), newest, link, self._asked),
                )
