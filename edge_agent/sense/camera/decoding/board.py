"""The board's own decoder in the processor's place, and the processor in its place once it fails.

Every picture that comes back has the time of its packet with it, and only a packet that was given and is not yet
answered can be answered: a decoder that repeats itself, or makes pictures up, shows nothing. One that falls
silent, lags behind, talks nonsense or dies is ended, and the processor decodes on from the last key frame.
"""

import time
from collections import OrderedDict

import av
import numpy as np
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.field.held_up import HeldUp
from edge_agent.sense.camera.decoding import gdp
from edge_agent.sense.camera.decoding.gdp import Raw
from edge_agent.sense.camera.decoding.outside import DecoderError, Outside
from edge_agent.sense.camera.decoding.pictures import Decoded, Processor, Stamp
from edge_agent.sense.camera.filming.plain import Plain
from edge_agent.sense.camera.limits import VisionLimits

ANSWER_S = 0.05  # waited for a picture after its packet: longer than any decoder that keeps up takes for one
REORDERED = 32  # packets: no stream shows a picture so much later than it sends it (H.264 and H.265: 16)
MOST_IN_GROUP = 600  # packets kept since the last key frame, for the processor: 24 s at 25 a second
SAME_NS = 500_000  # decoders that count in microseconds round
JUMP_S = 10.0  # a stream's time that jumps by more was set anew
FIRST_NS = 10**9  # so that no time is below zero
_FORMATS = {"I420": "yuv420p", "NV12": "nv12"}

SILENT = Words("{seconds} 秒未送出画面", "no picture from it for {seconds} s")
INSTEAD = Words("主板解码器不可用：{why}", "the board's decoder cannot be used: {why}")


class _Sent(Struct, frozen=True):
    """One packet that was handed over."""

    number: int
    sent_s: float
    pts_s: float | None
    arrived_s: float
    sound: bool


class _Times:
    """Times for packets that never repeat and hardly jump, whatever the stream's own do."""

    def __init__(self) -> None:
        self._offset_ns = FIRST_NS
        self._last_ns = FIRST_NS

    def of(self, pts_s: float | None) -> int:
        """Nanoseconds for a packet of this time of the stream."""
        step_ns = 1_000_000
        if pts_s is None:
            at_ns = self._last_ns + step_ns
        else:
            at_ns = round(pts_s * 1e6) * 1000 + self._offset_ns
            if abs(at_ns - self._last_ns) > JUMP_S * 1e9:
                self._offset_ns += self._last_ns + step_ns - at_ns
                at_ns = self._last_ns + step_ns
        self._last_ns = at_ns
        return at_ns


