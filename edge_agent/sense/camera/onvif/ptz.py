"""Turning a camera: its presets, going to one, and where it looks by its own word: its PTZ service.

ONVIF PTZ Service Specification: GetPresets, GotoPreset, GetStatus; Core 8.1.2 (GetCapabilities). Positions are the
camera's own normalised values (generic spaces: -1 to 1, zoom 0 to 1).
"""

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.words import Words
from edge_agent.sense.camera.onvif.discovery import Answered, at_host
from edge_agent.sense.camera.onvif.media import ahead_s
from edge_agent.sense.camera.onvif.soap import Login, RefusedError, SoapError, ask

NEAR = 0.02  # of a full turn: what mechanics and rounding leave between a preset and where it comes to rest
_DEVICE = 'xmlns="http://www.onvif.org/ver10/device/wsdl"'
_MEDIA = 'xmlns="http://www.onvif.org/ver10/media/wsdl"'
_PTZ = 'xmlns="http://www.onvif.org/ver20/ptz/wsdl"'
NO_PTZ = Words("摄像机没有 ONVIF 云台服务", "this camera offers no PTZ service over ONVIF")
REFUSES = Words("拒绝转到预置位 {preset}", "refuses to turn to preset {preset}")
NOT_DONE = Words("云台指令执行失败", "says that it cannot do this")
NO_PLACE = Words("摄像机没有报告云台位置", "the camera does not say where it looks")


class Spot(Struct, frozen=True, kw_only=True):
    """Where a camera looks, in its own normalised values."""

    pan: float
    tilt: float
    zoom: float = 0.0

    def near(self, other: "Spot") -> bool:
        """Whether both are the same place, as far as a camera can tell."""
        pairs = ((self.pan, other.pan), (self.tilt, other.tilt), (self.zoom, other.zoom))
        return all(abs(one - two) <= NEAR for one, two in pairs)


class Status(Struct, frozen=True, kw_only=True):
    """What a camera says of itself now; `moves` None: it does not say."""

    spot: Spot
    moves: bool | None


class Turner(Struct, frozen=True, kw_only=True):
    """One camera's PTZ service and the media profile that turns it."""

    service: str
    profile: str
    login: Login | None

    def presets(self) -> dict[str, Spot | None]:
        """By token: where each looks, None where the camera does not say. Raises SoapError."""
        said = self._ask(f"<GetPresets {_PTZ}>{self._who}</GetPresets>")
        return {one.get("token") or "": _spot(one.find("{*}PTZPosition")) for one in said.iter() if _named(one)}

    def goto(self, preset: str) -> None:
        """Begin to turn. Raises SoapError where the camera refuses."""
        try:
            self._ask(f"<GotoPreset {_PTZ}>{self._who}<PresetToken>{escape(preset)}</PresetToken></GotoPreset>")
        except RefusedError:  # it has just told its presets to the very same login
            raise SoapError(REFUSES.filled(preset=preset)) from None

    def status(self) -> Status:
        """Where it looks now. Raises SoapError, also where it does not say."""
        said = self._ask(f"<GetStatus {_PTZ}>{self._who}</GetStatus>")
        spot = _spot(said.find(".//{*}PTZStatus/{*}Position"))
        if spot is None:
            raise SoapError(NO_PLACE)
        moves = {(one.text or "").strip() for one in said.findall(".//{*}PTZStatus/{*}MoveStatus/*")}
        return Status(spot=spot, moves="MOVING" in moves if moves & {"MOVING", "IDLE"} else None)

    @property
    def _who(self) -> str:
        return f"<ProfileToken>{escape(self.profile)}</ProfileToken>"

    def _ask(self, body: str) -> Element:
        said = ask(self.service, body, self.login)
        if said.find(".//{*}Fault") is not None:
            raise SoapError(NOT_DONE)
        return said


def turner(device: str, login: Login | None) -> Turner:
    """The PTZ service of the camera at `device`, and its first profile that can turn. Raises SoapError."""
    host = urlsplit(device).hostname or ""
    if login is not None:
        login = replace(login, ahead_s=ahead_s(Answered(host=host, service=device)) or 0.0)
    said = ask(device, f"<GetCapabilities {_DEVICE}><Category>All</Category></GetCapabilities>", login)
    media, ptz = (_address(said, kind, host) for kind in ("Media", "PTZ"))
    if media is None or ptz is None:
        raise SoapError(NO_PTZ)
    profiles = ask(media, f"<GetProfiles {_MEDIA}/>", login).findall(".//{*}Profiles")
    for profile in profiles:
        if profile.find("{*}PTZConfiguration") is not None:
            return Turner(service=ptz, profile=profile.get("token") or "", login=login)
    raise SoapError(NO_PTZ)


def _address(said: Element, kind: str, host: str) -> str | None:
    """A service's address, on the host that was asked: whatever it answers leads nowhere else."""
    address = (said.findtext(f".//{{*}}{kind}/{{*}}XAddr") or "").strip()
    return at_host(address, host) if address.startswith("http://") else None


def _named(one: Element) -> bool:
    return one.tag.rpartition("}")[2] == "Preset" and bool(one.get("token"))


def _spot(position: Element | None) -> Spot | None:
    if position is None:
        return None
    turn, zoom = position.find("{*}PanTilt"), position.find("{*}Zoom")
    if turn is None:
        return None
    try:
        pan, tilt = float(turn.get("x") or ""), float(turn.get("y") or "")
        close = 0.0 if zoom is None else float(zoom.get("x") or "")
    except ValueError:
        return None
    fits = all(abs(one) <= 1 for one in (pan, tilt, close))  # also says no to nan
    return Spot(pan=pan, tilt=tilt, zoom=close) if fits else None
