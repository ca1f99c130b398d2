"""The brain: one step at a time, and the only place where state changes.

Order within a step: decide, make safe, record, then (and only then) permit. Sirens and relays come
before bookkeeping, so that a full disk cannot silence a siren; what permits work comes after it, so
that no output is ever energised on a decision that is not on the disk.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from edge_agent.agent.inbox import GATHER_S, Filed, Inbox
from edge_agent.agent.last_words import UNKNOWN, LastWords
from edge_agent.agent.records import Identity, record
from edge_agent.clock import Clock, Instant
from edge_agent.decide import figures
from edge_agent.decide.state import Decision, Inputs, Kept, Start, State
from edge_agent.decide.step import begin, step
from edge_agent.domain.figures import Counts
from edge_agent.domain.observation import DeviceHealth, Observation
from edge_agent.domain.outcome import Action, Event, Output
from edge_agent.domain.ports import Actuator
from edge_agent.domain.request import Answer, Asked
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.urgent import is_urgent
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Batch, Seen
from edge_agent.store.errors import StoreError
from edge_agent.store.journal import Journal
from edge_agent.store.store import Store

log = logging.getLogger(__name__)

TICK_S = 0.2  # 5 Hz
# A permissive holds this long after a completed step: some ticks may be late, a dead brain may not.
# The relay module's own watchdog (2 s) stands behind it.
LEASE_S = 1.0
FLUSH_S = 2.0  # journal lines that a power cut may lose; a step with an event flushes at once
COUNT_S = 300.0  # what is counted without an event (people in pictures) is kept this often
NEWEST_EVENTS = 50
UNKEPT = Words("记录尚未保存，输出暂不接通", "not recorded yet: the output stays off until it is")


@dataclass(frozen=True)
class Lost:
    """Damaged records: where they were moved, and the number of the newest event that the journal knows.

    Numbers go on from there: the centre takes a number that it has seen for a repetition.
    """

    aside: str
    seq: int


@dataclass(frozen=True)
class Parts:
    """What the brain works with: time, disk, hands, and this boot's identity."""

    clock: Clock
    store: Store
    journal: Journal
    actuators: Sequence[Actuator]
    boot: str
    lost: Lost | None = None  # the records before these could not be read
    last: LastWords = UNKNOWN  # what the journal of the boot before says last


