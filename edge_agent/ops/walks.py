"""Walk tests before cameras, begun on a page: the box's own words about the walker are counted as they come.

Nothing is opened a second time and nothing is judged otherwise meanwhile. Each point that was shown keeps a still,
heads hidden, known to the records by its hash. One that is not finished in time, that somebody gives up, or beside
which work begins shows nothing. The pages read `<runtime>/walk.json`.
"""

import hashlib
import logging
import shutil
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from edge_agent.clock import Clock
from edge_agent.decide.asking.walking import at_work
from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.noted import CameraWalked, KeptFile, LeftOut
from edge_agent.domain.observation import Sighting, View
from edge_agent.domain.words import Words
from edge_agent.ops import walk_told
from edge_agent.ops.camera_walk import WALKS, keep, of
from edge_agent.ops.walk_told import Walking
from edge_agent.sense.camera import walk
from edge_agent.sense.camera.persons import entry
from edge_agent.sense.camera.still import masked_name
from edge_agent.sense.camera.walk_points import points
from edge_agent.settings.site import Settings
from edge_agent.store.folder import put_unsynced
from edge_agent.tell.live_walk import FILE, Seen

log = logging.getLogger(__name__)

BEGUN, DROPPED, LEFT = "camera.walk_begun", "camera.walk_dropped", "camera.walk_left_out"
MOST_S = 900.0  # a large hall, on foot
LOOK_S = 0.2
EVERY_S = 0.5  # between two words to the page
MOST_KEPT = 3  # walks of a camera whose stills stay
GIVEN_UP = Words("有人放弃了走测", "somebody gave it up")
ANOTHER = Words("又开始了一次走测", "another one was begun")
NO_TIME = Words(f"{MOST_S / 60:.0f} 分钟内没有完成", f"it was not finished within {MOST_S / 60:.0f} minutes")
WORK = Words("此处开始作业，走测中止", "work began there: the walk test ends")
ENDED = Words("程序重新启动，走测中止", "the agent ended: so does the walk test")


