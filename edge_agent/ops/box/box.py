"""All parts of one running box: built, wired to the brain, kept running, and taken apart again."""

import gc
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from edge_agent.act.build import actuators
from edge_agent.agent.brain import Brain, Lost, Parts
from edge_agent.agent.last_words import last_words
from edge_agent.clock import boot_id
from edge_agent.decide.aiming import Wish, wanted
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.ports import Actuator, Source
from edge_agent.domain.words import Words
from edge_agent.ops.aimer import aimers
from edge_agent.ops.backup.watch import BackupWatch
from edge_agent.ops.box.companions import Companions
from edge_agent.ops.box.core import Core, Worker
from edge_agent.ops.box.reception import Reception, wrong_of
from edge_agent.ops.box.senses import films_of, senses
from edge_agent.ops.box.ways_out import ways_out
from edge_agent.ops.centre import Centre
from edge_agent.ops.commands.common import clock_of
from edge_agent.ops.disk_watch import DiskWatch
from edge_agent.ops.folders import DATABASE, JOURNAL
from edge_agent.ops.integrity import Integrity
from edge_agent.ops.opening import condemn, damaged_lately
from edge_agent.ops.restored import KEY
from edge_agent.ops.unit_key import unit_key
from edge_agent.sense.guests import Guests
from edge_agent.sense.modbus import GasBus
from edge_agent.settings.site import Settings
from edge_agent.store.journal import Journal
from edge_agent.store.store import Store
from edge_agent.supervisor import Supervisor, begins_anew, ends, guards
from edge_agent.tell.checkpoint import Notary

EX_SOFTWARE = 70  # a worker crashed again and again: the service manager decides, outputs are off
AGAIN = -1  # no exit: the program begins anew in the same process, with the settings that were just taken
ANSWERED_S = 1.0  # whoever gave the box other settings hears so before it begins anew with them
# So many new objects until the collector looks for cycles. Nothing that a step makes is one: with Python's own 700
# it looked at them in every step of a full box, for 0.4 ms, and found nothing (measured).
COLLECT_EVERY = 10_000
log = logging.getLogger(__name__)


def collect_rarely() -> None:
    """What is there once the box is up stays: it is not searched for garbage again and again (10 ms, measured)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)


class Box:
    """The brain, and everything that runs beside it."""

    def __init__(
        self, settings: Settings, root: Path, store: Store, lost: Lost | None, ended: threading.Event
    ) -> None:
        """Build what stands on the records; nothing runs yet. Raises FilmKeyError."""
        self._settings, self._ended = settings, ended
        clock = clock_of(settings)
        self._films = films_of(settings)
        self._exit_code = 0
        self._key = unit_key(settings.state_folder)
        self._supervisor = Supervisor(clock, self._gave_up)
        self._hands: list[Actuator] = actuators(settings, clock, root)
        self._journal = Journal(settings.state_folder / JOURNAL, boot_id())
        parts = Parts(
            clock=clock,
            store=store,
            journal=self._journal,
            actuators=self._hands,
            boot=boot_id(),
            lost=lost,
            last=last_words(settings, settings.state_folder / JOURNAL),
            notary=Notary(self._key),
        )
        saved = store.load()
        self._wrong = wrong_of(saved.meta)
        self._brain = Brain(settings, parts)
        if KEY in saved.meta:  # it is told, in the transaction before this one
            self._brain.keeper.remember(KEY, "")
        self._core = Core(settings, root, clock, self._brain)
        self._centre = Centre(settings, clock, self._brain, settings.state_folder / DATABASE, saved.seen)
        self._brain.keeper.on_commit = self._centre.wake
        self._brain.keeper.on_damage = lambda fault: self._damaged(fault.words)

    def guard(self) -> int:
        """Run every worker beside the brain until told to end. Raises ModelError."""
        found, models = senses(self._core, self._films)
        self._beside(models)
        for source in found:
            self._supervisor.add(source.name, _sensing(source, self._brain))
        for hand in self._hands:
            self._supervisor.add(f"actuator {hand.device}", _acting(hand, self._brain))
        companions = Companions(self._core, self._centre, self._films)
        self._brain.beside = companions.beside
        self._supervisor.add("journal", self._brain.keeper.keep_flushed)
        guests = {one.bus: one.guests for one in found if isinstance(one, GasBus)}
        self._receive(guests)
        self._beside(ways_out(self._core, self._centre, self._key))
        self._beside(companions.workers())
        self._beside(self._upkeep())
        self._supervisor.start()
        collect_rarely()
        guards()
        try:
            self._brain.run(self._ended.is_set, self._supervisor.brain_lives)
        finally:
            (begins_anew if self._exit_code == AGAIN else ends)()
            for name in self._supervisor.stop():
                log.error("worker %s did not end in time", name)
            self._journal.close()
        return self._exit_code

    def _receive(self, guests: Mapping[str, Guests]) -> None:
        reception = Reception(self._core, self._wrong, guests, self._begin_anew)
        self._supervisor.add("desk", reception.desk.run)  # without it nobody could resume, or stop by hand
        self._supervisor.add("people's papers", reception.papers.run, vital=False)
        self._supervisor.add("looks at new devices", reception.looks.run, vital=False)

    def _beside(self, workers: Iterator[Worker] | list[Worker]) -> None:
        """Those without whom the box guards all the same."""
        for name, run in workers:
            self._supervisor.add(name, run, vital=False)

    def _upkeep(self) -> Iterator[Worker]:
        """Records and disk; cameras that are turned."""
        settings, clock = self._settings, self._core.clock
        yield "integrity", Integrity(settings.state_folder, clock, self._core.busy, self._damaged).run
        yield "disk watch", DiskWatch(settings, clock).run
        if settings.site.backup is not None:
            backups = BackupWatch(settings, settings.site.backup, clock, self._brain.deliver)
            backups.look()  # before the first step: an alarm of before the restart does not return for a minute
            yield "backup watch", backups.run
        for id_, one in aimers(settings, clock, self._wanted_aims, self._brain.deliver).items():
            yield f"turning {id_}", one.run

    def _wanted_aims(self) -> Mapping[str, Wish]:
        return wanted(self._settings, self._brain.state, self._core.clock.monotonic())

    def _begin_anew(self) -> None:
        """With other settings or other records. What was asked is answered first, by the desk's thread."""
        log.warning("the box starts anew")
        self._exit_code = AGAIN
        threading.Timer(ANSWERED_S, self._ended.set).start()

    def _damaged(self, words: Words) -> None:
        """The records do not hold: the box begins anew, and its start moves them aside."""
        path = self._settings.state_folder / DATABASE
        now_s = self._core.clock.monotonic()
        self._brain.deliver(DeviceHealth(source="records", at_s=now_s, ok=False, detail=words))
        if self._exit_code == AGAIN or damaged_lately(path, self._core.clock.instant().utc):
            return
        try:
            condemn(path, words.en)
        except OSError as fault:
            log.critical("the damaged records cannot be marked: %s", fault)
            return
        self._begin_anew()

    def _gave_up(self, name: str, why: str) -> None:
        """A worker that dies again and again ends the process: outputs fall, the manager is told."""
        log.critical("worker %s cannot be kept alive (%s): the box ends, outputs are off", name, why)
        self._exit_code = EX_SOFTWARE
        self._ended.set()


def _sensing(source: Source, brain: Brain) -> Callable[[threading.Event], None]:
    return lambda stop: source.run(brain.deliver, stop)


def _acting(hand: Actuator, brain: Brain) -> Callable[[threading.Event], None]:
    return lambda stop: hand.run(brain.deliver, stop)
