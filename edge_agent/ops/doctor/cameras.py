"""Cameras and recorders: the device or the way to it, then log-in, stream, codec and the picture itself."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from edge_agent.clock import Clock
from edge_agent.domain.observation import View
from edge_agent.domain.words import Words, same
from edge_agent.ops.doctor.finding import Finding, Layer, fault, fine, unseen
from edge_agent.ops.doctor.plug import plugged
from edge_agent.ops.doctor.port import reached
from edge_agent.sense.camera.probe import EMPTY_KIND, Stream, probe
from edge_agent.sense.camera.stream_faults import StreamError
from edge_agent.sense.nvr import REMEDY, Nvr
from edge_agent.settings import camera_logins
from edge_agent.settings.endpoints import DEFAULT_RTSP
from edge_agent.settings.site import Settings

LOOK_S = 2.0  # a key frame and some more pictures

CODECS = frozenset({"h264", "hevc", "mjpeg"})
# What a stream's own words are about, by the kind that the reader gave them.
LAYERS = {
    "login": (Layer.ANSWER, "login_refused"),
    "path": (Layer.UNIT, "no_such_stream"),
    "silent": (Layer.ANSWER, "camera_silent"),
    "transport": (Layer.PROFILE, "no_tcp"),
    "codec": (Layer.PROFILE, "codec"),
    "no_video": (Layer.PROFILE, "no_video"),
    EMPTY_KIND: (Layer.VALUE, "no_picture"),
}
SEE_CAMERA = Words("详见 edge-agent camera probe", "edge-agent camera probe says more")
SET_CODEC = Words("请在摄像机上改为 H.264 或 H.265", "set the camera to H.264 or H.265")


def look(settings: Settings, camera: str) -> Iterator[Finding]:
    """Everything about one camera."""
    part = f"cameras.{camera}"
    url = camera_logins.tables(settings.folder, settings.site)[camera].url  # with its login, kept apart
    parts = urlsplit(url)
    if parts.scheme == "usb":
        yield plugged(part, Path(parts.path), "video") or unseen(
            part,
            "plugged",
            Words("设备在位，画面由运行中的程序判断", "it is plugged in; the running agent judges it"),
        )
        return
    if parts.scheme == "csi":
        says = Words(
            "排线摄像机只能由运行中的程序判断", "a camera on a ribbon cable is judged by the running agent"
        )
        yield unseen(part, "ribbon", says)
        return
    if parts.scheme in DEFAULT_RTSP:
        down = reached(part, parts.hostname or "", parts.port or DEFAULT_RTSP[parts.scheme])
        if down is not None:
            yield down
            return
    try:
        seen = probe(url, LOOK_S)
    except StreamError as wrong:
        layer, code = LAYERS.get(wrong.kind, (Layer.ANSWER, "no_stream"))
        yield fault(part, layer, code, wrong.words, SEE_CAMERA)
        return
    yield _picture(part, seen)


def _picture(part: str, seen: Stream) -> Finding:
    """The stream stands: what it shows."""
    if seen.codec not in CODECS:
        says = Words(f"编码为 {seen.codec}", f"its codec is {seen.codec}")
        return fault(part, Layer.PROFILE, "codec", says, SET_CODEC)
    if seen.view is not View.CLEAR:
        return fault(part, Layer.VALUE, str(seen.view), seen.view_detail, SEE_CAMERA)
    return fine(part, same(f"{seen.codec} {seen.width} x {seen.height}, {seen.rate_hz or 0:.1f}/s"))


def recorder(settings: Settings, name: str, clock: Clock) -> Iterator[Finding]:
    """Everything about one recorder."""
    part, table = f"nvrs.{name}", settings.site.nvrs[name]
    down = reached(part, table.host, table.port)
    if down is not None:
        yield down
        return
    wrong = Nvr(name, table, clock).asked()
    if wrong:
        yield fault(part, Layer.ANSWER, "recorder_silent", wrong, REMEDY)
        return
    yield fine(part, Words("有应答", "answers"))
