"""What goes over the pipes to and from GStreamer: its data protocol (elements gdpdepay, gdppay), version 1.0.

Unlike bare bytes it keeps packets apart and gives each its time; the decoder hands that time on with the picture,
whichever order it works in, so that nothing has to be counted. Sizes are told anew where they change.
Source: gst-plugins-bad, gst/gdp/dataprotocol.c (layout of the 62 bytes before each piece).
"""

import re
import struct

from msgspec import Struct

_HEAD = struct.Struct(">BBBxHIQQQQHQ10x")  # version, checksums, kind, length, time, duration, from, to, flags, dts
_NOTHING, _BUFFER, _CAPS, _EVENT = 0, 1, 2, 64  # kinds of pieces; an event's own number is added to 64
_STREAM_START, _SEGMENT = 10_254, 17_934  # GST_EVENT_STREAM_START, GST_EVENT_SEGMENT
_NONE = 2**64 - 1  # GST_CLOCK_TIME_NONE
_DELTA_UNIT = 1 << 13  # GST_BUFFER_FLAG_DELTA_UNIT: it needs pictures before it
MOST_BYTES = 64 * 1024 * 1024  # of one piece: a picture of 8192 x 4320 has 53 million
LONGEST_SIDE = 8192
LAYOUTS = ("I420", "NV12")
NAMES = {"h264": "h264", "hevc": "h265"}  # of what can be handed over: FFmpeg's name, GStreamer's
_FIELD = re.compile(r"\b(format|width|height)=(?:\((?:string|int)\))?(\w+)")


class NotGdp(ValueError):  # noqa: N818 (names what was found)
    """What came is not what GStreamer's data protocol allows."""


class Shape(Struct, frozen=True):
    """How the bytes of a picture lie: GStreamer's name of the layout, and pixels."""

    layout: str
    width: int
    height: int

    @property
    def strides(self) -> tuple[int, ...]:
        """Bytes of a row of each plane (GstVideoInfo's own: four is the least step)."""
        luma = _up(self.width, 4)
        return (luma, luma) if self.layout == "NV12" else (luma, *(_up(_up(self.width, 2) // 2, 4),) * 2)

    @property
    def rows(self) -> tuple[int, ...]:
        """Rows of each plane that lie in memory: an odd picture has one more than it shows."""
        even = _up(self.height, 2)
        return even, *(even // 2,) * (len(self.strides) - 1)

    @property
    def size(self) -> int:
        """Bytes of a whole picture."""
        return sum(stride * rows for stride, rows in zip(self.strides, self.rows, strict=True))


class Raw(Struct, frozen=True):
    """One decoded picture, and the time (ns) that its packet was given."""

    time_ns: int
    shape: Shape
    data: bytearray


def opening(codec: str) -> bytes:
    """What has to be said before the first packet: what will come, and from when."""
    caps = f"video/x-{NAMES[codec]}, stream-format=(string)byte-stream, alignment=(string)au"
    start = "GstEventStreamStart, stream-id=(string)camera, flags=(GstStreamFlags)GST_STREAM_FLAG_NONE;"
    segment = (
        'GstEventSegment, segment=(GstSegment)"segment, flags=(GstSegmentFlags)GST_SEGMENT_FLAG_NONE, '
        "rate=(double)1, applied-rate=(double)1, format=(GstFormat)time, base=(guint64)0, offset=(guint64)0, "
        "start=(guint64)0, stop=(guint64)18446744073709551615, time=(guint64)0, position=(guint64)0, "
        'duration=(guint64)18446744073709551615;";'
    )
    return (
        _piece(_EVENT + _STREAM_START, _text(start)) + described(caps) + _piece(_EVENT + _SEGMENT, _text(segment))
    )


def described(caps: str) -> bytes:
    """What the following pieces are."""
    return _piece(_CAPS, _text(caps))


def packet(data: bytes, time_ns: int, *, key: bool) -> bytes:
    """One coded picture in Annex B, of this presentation time."""
    return _piece(_BUFFER, data, time_ns, 0 if key else _DELTA_UNIT)


class Reader:
    """Puts pictures together from a pipe, whose bytes are read straight to where they belong."""

    def __init__(self) -> None:
        """Nothing is known before the first bytes."""
        self._shape: Shape | None = None
        self._kind, self._time_ns = _NOTHING, 0
        self._piece = bytearray(_HEAD.size)  # the head of the next piece, or what follows it
        self._filled = 0

    def room(self) -> memoryview:
        """Where the next bytes go; never empty."""
        return memoryview(self._piece)[self._filled :]

    def filled(self, count: int) -> Raw | None:
        """So many bytes were put into `room`; the picture, if it is whole with them. Raises NotGdp."""
        self._filled += count
        if self._filled < len(self._piece):
            return None
        piece, kind, self._filled = self._piece, self._kind, 0
        if kind == _NOTHING:
            self._begin(*_HEAD.unpack(piece))
            return None if len(self._piece) else self.filled(0)
        self._kind, self._piece = _NOTHING, bytearray(_HEAD.size)
        if kind == _CAPS:
            self._shape = _shape(piece.rstrip(b"\0").decode(errors="replace"))
        return self._picture(piece) if kind == _BUFFER else None

    def _begin(self, major: int, _minor: int, _checks: int, kind: int, length: int, time_ns: int, *_: int) -> None:
        if major != 1 or length > MOST_BYTES or not (kind in {_BUFFER, _CAPS} or kind >= _EVENT):
            raise NotGdp(f"a piece of kind {kind}, version {major}, {length} bytes")
        self._kind, self._time_ns, self._piece = kind, time_ns, bytearray(length)

    def _picture(self, data: bytearray) -> Raw:
        if self._shape is None:
            raise NotGdp("a picture before its size")
        if len(data) != self._shape.size:
            raise NotGdp(f"a picture of {len(data)} bytes, where {self._shape.size} are due")
        return Raw(self._time_ns, self._shape, data)


def _shape(caps: str) -> Shape:
    said = dict(_FIELD.findall(caps))
    try:
        shape = Shape(said["format"], int(said["width"]), int(said["height"]))
    except (KeyError, ValueError):
        raise NotGdp(f"no size of pictures in {caps!r}") from None
    if (
        not caps.startswith("video/x-raw")
        or shape.layout not in LAYOUTS
        or not (0 < shape.width <= LONGEST_SIDE and 0 < shape.height <= LONGEST_SIDE)
    ):
        raise NotGdp(f"pictures as {caps!r}")
    return shape


def _piece(kind: int, data: bytes, time_ns: int = _NONE, flags: int = 0) -> bytes:
    return _HEAD.pack(1, 0, 0, kind, len(data), time_ns, _NONE, _NONE, _NONE, flags, _NONE) + data


def _text(text: str) -> bytes:
    return text.encode() + b"\0"


def _up(number: int, step: int) -> int:
    return -(-number // step) * step
