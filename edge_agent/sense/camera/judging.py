"""What is concluded from one picture of one camera: health first, then who is there and where."""

from pathlib import Path

import cv2
import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.observation import GUARD_MARK, SeenPerson, View, Worn
from edge_agent.domain.words import Words
from edge_agent.sense.camera import health, hiding, scene, scene_file, still
from edge_agent.sense.camera.boxes import Boxes, Floats
from edge_agent.sense.camera.detector import LOW_SCORE, Detector
from edge_agent.sense.camera.frames import Frame, FrameReader, Picture
from edge_agent.sense.camera.hiding import EVERYTHING, Hidden
from edge_agent.sense.camera.limits import VisionLimits
from edge_agent.sense.camera.lines import Judged, WatchedCamera
from edge_agent.sense.camera.manifest import PERSON
from edge_agent.sense.camera.persons import colour, told
from edge_agent.sense.camera.persons.told import LEAST_SCORE
from edge_agent.sense.camera.persons.wearer import Items, Wearer, whose_turn
from edge_agent.sense.camera.picture_areas import Box, areas_of, outlines
from edge_agent.sense.camera.tracker import TrackLimits, Tracks, follow
from edge_agent.settings.site_cameras import GuardColour


class Look(Struct, frozen=True, kw_only=True):
    """One look at a picture: the verdict for the agent, what to draw for people, and what of it to hide."""

    judged: Judged
    marks: tuple[still.Mark, ...]
    hidden: Hidden = EVERYTHING


def _boxes(corners: Floats) -> list[Box]:
    """Corners (n x 4, fractions) as boxes with four digits."""
    return [(x1, y1, x2, y2) for x1, y1, x2, y2 in corners.astype(np.float64).round(4).tolist()]


def _words(person: SeenPerson) -> str:
    """Beside his box: his number, where he stands, and what is missing ("-") or cannot be told ("?")."""
    signs = {Worn.WORN: "", Worn.MISSING: "-", Worn.UNSURE: "?"}
    items = (signs[worn] + item for item, worn in person.ppe.items() if worn is not Worn.WORN)
    return " ".join((str(person.track), *person.zones, *items))


