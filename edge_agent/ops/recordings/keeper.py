"""A worker beside the brain: says what is to be filmed, tells the records of every film, and keeps room."""

import contextlib
import hashlib
import logging
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import msgspec

from edge_agent.clock import Clock, Instant
from edge_agent.decide.state import Decision, State
from edge_agent.domain.noted import EvidenceKept, KeptFile
from edge_agent.domain.observation import DeviceHealth, Observation
from edge_agent.domain.outcome import Event
from edge_agent.domain.request import Answer
from edge_agent.domain.words import NOTHING, Words
from edge_agent.field import system_words
from edge_agent.field.film import names, reader
from edge_agent.field.film.rules import FILE, Kind, Rules
from edge_agent.field.film.writer import PART
from edge_agent.ops.recordings.clips import BEFORE_S, Clips
from edge_agent.ops.recordings.concerned import area_of, cameras, filmed, locked, stamp
from edge_agent.ops.recordings.locks import Locks
from edge_agent.ops.recordings.room import Room, going
from edge_agent.sense.camera.filming.orders import FilmDesk, FilmDone, Reel, Wanted
from edge_agent.settings.site import Settings
from edge_agent.store.folder import put_unsynced

log = logging.getLogger(__name__)

EVERY_S = 0.5
TIDY_S = 60.0
WRONG_FOR_S = 86_400.0
SOURCE = "films"  # the name under which its health is known
ORPHAN_S = 60.0  # a film that nobody has written to for so long was cut off: it is told as it is
MOST_EVENTS = 1000
MOST_TOLD = 8  # films that wait for the records at a time
WORTH_A_CLIP = frozenset({"alarm.raised", "permit.paused", "permit.stopped", "hazard.reported"})


