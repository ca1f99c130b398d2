"""`edge-agent run`: wires the parts of a guarding box together, and takes them apart again."""

import gc
import logging
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from edge_agent.act.build import actuators, caller, voice
from edge_agent.act.caller import Caller
from edge_agent.act.voice.speaker import Voice
from edge_agent.agent.brain import Brain, Lost, Parts
from edge_agent.agent.last_words import last_words
from edge_agent.clock import boot_id
from edge_agent.decide.aiming import Wish, wanted
from edge_agent.decide.beside import ours
from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.person import Person
from edge_agent.domain.ports import Actuator, Source
from edge_agent.domain.words import Words
from edge_agent.field.film import key
from edge_agent.ops import settings_kept
from edge_agent.ops.aimer import aimers
from edge_agent.ops.backup.command import retired
from edge_agent.ops.bundle_change import Bundle, finish
from edge_agent.ops.bundle_look import Looks
from edge_agent.ops.bundles import Bundles
from edge_agent.ops.centre import Centre
from edge_agent.ops.commands.common import clock_of
from edge_agent.ops.disk_watch import DiskWatch
from edge_agent.ops.fetching import UPDATE, Fetching
from edge_agent.ops.folders import DATABASE, EVIDENCE, FILMS, JOURNAL, REQUESTS
from edge_agent.ops.integrity import Integrity
from edge_agent.ops.looks import DeviceLooks
from edge_agent.ops.messenger import Messenger
from edge_agent.ops.offers import Offers
from edge_agent.ops.opening import condemn, damaged_lately, opened
from edge_agent.ops.ordered import Ordered
from edge_agent.ops.painter import Painter
from edge_agent.ops.patrol import Patrols
from edge_agent.ops.power_cut import PowerCut
from edge_agent.ops.recorder import Recorder
from edge_agent.ops.recordings.copies import Copies
from edge_agent.ops.recordings.keeper import Recordings
from edge_agent.ops.recordings.shown import Shown
from edge_agent.ops.restored import KEY
from edge_agent.ops.scada import Scada
from edge_agent.ops.sending import Sending
from edge_agent.ops.telemetry import Telemetry
from edge_agent.ops.unit_key import unit_key
from edge_agent.ops.walks import Walks
from edge_agent.sense.build import sources
from edge_agent.sense.camera.build import vision
from edge_agent.sense.camera.filming.orders import FilmDesk, FilmOrder
from edge_agent.sense.camera.manifest import ModelError
from edge_agent.sense.guests import Guests
from edge_agent.sense.modbus import GasBus
from edge_agent.settings.site import Settings
from edge_agent.settings.site_upload import FetchTable
from edge_agent.store.errors import StoreError
from edge_agent.store.journal import Journal
from edge_agent.store.store import Store
from edge_agent.supervisor import Supervisor, begins_anew, ends, guards
from edge_agent.tell.checkpoint import Notary
from edge_agent.tell.desk import Desk
from edge_agent.tell.desk_filing import Behind
from edge_agent.tell.neighbours import Neighbours
from edge_agent.tell.photos import Photos
from edge_agent.tell.who.beside import Beside
from edge_agent.tell.who.claim import ClaimCode
from edge_agent.tell.who.papers import Papers

WRONG = "wrong_proofs/"  # meta key: how often somebody's PIN or badge was wrong in a row
KEPT_S = 2.0  # whoever was wrong is told so when it is on the disk, or by then
log = logging.getLogger(__name__)

EX_SOFTWARE = 70  # a worker crashed again and again: the service manager decides, outputs are off
EX_IOERR = 74
EX_CONFIG = 78
ANSWERED_S = 1.0  # whoever gave the box other settings hears so before it begins anew with them
AGAIN = -1  # no exit: the program begins anew in the same process, with the settings that were just taken
# A thread that wants the interpreter back waits this long beside busy ones (measured: p99 63 ms -> 16 ms).
SWITCH_S = 0.0005
# So many new objects until the collector looks for cycles. Nothing that a step makes is one: with Python's own 700
# it looked at them in every step of a full box, for 0.4 ms, and found nothing (measured).
COLLECT_EVERY = 10_000