class Walks:
    """A worker of the supervisor."""

    def __init__(
        self, settings: Settings, root: Path, clock: Clock, tell: Callable[[CameraWalked], object]
    ) -> None:
        """`tell` files what is to stand in the records. Nobody walks yet."""
        self._settings, self._root, self._clock, self._tell = settings, root, clock, tell
        self._names = {area.id: area.name for area in settings.areas}
        self._heard: deque[tuple[str, Any]] = deque(maxlen=2000)
        self._listens = ""  # the camera before which somebody walks
        self._now: Walking | None = None
        self._told_s = float("-inf")  # when the page was last told
        (settings.runtime_folder / FILE).unlink(missing_ok=True)  # of the agent before: nobody finishes that

    def beside(self, inputs: Inputs, decision: Decision) -> None:
        """What one step consumed and made. Called in the brain's thread: takes it over, and no more."""
        for event in decision.events:
            if event.type in {BEGUN, DROPPED, LEFT}:
                self._heard.append((event.type, event.data))
            if event.type == BEGUN:
                self._listens = str(event.data["camera"])
        camera = self._listens  # once: the worker's thread ends a walk at any moment
        if not camera:
            return
        for said in inputs.observations:
            if isinstance(said, Sighting) and said.source == camera:
                self._heard.append(("said", said))
        if at_work(decision.state.permits.values(), camera, self._settings.site.cameras[camera]):
            self._heard.append(("work", {"camera": camera}))

    def run(self, stop: threading.Event) -> None:
        """Count until `stop`. Raises OSError where a still or the page's word cannot be written."""
        while not stop.wait(LOOK_S):
            self.take()
        if self._now is not None:
            self._end(self._now, "dropped", (ENDED,))

    def take(self) -> None:
        """Everything that was heard since; the page is told twice a second, and at once when it begins or ends."""
        now_s = self._clock.monotonic()
        while self._heard:
            self._take(*self._heard.popleft())
        one = self._now
        if one is not None and now_s - one.began_s > MOST_S:
            self._end(one, "dropped", (NO_TIME,))
        elif one is not None and now_s - self._told_s >= EVERY_S:
            self._told_s = now_s
            self._look(one)

    def _take(self, kind: str, what: Any) -> None:
        one = self._now
        if kind == BEGUN:
            if one is not None:
                self._end(one, "dropped", (ANOTHER,))
            self._begin(what)
        elif one is None or _camera(what) != one.camera:
            return  # of a walk before
        elif kind == "said":
            self._hear(one, what)
        elif kind == LEFT:
            _leave(one, what)
        else:
            self._end(one, "dropped", (WORK if kind == "work" else GIVEN_UP,))

    def _begin(self, data: dict[str, Any]) -> None:
        camera, instant = str(data["camera"]), self._clock.instant()
        table = self._settings.site.cameras[camera]
        helmets = entry.wearing(self._root / "models", table.model) is not None
        wanted = points(table.areas, self._names, helmets=helmets)
        self._listens, self._told_s = camera, float("-inf")
        self._now = Walking(camera, str(data["by"]), wanted, instant.now_s, instant.utc)

    def _hear(self, one: Walking, said: Sighting) -> None:
        look = walk.look(said)
        several: Seen = "several" if len(said.persons) > 1 else "one" if said.persons else "nobody"
        one.seen = several if said.view is View.CLEAR else "no_picture"
        if look is None:
            one.ticks.hear(said)  # breaks off what was begun
        elif not one.looks or look.at_s > one.looks[-1].at_s + 1e-6:
            one.looks.append(look)
            for id_ in one.ticks.hear(said):
                self._keep_still(one, id_)

    def _keep_still(self, one: Walking, id_: str) -> None:
        """The camera's still of now, heads hidden; a camera that shows none has none."""
        source = self._settings.runtime_folder / masked_name(one.camera)
        try:
            jpeg = source.read_bytes()
        except FileNotFoundError:
            return
        folder = self._settings.state_folder / WALKS / one.folder
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        name = f"{one.folder}/{id_}.jpg"
        (folder / f"{id_}.jpg").write_bytes(jpeg)
        one.files.append(KeptFile(name=name, sha256=hashlib.sha256(jpeg).hexdigest(), size=len(jpeg)))

    def _look(self, one: Walking) -> None:
        """Tell the page; and end it where everything was shown."""
        made = self._certificate(one)
        if one.ticks.next is None and all(part.looks >= walk.LOOKS_LEAST for part in made.areas):
            keep(self._settings.state_folder, made)
            reasons = walk_told.faults(one, made, self._names)
            self._end(one, "failed" if reasons else "passed", reasons)
        else:
            self._write(one, made)

    def _certificate(self, one: Walking) -> walk.Certificate:
        table = self._settings.site.cameras[one.camera]
        return walk.certificate(
            tuple(one.looks), one.camera, table.areas, by=one.by, utc=one.begun_utc,
            clock_trusted=self._clock.instant().trusted, of=of(self._root, table),
        )  # fmt: skip

    def _end(
        self, one: Walking, outcome: Literal["passed", "failed", "dropped"], reasons: tuple[Words, ...]
    ) -> None:
        made = self._certificate(one)
        self._now, self._listens = None, ""
        self._tell(
            CameraWalked(
                id=f"walk {one.folder}",
                at_s=self._clock.monotonic(),
                camera=one.camera,
                by=one.by,
                begun_utc=one.begun_utc,
                outcome=outcome,
                points=len(one.ticks.wanted),
                seen_points=len(one.ticks.done),
                looks=made.looks,
                seen_pct=walk_told.worst_pct(made),
                blind_s=round(made.blind_s, 1),
                age_p95_s=round(made.age_p95_s, 2) if one.looks else None,
                files=tuple(one.files),
                left_out=tuple(one.left.values()),
                reasons=reasons,
            )
        )
        self._write(one, made, outcome, reasons)
        self._make_room(one.camera)

    def _write(
        self,
        one: Walking,
        made: walk.Certificate,
        outcome: Literal["", "passed", "failed", "dropped"] = "",
        reasons: tuple[Words, ...] = (),
    ) -> None:
        instant = self._clock.instant()
        told = walk_told.told(one, made, self._names, at_utc=instant.utc, left_s=self._left_s(one, instant.now_s))
        told = replace(told, outcome=outcome, reasons=reasons)
        put_unsynced(self._settings.runtime_folder / FILE, msgspec.json.encode(told))

    def _left_s(self, one: Walking, now_s: float) -> float:
        return max(0.0, MOST_S - (now_s - one.began_s))

    def _make_room(self, camera: str) -> None:
        folders = sorted((self._settings.state_folder / WALKS).glob(f"{camera}.*/"), reverse=True)
        for old in folders[MOST_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)


def _leave(one: Walking, data: dict[str, Any]) -> None:
    """A corner that nobody can reach; what is no corner, or was seen meanwhile, stays what it is."""
    found = one.ticks.leave(str(data["point"]))
    if found is not None:
        said = LeftOut(point=found.id, called=found.called, reason=str(data["reason"]), by=str(data["by"]))
        one.left[found.id] = said


def _camera(what: Any) -> str:
    return what.source if isinstance(what, Sighting) else str(what["camera"])
