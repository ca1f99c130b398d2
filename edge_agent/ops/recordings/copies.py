"""A worker that makes masked copies of films of events, for the centre's store: only while nobody works.

What is to be copied stands in the records: a clip that was kept, of which no copy was. So it begins anew after any
restart with what is due. Films of whole jobs are not copied: hours of pictures would keep the box busy for hours.
"""

import hashlib
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.clock import Clock
from edge_agent.domain.noted import EvidenceKept, KeptFile
from edge_agent.domain.outcome import Event
from edge_agent.domain.request import Answer
from edge_agent.field.film import names
from edge_agent.ops.folders import DATABASE, FILMS
from edge_agent.ops.model.arguments import DEFAULT_MODEL
from edge_agent.ops.recordings.copying import Copied, Task
from edge_agent.settings.site import Settings
from edge_agent.store.errors import StoreError
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader

log = logging.getLogger(__name__)

BEHIND = 19  # nice: the cameras are judged meanwhile
LOOK_S = 15.0
ATTEND_S = 0.2  # how soon somebody who begins to work has the box to himself
NEWEST = 500  # pieces of evidence that are looked at
LONGEST_S = 300.0  # of a film; a clip ends after two minutes, but for one that a standing alarm holds
MADE_S = 1800.0  # a slow board looks at a thousand pictures of a clip
TOLD_S = 60.0  # for the records to have it; beyond that it is made anew
MOST_TRIES = 2  # of one film in one run of the agent


class Due(Struct, frozen=True, kw_only=True):
    """A film that is to have a copy, and what the records say of it."""

    kept: Event
    name: str


class Copies:
    """A worker of the supervisor."""

    def __init__(  # noqa: PLR0913, PLR0917 (whom it hears, whom it tells)
        self, settings: Settings, key_file: Path, root: Path, clock: Clock, busy: Callable[[], bool],
        tell: Callable[[EvidenceKept], Future[Answer]], nice: int = BEHIND,
    ) -> None:  # fmt: skip
        """`busy`: whether somebody is at work or may be; `tell` files what is to stand in the records."""
        self._settings, self._key_file, self._root, self._clock = settings, key_file, root, clock
        self._busy, self._tell, self._nice = busy, tell, nice
        self._folder = settings.state_folder / FILMS
        self._tries: dict[str, int] = {}

    def run(self, stop: threading.Event) -> None:
        """Copy until `stop`."""
        while not stop.wait(LOOK_S):
            while not stop.is_set() and self.look(stop):
                pass

    def look(self, stop: threading.Event) -> bool:
        """Make the oldest copy that is due; whether one was made."""
        if self._busy():
            return False
        try:
            with Reader.open(self._settings.state_folder / DATABASE) as reader:
                told = reader.recent(NEWEST, Wanted(type="evidence.kept"))
        except StoreError as fault:
            log.warning("masked copies: %s", fault)
            return False
        due = next((one for one in due_of(told, self._folder) if self._tries.get(one.name, 0) < MOST_TRIES), None)
        return due is not None and self._made(due, stop)

    def _made(self, due: Due, stop: threading.Event) -> bool:
        film = self._folder / due.name
        half = film.with_suffix(names.HALF)
        copied = self._copied(due, film, half, stop)
        if copied is None:
            half.unlink(missing_ok=True)
            return False
        lasting = half.replace(names.copy_file(film))
        self._tell(self._told(due, lasting, copied)).result(TOLD_S)
        return True

    def _copied(self, due: Due, film: Path, half: Path, stop: threading.Event) -> Copied | None:
        """Let a process of its own make it; None where it does not, or must not now."""
        camera = self._settings.site.cameras.get(due.kept.data["camera"])
        task = Task(
            film=str(film),
            key_file=str(self._key_file),
            target=str(half),
            root=str(self._root),
            model=DEFAULT_MODEL if camera is None else camera.model,
            areas=() if camera is None else camera.areas,
            hide=() if camera is None else camera.hide,
            nice=self._nice,
        )
        command = (sys.executable, "-m", "edge_agent.ops.recordings.copying")
        until_s = self._clock.monotonic() + MADE_S
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603
            asked: bytes | None = msgspec.json.encode(task)
            while True:
                try:
                    said, _ = child.communicate(asked, timeout=ATTEND_S)
                    break
                except subprocess.TimeoutExpired:
                    asked = None  # it was written, or is: communicate goes on with it
                if stop.is_set() or self._busy():
                    child.kill()
                    return None
                if self._clock.monotonic() > until_s:
                    child.kill()
        if child.returncode == 0:
            return msgspec.json.decode(said, type=Copied)
        self._tries[due.name] = self._tries.get(due.name, 0) + 1
        log.warning("no masked copy of %s (exit %s): it stays on the box", due.name, child.returncode)
        return None

    def _told(self, due: Due, copy: Path, made: Copied) -> EvidenceKept:
        data = due.kept.data
        with copy.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        name = str(copy.relative_to(self._folder))
        return EvidenceKept(
            id=f"copy {name}",
            at_s=self._clock.monotonic(),
            kind="clip",
            camera=data["camera"],
            permit=data["permit"],
            events=tuple(data["events"]),
            files=(KeptFile(name=name, sha256=sha256, size=copy.stat().st_size),),
            began_utc=data["began_utc"],
            ended_utc=data["ended_utc"],
            clock_trusted=data["clock_trusted"],
            whole=data["whole"] and made.whole,
        )


def due_of(told: Sequence[Event], folder: Path) -> Iterator[Due]:
    """Films of events that are there and have no copy, the oldest first; `told` are the records, newest first."""
    known = {file["name"] for event in told for file in event.data["files"]}
    for event in reversed(told):
        data = event.data
        if data["kind"] != "clip" or data["ended_utc"] - data["began_utc"] > LONGEST_S:
            continue
        for name in (file["name"] for file in data["files"]):
            copy = str(names.copy_file(Path(name)))
            if name.endswith(names.KNOWN) and copy not in known and (folder / name).is_file():
                yield Due(kept=event, name=name)