class CameraJudge:
    """One camera as the inference program sees it. Everything it remembers is about the past only."""

    def __init__(  # noqa: PLR0913 (one camera, and what it shares with the others)
        self,
        camera: WatchedCamera,
        detector: Detector,
        limits: VisionLimits,
        first_track: int,
        folder: Path,
        *,
        wearer: Wearer | None = None,
        guard_colour: GuardColour | None = None,
    ) -> None:
        """`detector` is shared by all cameras with the same model; tracks are numbered from `first_track`.

        In `folder` the scene is kept. `wearer` tells what people wear (None: nobody is looked at for that).
        Somebody at the guard's post is looked at for `guard_colour`, where guards have one.
        """
        self.camera = camera
        self._detector = detector
        self._limits = limits
        self._person = detector.labels.index(PERSON)
        self._is_head = np.array([label in hiding.HEADS for label in detector.labels])  # by number of the label
        self._reader = FrameReader(camera.frames_fd)
        self._outlines = outlines(camera.areas)
        self._health = health.Seen()
        self._folder = folder
        self._scene = scene.Seen(reference=scene_file.kept(folder, camera.id, camera.areas))
        self._kept_s = float("-inf")
        self._tracks = Tracks(next_id=first_track)
        self._joining = TrackLimits(sure_score=detector.threshold)
        self._wearer = wearer
        self._colour = guard_colour
        self._posts = {area.area for area in camera.areas if area.post}
        self._looked: dict[int, int] = {}  # track -> number of the picture in which his items were looked at
        self._still_s = float("-inf")
        self._hid: tuple[float, tuple[Box, ...]] = (float("-inf"), ())  # what was hidden last, and when
        self.seq = 0

    def unseen(self) -> Frame | None:
        """The newest picture not yet judged."""
        return self._reader.unseen(self.seq)

    def judge(self, frame: Frame) -> Look | None:
        """Conclude from one picture; None if it was overwritten while it was being read.

        A picture that cannot be trusted shows nobody: it is neither "somebody is there" nor "nobody".
        """
        part = self._detector.fit(frame.picture)
        if not self._reader.held(frame):
            return None
        self.seq = frame.seq
        view, detail = self._healthy(part, frame)
        if view is View.CLEAR and self._detector.doubt:
            view, detail = View.UNJUDGED, self._detector.doubt
        judged = Judged(camera=self.camera.id, seq=frame.seq, arrived_s=frame.arrived_s, view=view, detail=detail)
        if view is not View.CLEAR:
            return Look(judged=judged, marks=())
        return self._with_people(judged, frame, self._detector.look(self._least_score))

    @property
    def _least_score(self) -> float:
        """Of a box that is looked at: very weak ones still speak about what somebody wears."""
        return LOW_SCORE if self._wearer is None else LEAST_SCORE

    def _healthy(self, part: Picture, frame: Frame) -> tuple[View, Words]:
        """Whether the picture lives and can be seen, and then whether it still shows the camera's own scene."""
        half = scene.halved(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False))
        small = health.thumbnail(half)
        self._health, view, detail = health.judge(self._health, small, frame.arrived_s, frame.pts_s, self._limits)
        if view is not View.CLEAR:
            return view, detail
        if self._scene.said is not None and scene_file.take_accepted(self._folder, self.camera.id):
            self._scene, self._kept_s = scene.Seen(), float("-inf")
        self._scene, fault, words = scene.judge(self._scene, half, frame.arrived_s, self._limits)
        self._keep_scene(frame.arrived_s)
        return (view, detail) if fault is None else (fault, words)

    def _keep_scene(self, now_s: float) -> None:
        """Write the reference when it is new, and as often as it has moved noticeably."""
        reference = self._scene.reference
        if reference is not None and now_s - self._kept_s >= self._limits.scene_follow_s:
            self._kept_s = now_s
            scene_file.keep(self._folder, self.camera.id, self.camera.areas, reference)

    def unjudged(self, frame: Frame, fault: Exception) -> Look:
        """The verdict about a picture on which judging itself failed."""
        self.seq = frame.seq
        kind = type(fault).__name__
        detail = Words(
            f"画面分析出错（{kind}），请报告此缺陷",
            f"judging the picture failed ({kind}: {fault}): report this defect",
        )
        return Look(
            judged=Judged(
                camera=self.camera.id, seq=frame.seq, arrived_s=frame.arrived_s, view=View.UNJUDGED, detail=detail
            ),
            marks=(),
        )

    def _with_people(self, judged: Judged, frame: Frame, boxes: Boxes) -> Look:
        """Tracks, places and equipment of the persons, and a mark for everything that counts as seen."""
        people = boxes.only((boxes.labels == self._person) & (boxes.scores > LOW_SCORE))
        self._tracks, pairs = follow(self._tracks, people.corners, people.scores, judged.arrived_s, self._joining)
        worn = {} if self._wearer is None else self._worn(self._wearer, frame, people, boxes, dict(pairs))
        boxed, scores = _boxes(people.corners), people.scores.tolist()
        persons = tuple(
            SeenPerson(
                track=track,
                box=boxed[n],
                score=round(scores[n], 3),
                zones=areas_of(boxed[n], self._outlines),
                ppe=worn.get(track, {}),
            )
            for track, n in sorted(pairs)
        )
        if self._colour is not None:
            persons = self._marked(persons, frame, self._colour)
        return Look(
            judged=Judged(
                camera=judged.camera, seq=judged.seq, arrived_s=judged.arrived_s, view=judged.view, persons=persons
            ),
            hidden=self._hidden(people, boxes, judged.arrived_s),
            marks=tuple(still.Mark(p.box, PERSON, _words(p)) for p in persons) + self._other_marks(boxes),
        )

    def _hidden(self, people: Boxes, boxes: Boxes, now_s: float) -> Hidden:
        """What nobody may recognise in this picture, and in the last one if that was only just now."""
        sure = people.scores >= hiding.LEAST_SCORE
        persons = [hiding.of_person(one, self._outlines) for one in _boxes(people.corners[sure])]
        bare = boxes.corners[self._is_head[boxes.labels] & (boxes.scores >= hiding.LEAST_SCORE)]
        now = (*persons, *(hiding.of_head(one) for one in _boxes(bare)))
        then_s, then = self._hid
        self._hid = (now_s, now)
        return Hidden(parts=(*self.camera.hide, *now, *(then if 0 <= now_s - then_s <= hiding.HOLD_S else ())))

    def _worn(
        self, wearer: Wearer, frame: Frame, people: Boxes, boxes: Boxes, rows: dict[int, int]
    ) -> dict[int, Items]:
        """What is worn by track: of those whose turn it is; nothing where the picture was overwritten meanwhile.

        Somebody too small in the picture is told to be so: he is nobody of whom nothing is asked.
        """
        size = np.array([frame.picture.shape[1], frame.picture.shape[0]] * 2, np.float32)
        counted = np.flatnonzero(people.scores >= self._detector.threshold).tolist()
        corners = people.corners[counted] * size
        tracks = {counted.index(row): track for track, row in rows.items() if row in counted}
        tall = wearer.tall_enough(corners)
        turn = whose_turn(self._looked, [track for at, track in tracks.items() if tall[at]])
        asked = {at: track for at, track in tracks.items() if track in turn or not tall[at]}
        cut = dict(zip(asked, told.cut(frame.picture, corners[list(asked)]), strict=True))
        if not self._reader.held(frame):
            return {}
        self._looked = {track: self._looked.get(track, -1) for track in tracks.values()}
        self._looked |= dict.fromkeys(turn, frame.seq)
        in_pixels = Boxes(corners=boxes.corners * size, scores=boxes.scores, labels=boxes.labels)
        return {asked[at]: items for at, items in wearer.tell(corners, in_pixels, cut).items()}

    def _marked(
        self, persons: tuple[SeenPerson, ...], frame: Frame, wanted: GuardColour
    ) -> tuple[SeenPerson, ...]:
        """Those at the post with what their upper body says about the guards' colour; never gated by movement."""
        picture = frame.picture
        size = np.array([picture.shape[1], picture.shape[0]] * 2, np.float32)
        there = [at for at, person in enumerate(persons) if not self._posts.isdisjoint(person.zones)]
        parts = {at: colour.torso(picture, np.array(persons[at].box, np.float32) * size) for at in there}
        night = bool(there) and colour.grey(picture)
        if not self._reader.held(frame):
            return persons
        marks = {at: Worn.UNSURE if night else colour.told(part, wanted) for at, part in parts.items()}
        return tuple(
            replace(person, ppe={**person.ppe, GUARD_MARK: marks[at]}) if at in marks else person
            for at, person in enumerate(persons)
        )

    def _other_marks(self, boxes: Boxes) -> tuple[still.Mark, ...]:
        """Helmets, vests and the like: to be looked at only, until they decide something."""
        others = boxes.only((boxes.labels != self._person) & (boxes.scores >= self._detector.threshold))
        named = zip(
            _boxes(others.corners), (self._detector.labels[n] for n in others.labels.tolist()), strict=True
        )
        return tuple(still.Mark(box, name, name) for box, name in named if name not in self._detector.hints)

    def picture_if_due(self, frame: Frame, look: Look, folder: Path, stamp: str) -> None:
        """Put both stills into `folder`, at most every `still_every_s` of the camera's own time."""
        if frame.arrived_s - self._still_s < self._limits.still_every_s:
            return
        caption = f"{self.camera.id}  {stamp}  {look.judged.view.value}"
        picture = still.drawn(frame.picture, look.marks, self.camera.areas, caption)
        bare = hiding.masked(frame.picture, look.hidden) if look.hidden else None
        if not self._reader.held(frame):
            return
        self._still_s = frame.arrived_s
        raw, masked = still.still_name(self.camera.id), still.masked_name(self.camera.id)
        if bare is None:
            still.put(folder, picture, masked, raw)
        else:
            still.put(folder, still.drawn(bare, look.marks, self.camera.areas, caption), masked)
            still.put(folder, picture, raw)