class Brain:
    """Holds the state, and everything that one step needs."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        """Loads what was kept and takes the first decision: nothing comes up permitted."""
        site = settings.site.site
        self.inbox = Inbox(parts.clock)
        self.newest: deque[Event] = deque(maxlen=NEWEST_EVENTS)  # newest first, for the board
        self.on_commit: Callable[[], None] = lambda: None
        self.beside: Callable[[Inputs, Decision], None] = lambda _inputs, _decision: None  # told of each step
        self._settings = settings
        self._clock = parts.clock
        self._store = parts.store
        self._journal = parts.journal
        self._actuators = tuple(parts.actuators)
        self._who = Identity(site=site.id, unit=site.unit, boot=parts.boot, demo=settings.demo)
        self._devices = {device.id: device for device in settings.devices}
        self._unkept: deque[Batch] = deque()  # decided, and not on the disk yet
        self._acked: deque[int] = deque()
        self._facts: deque[tuple[str, str, threading.Event]] = deque()
        self._unkept_facts: list[threading.Event] = []
        self._own: deque[Observation] = deque()  # what the brain notices about itself
        self._granted: frozenset[str] = frozenset()  # permissives whose grant is on the disk
        self._store_ok = True
        self._journal_ok = True
        self._thinned = False
        self._counted_s = parts.clock.monotonic()
        self._counts = Counts()  # as they were last handed to the store
        self.state = self._wake(parts.lost, parts.last)

    def _wake(self, lost: Lost | None, last: LastWords) -> State:
        saved = self._store.load()
        self._head = saved.head_hash
        self.newest.extend(saved.recent[:NEWEST_EVENTS])
        kept = Kept(
            permits=saved.permits,
            alarms=saved.alarms,
            persons=saved.persons,
            records=saved.records,
            counts=saved.counts,
            seq=saved.seq,
            alive_utc=last.alive_utc,
            exposure=last.exposure,
        )
        if lost is not None:
            kept = replace(kept, seq=lost.seq, damaged=lost.aside)
        instant = self._clock.instant()
        try:
            self._rotate(self._start(instant, kept=kept))
        except StoreError as fault:
            self._disk_fails(fault)
        decision = begin(self._settings, instant, kept)
        self._make_safe(decision.actions)
        before = replace(
            decision.state,
            permits={permit.ticket.id: permit for permit in kept.permits},
            alarms={alarm.verdict.key: alarm for alarm in kept.alarms},
        )
        self._record(before, decision, trusted=instant.trusted)
        self.newest.extendleft(decision.events)
        return decision.state

    def _start(self, instant: Instant, *, kept: Kept | None = None, state: State | None = None) -> Start:
        start = Start(
            boot=self._who.boot,
            head=self._head,
            settings=self._settings.digest,
            instant=instant,
            state=state,
        )
        return start if kept is None else replace(start, kept=kept)

    def deliver(self, seen: Observation) -> None:
        """Take an observation from any source's thread."""
        self.inbox.put(seen, urgent=is_urgent(seen, self.state.memory, self._settings, self._devices))

    def ask(self, asked: Asked, seen: Seen | None = None) -> Future[Answer]:
        """Take a request from the desk's or the downlink's thread; the future holds the answer.

        `seen` is recorded in the same transaction as what the request led to.
        """
        return self.inbox.ask(asked, seen)

    def acked(self, rows: Sequence[int]) -> None:
        """The broker has these outbox rows: they are deleted with the next commit."""
        self._acked.extend(rows)

    def remember(self, key: str, value: str) -> threading.Event:
        """Keep a small fact over restarts, with the next commit (the desk's count of wrong PINs).

        The event is set once it is on the disk.
        """
        kept = threading.Event()
        self._facts.append((key, value, kept))
        return kept

    def run(self, ended: Callable[[], bool], stepped: Callable[[], None]) -> None:
        """Step until `ended`. `stepped` is called after each completed step: the watchdog's food."""
        began_s = self._clock.monotonic()
        while not ended():
            observations, asked = self.inbox.take(began_s + GATHER_S, began_s + TICK_S)
            began_s = self._clock.monotonic()
            self.step(observations, asked)
            stepped()

    def step(self, observations: tuple[Observation, ...], asked: tuple[Filed, ...] = ()) -> None:
        """One step: decide, make safe, record, permit, answer."""
        self._look_at_the_inbox()
        own = tuple(self._own.popleft() for _ in range(len(self._own)))
        inputs = Inputs(
            instant=self._clock.instant(),
            observations=(*observations, *own),
            asked=tuple(filed.asked for filed in asked),
        )
        before = self.state
        decision = step(self._settings, before, inputs)
        self._make_safe(decision.actions)
        self._note(inputs, before, flush=bool(decision.events))
        seen = tuple(filed.seen for filed in asked if filed.seen is not None)
        kept = self._record(before, decision, trusted=inputs.instant.trusted, seen=seen)
        self.state = decision.state
        self.newest.extendleft(decision.events)
        self._renew(decision.actions)
        _resolve(asked, decision.answers, kept=kept)
        self.beside(inputs, decision)

    def _look_at_the_inbox(self) -> None:
        """What had to be left out is a finding, and so is that nothing has to be any more."""
        dropped = self.inbox.take_dropped()
        if dropped or self._thinned:
            detail = (
                Words(f"{dropped} 条较早的数据未处理", f"{dropped} older values left out") if dropped else NOTHING
            )
            now_s = self._clock.monotonic()
            self._own.append(DeviceHealth(source="inbox", at_s=now_s, ok=not dropped, detail=detail))
        self._thinned = bool(dropped)

    def _make_safe(self, actions: tuple[Action, ...]) -> None:
        for actuator in self._actuators:
            actuator.trip(tuple(a for a in actions if a.device == actuator.device and _makes_safe(a)))

    def _renew(self, actions: tuple[Action, ...]) -> None:
        """Every output's wanted state; a permissive only once the decision that grants it is on the disk."""
        wanted_on = frozenset(_key(action) for action in actions if _permits(action))
        self._granted = self._granted & wanted_on if self._unkept else wanted_on
        until_s = self._clock.monotonic() + LEASE_S
        granted = tuple(
            replace(action, on=False) if _permits(action) and _key(action) not in self._granted else action
            for action in actions
        )
        for actuator in self._actuators:
            actuator.renew(tuple(a for a in granted if a.device == actuator.device), until_s)

    def keep_flushed(self, stop: threading.Event) -> None:
        """Put the journal on the disk now and then, in a thread of its own: no danger waits for a slow disk."""
        while not stop.wait(FLUSH_S):
            self.flush()

    def flush(self) -> None:
        """Put the journal on the disk."""
        try:
            self._journal.flush()
        except StoreError as fault:
            self._journal_ok = False
            self._disk_fails(fault)
        else:
            self._journal_ok = True

    def _note(self, inputs: Inputs, before: State, *, flush: bool) -> None:
        """The step's inputs into the journal, and onto the disk before what they led to is committed."""
        if self._journal.due(self._clock.monotonic()):
            try:
                self._rotate(self._start(inputs.instant, state=before))
            except StoreError as fault:
                self._disk_fails(fault)
                return
        self._journal.append(msgspec.json.encode(inputs))
        if flush:
            self.flush()

    def _rotate(self, start: Start) -> None:
        self._journal.rotate(msgspec.json.encode(start), self._clock.monotonic())

    def _record(self, before: State, decision: Decision, *, trusted: bool, seen: tuple[Seen, ...] = ()) -> bool:
        """One transaction; True once everything decided so far is durable."""
        counts = self._counts_due(decision)
        made = record(before, decision, self._head, self._who, trusted=trusted, counts=counts)
        self._head = made.head
        acked = tuple(self._acked.popleft() for _ in range(len(self._acked)))
        batch = replace(made.batch, acked=acked, seen=seen, meta=self._take_facts())
        if not batch.empty:
            self._unkept.append(batch)
        try:
            while self._unkept:
                self._store.commit(self._unkept[0])
                self._unkept.popleft()
        except StoreError as fault:
            self._disk_fails(fault)
            return False
        while self._unkept_facts:
            self._unkept_facts.pop().set()
        if not self._store_ok and self._journal_ok:
            self._store_ok = True
            self._own.append(DeviceHealth(source="store", at_s=self._clock.monotonic(), ok=True))
        if made.batch.outbox:
            self.on_commit()
        return True

    def _take_facts(self) -> dict[str, str]:
        """What is to be remembered, the newest word for each key."""
        taken = [self._facts.popleft() for _ in range(len(self._facts))]
        self._unkept_facts.extend(kept for _, _, kept in taken)
        return {key: value for key, value, _ in taken}

    def _counts_due(self, decision: Decision) -> Counts | None:
        """What is counted, if it changed: with an event, which is written anyway, or now and then."""
        now_s = self._clock.monotonic()
        if not decision.events and now_s - self._counted_s < COUNT_S:
            return None
        counts = figures.kept(decision.state)
        if counts == self._counts:
            return None
        self._counts, self._counted_s = counts, now_s
        return counts

    def _disk_fails(self, fault: StoreError) -> None:
        """Guarding goes on, a finding says so, nothing claims to be saved; each step tries again."""
        if self._store_ok:
            log.critical("records are not kept: %s", fault)
        self._store_ok = False
        health = DeviceHealth(source="store", at_s=self._clock.monotonic(), ok=False, detail=fault.words)
        self._own.append(health)


def _makes_safe(action: Action) -> bool:
    return action.on is not (action.output is Output.PERMISSIVE)


def _permits(action: Action) -> bool:
    return action.on and action.output is Output.PERMISSIVE


def _key(action: Action) -> str:
    return f"{action.device}/{action.channel}"


def _resolve(asked: tuple[Filed, ...], answers: tuple[Answer, ...], *, kept: bool) -> None:
    by_id = {answer.request: answer for answer in answers}
    for filed in asked:
        answer = by_id.get(filed.asked.id)
        if answer is None:  # a Rejected is for the record only
            answer = Answer(request=filed.asked.id, accepted=False)
        elif answer.accepted and not kept:
            answer = replace(answer, reasons=(*answer.reasons, UNKEPT))
        filed.answer.set_result(answer)
