"""A real box without its wires, for accelerated time: brain, records, journal, outbox, curves, evidence, patrols.

Everything that a running agent keeps in memory or on the disk is the product's own; only who calls it when is not
the clock of the machine. A power cut leaves what was written, and nothing that still waited in memory.
"""

import shutil
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import msgspec
from msgspec.structs import replace

from edge_agent.agent.brain import Brain, Parts
from edge_agent.agent.last_words import last_words
from edge_agent.clock import Clock
from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.words import NOTHING
from edge_agent.ops.disk_watch import DiskWatch
from edge_agent.ops.folders import DATABASE, HISTORY, JOURNAL
from edge_agent.ops.opening import opened
from edge_agent.ops.painter import Painter
from edge_agent.ops.patrol import FLUSH_S, Patrols
from edge_agent.ops.recorder import Recorder
from edge_agent.ops.telemetry import Telemetry
from edge_agent.ops.unit_key import unit_key
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import FoldersTable
from edge_agent.store.journal import Journal, segments
from edge_agent.store.reader import Reader
from edge_agent.tell.checkpoint import Notary
from edge_agent.tell.picture import Link

PAINT_S = 60.0  # a picture twice a second would take the week most of its time, and leaves nothing behind
CURVES_S = 20.0
LINK_S = 5.0
MOST_TAKEN = 1000  # messages that the centre takes at once
WORKER_S = 3600.0
JOURNAL_BYTES = 96 * 2**20  # a fifth of a box's: so that it is full by the second day, and rotates for the others


class Centre:
    """Takes what waits in the outbox while the line is up; knows the number of every event that it was told."""

    def __init__(self) -> None:
        """It has nothing yet."""
        self.up = True
        self.taken = 0
        self.seqs: set[int] = set()

    def take(self, box: "Box") -> None:
        """As the forwarder does: the rows are read beside the writer, and go with its next commit."""
        rows = box.reader.outbox(MOST_TAKEN)
        for row in rows:
            if row.topic.endswith("/up/event"):
                self.seqs.add(int(msgspec.json.decode(row.payload)["seq"]))
        self.taken += len(rows)
        box.brain.keeper.acked([row.id for row in rows])


class Box:
    """One boot of the box. `told` is given each step's decision."""

    def __init__(
        self, settings: Settings, clock: Clock, boot: str, centre: Centre, told: Callable[[Decision], None]
    ) -> None:
        """It comes up on what lies on the disk."""
        folder = settings.state_folder
        for one in (folder, settings.runtime_folder):
            one.mkdir(parents=True, exist_ok=True)
        self._settings, self._clock, self._centre, self._told = settings, clock, centre, told
        self._open = ExitStack()
        store, self.lost = opened(settings)
        self.store = self._open.enter_context(store)
        self.journal = Journal(folder / JOURNAL, boot, quota_bytes=JOURNAL_BYTES)
        self.brain = Brain(
            settings,
            Parts(
                clock=clock,
                store=store,
                journal=self.journal,
                actuators=(),
                boot=boot,
                lost=self.lost,
                last=last_words(settings, folder / JOURNAL),
                notary=Notary(unit_key(folder)),
            ),
        )
        self.reader = self._open.enter_context(Reader.open(folder / DATABASE))
        brain = self.brain
        self._recorder = Recorder(settings, clock, lambda: brain.state, brain.deliver, brain.ask)
        self._patrols = Patrols(settings)
        self._telemetry = Telemetry(settings, clock, brain)
        self._painter = Painter(
            settings, clock, brain, lambda waiting: Link(ok=centre.up, detail=NOTHING, waiting=waiting)
        )
        self._disk = DiskWatch(settings, clock)
        brain.beside = self._beside
        self._due_s: dict[str, float] = {}

    def _beside(self, inputs: Inputs, decision: Decision) -> None:
        self._recorder.beside(inputs, decision)
        self._patrols.beside(inputs, decision)
        self._telemetry.beside(decision)
        self._told(decision)

    def step(self) -> None:
        """One step of the brain with what waits in its inbox."""
        now_s = self._clock.monotonic()
        self.brain.step(*self.brain.inbox.take(now_s, now_s))

    def between(self) -> None:
        """What the box's threads do beside the brain, each when it is due."""
        if self._due("journal", 2.0):
            self.brain.keeper.flush()
        if self._due("curves", CURVES_S):
            self._recorder.look()
        if self._due("patrols", FLUSH_S):
            self._patrols.flush()
        if self._due("measured", 1.0):
            self._telemetry.look(self.reader)
        if self._due("picture", PAINT_S):
            self._painter._paint(self.reader)
        if self._due("disk", WORKER_S):
            self._disk.look()
        if self._centre.up and self._due("centre", LINK_S):
            self._centre.take(self)

    def _due(self, what: str, every_s: float) -> bool:
        now_s = self._clock.monotonic()
        if now_s < self._due_s.get(what, 0.0):
            return False
        self._due_s[what] = now_s + every_s
        return True

    def end(self) -> None:
        """An orderly end, as by SIGTERM."""
        self._patrols.flush()
        self._close()

    def _close(self) -> None:
        over = threading.Event()
        over.set()
        self._recorder.run(over)  # closes its file
        self.journal.close()
        self._open.close()

    def lose_power(self) -> None:
        """What lies on the disk now stays; what closing the handles would still write is taken back."""
        folder = self._settings.state_folder
        aside = folder.with_name(f"{folder.name}-at-the-cut")
        aside.mkdir()
        still_open = [path for name in (DATABASE, HISTORY) for path in folder.glob(f"{name}*")]
        journal = segments(folder / JOURNAL)[-1]
        for path in (*still_open, journal):
            shutil.copy2(path, aside / path.name)
        self._close()
        for path in (one for name in (DATABASE, HISTORY) for one in folder.glob(f"{name}*")):
            path.unlink()
        for path in still_open:
            shutil.copy2(aside / path.name, path)
        shutil.copy2(aside / journal.name, journal)
        shutil.rmtree(aside)


def placed(settings: Settings, folder: Path) -> Settings:
    """The same yard with its records in this folder."""
    folders = FoldersTable(state="state", runtime="runtime", web="web")
    return replace(settings, folder=folder, site=replace(settings.site, folders=folders))