class Recordings:
    """A worker of the supervisor."""

    def __init__(  # noqa: PLR0913, PLR0917 (whom it hears, whom it tells)
        self, settings: Settings, clock: Clock, state: Callable[[], State],
        tell: Callable[[EvidenceKept], Future[Answer]], deliver: Callable[[Observation], None], desk: FilmDesk,
    ) -> None:  # fmt: skip
        """`tell` files what is to stand in the records; `desk` is where the cameras hear of it.

        `deliver` takes what is to be said of this worker's health.
        """
        self._settings, self._clock, self._state, self._desk = settings, clock, state, desk
        self._tell, self._deliver = tell, deliver
        table, days = settings.site.recording, settings.rulebook.camera.film_days.value
        self._room = None if table is None else Room.of(table, days)
        self._said: Words | None = None
        self._folder = Path(desk.order.folder)
        self._events: deque[Event] = deque(maxlen=MOST_EVENTS)
        self._clips = Clips()
        self._to_tell: deque[EvidenceKept] = deque()
        self._told: dict[str, tuple[Path, Future[Answer]]] = {}
        self._begun_s: dict[str, float] = {}  # permit and camera -> since when it is filmed
        self._tidied_s = float("-inf")
        self._locks = Locks(self._folder)
        self._began_utc = clock.instant().utc
        self._wrong_s = float("-inf")
        self._woken = threading.Event()

    def beside(self, decision: Decision) -> None:
        """What one step made. Called in the brain's thread: takes it over, and no more."""
        for event in decision.events:
            if event.type in WORTH_A_CLIP:
                self._events.append(event)
                self._woken.set()

    def run(self, stop: threading.Event) -> None:
        """Look after films until `stop`."""
        while not stop.is_set():
            self._woken.wait(EVERY_S)
            self._woken.clear()
            self.look()

    def look(self) -> None:
        """Say what is wanted, take what was ended, and now and then look for what was left lying."""
        instant = self._clock.instant()
        self._desk.want(self._wanted(instant))
        for done in self._desk.done():
            self._to_tell.append(self._kept(done, instant))
        self._tell_the_records()
        if instant.now_s - self._tidied_s >= TIDY_S:
            self._tidied_s = instant.now_s
            self._tidy(instant)

    def _tidy(self, instant: Instant) -> None:
        """Tell of what was left lying, and remove what has to go."""
        try:
            films = names.films(self._folder)
            self._adopt(films, instant)
            self._locks.mark(films, instant.utc)
            early = self._make_room(films, instant)
            self._tell_rules(films, early)
            self._say(early)
        except OSError as fault:
            why = system_words.of(fault)
            self._say(Words(f"录像文件夹：{why.zh}", f"the films' folder: {why.en}"))

    def _tell_rules(self, films: list[names.FilmFile], early: Words) -> None:
        """For the pages: how long films stay, and how full it is."""
        if self._room is None:
            return
        kinds = tuple(
            Kind(
                kind=kind,
                most_bytes=most,
                bytes=sum(one.size for one in films if one.kind == kind and not one.marked),
                marked_bytes=sum(one.size for one in films if one.kind == kind and one.marked),
            )
            for kind, most in self._room.most.items()
        )
        told = Rules(days=self._room.days, kinds=kinds, early=early)
        put_unsynced(self._settings.runtime_folder / FILE, msgspec.json.encode(told))

    def _make_room(self, films: list[names.FilmFile], instant: Instant) -> Words:
        if self._room is None:
            return NOTHING
        found = going(films, self._room, instant.utc, clock_trusted=instant.trusted)
        for film in found.films:
            names.remove(film)
            log.info("film removed: %s", film.path)
        for folder in {film.path.parent for film in found.films}:
            with contextlib.suppress(OSError):  # others are in it
                folder.rmdir()
                folder.parent.rmdir()
        return found.early

    def _say(self, wrong: Words) -> None:
        """Said when it changes. That films went early stays so until a day has passed without."""
        now_s = self._clock.monotonic()
        if wrong:
            self._wrong_s = now_s
        elif now_s - self._wrong_s < WRONG_FOR_S and self._said:
            return
        if wrong != self._said:
            self._said = wrong
            self._deliver(DeviceHealth(source=SOURCE, at_s=now_s, ok=not wrong, detail=wrong))

    def _wanted(self, instant: Instant) -> dict[str, Wanted]:
        state, reels = self._state(), defaultdict[str, list[Reel]](list)
        while self._events:
            event = self._events.popleft()
            permit = state.permits.get(event.subject)
            area = area_of(event, permit)
            seen_by = cameras(event, permit, self._settings)
            stamps = [stamp(self._settings, id_, area, permit, instant) for id_ in seen_by]
            self._clips.add(event.seq, event.at_s, stamps)
        begun_s: dict[str, float] = {}
        for permit, camera in filmed(self._settings, state.permits, instant):
            about = permit.ticket.id
            from_s = begun_s[f"{camera}/{about}"] = self._begun_s.get(f"{camera}/{about}", instant.now_s)
            of_it = stamp(self._settings, camera, permit.ticket.area, permit, instant)
            reels[camera].append(Reel(kind="permit", about=about, stamp=of_it, from_s=from_s))
        self._begun_s = begun_s
        self._lock(state, instant, reels)
        for clip in self._clips.wanted(instant.now_s):
            reels[clip.stamp.camera].append(clip.reel)
        return {camera: Wanted(reels=tuple(of_it)) for camera, of_it in reels.items()}

    def _lock(self, state: State, instant: Instant, reels: dict[str, list[Reel]]) -> None:
        """Film what an alarm locks until it is over, and remember whose films stay."""
        locks = tuple(locked(self._settings, state.alarms))
        for lock in locks:
            about = f"{lock.alarm} {lock.camera}"
            of_it = stamp(self._settings, lock.camera, lock.area, None, instant)
            reels[lock.camera].append(Reel(kind="clip", about=about, stamp=of_it, from_s=lock.since_s - BEFORE_S))
        try:
            self._locks.hold(locks, instant)
        except OSError as fault:  # it is remembered all the same, and told by the look that follows
            log.warning("which films stay is not written down: %s", fault)

    def _kept(self, done: FilmDone, instant: Instant) -> EvidenceKept:
        path = Path(done.path)
        return EvidenceKept(
            id=f"film {path.parent.parent.name}/{path.parent.name}/{path.stem}",
            at_s=instant.now_s,
            kind=done.kind,
            camera=done.camera,
            permit=done.permit,
            events=self._clips.events(done.about),
            files=(KeptFile(name=self._name(path), sha256=done.sha256, size=done.size),),
            began_utc=done.began_utc,
            ended_utc=done.ended_utc,
            clock_trusted=done.clock_trusted,
        )

    def _name(self, path: Path) -> str:
        """As it will be called once it is known."""
        return str(path.with_suffix(names.KNOWN).relative_to(self._folder))

    def _tell_the_records(self) -> None:
        """File what was ended; a film gets its lasting name when its hash is on the disk."""
        while self._to_tell and len(self._told) < MOST_TOLD:
            kept = self._to_tell.popleft()
            path = (self._folder / kept.files[0].name).with_suffix(PART)
            self._told[kept.id] = (path, self._tell(kept))
        for id_, (path, answer) in tuple(self._told.items()):
            if not answer.done():
                continue
            del self._told[id_]  # one that was refused, or is not on the disk yet, is told again when it is tidied
            if answer.result().accepted and not answer.result().reasons:
                try:
                    path.rename(path.with_suffix(names.KNOWN))
                except OSError as fault:
                    log.warning("a film cannot be renamed: %s", fault)

    def _adopt(self, films: list[names.FilmFile], instant: Instant) -> None:
        """Films that were cut off (a program was killed, the power went) are told of as they are."""
        waiting = {path for path, _ in self._told.values()} | {
            (self._folder / kept.files[0].name).with_suffix(PART) for kept in self._to_tell
        }
        open_ = self._desk.open()
        for film in films:
            ours = film.written_utc >= self._began_utc  # a capture program of an earlier start is dead
            young = ours and abs(instant.utc - film.written_utc) < ORPHAN_S
            if film.known or young or str(film.path) in open_ or film.path in waiting:
                continue
            try:
                self._to_tell.append(self._orphan(film, instant))
            except (OSError, reader.FilmError) as fault:
                log.warning("film %s: %s", film.path, fault)

    def _orphan(self, film: names.FilmFile, instant: Instant) -> EvidenceKept:
        head = reader.head_of(film.path)
        with film.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return EvidenceKept(
            id=f"film {film.permit}/{film.camera}/{film.path.stem}",
            at_s=instant.now_s,
            kind="clip" if film.kind == "clip" else "permit",
            camera=head.stamp.camera,
            permit=head.stamp.permit,
            files=(KeptFile(name=self._name(film.path), sha256=sha256, size=film.size),),
            began_utc=head.began_utc,
            ended_utc=film.written_utc,
            clock_trusted=head.stamp.clock_trusted,
            whole=False,
        )
