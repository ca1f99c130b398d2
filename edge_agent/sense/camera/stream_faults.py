"""Why a stream cannot be opened or read, in words for people and without credentials."""

import errno

import av

from edge_agent.domain.words import Words, WordsError
from edge_agent.field import system_words
from edge_agent.sense.camera.child import masked


class StreamError(WordsError):
    """The stream cannot be opened or read, in words for people, without credentials.

    `kind` names what it is about: login, path, silent, transport, codec, no_video; "" for anything else.
    """

    def __init__(self, words: Words, kind: str = "") -> None:
        """`words` say what, where, and how to mend it."""
        super().__init__(words)
        self.kind = kind


class Late(TimeoutError):  # noqa: N818 (names what happened)
    """Nobody answered within our own time-out."""

    def __init__(self, waited_s: float) -> None:
        super().__init__()
        self.waited_s = waited_s


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


_ABOUT: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError, PermissionError), "login"),
    ((av.error.HTTPNotFoundError, FileNotFoundError), "path"),
    ((av.error.DecoderNotFoundError,), "codec"),
    ((av.error.ExitError, TimeoutError), "silent"),
)


def scheme(url: str) -> str:
    """How a stream is fetched: "rtsp", "rtsps" or "file"."""
    return url.partition("://")[0]


def about(fault: Exception) -> str:
    """A StreamError's `kind` for this fault."""
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
    if isinstance(fault, Late):
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
