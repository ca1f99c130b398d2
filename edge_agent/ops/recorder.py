"""Keeps curves, their minutes for a month, and what led to each alarm and stop: beside the brain."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from edge_agent.clock import Clock, Instant
from edge_agent.decide.state import Decision, Inputs, State
from edge_agent.domain.noted import EvidenceKept, KeptFile
from edge_agent.domain.observation import DeviceHealth, Observation
from edge_agent.domain.outcome import Event
from edge_agent.domain.permit import Permit
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse import book, gas_site
from edge_agent.ops.folders import EVIDENCE, HISTORY
from edge_agent.ops.gas_history import GasHistory
from edge_agent.ops.recordings.concerned import area_of, cameras, devices, stamp
from edge_agent.ops.recordings.label import label
from edge_agent.settings.site import Settings
from edge_agent.tell.curves import STEP_S, Remembered
from edge_agent.tell.evidence import BEFORE_S, MASKED, Shelf, Still
from edge_agent.tell.live_curves import Curves, Evidence
from edge_agent.tell.live_file import write_curves

log = logging.getLogger(__name__)

SOURCE = "evidence"  # the name under which its health is known
WORTH_KEEPING = frozenset(
    {"alarm.raised", "permit.paused", "permit.stopped", "hazard.reported", "picture.asked", "camera.aimed"}
)
MOST_STEPS = 6000  # of what waits to be taken over: ten minutes of a disk that does not answer
MOST_EVENTS = 1000


class Recorder:
    """A worker of the supervisor."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        state: Callable[[], State],
        deliver: Callable[[Observation], None],
        tell: Callable[[EvidenceKept], object],
    ) -> None:
        """`state` is the brain's last one; `deliver` takes what is to be said of this worker's health.

        `tell` files what is to stand in the records.
        """
        self._settings, self._clock, self._state, self._deliver = settings, clock, state, deliver
        self._tell = tell
        self._remembered = Remembered(settings, clock.monotonic())
        self._shelf = Shelf(settings.state_folder / EVIDENCE)
        self._history = GasHistory(settings.state_folder / HISTORY)
        self._heard: deque[tuple[Observation, ...]] = deque(maxlen=MOST_STEPS)
        self._events: deque[Event] = deque(maxlen=MOST_EVENTS)
        self._raised: dict[str, int] = {}  # alarm -> the event that told of it last: what a camera then turns for
        self._missed = self._missed_told = 0
        self._woken = threading.Event()
        self._ok = True
        self._devices = {device.id: device for device in settings.devices}

    def beside(self, inputs: Inputs, decision: Decision) -> None:
        """What one step consumed and made. Called in the brain's thread: takes it over, and no more."""
        self._heard.append(inputs.observations)
        for event in decision.events:
            if event.type in WORTH_KEEPING:
                self._missed += len(self._events) == MOST_EVENTS
                self._events.append(event)
                self._woken.set()

    def run(self, stop: threading.Event) -> None:
        """Write until `stop`."""
        while not stop.is_set():
            self._woken.wait(STEP_S)
            self._woken.clear()
            self.look()
        self._history.end(self._clock.instant())

    def look(self) -> None:
        """Take over what has happened, draw the curves, and keep what led to each event."""
        instant = self._clock.instant()
        while self._heard:
            self._remembered.hear(self._heard.popleft())
        state = self._state()
        counts = book.effective(self._settings.rulebook, instant, state.centre)
        settings = replace(self._settings, rulebook=counts)  # the limits that decide
        channels = gas_site.channels(settings, state.memory, self._devices, instant.now_s)
        closed = self._remembered.close(instant.now_s, channels)
        wrong = self._written(state, instant)  # first: a picture grows old
        self._say(wrong or self._history.take(closed, instant))

    def _written(self, state: State, instant: Instant) -> Words:
        """Evidence and curves; says what is wrong with them."""
        try:
            self._keep(state, instant)
            curves = Curves(at_utc=instant.utc, channels=self._remembered.curves(instant))
            write_curves(self._settings.runtime_folder, curves)
        except OSError as fault:
            return Words(
                f"曲线或证据写不下：{fault.strerror}（{fault.filename}）",
                f"curves or evidence cannot be written: {fault.strerror} ({fault.filename})",
            )
        missed = self._missed - self._missed_told
        self._missed_told += missed
        return Words(f"{missed} 个事件没有留证", f"{missed} events without evidence") if missed else NOTHING

    def _keep(self, state: State, instant: Instant) -> None:
        """An event that cannot be written now is tried again with the next look."""
        while self._events:
            event = self._events[0]
            self._note(event)
            permit = state.permits.get(event.subject)
            stills = self._stills(event, permit, instant)
            kept = self._shelf.put(self._evidence(event, permit, state, instant), stills)
            self._events.popleft()
            for told in _told(event, permit, kept, instant, self._after(event)):
                self._tell(told)

    def _note(self, event: Event) -> None:
        if event.type == "alarm.raised":
            permit = "" if event.subject == "unit" else event.subject
            key = f"{event.data.get('rule', '')}|{permit}|{event.data.get('source', '')}"
            self._raised[key] = event.seq
            if len(self._raised) > MOST_EVENTS:
                del self._raised[next(iter(self._raised))]

    def _after(self, event: Event) -> tuple[int, ...]:
        """The earlier event that a picture belongs to: its page shows both (ledger 1-20, 4-21)."""
        if event.type == "camera.aimed":
            seq = self._raised.get(str(event.data.get("why", "")))
            return () if seq is None else (seq,)
        after = event.data.get("after") if event.type == "picture.asked" else None
        return (after,) if isinstance(after, int) else ()

    def _evidence(self, event: Event, permit: Permit | None, state: State, instant: Instant) -> Evidence:
        people = (*_people(permit), str(event.data.get("by", "")))
        tags = {id_: person.tag for id_ in people if (person := state.persons.get(id_)) and person.tag}
        ways = self._remembered.ways(instant, BEFORE_S, tags.values())
        return Evidence(
            seq=event.seq,
            type=event.type,
            permit="" if permit is None else event.subject,
            at_utc=event.at_utc,
            curves=self._remembered.curves(instant, BEFORE_S, devices(event, permit)),
            ways={id_: ways[tag] for id_, tag in tags.items() if tag in ways},
        )

    def _stills(self, event: Event, permit: Permit | None, instant: Instant) -> Iterator[Still]:
        """The stills of the cameras that the work is bound to, or that see the place."""
        for id_ in cameras(event, permit, self._settings):
            path = self._settings.runtime_folder / f"{id_}.jpg"
            of_it = stamp(self._settings, id_, area_of(event, permit), permit, instant)
            fields = label(self._settings, of_it, instant, _taken_utc(path))
            said = {"event": event.seq, "at_utc": instant.utc, "fields": fields} | msgspec.to_builtins(of_it)
            yield Still(
                camera=id_,
                path=path,
                masked=path.with_name(f"{id_}{MASKED}"),
                stamp=msgspec.json.encode(said),
                fields=fields,
            )

    def _say(self, wrong: Words) -> None:
        """Said once when it begins and once when it is over."""
        if self._ok and wrong:
            log.error("evidence is not kept: %s", wrong.en)
        if self._ok is bool(wrong):
            self._ok = not wrong
            health = DeviceHealth(source=SOURCE, at_s=self._clock.monotonic(), ok=self._ok, detail=wrong)
            self._deliver(health)


def _taken_utc(still: Path) -> float | None:
    """When the picture was written; None where there is none."""
    try:
        return still.stat().st_mtime
    except OSError:
        return None


def _told(
    event: Event,
    permit: Permit | None,
    kept: Mapping[str, tuple[KeptFile, ...]],
    instant: Instant,
    after: tuple[int, ...],
) -> Iterator[EvidenceKept]:
    """What the records are told of an event's pictures, camera by camera: of when, and by what they are known."""
    for camera, files in kept.items():
        yield EvidenceKept(
            id=f"stills {event.seq} {camera}",
            at_s=instant.now_s,
            kind="still",
            camera=camera,
            permit="" if permit is None else event.subject,
            events=(event.seq, *after),
            files=files,
            began_utc=instant.utc,
            ended_utc=instant.utc,
            clock_trusted=instant.trusted,
        )


def _people(permit: Permit | None) -> Iterable[str]:
    """Everybody of the permit, and whoever was counted in."""
    if permit is None:
        return ()
    ticket = permit.ticket
    inside = (one.person for one in permit.inside)
    return dict.fromkeys((ticket.holder, *ticket.guards, *ticket.workers, *inside))
