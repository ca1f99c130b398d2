"""A copy of a film for outside the box: all heads, and whole people outside the area, cannot be recognised.

What the model does not find is not masked: a look every few pictures, each holding for those before and after it.
"""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import msgspec
import numpy as np
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.domain.zone import PictureArea
from edge_agent.field.film.parts import Head
from edge_agent.field.film.reader import Film
from edge_agent.field.lettering import banded
from edge_agent.ops.recordings.remux import RemuxError
from edge_agent.sense.camera.frames import Picture
from edge_agent.sense.camera.hiding import blurred, of_person
from edge_agent.sense.camera.picture_areas import Box, outlines
from edge_agent.sense.camera.still import drawn
from edge_agent.tell.evidence import stamp_of, stamped

LOOK_EVERY = 3  # pictures
CLOCK_HZ = 90_000
STILL_QUALITY = 90  # JPEG: encoded a second time
ENCODER = {"preset": "veryfast", "crf": "23"}
Span = tuple[float, float]  # seconds of a film
WHOLE: Span = (0.0, math.inf)
See = Callable[[Picture], list[Box]]


class Shot(Struct, frozen=True):
    """One decoded picture and when it came."""

    picture: Picture
    at_s: float


def masked(  # noqa: PLR0913, PLR0917 (what is copied, and what of it is hidden)
    film: Film,
    target: Path,
    see: See,
    areas: tuple[PictureArea, ...],
    hide: tuple[Box, ...] = (),
    span_s: Span = WHOLE,
) -> int:
    """Write the copy; returns how many pictures. `see` finds the people, `areas` are those of the camera.

    `hide` are the parts of its picture that are hidden whoever is there; of `span_s` alone, from which the copy's
    own time begins.
    """
    count, last = 0, -1
    try:
        with av.open(str(target), "w") as container:
            stream: VideoStream | None = None
            for shot in _hidden(_shots(film, span_s), see, film.head, (areas, hide)):
                if stream is None:
                    stream = container.add_stream("libx264", options=ENCODER)
                    stream.height, stream.width = (side - side % 2 for side in shot.picture.shape[:2])
                    stream.pix_fmt = "yuv420p"
                    stream.codec_context.time_base = Fraction(1, CLOCK_HZ)
                last = max(last + 1, round((shot.at_s - span_s[0]) * CLOCK_HZ))
                picture = _stamped(shot, film.head)[: stream.height, : stream.width]
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")
                frame.pts, frame.time_base = last, Fraction(1, CLOCK_HZ)
                container.mux(stream.encode(frame))
                count += 1
            if stream is not None:
                container.mux(stream.encode(None))
    except FFmpegError as fault:
        target.unlink(missing_ok=True)
        raise RemuxError(Words(f"无法生成遮挡副本：{fault}", f"no masked copy can be made: {fault}")) from None
    if not count:
        target.unlink(missing_ok=True)
        raise RemuxError(Words("录像中没有画面", "there is no picture in it"))
    return count


def masked_still(
    jpeg: bytes, see: See, areas: tuple[PictureArea, ...], area: str, hide: tuple[Box, ...] = ()
) -> bytes:
    """The copy of a still, with what it says of itself. `area`: the place of the work; people elsewhere go whole.

    Raises RemuxError where it is no picture.
    """
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) if jpeg else None
    if picture is None:
        raise RemuxError(Words("不是图片", "it is no picture"))
    shown = picture.astype(np.uint8, copy=False)
    inside = outlines(tuple(one for one in areas if one.area == area))
    hidden = [*hide, *(of_person(box, inside) for box in see(shown))]
    said = stamp_of(jpeg)
    labelled = banded(blurred(shown, hidden), _fields(said))  # anew: the mask may have gone over it
    done, copy = cv2.imencode(".jpg", labelled, [cv2.IMWRITE_JPEG_QUALITY, STILL_QUALITY])
    if not done:
        raise RemuxError(Words("无法生成遮挡副本", "no masked copy can be made"))
    return copy.tobytes() if said is None else stamped(copy.tobytes(), said)


def _fields(stamp: bytes | None) -> tuple[str, ...]:
    """What stands on the picture, as its stamp has it; pictures of before had nothing on them."""
    said = {} if stamp is None else msgspec.json.decode(stamp)
    return tuple(str(field) for field in said.get("fields", ()))


def _shots(film: Film, span_s: Span) -> Iterator[Shot]:
    """The film's pictures of one size: those before a change of size, which the copy cannot show together."""
    codec = film.head.codec
    context = cast("VideoCodecContext", av.CodecContext.create(codec.name, "r"))
    if codec.extradata:
        context.extradata = codec.extradata
    shape: tuple[int, ...] | None = None
    at_s = 0.0
    for kept in film.part(*span_s):
        at_s = kept.at_s
        packet = av.Packet(kept.data)
        packet.pts = kept.pts
        try:
            frames = context.decode(packet)
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            picture = cast("Picture", frame.to_ndarray(format="bgr24"))
            shape = shape or picture.shape
            if picture.shape == shape and at_s >= span_s[0]:
                yield Shot(picture, at_s)
    for frame in context.decode(None):
        yield Shot(cast("Picture", frame.to_ndarray(format="bgr24")), at_s)


def _hidden(
    shots: Iterator[Shot], see: See, head: Head, of_camera: tuple[tuple[PictureArea, ...], tuple[Box, ...]]
) -> Iterator[Shot]:
    """Each picture with what was seen at the look before it and at the one after it hidden."""
    areas, hide = of_camera
    inside = outlines(tuple(area for area in areas if area.area == head.stamp.area))
    held: list[Shot] = []
    before: list[Box] = []
    for number, shot in enumerate(shots):
        if number % LOOK_EVERY == 0:
            seen = [*hide, *(of_person(box, inside) for box in see(shot.picture))]
            for one in held:
                yield Shot(blurred(one.picture, [*before, *seen]), one.at_s)
            held, before = [], seen
        held.append(shot)
    if len(held) > 1:  # the last look is at the last picture: nobody comes in unseen after the look before it
        before = [*before, *(of_person(box, inside) for box in see(held[-1].picture))]
    for one in held:
        yield Shot(blurred(one.picture, before), one.at_s)


def _stamped(shot: Shot, head: Head) -> Picture:
    """With a line of what, where, when, and whether the clock was trusted."""
    stamp = head.stamp
    utc = datetime.fromtimestamp(head.began_utc + shot.at_s, UTC).isoformat(timespec="milliseconds")
    trust = "" if stamp.clock_trusted else " CLOCK NOT TRUSTED"
    place = "" if stamp.point_m is None else f" ({stamp.point_m[0]:.1f}, {stamp.point_m[1]:.1f}) m"
    caption = f"{utc}{trust} {stamp.site}/{stamp.unit} {stamp.camera} {stamp.permit} {stamp.area}{place}"
    return drawn(shot.picture, (), (), caption)
