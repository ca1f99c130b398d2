"""A camera's log-in tried before it is entered: its stream over RTSP, its services over ONVIF; in plain words.

Each is asked once: many cameras lock a user out after five wrong tries.
"""

import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.sense.camera.limits import STANDARD
from edge_agent.sense.camera.onvif.discovery import Answered
from edge_agent.sense.camera.onvif.media import ahead_s, asked_about
from edge_agent.sense.camera.onvif.soap import RefusedError, SoapError
from edge_agent.sense.camera.probe import described, probe
from edge_agent.sense.camera.stream import open_stream
from edge_agent.sense.camera.stream_faults import StreamError
from edge_agent.settings.camera_logins import Login, opened
from edge_agent.tell.live_setup import StreamSeen

EX_UNAVAILABLE = 69  # sysexits.h
CLOCK_S = 5.0  # WS-Security: cameras refuse what is older than seconds
NEVER = '"'  # of a host: nothing is asked there

WRONG = Words(
    "摄像机拒绝该用户名或密码：请核对大小写和输入法；连续输错约 5 次后多数摄像机会锁定约 30 分钟，"
    "锁定期间正确的密码也会被拒绝",
    "the camera refuses this user or password: check capitals and keyboard; after about 5 wrong tries most "
    "cameras lock for some 30 minutes, and then refuse the right password too",
)
LOCKED = Words(
    "摄像机认得该用户但不让其观看，或因多次输错已锁定：请等 30 分钟或在摄像机设置中解锁，并给该用户“预览”权限",
    "the camera knows this user but does not let him watch, or has locked him after wrong tries: wait 30 minutes "
    "or unlock him in the camera's settings, and give him the right to see live pictures",
)
GOOD = Words("用户名和密码正确，视频可以打开", "user and password are right: the stream opens")
OPEN = Words(
    "不带密码也能打开视频：此次无法证明密码正确，请在摄像机设置中要求登录",
    "the stream opens without a password too, so this proves nothing of it: let the camera ask for a log-in",
)
ONVIF_GOOD = Words("ONVIF 也接受该登录", "ONVIF takes this log-in as well")
ONVIF_REFUSED = Words(
    "ONVIF 不接受该登录：许多摄像机须在其设置中单独添加 ONVIF 用户；只有云台转动需要它",
    "ONVIF refuses this log-in: many cameras keep users of their own for it, to be added in their settings; only "
    "a camera that turns needs it",
)
NO_ONVIF = Words(
    "ONVIF 没有试成（{why_zh}）；只有云台转动需要它",
    "ONVIF could not be tried ({why_en}); only a camera that turns needs it",
)
CLOCK = Words(
    "摄像机时钟与本机相差 {s} 秒：ONVIF 登录会因此被拒绝，请在摄像机设置中启用 NTP 校时",
    "the camera's clock is {s} s off: ONVIF refuses log-ins for that; switch NTP on in its settings",
)


class Wish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is written to standard input: a password stands in no list of processes."""

    url: str
    user: str
    password: str
    service: str = ""  # of ONVIF; "": where most cameras have it


def as_json(look_s: float) -> int:
    """One try, for the pages."""
    wish = msgspec.json.decode(sys.stdin.buffer.readline(), type=Wish)
    told = tried(wish, look_s)
    sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
    return EX_UNAVAILABLE if told.failed else 0


def tried(wish: Wish, look_s: float) -> StreamSeen:
    """Both, each once; a log-in that opens no stream is none."""
    login = Login(user=wish.user, password=wish.password)
    try:
        seen = described(probe(opened(wish.url, login), look_s))
    except StreamError as fault:
        return StreamSeen(failed=_why(fault), login="refused" if fault.kind == "login" else "")
    if _opens_to_all(wish.url):
        return StreamSeen(says=(OPEN, *seen, *_onvif(wish)), login="unproven")
    return StreamSeen(says=(GOOD, *seen, *_onvif(wish)), login="good")


def _why(fault: StreamError) -> Words:
    if fault.kind != "login":
        return fault.words
    return LOCKED if "Forbidden" in fault.words.en else WRONG


def _opens_to_all(url: str) -> bool:
    """Whether nobody needs a password there. An address that has places for one is not opened without."""
    if "{" in url:
        return False
    try:
        open_stream(url, STANDARD).close()
    except StreamError:
        return False
    return True


def _onvif(wish: Wish) -> Iterator[Words]:
    host = urlsplit(wish.url).hostname or NEVER
    named = f"[{host}]" if ":" in host else host
    camera = Answered(host=host, service=wish.service or f"http://{named}/onvif/device_service")
    ahead: float | None = None
    try:
        ahead = asked_about(camera, wish.user, wish.password).ahead_s
        yield ONVIF_GOOD
    except RefusedError:
        yield ONVIF_REFUSED
        ahead = _clock(camera)
    except SoapError as fault:
        yield NO_ONVIF.filled(why_zh=fault.words.zh, why_en=fault.words.en)
    if ahead is not None and abs(ahead) > CLOCK_S:
        yield CLOCK.filled(s=f"{ahead:+.0f}")


def _clock(camera: Answered) -> float | None:
    try:
        return ahead_s(camera)
    except SoapError:
        return None
