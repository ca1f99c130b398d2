"""The worker that tells the centre what is measured, and of a permit that ended its time line. Decides nothing."""

import threading
from collections import deque
from importlib.metadata import version

from msgspec import convert

from edge_agent.agent.brain import Brain
from edge_agent.agent.context import speaker
from edge_agent.clock import Clock, boot_id
from edge_agent.decide.state import Decision
from edge_agent.ops import disk_kept
from edge_agent.ops.folders import DATABASE
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Outgoing
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader
from edge_agent.tell import health, measured
from edge_agent.tell.contract.health import DiskTold
from edge_agent.tell.derived import MOST_MOMENTS, timeline

LOOK_S = 1.0  # the quickest that anything is told; a look that finds nothing due costs microseconds
SLOW_S = 60.0  # how often health and counts are looked at; told where they have changed
ENDS = frozenset({"permit.closed", "permit.expired", "permit.revoked", "drill.report"})


class Telemetry:
    """A worker of the supervisor, told of every step by the brain."""

    def __init__(self, settings: Settings, clock: Clock, brain: Brain) -> None:
        """Nothing is told until `run`."""
        self._settings, self._clock, self._brain = settings, clock, brain
        site = settings.site.site
        self._voice = measured.Voice(site=site.id, unit=site.unit, boot=boot_id(), demo=settings.demo)
        self._ended: deque[str] = deque()
        self._told_s = self._slow_s = -SLOW_S  # seconds of the monotonic clock
        self._counts: object = {}
        self._said: bytes = b""

    def beside(self, decision: Decision) -> None:
        """One step of the brain, in its thread: never waits."""
        self._ended.extend(event.subject for event in decision.events if event.type in ENDS)

    def run(self, stop: threading.Event) -> None:
        """Tell until `stop`."""
        self._tell(tuple(measured.videos(self._settings, self._voice)))
        with Reader.open(self._settings.state_folder / DATABASE) as reader:
            while not stop.wait(LOOK_S):
                self.look(reader)

    def look(self, reader: Reader) -> None:
        """Tell what is due now."""
        for _ in range(len(self._ended)):
            permit = self._ended.popleft()
            events = reader.recent(MOST_MOMENTS + 1, Wanted(subject=permit))
            self._tell((timeline(permit, events, speaker(self._settings)),))
        state, instant = self._brain.state, self._clock.instant()
        fast = instant.now_s - self._told_s >= measured.every_s(state)
        slow = instant.now_s - self._slow_s >= SLOW_S
        if not fast and not slow:
            return
        world = measured.world_of(self._settings, state, instant)
        if fast:
            self._told_s = instant.now_s
            self._brain.keeper.outward.measured(tuple(measured.measured(self._settings, world, self._voice)))
        if slow:
            self._slow_s = instant.now_s
            told = health.health(self._settings, state, world, self._voice, version("edge-agent"), self._disk())
            if told.payload != self._said:
                self._said = told.payload
                self._tell((told,))
            if state.figures.day.ppe != self._counts and self._settings.site.cameras:
                self._counts = state.figures.day.ppe
                self._brain.keeper.outward.measured((measured.ppe(state, world, self._voice),))

    def _disk(self) -> DiskTold | None:
        """As it was looked at within the hour."""
        looked = disk_kept.kept(self._settings.state_folder)
        return None if looked is None else convert(looked.now, DiskTold, from_attributes=True)

    def _tell(self, rows: tuple[Outgoing, ...]) -> None:
        self._brain.keeper.outward.tell(rows)
