"""Masked copies of films for the pages, made once somebody's wish is on record; and marks that were set there.

Each copy is made by a process behind everything else (copying.py): no page ever holds the key of the films. The
pages read `<state>/shown/<token>.<whose>.mp4`, or `….failed` with the reason; the token is the page's own, and the
copy is for whoever asked alone: the records tell everybody the token.
"""

import contextlib
import logging
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from edge_agent.decide.state import Decision
from edge_agent.domain.outcome import Event
from edge_agent.field.film import names
from edge_agent.ops.folders import DATABASE, FILMS, MARKED_TO, SHOWN
from edge_agent.ops.model.arguments import DEFAULT_MODEL
from edge_agent.ops.recordings.copying import Task
from edge_agent.settings.site import Settings
from edge_agent.store.folder import put
from edge_agent.store.load import Wanted
from edge_agent.store.reader import Reader

log = logging.getLogger(__name__)

# The film, from which to which of its seconds, and what tells this wish from others.
WANTED = re.compile(r"(?P<film>[^#]+)#(?P<from_s>[0-9]{1,6})-(?P<to_s>[0-9]{1,6})-(?P<token>[a-z0-9]{6,32})")
MADE = frozenset({"play", "masked"})
MARKED = {"evidence.marked": True, "evidence.unmarked": False}
MOST_S = 300  # of a film at once: its copy takes about as long as it lasts
WITHIN_S = 900.0
LOOK_S = 0.2
MOST_WAITING = 5
MOST_MISSED = 100  # marks between a start and the next: people set them one by one
MOST_KEPT = 12
BEHIND = 19  # nice(2)
NO_FILM = "没有这段录像\nthere is no such film\n"
TOO_MUCH = f"一次最多 {MOST_S} 秒\nat most {MOST_S} s at once\n"
BUSY = "等待生成的副本太多，请稍后再试\ntoo many copies wait to be made: try again later\n"
TOO_LONG = f"生成副本超过 {WITHIN_S:.0f} 秒，已中止\nthe copy took more than {WITHIN_S:.0f} s and was ended\n"


