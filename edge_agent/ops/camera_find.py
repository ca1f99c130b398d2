"""`edge-agent camera find`: which cameras are on this network, and what to enter into site.toml for each."""

import getpass
import sys
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from edge_agent.domain.words import NOTHING, Words, same
from edge_agent.ops.camera_words import say
from edge_agent.sense.camera.onvif.discovery import GROUP, Answered, look_around
from edge_agent.sense.camera.onvif.media import Found, Offered, asked_about, for_judging
from edge_agent.sense.camera.onvif.soap import SoapError
from edge_agent.tell.live_setup import CameraFound, CamerasFound, CameraStream

EX_UNAVAILABLE = 69  # sysexits.h
CLOCK_S = 5.0  # a camera further off stamps pictures that match no event
NOBODY = Words(
    "没有摄像机应答：请确认摄像机与本机在同一网段、已通电并启用 ONVIF；跨网段的请直接输入视频地址",
    "no camera answered: are they on this network, powered, with ONVIF switched on? Beyond a router, enter the "
    "stream's address by hand",
)
NO_STREAM = Words("没有可用的视频流", "offers no stream that this box can use")
ASK = Words("加上 --user 用户名可列出视频流", "add --user NAME to list the streams")


def found(user: str, wait_s: float, group: tuple[str, int] = GROUP) -> int:
    """Look around and say who is there. A user's password is asked for, or is the first line of standard input."""
    password = "" if not user else _password(user)
    cameras = look_around(wait_s, group)
    if not cameras:
        say(NOBODY)
        return EX_UNAVAILABLE
    well = True
    for camera in cameras:
        say(_who(camera))
        if user:
            well &= _told(camera, user, password)
    if not user:
        say(ASK)
    return 0 if well else EX_UNAVAILABLE


def as_json(user: str, wait_s: float, group: tuple[str, int] = GROUP) -> int:
    """The same for the pages; the password is the first line of standard input."""
    password = "" if not user else _password(user)
    found_ = tuple(_asked(one, user, password) for one in look_around(wait_s, group))
    told = CamerasFound(cameras=found_, failed=NOTHING if found_ else NOBODY)
    sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
    return 0 if found_ else EX_UNAVAILABLE


def _asked(camera: Answered, user: str, password: str) -> CameraFound:
    """One camera with its streams, or why it tells none."""
    named = CameraFound(host=camera.host, name=", ".join(filter(None, (camera.name, camera.hardware))))
    if not user:
        return named
    try:
        seen = asked_about(camera, user, password)
    except SoapError as fault:
        return replace(named, failed=fault.words)
    best = for_judging(seen.streams)
    streams = tuple(
        CameraStream(url=one.url, name=one.name, says=same(_what(one)), best=one is best) for one in seen.streams
    )
    return replace(named, streams=streams, notes=tuple(_to_mend(seen, best)))


def _what(stream: Offered) -> str:
    rate = "" if stream.most_hz is None else f", {stream.most_hz:.0f} Hz"
    return f"{stream.name}: {stream.codec or '?'}, {stream.width} x {stream.height}{rate}"


def _password(user: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"{user}: 密码 / password: ")
    return sys.stdin.readline().rstrip("\r\n")


def _told(camera: Answered, user: str, password: str) -> bool:
    """Say what one camera offers, or why it does not. Returns whether there is something to enter."""
    try:
        seen = asked_about(camera, user, password)
    except SoapError as fault:
        say(fault.words, indent=1)
        return False
    best = for_judging(seen.streams)
    for words in _described(seen, best):
        say(words, indent=1)
    return best is not None


def _who(camera: Answered) -> Words:
    named = ", ".join(filter(None, (camera.name, camera.hardware))) or "?"
    return Words(f"{camera.host}：{named}", f"{camera.host}: {named}")


def _described(seen: Found, best: Offered | None) -> Iterator[Words]:
    """One line for each stream, and what is to be mended."""
    for stream in seen.streams:
        what = f"{stream.url}  {_what(stream)}"
        yield Words(f"{what} ← 用于识别", f"{what} <- for judging") if stream is best else Words(what, what)
    yield from _to_mend(seen, best)


def _to_mend(seen: Found, best: Offered | None) -> Iterator[Words]:
    if best is None:
        yield NO_STREAM
    if seen.ahead_s is not None and abs(seen.ahead_s) > CLOCK_S:
        yield Words(
            f"摄像机时钟与本机相差 {seen.ahead_s:+.0f} 秒，请在其设置中启用 NTP",
            f"its clock is {seen.ahead_s:+.0f} s off: switch NTP on in its settings",
        )
