"""Opening and reading a video stream with PyAV: explicit time-outs, RTSP over TCP, damaged pictures skipped."""

import time
from collections.abc import Callable, Iterator

import av
from av.container import InputContainer
from av.error import FFmpegError
from msgspec.structs import replace

from edge_agent.domain.words import Words
from edge_agent.sense.camera.arrival import Arrivals, FilePace
from edge_agent.sense.camera.child import masked
from edge_agent.sense.camera.decoding.pictures import Decoded, Decoder, Processor
from edge_agent.sense.camera.limits import VisionLimits
from edge_agent.sense.camera.stream_faults import CANNOT_OPEN, STOPPED, Late, StreamError, about, in_words, scheme

# FFmpeg may follow what a stream or a play list names: it gets only the protocols that it needs here.
_PROTOCOLS = {"rtsp": "rtsp,rtp,tcp", "rtsps": "rtsps,rtsp,rtp,tcp,tls", "file": "file"}
_FILE_FORMATS = "mov,matroska,mpegts,avi,h264,hevc"  # films, no lists of other addresses
MOST_HZ = 240  # a promise above is the stream's clock, not its pictures

Tap = Callable[["av.Packet[av.VideoStream]", float], None]


def open_stream(url: str, limits: VisionLimits) -> InputContainer:
    """Open `url`. Raises StreamError, within the open time-out also when nobody answers."""
    options = {"protocol_whitelist": _PROTOCOLS[scheme(url)]}
    if scheme(url) == "file":
        options["format_whitelist"] = _FILE_FORMATS
    else:
        socket_s = max(limits.open_timeout_s, limits.read_timeout_s) + 1  # behind ours, whose words are clearer
        options |= {
            "rtsp_transport": "tcp",  # over UDP every lost packet is a smeared picture
            "allowed_media_types": "video",
            "timeout": str(round(socket_s * 1e6)),  # of each socket call, in microseconds
            "analyzeduration": "1000000",  # microseconds; 5 s otherwise, for a stream that says little
        }
    began_s = time.monotonic()
    try:
        container = av.open(
            url.removeprefix("file://") if scheme(url) == "file" else url,
            options=options,
            timeout=(limits.open_timeout_s, limits.read_timeout_s),
        )
    except (FFmpegError, OSError) as fault:
        late = time.monotonic() - began_s >= limits.open_timeout_s  # FFmpeg calls even this "invalid data"
        reason = Late(limits.open_timeout_s) if late else fault
        raise StreamError(in_words(url, CANNOT_OPEN, reason), about(reason)) from None
    if not container.streams.video:
        container.close()
        where = masked(url)
        en = f"{where}: carries no video: check the address of the stream"
        raise StreamError(Words(f"{where}：没有视频流，请检查地址", en), "no_video")
    # One thread, no frame threading: less work in all, and no picture kept back in a queue.
    container.streams.video[0].codec_context.thread_count = 1
    return container


def promised_hz(container: InputContainer) -> float | None:
    """Pictures a second that the stream says of itself; None where it says none, or none that can be."""
    rate = container.streams.video[0].average_rate
    return float(rate) if rate and 0 < rate <= MOST_HZ else None


class Pictures:
    """The pictures of an open stream as they come."""

    def __init__(
        self, container: InputContainer, url: str, asked_s: float, tap: Tap = lambda _packet, _arrived_s: None,
        decoder: Decoder | None = None,
    ) -> None:  # fmt: skip
        """`url` is for the words of errors only; nothing of the stream can be older than `asked_s`.

        `tap` is shown every packet before it is decoded, with the second at which it was read. Without a `decoder`
        the processor decodes.
        """
        self._tap = tap
        self._container = container
        self._url = url
        self._pace = FilePace() if scheme(url) == "file" else None
        self._arrivals = Arrivals(asked_s)
        self._decoder = decoder or Processor()

    @property
    def damaged(self) -> int:
        """How many pictures were given up so far."""
        return self._decoder.damaged

    @property
    def queued_s(self) -> float:
        """How long no picture has had to be waited for; 0 for a film, which is always there."""
        return 0.0 if self._pace else self._arrivals.queued_s

    def __iter__(self) -> Iterator[Decoded]:
        """Every sound picture until the stream ends. Raises StreamError when reading fails."""
        packets = self._container.demux(self._container.streams.video[0])
        try:
            while (packet := self._arrivals.of(lambda: next(packets, None))) is not None:
                self._tap(packet, time.monotonic())
                for decoded in self._decoder.decode(packet, self._arrivals.stamp):
                    yield self._played(decoded)
        except (FFmpegError, OSError) as fault:
            raise StreamError(in_words(self._url, STOPPED, fault), about(fault)) from None

    def _played(self, decoded: Decoded) -> Decoded:
        """A live picture as it is; one of a film when its time has come."""
        return decoded if self._pace is None else replace(decoded, arrived_s=self._pace.wait(decoded.pts_s))
