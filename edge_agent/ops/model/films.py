"""What the box would tell of people along their tracks through films, beside what is true.

The camera's own judge looks at every picture: health, detector, judge of persons, tracks; and the vote of the
last seconds decides, as on site. What is told of a track counts once every window of its life, so that one person
who stands still for a minute is not sixty proofs. Who is never found has no track and no window.
"""

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np
from msgspec import Struct

from edge_agent.domain.observation import SeenPerson, Sighting, View, Worn
from edge_agent.fuse import ppe
from edge_agent.ops.model.shelf import BadShelf, Picture
from edge_agent.sense.camera import frames
from edge_agent.sense.camera.detector import Detector
from edge_agent.sense.camera.judging import CameraJudge
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.sense.camera.lines import Judged, WatchedCamera
from edge_agent.sense.camera.persons.wearer import ITEMS, Wearer

PICTURES_HZ = 5.0  # looked at; what a camera of a site is asked for
WINDOW_S = 3.0
TRUTH = "truth.toml"
CAMERA = "film"


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What those wear who stand between two shares of the picture's width; left out: as the film says."""

    between: tuple[float, float]
    helmet: Worn | None = None
    vest: Worn | None = None


class Truth(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What everybody in one film wears, but for the people of a part. What nobody knows is left out."""

    helmet: Worn | None = None
    vest: Worn | None = None
    people: tuple[Part, ...] = ()

    def of(self, item: str, across: float) -> Worn | None:
        """What is true of `item` on somebody whose middle is at `across` of the width."""
        here = next((part for part in self.people if part.between[0] <= across < part.between[1]), None)
        told: Worn | None = None if here is None else getattr(here, item)
        everybody: Worn | None = getattr(self, item)
        return told or everybody


class Window(Struct, frozen=True, kw_only=True):
    """What was told of one track at the end of one window; its height (pixels), its place across the picture."""

    track: int
    at_s: float
    across: float
    height_px: float
    told: dict[str, Worn]


class Seen(Struct, frozen=True, kw_only=True):
    """One film: its pictures, those that were no proof of anything, its tracks, its windows."""

    pictures: int
    unclear: int
    tracks: int
    windows: tuple[Window, ...]


def truths(file: Path) -> dict[str, Truth]:
    """The truth of each film, by its file's name. Raises BadShelf."""
    try:
        read = msgspec.convert(tomllib.loads(file.read_text("utf-8")), dict[str, Truth])
    except OSError as fault:
        raise BadShelf(f"{file}: 无法读取 cannot be read: {fault.strerror}") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        raise BadShelf(f"{file}: 内容有误 {fault}") from fault
    for name, truth in read.items():
        said = [getattr(part, item) for part in (truth, *truth.people) for item in ITEMS]
        if Worn.UNSURE in said or not any(said):
            raise BadShelf(
                f"{file}: {name}: helmet、vest 只能写 worn 或 missing，不确定的项目请删去; "
                'say helmet or vest = "worn" or "missing"; leave out what nobody knows'
            )
    if not read:
        raise BadShelf(f"{file}: 没有视频 no film is named")
    return read


def pictures(film: Path) -> Iterator[tuple[float, Picture]]:
    """Pictures (blue-green-red, as large as a camera passes them on) and their seconds. Raises BadShelf."""
    try:
        with av.open(str(film)) as container:
            due_s = 0.0
            for number, frame in enumerate(container.decode(container.streams.video[0])):
                at_s = number / PICTURES_HZ if frame.time is None else frame.time
                if at_s + 1e-6 >= due_s:
                    due_s = max(due_s + 1 / PICTURES_HZ, at_s)
                    picture = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
                    width, height = frames.reduced(picture.shape[1], picture.shape[0])
                    yield (
                        at_s,
                        np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8),
                    )
    except (OSError, av.FFmpegError, IndexError) as fault:
        raise BadShelf(f"{film}: 无法读取该视频 this film cannot be read: {fault}") from fault


@contextmanager
def _camera(detector: Detector, wearer: Wearer, folder: Path) -> Iterator[tuple[CameraJudge, frames.FrameWriter]]:
    """A camera's judge, and where its pictures are put."""
    fd = frames.create(CAMERA)
    try:
        camera = WatchedCamera(id=CAMERA, frames_fd=fd, model="", areas=())
        yield CameraJudge(camera, detector, STANDARD, 1, folder, wearer=wearer), frames.FrameWriter(fd)
    finally:
        os.close(fd)


def look(film: Path, detector: Detector, wearer: Wearer, folder: Path, window_s: float = WINDOW_S) -> Seen:
    """Follow everybody through `film`; `folder` is scratch. Raises BadShelf."""
    vote, voted = msgspec.structs.replace(ppe.Vote(), window_s=window_s), ppe.NOTHING_SEEN
    began_s: dict[int, float] = {}
    due_s: dict[int, float] = {}
    windows: list[Window] = []
    count = unclear = 0
    with _camera(detector, wearer, folder) as (judge, writer):
        for at_s, picture in pictures(film):
            judged, count = _judged(judge, writer, picture, at_s), count + 1
            unclear += judged.view is not View.CLEAR
            seen = Sighting(source=CAMERA, at_s=at_s, view=judged.view, persons=judged.persons)
            voted = ppe.with_frame(voted, seen, vote)
            for person in judged.persons:
                began_s.setdefault(person.track, at_s)
                if at_s >= due_s.setdefault(person.track, at_s + window_s):
                    due_s[person.track] = at_s + window_s
                    told = voted.told.get(person.track, {})
                    items = {item: told[item].state if item in told else Worn.UNSURE for item in ITEMS}
                    windows.append(_window(person, round(at_s, 2), picture.shape[0], items))
    return Seen(pictures=count, unclear=unclear, tracks=len(began_s), windows=tuple(windows))


def _window(person: SeenPerson, at_s: float, rows: int, told: dict[str, Worn]) -> Window:
    x1, y1, x2, y2 = person.box
    return Window(track=person.track, at_s=at_s, across=(x1 + x2) / 2, height_px=(y2 - y1) * rows, told=told)


def _judged(judge: CameraJudge, writer: frames.FrameWriter, picture: Picture, at_s: float) -> Judged:
    writer.write(picture.reshape(picture.shape[0], -1), at_s, at_s)
    frame = judge.unseen()
    look = None if frame is None else judge.judge(frame)
    assert look is not None  # noqa: S101 - nobody else writes into this buffer
    return look.judged
