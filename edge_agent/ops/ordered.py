"""The worker that hands on the centre's order for another version to whoever may take it, and tells its fate.

The bundle lies in the folder `updates` of the box's state, by its hash (`<sha256>.tar`); whoever brings it need
not be trusted. The order lies beside it for `edge-agent-update.service`: root, which believes the seal alone.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from edge_agent.clock import Clock
from edge_agent.domain.asked import Asked
from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.centre_update import UpdateOrder
from edge_agent.domain.noted import UpdateSettled
from edge_agent.ops.folders import ORDER, UPDATES
from edge_agent.ops.update.updater import FINAL, Told, kept
from edge_agent.ops.update.versions import Versions
from edge_agent.settings.site import Settings
from edge_agent.store.folder import put

log = logging.getLogger(__name__)

LOOK_S = 5.0


class Ordered:
    """A worker of the supervisor."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        known: Callable[[], Mapping[str, CentreRecord]],
        ask: Callable[[Asked], object],
        versions: Versions | None = None,
    ) -> None:
        """`known` gives the centre's copies; `ask` takes what is for the record."""
        self._folder = settings.state_folder / UPDATES
        self._clock, self._known, self._ask = clock, known, ask
        self._versions = versions or Versions()
        self._settled = 0  # version of the message that was answered since this start

    def run(self, stop: threading.Event) -> None:
        """Look until `stop`."""
        while not stop.wait(LOOK_S):
            try:
                self.look()
            except OSError as fault:  # a full disk says nothing of the order: tried again
                log.warning("the order of an update: %s", fault)

    def look(self) -> None:
        """Lay the newest order down while it waits; answer it once its fate is known."""
        record = self._known().get("update")
        order = None if record is None else record.update
        waits = record is not None and record.live is None and record.version != self._settled
        if record is None or order is None or not waits:
            self._order.unlink(missing_ok=True)
            return
        told = kept(self._versions)
        if told is not None and told.sha256 == order.sha256 and told.state in FINAL:
            self._answer(record.version, order, told)
            self._order.unlink(missing_ok=True)
        elif (self._folder / f"{order.sha256}.tar").is_file():
            self._lay_down(order)

    @property
    def _order(self) -> Path:
        return self._folder / ORDER

    def _lay_down(self, order: UpdateOrder) -> None:
        text = msgspec.json.encode(order)
        if self._order.is_file() and self._order.read_bytes() == text:
            return
        put(self._order, text)

    def _answer(self, version: int, order: UpdateOrder, told: Told) -> None:
        self._settled = version
        self._ask(
            UpdateSettled(
                id=f"update-{version}",
                at_s=self._clock.monotonic(),
                version=version,
                release=order.release,
                sha256=order.sha256,
                wave=order.wave,
                passed=told.state == "passed",
                reasons=() if told.state == "passed" else (told.words,),
            )
        )
