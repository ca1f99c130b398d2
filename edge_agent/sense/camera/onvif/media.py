"""Which streams a camera offers, and how far its clock is off: four questions to its device and media services.

ONVIF Core 8.3.3 (GetSystemDateAndTime), 8.1.2 (GetCapabilities); Media 5.2.2 (GetProfiles), 5.15.1 (GetStreamUri).
"""

import calendar
import time
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from msgspec import Struct

from edge_agent.sense.camera.frames import LONG_SIDE
from edge_agent.sense.camera.onvif.discovery import Answered, at_host, shown
from edge_agent.sense.camera.onvif.soap import NO_ONVIF, Login, RefusedError, SoapError, ask

MOST = 16  # profiles of one camera that are looked at
_DEVICE = 'xmlns="http://www.onvif.org/ver10/device/wsdl"'
_MEDIA = 'xmlns="http://www.onvif.org/ver10/media/wsdl" xmlns:t="http://www.onvif.org/ver10/schema"'


class Offered(Struct, frozen=True, kw_only=True):
    """One stream of a camera. `url` carries no user and no password."""

    url: str
    name: str
    codec: str  # the camera's word: "H264", "JPEG"; "" where it says none
    width: int
    height: int
    most_hz: float | None


class Found(Struct, frozen=True, kw_only=True):
    """What one camera says when it is asked by somebody it knows."""

    ahead_s: float | None  # its clock before ours; None: it tells no time
    streams: tuple[Offered, ...]


def asked_about(camera: Answered, user: str, password: str) -> Found:
    """Its streams. Raises SoapError, in words; nothing is sent anywhere but to `camera.host`."""
    ahead = ahead_s(camera)
    login = Login(user=user, password=password, ahead_s=ahead or 0.0)
    capabilities = ask(
        camera.service, f"<GetCapabilities {_DEVICE}><Category>Media</Category></GetCapabilities>", login
    )
    address = capabilities.findtext(".//{*}Media/{*}XAddr") or ""
    if not address.startswith("http://"):
        raise SoapError(NO_ONVIF)
    media = at_host(address.strip(), camera.host)
    profiles = ask(media, f"<GetProfiles {_MEDIA}/>", login).findall(".//{*}Profiles")
    streams = (_offered(media, profile, camera.host, login) for profile in profiles[:MOST])
    return Found(ahead_s=ahead, streams=tuple(stream for stream in streams if stream is not None))


def for_judging(streams: tuple[Offered, ...]) -> Offered | None:
    """The stream to enter: the largest that is judged as it comes, else the smallest of those that are larger."""
    fit = [stream for stream in streams if stream.codec in {"H264", "H265", ""}]
    small = [stream for stream in fit if stream.width <= LONG_SIDE]
    return max(small, key=_pixels) if small else min(fit, key=_pixels, default=None)


def _pixels(stream: Offered) -> int:
    return stream.width * stream.height


def ahead_s(camera: Answered) -> float | None:
    """How far its clock is ahead, None where it tells no time; whoever asks needs no login for that."""
    try:
        said = ask(camera.service, f"<GetSystemDateAndTime {_DEVICE}/>")
        utc = said.find(".//{*}UTCDateTime")
        if utc is None:
            return None
        parts = [
            int(utc.findtext(f".//{{*}}{part}") or "")
            for part in ("Year", "Month", "Day", "Hour", "Minute", "Second")
        ]
        return calendar.timegm((*parts, 0, 0, 0)) - time.time()
    except (RefusedError, ValueError, OverflowError):
        return None


def _offered(media: str, profile: Element, host: str, login: Login) -> Offered | None:
    """One profile and its address; None for one without video, or that is not fetched by RTSP."""
    token, encoder = profile.get("token") or "", profile.find("{*}VideoEncoderConfiguration")
    if encoder is None:
        return None
    setup = "<t:Stream>RTP-Unicast</t:Stream><t:Transport><t:Protocol>RTSP</t:Protocol></t:Transport>"
    wanted = f"<StreamSetup>{setup}</StreamSetup><ProfileToken>{escape(token)}</ProfileToken>"
    url = (
        ask(media, f"<GetStreamUri {_MEDIA}>{wanted}</GetStreamUri>", login).findtext(".//{*}Uri") or ""
    ).strip()
    if not url.startswith("rtsp://"):
        return None
    rate = _number(encoder.findtext(".//{*}FrameRateLimit"))
    return Offered(
        url=at_host(url, host),
        name=shown(profile.findtext("{*}Name") or token),
        codec=(encoder.findtext("{*}Encoding") or "").strip().upper()[:16],
        width=round(_number(encoder.findtext(".//{*}Width")) or 0),
        height=round(_number(encoder.findtext(".//{*}Height")) or 0),
        most_hz=rate,
    )


def _number(text: str | None) -> float | None:
    """A number that a camera wrote; None where it is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < 1e5 else None  # noqa: PLR2004 - no picture is wider, no camera is quicker
