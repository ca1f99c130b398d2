"""The brain: one step at a time, and the only place where state changes.

Order within a step: decide, make safe, record, then (and only then) permit. Sirens and relays come
before bookkeeping, so that a full disk cannot silence a siren; what permits work comes after it, so
that no output is ever energised on a decision that is not on the disk.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from msgspec.structs import replace

from edge_agent.agent.inbox import GATHER_S, Filed, Inbox
from edge_agent.agent.keeper import Keeper
from edge_agent.agent.last_words import UNKNOWN, LastWords
from edge_agent.clock import Clock
from edge_agent.decide import chain_break
from edge_agent.decide.state import ChainBreak, Decision, Inputs, Kept, State
from edge_agent.decide.step import begin, step
from edge_agent.domain.asked import Asked
from edge_agent.domain.observation import DeviceHealth, Observation
from edge_agent.domain.outcome import FALLING, Action, Event, Output
from edge_agent.domain.ports import Actuator
from edge_agent.domain.request import Answer
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.urgent import is_urgent
from edge_agent.settings.site import Settings
from edge_agent.store.batch import Saved, Seen
from edge_agent.store.journal import Journal
from edge_agent.store.store import Store
from edge_agent.tell.checkpoint import Notary

log = logging.getLogger(__name__)

TICK_S = 0.2  # 5 Hz
# A permissive holds this long after a completed step: some ticks may be late, a dead brain may not.
# The relay module's own watchdog (2 s) stands behind it.
LEASE_S = 1.0
NEWEST_EVENTS = 50
UNKEPT = Words("记录尚未保存，输出暂不接通", "not recorded yet: the output stays off until it is")


@dataclass(frozen=True)
class Lost:
    """Records that do not go on where they were last told, and the number of the newest event that anybody knows.

    Numbers go on from there: the centre takes a number that it has seen for a repetition. `known`: what the
    journal knows of permits, people and alarms; None where it knows nothing that may be gone on from. Where it is
    the journal that is not all there, the records go on as they are.
    """

    broken: ChainBreak
    seq: int
    known: Kept | None = None


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
    notary: Notary | None = None  # signs where the audit chain stands


class Brain:
    """Holds the state, and everything that one step needs."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        """Loads what was kept and takes the first decision: nothing comes up permitted."""
        self.inbox = Inbox(parts.clock)
        self.newest: deque[Event] = deque(maxlen=NEWEST_EVENTS)  # newest first, for the board
        self.beside: Callable[[Inputs, Decision], None] = lambda _inputs, _decision: None  # told of each step
        self._settings = settings
        self._clock = parts.clock
        self._actuators = tuple(parts.actuators)
        self._devices = {device.id: device for device in settings.devices}
        self._own: deque[Observation] = deque()  # what the brain notices about itself
        self._next: list[Observation] = []  # ... and says one step later
        self.keeper = Keeper(
            settings,
            parts.clock,
            parts.store,
            parts.journal,
            parts.boot,
            found=self._own.append,
            ask=self.inbox.ask,
            notary=parts.notary,
        )
        self._granted: frozenset[str] = frozenset()  # permissives whose grant is on the disk
        self._thinned = False
        self.state = self._wake(parts.lost, parts.last)

    def _wake(self, lost: Lost | None, last: LastWords) -> State:
        saved = self.keeper.saved
        self.newest.extend(saved.recent[:NEWEST_EVENTS])
        kept = Kept(
            permits=saved.permits,
            alarms=saved.alarms,
            persons=saved.persons,
            records=saved.records,
            counts=saved.counts,
            centre=saved.centre,
            rectifications=saved.rectifications,
            commissioning=saved.commissioning,
            seq=saved.seq,
            alive_utc=last.alive_utc,
            exposure=last.exposure,
        )
        if lost is not None:
            kept = kept if lost.broken.why == "journal" else _gone_on_from(kept, lost)
            self._tell_of(lost)
        instant = self._clock.instant()
        self.keeper.begin(instant, kept)
        decision = begin(self._settings, instant, kept)
        self._make_safe(decision.actions)
        before = _as_stored(self._settings, saved, decision.state)
        self.keeper.record(before, decision, instant=instant)
        self.newest.extendleft(decision.events)
        return decision.state

    def _tell_of(self, lost: Lost) -> None:
        """An alarm that stays until somebody has acknowledged it; the condition itself is over by then."""
        words = chain_break.words(lost.broken)
        now_s = self._clock.monotonic()
        self._own.append(DeviceHealth(source="records", at_s=now_s, ok=False, detail=words))
        self._next.append(DeviceHealth(source="records", at_s=now_s, ok=True))

    def deliver(self, seen: Observation) -> None:
        """Take an observation from any source's thread."""
        self.inbox.put(seen, urgent=is_urgent(seen, self.state.memory, self._settings, self._devices))

    def ask(self, asked: Asked, seen: Seen | None = None) -> Future[Answer]:
        """Take a request from the desk's or the downlink's thread; the future holds the answer.

        `seen` is recorded in the same transaction as what the request led to.
        """
        return self.inbox.ask(asked, seen)

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
        self._own.extend(self._next)
        self._next.clear()
        inputs = Inputs(
            instant=self._clock.instant(),
            observations=(*observations, *own),
            asked=tuple(filed.asked for filed in asked),
        )
        before = self.state
        decision = step(self._settings, before, inputs)
        self._make_safe(decision.actions)
        self.keeper.note(inputs, before, decision)
        seen = tuple(filed.seen for filed in asked if filed.seen is not None)
        kept = self.keeper.record(before, decision, instant=inputs.instant, seen=seen)
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
        self._granted = self._granted & wanted_on if self.keeper.behind else wanted_on
        until_s = self._clock.monotonic() + LEASE_S
        granted = tuple(
            replace(action, on=False) if _permits(action) and _key(action) not in self._granted else action
            for action in actions
        )
        for actuator in self._actuators:
            actuator.renew(tuple(a for a in granted if a.device == actuator.device), until_s)


def _gone_on_from(kept: Kept, lost: Lost) -> Kept:
    base = kept if lost.known is None else replace(lost.known, alive_utc=kept.alive_utc, exposure=kept.exposure)
    return replace(base, seq=max(kept.seq, lost.seq), broken=lost.broken)


def _as_stored(settings: Settings, saved: Saved, woken: State) -> State:
    """The state as the store has it: what differs from it is to be written."""
    return replace(
        woken,
        permits={permit.ticket.id: permit for permit in saved.permits},
        alarms={alarm.verdict.key: alarm for alarm in saved.alarms},
        persons={person.id: person for person in (*settings.persons, *saved.persons)},
        records={record.id: record for record in (*settings.records, *saved.records)},
        centre=woken.centre if tuple(woken.centre.values()) == saved.centre else {},
        rectifications=woken.rectifications
        if tuple(woken.rectifications.values()) == saved.rectifications
        else {},
        commissioning=saved.commissioning,
    )


def _makes_safe(action: Action) -> bool:
    return action.on is not (action.output in FALLING)


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