class Shown:
    """A worker of the supervisor."""

    def __init__(self, settings: Settings, root: Path) -> None:
        """`root` is where the models are. Nothing is made yet."""
        self._settings, self._root = settings, root
        self._films, self._folder = settings.state_folder / FILMS, settings.state_folder / SHOWN
        self._wanted: deque[tuple[str, dict[str, Any]]] = deque()
        self._marks: deque[Event] = deque()  # nobody is told twice that a film stays
        self._marked_to = settings.state_folder / MARKED_TO
        self._woken = threading.Event()

    def beside(self, decision: Decision) -> None:
        """What one step made. Called in the brain's thread: takes it over, and no more."""
        for event in decision.events:
            if event.type in MARKED:
                self._marks.append(event)
            elif event.data.get("how") in MADE:
                self._wanted.append((event.type, dict(event.data)))
            else:
                continue
            self._woken.set()

    def run(self, stop: threading.Event) -> None:
        """Make what is wanted until `stop`. Raises OSError where the folder cannot be written."""
        self._catch_up()
        while not stop.is_set():
            if self._woken.wait(LOOK_S) or self._marks:
                self._woken.clear()
                self._attend()
                while self._wanted and not stop.is_set():
                    self.take(*self._wanted.popleft(), stop)

    def _attend(self) -> None:
        """Marks wait for no copy; and whoever wishes for one copy too many is told so."""
        while self._marks:
            self._set(self._marks[0])
            self._marks.popleft()  # now that it is set: where the disk refuses it, it is tried again
        while len(self._wanted) > MOST_WAITING:
            _, data = self._wanted.pop()
            wish = WANTED.fullmatch(str(data["file"]))
            if wish is not None:
                self._failed(wish, data, BUSY)

    def _catch_up(self) -> None:
        """Marks that are on record and were not set: the agent ended between the two.

        Raises OSError; StoreError where the records cannot be read.
        """
        with Reader.open(self._settings.state_folder / DATABASE) as records:
            try:
                after = int(self._marked_to.read_bytes())
            except (OSError, ValueError):  # none was ever set here: what came before has long been
                newest = records.recent(1)
                put(self._marked_to, b"%d" % (newest[0].seq if newest else 0))
                return
            missed = records.recent(MOST_MISSED, Wanted(types=tuple(MARKED), after=after))
        for event in reversed(missed):
            self._set(event)

    def _set(self, event: Event) -> None:
        """And note how far it is done: the same mark once more is the same mark."""
        self._mark(event.data, keep=MARKED[event.type])
        put(self._marked_to, b"%d" % event.seq)

    def take(self, type_: str, data: dict[str, Any], stop: threading.Event) -> None:
        """One wish."""
        if type_ in MARKED:
            self._mark(data, keep=MARKED[type_])
            return
        wish = WANTED.fullmatch(str(data["file"]))
        if wish is None:
            return  # of the console, which makes its own copy
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        why = self._made(wish, self._folder / f"{_name(wish, data)}.mp4", stop)
        if why:
            self._failed(wish, data, why)
        self._make_room()

    def _failed(self, wish: "re.Match[str]", data: dict[str, Any], why: str) -> None:
        log.error("no copy of %s: %s", wish["film"], why)
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        (self._folder / f"{_name(wish, data)}.failed").write_text(why, encoding="utf-8")

    def _found(self, name: str) -> names.FilmFile | None:
        return next((one for one in names.films(self._films) if "/".join(one.path.parts[-3:]) == name), None)

    def _mark(self, data: dict[str, Any], *, keep: bool) -> None:
        film = self._found(str(data["file"]))
        if film is None:
            return  # an event's stills, which the console marks itself; or it has gone meanwhile
        mark = names.keep_file(film.path)
        if keep:
            put(mark, msgspec.json.encode({"by": data["by"], "reason": data["reason"]}))
        else:
            mark.unlink(missing_ok=True)

    def _made(self, wish: "re.Match[str]", target: Path, stop: threading.Event) -> str:
        """Why there is no copy; nothing where there is one."""
        film, table = self._found(wish["film"]), self._settings.site.recording
        from_s, to_s = float(wish["from_s"]), float(wish["to_s"])
        if film is None or table is None:
            return NO_FILM
        if not 0 < to_s - from_s <= MOST_S:
            return TOO_MUCH
        camera = self._settings.site.cameras.get(film.camera)
        half = target.with_name(f".{target.name}")  # its ending says what it is
        task = Task(
            film=str(film.path),
            key_file=str(self._settings.folder / table.key_file),
            target=str(half),
            root=str(self._root),
            model=DEFAULT_MODEL if camera is None else camera.model,
            areas=() if camera is None else camera.areas,
            hide=() if camera is None else camera.hide,
            span_s=(from_s, to_s),
            nice=BEHIND,
        )
        why = _copied(task, stop, self._attend)
        if why:
            half.unlink(missing_ok=True)
        else:
            half.chmod(0o640)
            half.replace(target)
        return why

    def _make_room(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[MOST_KEPT:]:
            path.unlink(missing_ok=True)


def _name(wish: "re.Match[str]", data: dict[str, Any]) -> str:
    return names.shown_name(wish["token"], str(data["by"]))


def _copied(task: Task, stop: threading.Event, attend: Callable[[], None]) -> str:
    """Runs it; one that takes too long, or outlives us, is killed. Says why nothing came of it.

    `attend` is done meanwhile, again and again.
    """
    asked: bytes | None = msgspec.json.encode(task)
    with subprocess.Popen(
        [sys.executable, "-m", "edge_agent.ops.recordings.copying"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as child:
        for _ in range(round(WITHIN_S / LOOK_S)):
            try:
                err = child.communicate(asked, timeout=LOOK_S)[1].decode("utf-8", "replace").strip()
            except subprocess.TimeoutExpired:
                asked = None
                if stop.is_set():
                    break
                with contextlib.suppress(OSError):  # of the disk: `run` comes back to it, and tells
                    attend()
            else:
                return "" if child.returncode == 0 else (err or "?") + "\n"
        child.kill()
    return TOO_LONG