class Board:
    """Decodes one stream outside; `fault` says why it no longer does."""

    def __init__(self, container: InputContainer, pipeline: str, limits: VisionLimits) -> None:
        """`pipeline` is what GStreamer runs for the stream's codec, one of gdp.NAMES."""
        stream = container.streams.video[0]
        self._plain = Plain(container)
        self._context: VideoCodecContext = stream.codec_context
        self._limits = limits
        self._held_up = HeldUp(limits.held_up_s)
        self._times = _Times()
        self._owed: OrderedDict[int, _Sent] = OrderedDict()
        self._sent = 0
        self._answered = -1  # the highest number of a packet that was answered
        self._shown_s: float | None = None
        self._group: list[av.Packet[av.VideoStream]] = []
        self._processor = Processor()
        self._outside: Outside | None = None
        self._damaged = 0
        self.fault = NOTHING
        try:
            self._outside = Outside(self._context.name, pipeline)
        except DecoderError as fault:
            self.fault = _instead(fault.words)

    @property
    def damaged(self) -> int:
        """Pictures that were given up, or that never came."""
        return self._damaged + self._processor.damaged

    def decode(self, packet: "av.Packet[av.VideoStream]", stamp: Stamp) -> list[Decoded]:
        """Pictures that have come back by now; the processor's from the moment on at which the decoder fails."""
        if self._outside is None:
            return self._processor.decode(packet, stamp)
        if packet.is_keyframe:
            self._group.clear()
        if not packet.size or not (packet.is_keyframe or self._group):
            return []  # the end of the stream; or what nobody can decode, before the first key frame
        if len(self._group) <= MOST_IN_GROUP:
            self._group.append(packet)
        try:
            return self._outwards(self._outside, packet, stamp)
        except DecoderError as fault:
            self.close()
            self.fault = _instead(fault.words)
            return self._go_on(packet, stamp)

    def _outwards(self, outside: Outside, packet: "av.Packet[av.VideoStream]", stamp: Stamp) -> list[Decoded]:
        data = self._plain.annex_b(packet)
        if not self._sent:
            data = self._plain.codec.extradata + data  # what RTSP says of the stream beforehand
        pts_s = None if packet.pts is None else float(packet.pts * packet.time_base)
        dts_s = pts_s if packet.dts is None else float(packet.dts * packet.time_base)
        time_ns = self._times.of(pts_s)
        self._owed[time_ns] = _Sent(self._sent, time.monotonic(), pts_s, stamp(dts_s), not packet.is_corrupt)
        self._sent += 1
        raws = outside.give(gdp.packet(data, time_ns, key=packet.is_keyframe), ANSWER_S)
        found = [decoded for raw in raws if (decoded := self._answer(raw)) is not None]
        self._give_up_passed_over()
        self._judge_silence(outside.pid)
        return found

    def _answer(self, raw: Raw) -> Decoded | None:
        """The picture with what is known of its packet; None where it answers nothing that is still owed."""
        time_ns = min(self._owed, key=lambda at_ns: abs(at_ns - raw.time_ns), default=None)
        if time_ns is None or abs(time_ns - raw.time_ns) > SAME_NS:
            self._damaged += 1
            return None
        sent = self._owed.pop(time_ns)
        self._answered = max(self._answered, sent.number)
        if not sent.sound:
            self._damaged += 1
            return None
        self._shown_s = sent.pts_s
        return Decoded(_frame(raw, self._context), sent.pts_s, sent.arrived_s)

    def _give_up_passed_over(self) -> None:
        """Packets that were passed over by so many others that nothing comes of them any more."""
        for time_ns in [at for at, sent in self._owed.items() if sent.number < self._answered - REORDERED]:
            del self._owed[time_ns]
            self._damaged += 1

    def _judge_silence(self, pid: int) -> None:
        """Raise DecoderError when the decoder has owed a newer picture for too long, though it could run."""
        now_s = time.monotonic()
        owed = next((sent for sent in self._owed.values() if sent.number > self._answered), None)
        limit_s = self._limits.decoder_start_s if self._answered < 0 else self._limits.decoder_late_s
        late_s = 0.0 if owed is None else now_s - owed.sent_s
        if late_s <= limit_s / 2:
            self._held_up.runs(pid, now_s)
        elif late_s - self._held_up.since_s(now_s) > limit_s:
            raise DecoderError(SILENT.filled(seconds=f"{limit_s:.1f}"))

    def _go_on(self, packet: "av.Packet[av.VideoStream]", stamp: Stamp) -> list[Decoded]:
        """The processor decodes what led here since the key frame, and shows only what was not shown yet."""
        group, self._group = self._group[:-1], []
        for earlier in group if len(group) < MOST_IN_GROUP else ():  # else it waits for the next key frame
            self._processor.decode(earlier, lambda _: 0.0)
        shown_s = self._shown_s
        return [
            one
            for one in self._processor.decode(packet, stamp)
            if one.pts_s is None or shown_s is None or one.pts_s > shown_s
        ]

    def close(self) -> None:
        """End the decoder, if it runs."""
        if self._outside is not None:
            self._outside.end()
            self._outside = None


def _instead(why: Words) -> Words:
    return Words(INSTEAD.zh.format(why=why.zh), INSTEAD.en.format(why=why.en))


def _frame(raw: Raw, context: VideoCodecContext) -> av.VideoFrame:
    """The picture as the processor's decoder would give it, its colours as the stream declares them."""
    shape = raw.shape
    frame = av.VideoFrame(shape.width, shape.height, _FORMATS[shape.layout])
    at, bytes_of = 0, np.frombuffer(raw.data, np.uint8)
    for plane, stride, rows in zip(frame.planes, shape.strides, shape.rows, strict=True):
        wide = min(stride, plane.line_size)
        source = bytes_of[at : at + stride * rows].reshape(rows, stride)
        target = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        target[: plane.height, :wide] = source[: plane.height, :wide]
        at += stride * rows
    frame.colorspace = context.colorspace
    frame.color_range = context.color_range
    return frame


def decoder(container: InputContainer, pipelines: dict[str, str], limits: VisionLimits) -> Board | Processor:
    """What decodes this stream: the board, where one of `pipelines` (by FFmpeg's name of the codec) is for it."""
    codec = container.streams.video[0].codec_context.name
    return Board(container, pipelines[codec], limits) if codec in pipelines else Processor()
