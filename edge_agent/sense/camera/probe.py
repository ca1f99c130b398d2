"""What a technician wants to know of a stream: codec, size, rate, key frames, its clock beside ours."""

import statistics
import time
from typing import Any

import av
import numpy as np
from av.error import FFmpegError
from msgspec import Struct

from edge_agent.domain.observation import View
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.camera.child import masked
from edge_agent.sense.camera.decoding.pictures import sound
from edge_agent.sense.camera.frames import LONG_SIDE
from edge_agent.sense.camera.health import Seen, judge, thumbnail
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.sense.camera.stream import open_stream, promised_hz
from edge_agent.sense.camera.stream_faults import STOPPED, StreamError, in_words

EMPTY_KIND = "empty"
SEEN_AT_ONCE = frozenset({View.DARK, View.COVERED})  # of one picture; a scene that stands still takes longer
SLOW_KEYS_S = 4.0  # limits.py: the freeze limit is made for full pictures at most this far apart


EMPTY = Words(
    "可以打开，但没有可用的画面，请重启摄像机并检查其码流设置",
    "opens, but brings no picture that can be used: restart the camera and check its stream settings",
)


class Stream(Struct, frozen=True, kw_only=True):
    """What was seen of one stream."""

    where: str  # without credentials
    codec: str
    width: int
    height: int
    promised_hz: float | None
    rate_hz: float | None  # counted; None: fewer than two pictures
    key_every_s: float | None  # longest distance of two key frames; None: fewer than two came
    kbit_s: float
    drift_s: float  # how much further our time went than the stream's, over the look
    damaged: int
    looked_s: float
    view: View  # what the last picture is good for; a look is too short to call it frozen
    view_detail: Words


