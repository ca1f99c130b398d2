"""What the brain keeps: what each step consumed in the journal, what it led to in the store.

While a disk fails, guarding goes on and a finding says so; what was decided meanwhile is written in order later.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence

import msgspec
from msgspec.structs import replace

from edge_agent.agent import journal_end
from edge_agent.agent.outward import Outward, drained
from edge_agent.agent.records import Identity, record, state
from edge_agent.clock import Clock, Instant
from edge_agent.decide import figures
from edge_agent.decide.state import Decision, Inputs, Kept, Start, State
from edge_agent.domain.asked import Asked
from edge_agent.domain.figures import Counts
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.outcome import Priority
from edge_agent.domain.permit import Permit
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Batch, Outgoing, Seen
from edge_agent.store.errors import StoreError, StoreFault
from edge_agent.store.journal import Journal
from edge_agent.store.store import Store
from edge_agent.tell import messages
from edge_agent.tell.checkpoint import Notary, Standing

log = logging.getLogger(__name__)

FLUSH_S = 2.0  # journal lines that a power cut may lose; a step with an event flushes at once
COUNT_S = 300.0  # what is counted without an event (people in pictures) is kept this often


class Keeper:
    """The journal and the store of one boot. Belongs to the brain's thread; `flush` may be called from another."""

    def __init__(  # noqa: PLR0913, PLR0917 (what it keeps, where, for whom)
        self,
        settings: Settings,
        clock: Clock,
        store: Store,
        journal: Journal,
        boot: str,
        found: Callable[[DeviceHealth], None],
        ask: Callable[[Asked], object],
        notary: Notary | None = None,
    ) -> None:
        """Loads what was kept. Nothing is written yet. `found` takes what it notices about its disks.

        `ask` takes what is for the record. `notary` signs now and then where the chain stands; None: nobody does.
        """
        site = settings.site.site
        self.saved = store.load()
        self.on_commit: Callable[[], None] = lambda: None
        self.on_damage: Callable[[StoreError], None] = lambda _fault: None  # its pages are damaged
        self._found = found
        self._settings = settings
        self._clock = clock
        self._store = store
        self.outward = Outward(clock, store, ask)
        self._journal = journal
        self._who = Identity(site=site.id, unit=site.unit, boot=boot, demo=settings.demo)
        self._notary = notary
        self._head = self.saved.head_hash
        self._noted = ""  # the chain's end as the journal's newest line has it
        self._rows = self.saved.audit_n
        self._unkept: deque[Batch] = deque()  # decided, and not on the disk yet
        self._acked: deque[int] = deque()
        self._facts: deque[tuple[str, str, threading.Event]] = deque()
        self._unkept_facts: list[threading.Event] = []
        self._checkpoints: deque[threading.Event] = deque()
        self._store_ok = True
        self._journal_ok = True
        self._counted_s = clock.monotonic()
        self._counts = Counts()  # as they were last handed to the store

    @property
    def behind(self) -> bool:
        """Whether something that was decided is not on the disk yet."""
        return bool(self._unkept)

    def begin(self, instant: Instant, kept: Kept) -> None:
        """The first segment of this boot's journal."""
        try:
            self._rotate(self._start(instant, kept=kept))
        except StoreError as fault:
            self._disk_fails(fault)

    def _start(self, instant: Instant, *, kept: Kept | None = None, state: State | None = None) -> Start:
        start = Start(
            boot=self._who.boot,
            head=self._head,
            settings=self._settings.digest,
            instant=instant,
            state=state,
        )
        return start if kept is None else replace(start, kept=kept)

    def acked(self, rows: Sequence[int]) -> None:
        """The broker has these outbox rows: they are deleted with the next commit."""
        self._acked.extend(rows)

    def tell_states(self, permits: Iterable[Permit]) -> None:
        """Where each permit stands, once more: another broker keeps another word on it. From any thread."""
        self.outward.tell(tuple(state(permit, self._who) for permit in permits))

    def remember(self, key: str, value: str) -> threading.Event:
        """Keep a small fact over restarts, with the next commit (the desk's count of wrong PINs).

        The event is set once it is on the disk.
        """
        kept = threading.Event()
        self._facts.append((key, value, kept))
        return kept

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

    def note(self, inputs: Inputs, before: State, decision: Decision) -> None:
        """The step's inputs into the journal, and onto the disk before what they led to is committed."""
        if self._journal.due(self._clock.monotonic()):
            try:
                self._rotate(self._start(inputs.instant, state=before))
            except StoreError as fault:
                self._disk_fails(fault)
                return
        head, self._noted = self._head if self._head != self._noted else "", self._head
        self._journal.append(journal_end.line(inputs, decision.state.seq, head))
        if decision.events:
            self.flush()

    def _rotate(self, start: Start) -> None:
        self._journal.rotate(msgspec.json.encode(start), self._clock.monotonic())
        self._noted = start.head

    def record(self, before: State, decision: Decision, *, instant: Instant, seen: tuple[Seen, ...] = ()) -> bool:
        """One transaction; True once everything decided so far is durable."""
        counts = self._counts_due(decision)
        made = record(self._settings, before, decision, self._head, self._who, instant=instant, counts=counts)
        voice = self.outward.changed(made.batch.voice)
        self._head = made.head
        acked = drained(self._acked)
        self._rows += len(made.batch.audit)
        more, heard = self.outward.take()
        outbox = made.batch.outbox + self._checkpoint(decision, trusted=instant.trusted) + more
        if not self._settings.site.uplink.centre:  # nobody would ever take them: the records alone keep everything
            outbox = ()
        batch = replace(
            made.batch, outbox=outbox, voice=voice, acked=acked, seen=seen + heard, meta=self._take_facts()
        )
        if not batch.empty:
            self._unkept.append(batch)
        try:
            while self._unkept:
                self._store.commit(self._unkept[0])
                self._unkept.popleft()
            self.outward.works()
        except StoreError as fault:
            self.outward.fails(full=fault.fault is StoreFault.FULL)
            self._disk_fails(fault)
            return False
        while self._unkept_facts:
            self._unkept_facts.pop().set()
        if self._checkpoints:
            self._whole()
        if not self._store_ok and self._journal_ok:
            self._store_ok = True
            self._found(DeviceHealth(source="store", at_s=self._clock.monotonic(), ok=True))
        if batch.outbox:
            self.on_commit()
        return True

    def checkpoint(self) -> threading.Event:
        """The database in one file, with the next step (the mains are gone). Set once it is so."""
        done = threading.Event()
        self._checkpoints.append(done)
        return done

    def _whole(self) -> None:
        waiting = [self._checkpoints.popleft() for _ in range(len(self._checkpoints))]
        try:
            self._store.checkpoint()
        except StoreError as fault:
            log.critical("records are not kept: %s", fault)
            return
        for done in waiting:
            done.set()

    def _checkpoint(self, decision: Decision, *, trusted: bool) -> tuple[Outgoing, ...]:
        """In the transaction of the rows of which it speaks, or soon after; an idle box writes none."""
        if self._notary is None or not self._notary.due(self._rows, self._clock.monotonic()):
            return ()
        instant = self._clock.instant()
        standing = Standing(n=self._rows, seq=decision.state.seq, head=self._head)
        who = self._who
        told = self._notary.checkpoint(
            standing,
            source=messages.source(who.site, who.unit),
            boot=who.boot,
            demo=who.demo,
            time=messages.utc_text(instant.utc),
            trusted=trusted,
            now_s=instant.now_s,
        )
        topic = messages.up_topic(who.site, who.unit, "audit")
        return (Outgoing(topic=topic, payload=messages.encode(told), priority=Priority.MEDIUM, retain=True),)

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
            if fault.fault is StoreFault.CORRUPT:
                self.on_damage(fault)
        self._store_ok = False
        health = DeviceHealth(source="store", at_s=self._clock.monotonic(), ok=False, detail=fault.words)
        self._found(health)