def run(settings: Settings, root: Path) -> int:
    """Guard until SIGTERM or SIGINT. Outputs come up safe and end safe, whatever happens between.

    AGAIN: the settings are others now, and the caller begins anew.
    """
    sys.setswitchinterval(SWITCH_S)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    state, runtime = settings.state_folder, settings.runtime_folder
    for folder in (state, runtime):
        folder.mkdir(parents=True, exist_ok=True)
    gone = retired(settings)
    if gone is not None:
        log.critical("this box is retired: %s", gone.en)
        return EX_CONFIG
    try:
        store, lost = opened(settings)
    except StoreError as fault:
        log.critical("the records cannot be opened: %s", fault)
        return EX_IOERR
    _remember(settings)
    with store:
        if finish(settings.folder, state / DATABASE):
            return AGAIN
        try:
            return Box(settings, root, store, lost, ended).guard()
        except (ModelError, key.FilmKeyError) as fault:
            log.critical("it cannot guard so: %s", fault)
            return EX_CONFIG


def _remember(settings: Settings) -> None:
    """Which texts run: for people who compare. It guards all the same."""
    try:
        settings_kept.keep(settings)
    except OSError as fault:
        log.warning("which settings run is not written down: %s", fault)


def collect_rarely() -> None:
    """What is there once the box is up stays: it is not searched for garbage again and again (10 ms, measured)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)


class Box:
    """All parts of one running box."""

    def __init__(
        self, settings: Settings, root: Path, store: Store, lost: Lost | None, ended: threading.Event
    ) -> None:
        """Build everything; nothing runs yet."""
        self._settings, self._root, self._store, self._ended = settings, root, store, ended
        self._clock = clock_of(settings)
        self._films = _films(settings)
        self._looks = DeviceLooks(settings, self._clock.monotonic)
        self._exit_code = 0
        self._guests: dict[str, Guests] = {}  # by bus
        self._key = unit_key(settings.state_folder)
        self._supervisor = Supervisor(self._clock, self._gave_up)
        self._hands: list[Actuator] = actuators(settings, self._clock, root)
        self._journal = Journal(settings.state_folder / JOURNAL, boot_id())
        parts = Parts(
            clock=self._clock,
            store=store,
            journal=self._journal,
            actuators=self._hands,
            boot=boot_id(),
            lost=lost,
            last=last_words(settings, settings.state_folder / JOURNAL),
            notary=Notary(self._key),
        )
        saved = store.load()
        self._wrong = {
            key.removeprefix(WRONG): int(value) for key, value in saved.meta.items() if key.startswith(WRONG)
        }
        self._brain = Brain(settings, parts)
        if KEY in saved.meta:  # it is told, in the transaction before this one
            self._brain.keeper.remember(KEY, "")
        self._centre = Centre(settings, self._clock, self._brain, settings.state_folder / DATABASE, saved.seen)
        self._brain.keeper.on_commit = self._centre.wake
        self._brain.keeper.on_damage = lambda fault: self._damaged(fault.words)

    def guard(self) -> int:
        """Run every worker beside the brain until told to end."""
        for source in self._senses():
            self._supervisor.add(source.name, _sensing(source, self._brain))
        for hand in self._hands:
            self._supervisor.add(f"actuator {hand.device}", _acting(hand, self._brain))
        painter = Painter(self._settings, self._clock, self._brain, self._centre.link)
        brain = self._brain
        recorder = Recorder(self._settings, self._clock, lambda: brain.state, brain.deliver, brain.ask)
        recordings = self._recordings()
        patrols = Patrols(self._settings)
        telemetry = Telemetry(self._settings, self._clock, self._brain)
        speaker = voice(self._settings, self._clock, self._root)
        callers = caller(self._settings, self._clock, self._root)
        bundles, films_shown = Bundles(self._settings), Shown(self._settings, self._root)
        walks = Walks(self._settings, self._root, self._clock, brain.ask)
        tellers = tuple(one for one in (telemetry, bundles, films_shown, speaker, callers) if one is not None)
        self._brain.beside = _beside(painter, (recorder, patrols, walks), recordings, tellers)
        self._supervisor.add("journal", self._brain.keeper.keep_flushed)
        desk = self._desk()
        self._supervisor.add("desk", desk.run)  # without it nobody could resume, or stop by hand
        self._papers = Papers(self._settings.runtime_folder, self._clock, self._known, desk)
        self._supervisor.add("people's papers", self._papers.run, vital=False)
        self._add_ways_out()
        self._short_messages()
        if self._settings.site.peers:
            self._supervisor.add("other boxes", self._beside, vital=False)
        self._supervisor.add("live picture", painter.run, vital=False)
        self._supervisor.add("curves and evidence", recorder.run, vital=False)
        for name, worker in (
            ("walk tests", walks),
            ("patrol records", patrols),
            ("looks at new devices", self._looks),
        ):
            self._supervisor.add(name, worker.run, vital=False)
        self._add_copies(bundles, films_shown)
        self._supervisor.add("measured values", telemetry.run, vital=False)
        self._supervisor.add("integrity", self._integrity().run, vital=False)
        self._supervisor.add("disk watch", DiskWatch(self._settings, self._clock).run, vital=False)
        self._supervisor.add("power", PowerCut(self._settings, self._clock, self._brain).run, vital=False)
        for id_, one in aimers(self._settings, self._clock, self._wanted_aims, brain.deliver).items():
            self._supervisor.add(f"turning {id_}", one.run, vital=False)
        if speaker is not None:
            self._supervisor.add("voice", partial(speaker.run, self._brain.deliver), vital=False)
        if callers is not None:
            self._supervisor.add("calls", partial(callers.run, self._brain.deliver), vital=False)
        if recordings is not None:
            self._supervisor.add("recordings", recordings.run, vital=False)
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

    def _add_copies(self, bundles: Bundles, films: Shown) -> None:
        """What is made for people to take away, or to look at."""
        self._supervisor.add("bundles", bundles.run, vital=False)
        self._supervisor.add("films shown", films.run, vital=False)

    def _add_ways_out(self) -> None:
        """Beside the centre's broker: a SCADA, the store for copies of evidence, what is ordered from there."""
        if self._settings.site.uplink.centre:
            self._supervisor.add("centre", self._centre.run, vital=False)
        scada, upload = self._settings.site.sparkplug, self._settings.site.upload
        if scada is not None:
            told = Scada(self._settings, scada, self._clock, self._brain)
            self._supervisor.add("sparkplug", told.run, vital=False)
        ordered = Ordered(self._settings, self._clock, lambda: self._brain.state.centre, self._brain.ask)
        self._supervisor.add("ordered version", ordered.run, vital=False)
        if self._settings.site.fetch is not None:
            self._supervisor.add(
                "ordered version's file", self._bundle(self._settings.site.fetch).run, vital=False
            )
        if upload is not None:
            sending = Sending(self._settings, upload, self._clock, self._brain)
            self._supervisor.add("evidence to the centre", sending.run, vital=False)
            if "masked_clips" in upload.what:
                self._supervisor.add("masked copies", self._copies().run, vital=False)

    def _bundle(self, table: FetchTable) -> Fetching:
        brain = self._brain
        return Fetching(
            self._settings, table, self._clock, lambda: brain.state.centre, brain.ask, UPDATE,
            busy=lambda: any(permit.busy for permit in brain.state.permits.values()),
        )  # fmt: skip

    def _short_messages(self) -> None:
        table, brain = self._settings.site.short_messages, self._brain
        if table is not None:
            messenger = Messenger(
                self._settings, table, self._clock, lambda: (brain.state.seq, brain.state.centre), brain.ask
            )
            self._supervisor.add("short messages", partial(messenger.run, brain.deliver), vital=False)

    def _wanted_aims(self) -> Mapping[str, Wish]:
        return wanted(self._settings, self._brain.state, self._clock.monotonic())

    def _recordings(self) -> Recordings | None:
        if self._films is None:
            return None
        brain = self._brain
        return Recordings(self._settings, self._clock, lambda: brain.state, brain.ask, brain.deliver, self._films)

    def _copies(self) -> Copies:
        brain, table = self._brain, self._settings.site.recording
        assert table is not None  # noqa: S101 (settings/uploads.py)
        key_file = self._settings.folder / table.key_file
        return Copies(
            self._settings,
            key_file,
            self._root,
            self._clock,
            lambda: any(one.busy for one in brain.state.permits.values()),
            brain.ask,
        )

    def _beside(self, stop: threading.Event) -> None:
        """The other boxes of the site, told of our works and alarms, and heard of theirs."""
        Neighbours(self._settings, self._clock, lambda: ours(self._brain.state), self._key).run(
            self._brain.deliver, stop
        )

    def _desk(self) -> Desk:
        brain = self._brain
        behind = Behind(
            persons=self._known,
            submit=brain.ask,
            note=brain.ask,
            claim=self._claim_code(),
            remember=lambda name, wrong: partial(brain.keeper.remember(WRONG + name, str(wrong)).wait, KEPT_S),
            relist=self._relist,
            change=Bundle(
                self._settings.folder,
                self._root,
                self._begin_anew,
                lambda: brain.state.permits,
                Looks(self._root, self._settings.site.buses, self._guests).look,
                lambda: brain.state.outputs,
                self._looks.took,
            ).change,
            photos=Photos(self._settings.state_folder / EVIDENCE),
            look=self._looks.take,
        )
        path = self._settings.runtime_folder / REQUESTS
        return Desk(path, self._clock, secrets.token_hex(8), behind, self._wrong, Beside())

    def _begin_anew(self) -> None:
        """With other settings or other records. What was asked is answered first, by the desk's thread."""
        log.warning("the box starts anew")
        self._exit_code = AGAIN
        threading.Timer(ANSWERED_S, self._ended.set).start()

    def _integrity(self) -> Integrity:
        brain = self._brain
        return Integrity(
            self._settings.state_folder,
            self._clock,
            lambda: any(permit.busy for permit in brain.state.permits.values()),
            self._damaged,
        )

    def _damaged(self, words: Words) -> None:
        """The records do not hold: the box begins anew, and its start moves them aside."""
        path = self._settings.state_folder / DATABASE
        now_s = self._clock.monotonic()
        self._brain.deliver(DeviceHealth(source="records", at_s=now_s, ok=False, detail=words))
        if self._exit_code == AGAIN or damaged_lately(path, self._clock.instant().utc):
            return
        try:
            condemn(path, words.en)
        except OSError as fault:
            log.critical("the damaged records cannot be marked: %s", fault)
            return
        self._begin_anew()

    def _relist(self) -> None:
        try:
            self._papers.list_people()
        except OSError as fault:  # the change holds all the same; the worker that keeps the list tries again
            log.warning("the pages' list of people is not written: %s", fault)

    def _claim_code(self) -> ClaimCode:
        """Of a box that nobody administers; of another one the code of its first start is worth nothing."""
        code = ClaimCode(self._settings.state_folder)
        if any(person.administers for person in self._known().values()):
            code.forget()
            return code
        try:
            code.make()
        except OSError as fault:  # it guards all the same
            log.critical("this box cannot be claimed, its code cannot be kept: %s", fault)
        return code

    def _known(self) -> Mapping[str, Person]:
        return self._brain.state.persons

    def _senses(self) -> list[Source]:
        found = sources(self._settings, self._clock, self._root)
        self._guests.update({one.bus: one.guests for one in found if isinstance(one, GasBus)})
        runtime = self._settings.runtime_folder
        eyes = vision(self._settings, self._clock, self._root / "models", runtime, self._films)
        if eyes is None:
            return found
        state = self._brain
        offers = Offers(
            self._settings, self._clock, eyes, lambda: (state.state.centre, state.state.permits), state.ask
        )
        self._supervisor.add("offered models", offers.run, vital=False)
        if self._settings.site.fetch is not None:
            fetching = Fetching(
                self._settings, self._settings.site.fetch, self._clock, lambda: state.state.centre, state.ask
            )
            self._supervisor.add("offered models' files", fetching.run, vital=False)
        return [*found, eyes]

    def _gave_up(self, name: str, why: str) -> None:
        """A worker that dies again and again ends the process: outputs fall, the manager is told."""
        log.critical("worker %s cannot be kept alive (%s): the box ends, outputs are off", name, why)
        self._exit_code = EX_SOFTWARE
        self._ended.set()


