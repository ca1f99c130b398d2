"""What the brain carries from one step to the next, and what one step works on."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.decide.flood import Flood
from edge_agent.domain.asked import Asked
from edge_agent.domain.centre_record import CentreRecord
from edge_agent.domain.commissioning import NOT_COMMISSIONED, Commissioning
from edge_agent.domain.device import DeviceRecord
from edge_agent.domain.device_test import BumpTest
from edge_agent.domain.figures import Counts, Figures, Tries
from edge_agent.domain.local_time import ShiftNow
from edge_agent.domain.observation import Observation
from edge_agent.domain.outcome import Action, Alarm, Event, Priority
from edge_agent.domain.permit import Permit
from edge_agent.domain.person import Person
from edge_agent.domain.rectification import Rectification
from edge_agent.domain.request import Answer
from edge_agent.fuse.gas_average import Exposure
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.power import Switchover
from edge_agent.fuse.relays import Wanted
from edge_agent.fuse.sirens import TrialOrder, Tried


class Look(Struct, frozen=True, kw_only=True):
    """A place that a camera is to show, until when, by which order."""

    area: str
    order: str
    until_s: float


class State(Struct, frozen=True, kw_only=True):
    """Everything the brain knows between two steps. Written as the first line of a journal segment."""

    memory: Memory
    permits: dict[str, Permit] = {}
    alarms: dict[str, Alarm] = {}
    persons: Mapping[str, Person] = {}
    records: Mapping[str, DeviceRecord] = {}  # by device
    centre: Mapping[str, CentreRecord] = {}  # copies of the centre's, by id: for people, they decide nothing
    rectifications: Mapping[str, Rectification] = {}  # what is to be put right, by id
    floods: dict[str, Flood] = {}  # by permit: its alarms of the last minutes
    outputs: dict[str, Wanted] = {}
    sirens: Mapping[str, bool] = {}  # by "module/output": whether it was heard the last time that it had to sound
    power: Mapping[str, Switchover] = {}  # by module: the last time that its mains went
    trial: TrialOrder | None = None  # of outputs, that somebody has asked for
    tried: Tried | None = None  # a test of the sirens that is under way
    last_trial: dict[str, Any] | None = None  # what the last one showed, as its event told it
    looks: dict[str, Look] = {}  # by camera that can turn: where the centre wants it to look for a while
    shadow: dict[str, Alarm] = {}  # what would have been raised; nothing acts on it
    figures: Figures = Figures()
    commissioning: Commissioning = NOT_COMMISSIONED
    bumps: Mapping[str, BumpTest] = {}  # by detector: bump tests under way
    shadow_over: tuple[int, ...] = ()  # rows of [[shadow]] whose date has passed
    seq: int = 0


class Inputs(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one step consumes: one line of the journal."""

    instant: Instant
    observations: tuple[Observation, ...] = ()
    asked: tuple[Asked, ...] = ()


class ChainBreak(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The records do not go on where they were last told: why, and where the chain before ended.

    "damaged": they could not be read and were moved `aside`; "older": they end before what the journal knows;
    "restored": they come from the backup that was `made_utc`; "journal": it is the journal that ends before them.
    """

    why: Literal["damaged", "older", "restored", "journal"]
    aside: str = ""
    rows: int = 0  # of the chain before, as far as it could be read
    head: str = ""  # hash of the last of them; "": not readable
    made_utc: float | None = None
    by_journal: bool = False  # permits, people and alarms are as the journal knows them
    again_upto: int = 0  # events up to this number are still in the records; 0: none is
    jumped: bool = False  # nobody knows the newest number that was told: they go on far behind any


class Kept(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What survived a restart: the store's permits, alarms, people, counts and the last event's number."""

    permits: tuple[Permit, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    persons: tuple[Person, ...] = ()
    records: tuple[DeviceRecord, ...] = ()
    counts: Counts = Counts()
    centre: tuple[CentreRecord, ...] = ()
    rectifications: tuple[Rectification, ...] = ()
    commissioning: Commissioning = NOT_COMMISSIONED
    seq: int = 0
    broken: ChainBreak | None = None  # None in an ordinary start
    alive_utc: float | None = None  # the last second that the journal of the boot before speaks of
    exposure: Exposure | None = None  # what its detectors had averaged by then


NOTHING_KEPT = Kept()


class Start(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The first line of a journal segment: where its steps began.

    `state` where the segment continues a running brain; otherwise it begins at `instant` with what
    the store had `kept`. `head` is the audit chain's newest hash then, so that a replay can compute
    the very same chain.
    """

    boot: str
    head: str
    settings: str  # the settings' digest: which limits decided
    instant: Instant
    kept: Kept = NOTHING_KEPT
    state: State | None = None


class Decision(Struct, frozen=True, kw_only=True):
    """What one step concluded."""

    state: State
    events: tuple[Event, ...]
    answers: tuple[Answer, ...]
    actions: tuple[Action, ...]


class Draft:
    """The next state while one step is being worked out. Lives no longer than that step."""

    def __init__(self, state: State, instant: Instant, shift: ShiftNow | None = None) -> None:
        """Begin from the last state, which is never changed. `shift` is the one under way."""
        self.instant = instant
        self.shift = "" if shift is None else shift.id
        self.permits = dict(state.permits)
        self.alarms = dict(state.alarms)
        self.persons: Mapping[str, Person] = (
            state.persons
        )  # replaced whole where one changes, so that "the same people" can be told
        self.records: Mapping[str, DeviceRecord] = state.records
        self.centre: Mapping[str, CentreRecord] = state.centre
        self.rectifications: Mapping[str, Rectification] = state.rectifications
        self.floods = state.floods
        self.shadow = state.shadow
        self.trial = state.trial
        self.last_trial = state.last_trial  # of the steps before: what people can have seen
        self.commissioning = state.commissioning
        self.bumps: Mapping[str, BumpTest] = state.bumps
        self.looks = {id_: one for id_, one in state.looks.items() if one.until_s > instant.now_s}
        self.events: list[Event] = []
        self.answers: list[Answer] = []
        self.ways: dict[str, Tries] = {}  # who tried to show himself in this step, and how
        self._seq = state.seq

    @property
    def seq(self) -> int:
        """The number of the newest event: gapless per unit."""
        return self._seq

    def look(self, camera: str, area: str, order: str, until_s: float) -> None:
        """A camera is to show a place for a while: the newest order counts."""
        self.looks[camera] = Look(area=area, order=order, until_s=until_s)

    def tried(self, way: str, tries: Tries) -> None:
        """Somebody was to be shown in this way (ledger 4-28)."""
        self.ways[way] = self.ways.get(way, Tries()) + tries

    def event(self, type_: str, subject: str, priority: Priority, data: dict[str, Any]) -> None:
        """Something happened: it gets the next number, and the shift in which it happened."""
        self._seq += 1
        told = {**data, "shift": self.shift} if self.shift else data
        self.events.append(
            Event(
                seq=self._seq,
                type=type_,
                subject=subject,
                at_s=self.instant.now_s,
                at_utc=self.instant.utc,
                priority=priority,
                data=msgspec.json.decode(msgspec.json.encode(told)),  # as it will be read again: lists, no tuples
            )
        )
