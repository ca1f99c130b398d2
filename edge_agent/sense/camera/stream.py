"""Opening and reading a video stream with PyAV: explicit time-outs, RTSP over TCP, damaged pictures skipped."""

import errno
import time
from collections.abc import Callable, Iterator

import av
from av.container import InputContainer
from av.error import FFmpegError
from msgspec.structs import replace

from edge_agent.domain.words import Words, WordsError
from edge_agent.field import system_words
from edge_agent.sense.camera.arrival import Arrivals, FilePace
from edge_agent.sense.camera.child import masked
from edge_agent.sense.camera.decoding.pictures import Decoded, Decoder, Processor
from edge_agent.sense.camera.limits import VisionLimits

# FFmpeg may follow what a stream or a play list names: it gets only the protocols that it needs here.
_PROTOCOLS = {"rtsp": "rtsp,rtp,tcp", "rtsps": "rtsps,rtsp,rtp,tcp,tls", "file": "file"}
_FILE_FORMATS = "mov,matroska,mpegts,avi,h264,hevc"  # films, no lists of other addresses


class StreamError(WordsError):
    """The stream cannot be opened or read, in words for people, without credentials.

    `kind` names what it is about: login, path, silent, transport, codec, no_video; "" for anything else.
    """

    def __init__(self, words: Words, kind: str = "") -> None:
        """`words` say what, where, and how to mend it."""
        super().__init__(words)
        self.kind = kind


class _Late(TimeoutError):  # noqa: N818 (names what happened)
    """Nobody answered within our own time-out."""

    def __init__(self, waited_s: float) -> None:
        super().__init__()
        self.waited_s = waited_s


MOST_HZ = 240  # a promise above is the stream's clock, not its pictures

CANNOT_OPEN = Words("无法打开", "cannot be opened")
STOPPED = Words("视频流中断", "stopped")

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (av.error.InvalidDataError, "数据无效"),
    (av.error.HTTPUnauthorizedError, "认证失败"),
    (av.error.HTTPForbiddenError, "无权访问"),
    (av.error.HTTPNotFoundError, "地址不存在"),
    (av.error.HTTPClientError, "请求被拒绝"),
    (av.error.HTTPServerError, "摄像机内部错误"),
    (av.error.ProtocolNotFoundError, "协议不支持"),
    (av.error.DecoderNotFoundError, "编码格式不支持"),
    (av.error.ExitError, "超时"),
    (EOFError, "数据提前结束"),
    (TimeoutError, "超时"),
)


TCP_OFF = Words(
    "摄像机不支持 TCP 传输，请在其设置中启用 RTSP over TCP",
    "the camera does not send over TCP: switch RTSP over TCP on in its settings",
)
NO_VIDEO = Words("不是本机可读的视频", "not a video that this box can read")
NO_WAY = Words("请检查摄像机电源、网络和地址", "check the camera's power, network and address")
_REMEDIES: tuple[tuple[tuple[type[Exception], ...], Words], ...] = (
    ((FileNotFoundError,), Words("请检查地址", "check the address")),
    (
        (av.error.HTTPNotFoundError,),
        Words("请检查地址中主机之后的路径", "check the path behind the host in the address"),
    ),
    (
        (av.error.HTTPUnauthorizedError, PermissionError),
        Words("请检查用户名和密码", "check user and password"),
    ),
    (
        (av.error.ExitError, TimeoutError),
        Words("摄像机未及时应答，请检查其电源和网络", "no answer in time: check the camera's power and network"),
    ),
)


Tap = Callable[["av.Packet[av.VideoStream]", float], None]


def scheme(url: str) -> str:
    """How a stream is fetched: "rtsp", "rtsps" or "file"."""
    return url.partition("://")[0]


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
        reason = _Late(limits.open_timeout_s) if late else fault
        raise StreamError(in_words(url, CANNOT_OPEN, reason), _about(reason)) from None
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
            raise StreamError(in_words(self._url, STOPPED, fault), _about(fault)) from None

    def _played(self, decoded: Decoded) -> Decoded:
        """A live picture as it is; one of a film when its time has come."""
        return decoded if self._pace is None else replace(decoded, arrived_s=self._pace.wait(decoded.pts_s))


_ABOUT: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError, PermissionError), "login"),
    ((av.error.HTTPNotFoundError, FileNotFoundError), "path"),
    ((av.error.DecoderNotFoundError,), "codec"),
    ((av.error.ExitError, TimeoutError), "silent"),
)


def _about(fault: Exception) -> str:
    if getattr(fault, "errno", None) == errno.EPROTONOSUPPORT:
        return "transport"
    return next((about for kinds, about in _ABOUT if isinstance(fault, kinds)), "")


def in_words(url: str, what: Words, fault: Exception) -> Words:
    """A sentence about a fault: which stream, what happened, what to look at."""
    where, why, remedy = masked(url), _reason(fault), _remedy(fault, is_file=scheme(url) == "file")
    return Words(
        f"{where}：{what.zh}（{why.zh}），{remedy.zh}", f"{where}: {what.en} ({masked(why.en)}): {remedy.en}"
    )


def _reason(fault: Exception) -> Words:
    """What FFmpeg or the system said; FFmpeg's own kinds first, because some pass for the system's."""
    if isinstance(fault, _Late):
        return Words(f"{fault.waited_s:.0f} 秒无应答", f"nothing heard for {fault.waited_s:.0f} s")
    en = getattr(fault, "strerror", None) or str(fault)
    for kind, zh in _KINDS:
        if isinstance(fault, kind):
            return Words(zh, en)
    known = system_words.BY_ERRNO.get(getattr(fault, "errno", None) or 0)
    return Words(known or type(fault).__name__, en)


def _remedy(fault: Exception, *, is_file: bool) -> Words:
    """Where to look first."""
    if getattr(fault, "errno", None) == errno.EPROTONOSUPPORT:
        return TCP_OFF
    for kinds, words in _REMEDIES:
        if isinstance(fault, kinds):
            return words
    return NO_VIDEO if is_file else NO_WAY