class _Count:
    """What the packets of one look add up to."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.arrivals: list[float] = []
        self.keys: list[float] = []
        self.bytes = 0
        self.damaged = 0
        self.last: av.VideoFrame | None = None


def probe(url: str, look_s: float) -> Stream:
    """Open `url` and look at it so long. Raises StreamError, in words, without credentials."""
    with open_stream(url, STANDARD) as container:
        stream = container.streams.video[0]
        codec = stream.codec_context
        count, began_s = _Count(), time.monotonic()
        try:
            for packet in container.demux(stream):
                now_s = time.monotonic()
                if packet.pts is not None and packet.time_base is not None:
                    at_s = float(packet.pts * packet.time_base)
                    count.times.append(at_s)
                    count.arrivals.append(now_s)
                    count.bytes += packet.size
                    count.damaged += not _sound(packet, count)
                    if packet.is_keyframe:
                        count.keys.append(at_s)
                if _enough(url, count, now_s - began_s, look_s):
                    break
        except (FFmpegError, OSError) as fault:
            raise StreamError(in_words(url, STOPPED, fault)) from None
        passed_s = time.monotonic() - began_s
        if len(count.times) <= count.damaged:
            raise StreamError(Words(f"{masked(url)}：{EMPTY.zh}", f"{masked(url)}: {EMPTY.en}"), EMPTY_KIND)
        return Stream(
            where=masked(url), codec=codec.name, width=codec.width, height=codec.height,
            promised_hz=promised_hz(container), **_figures(count, passed_s), **_shown(count),
        )  # fmt: skip


def _sound(packet: "av.Packet[av.VideoStream]", count: _Count) -> bool:
    """Whether a packet can be decoded; its last sound picture is kept."""
    frames, damaged = sound(packet)
    count.last = frames[-1] if frames else count.last
    return not damaged and not packet.is_corrupt


def _shown(count: _Count) -> dict[str, Any]:
    """What the last picture is good for."""
    if count.last is None:
        return {"view": View.GONE, "view_detail": EMPTY}
    small = thumbnail(np.asarray(count.last.to_ndarray(format="gray"), dtype=np.uint8))
    _, view, detail = judge(Seen(), small, count.arrivals[-1], None, STANDARD)
    return (
        {"view": view, "view_detail": detail}
        if view in SEEN_AT_ONCE
        else {"view": View.CLEAR, "view_detail": NOTHING}
    )


def _enough(url: str, count: _Count, passed_s: float, look_s: float) -> bool:
    """A film is read as fast as it can be: its own time counts."""
    if url.startswith("file://") and count.times:
        return count.times[-1] - count.times[0] >= look_s
    return passed_s >= look_s


def _figures(count: _Count, passed_s: float) -> dict[str, Any]:
    span_s = max(count.times) - min(count.times) if count.times else 0.0
    gaps = [b - a for a, b in zip(count.keys, count.keys[1:], strict=False)]
    steps = [b - a for a, b in zip(sorted(count.times), sorted(count.times)[1:], strict=False)]
    return {
        "rate_hz": (len(count.times) - 1) / span_s if span_s > 0 else None,
        "key_every_s": max(gaps) if gaps else None,
        "kbit_s": count.bytes * 8 / 1000 / (span_s + (statistics.median(steps) if steps else 0.0) or passed_s),
        "drift_s": (count.arrivals[-1] - count.arrivals[0]) - span_s if count.arrivals else 0.0,
        "damaged": count.damaged,
        "looked_s": passed_s,
    }


def described(seen: Stream) -> list[Words]:
    """One sentence for each thing to know, and one for each thing to mend."""
    rate = seen.rate_hz or 0.0
    codec = {"h264": "H.264", "hevc": "H.265"}.get(seen.codec, seen.codec)
    said = [
        Words(f"{seen.where}：可以打开", f"{seen.where}: opens"),
        Words(f"编码 {codec}，{seen.width} x {seen.height} 像素", f"{codec}, {seen.width} x {seen.height} pixels"),
        Words(
            f"每秒 {rate:.1f} 帧，{seen.kbit_s:.0f} kbit/s",
            f"{rate:.1f} pictures a second, {seen.kbit_s:.0f} kbit/s",
        ),
    ]
    return [*said, _keys(seen), _clock(seen), *_to_mend(seen)]


def _keys(seen: Stream) -> Words:
    if seen.key_every_s is None:
        return Words(
            f"{seen.looked_s:.0f} 秒内不足两个关键帧，请将关键帧间隔设为 2 秒",
            f"fewer than two key frames in {seen.looked_s:.0f} s: set the key-frame interval to 2 s",
        )
    if seen.key_every_s > SLOW_KEYS_S:
        return Words(
            f"关键帧间隔 {seen.key_every_s:.1f} 秒，过长，请设为 2 秒",
            f"a key frame every {seen.key_every_s:.1f} s is too seldom: set the interval to 2 s",
        )
    return Words(f"关键帧间隔 {seen.key_every_s:.1f} 秒", f"a key frame every {seen.key_every_s:.1f} s")


def _clock(seen: Stream) -> Words:
    if seen.where.startswith("file://"):
        return Words("文件，没有时钟可比", "a film: it has no clock to compare")
    return Words(
        f"视频流时钟与本机相差 {seen.drift_s:+.1f} 秒（观察 {seen.looked_s:.0f} 秒）",
        f"the stream's clock and ours went {seen.drift_s:+.1f} s apart in {seen.looked_s:.0f} s",
    )


def _to_mend(seen: Stream) -> list[Words]:
    found = [seen.view_detail] if seen.view_detail else []
    if seen.damaged:
        found.append(
            Words(
                f"{seen.damaged} 帧损坏，请检查线缆和网络",
                f"{seen.damaged} damaged pictures: check cable and network",
            )
        )
    if seen.width > LONG_SIDE:  # more is decoded and then thrown away
        found.append(
            Words(
                "像素多于分析所需，请优先使用子码流（720p 以内）",
                "more pixels than are judged: prefer the camera's sub-stream (up to 720p)",
            )
        )
    return found