def _films(settings: Settings) -> FilmDesk | None:
    """Where films go, if the site keeps any. Raises FilmKeyError."""
    table = settings.site.recording
    if table is None:
        return None
    sealed_with = key.read(settings.folder / table.key_file)
    folder, reserve = settings.state_folder / FILMS, round(table.reserve_gb * 1e9)
    return FilmDesk(FilmOrder(folder=str(folder), key=sealed_with, reserve_bytes=reserve))


def _beside(
    painter: Painter,
    hearers: tuple[Recorder | Patrols | Walks, ...],
    recordings: Recordings | None,
    tellers: tuple[Telemetry | Bundles | Shown | Voice | Caller, ...],
) -> Callable[[Inputs, Decision], None]:
    """What the brain tells of each step: short calls, none of which ever waits."""

    def told(inputs: Inputs, decision: Decision) -> None:
        for hearer in hearers:
            hearer.beside(inputs, decision)
        if recordings is not None:
            recordings.beside(decision)
        for teller in tellers:
            teller.beside(decision)
        if decision.events:
            painter.wake()

    return told


def _sensing(source: Source, brain: Brain) -> Callable[[threading.Event], None]:
    return lambda stop: source.run(brain.deliver, stop)


def _acting(hand: Actuator, brain: Brain) -> Callable[[threading.Event], None]:
    return lambda stop: hand.run(brain.deliver, stop)
