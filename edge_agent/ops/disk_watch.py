"""The worker that looks once an hour how much lies on the disk, so that anybody can say what a day brings."""

import logging
import threading

from edge_agent.clock import Clock, boot_id
from edge_agent.ops import disk_use
from edge_agent.settings.site import Settings

log = logging.getLogger(__name__)

FIRST_S = 30.0  # not while the box comes up


class DiskWatch:
    """A worker of the supervisor; nothing waits for it."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Nothing is looked at until `run`."""
        self._settings, self._clock = settings, clock

    def run(self, stop: threading.Event) -> None:
        """Look until `stop`."""
        wait_s = FIRST_S
        while not stop.wait(wait_s):
            self.look()
            wait_s = disk_use.HOUR_S

    def look(self) -> None:
        """One sample. Without a trusted date it is not told from others, so that none is taken."""
        instant = self._clock.instant()
        if not instant.trusted:
            return
        try:
            disk_use.keep(self._settings, disk_use.measured(self._settings, instant.utc, boot_id()))
        except OSError as fault:
            log.warning("how much lies on the disk is not known: %s", fault)
