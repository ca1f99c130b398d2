"""What a camera says over ONVIF, as XML: envelopes, faults, profiles, positions, presets."""

import time
from urllib.parse import quote

ELSEWHERE = "192.0.2.77"
SWELLING = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
NAMES = (
    'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tds="http://www.onvif.org/ver10/device/wsdl" '
    'xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:ter="http://www.onvif.org/ver10/error" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl"'
)
NOT_AUTHORISED = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value></s:Subcode></s:Code>"
    "<s:Reason><s:Text>Sender not authorized</s:Text></s:Reason></s:Fault>"
)
NO_SUCH_PRESET = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NoToken</s:Value></s:Subcode></s:Code>"
    "<s:Reason><s:Text>No such preset</s:Text></s:Reason></s:Fault>"
)


def position(spot: tuple[float, float, float]) -> str:
    """Where it looks."""
    pan, tilt, zoom = spot
    return f'<tt:PanTilt x="{pan:.4f}" y="{tilt:.4f}"/><tt:Zoom x="{zoom:.4f}"/>'


def profile(  # noqa: PLR0913, PLR0917
    token: str, name: str, codec: str, width: int, height: int, rate: int, *, ptz: bool = False
) -> str:
    """One profile of a stream."""
    turns = '<tt:PTZConfiguration token="ptz"/>' if ptz else ""
    return (
        f'<trt:Profiles token="{token}"><tt:Name>{name}</tt:Name><tt:VideoEncoderConfiguration token="{token}">'
        f"<tt:Encoding>{codec}</tt:Encoding><tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height>"
        f"</tt:Resolution><tt:RateControl><tt:FrameRateLimit>{rate}</tt:FrameRateLimit></tt:RateControl>"
        f"</tt:VideoEncoderConfiguration>{turns}</trt:Profiles>"
    )


def envelope(inner: str) -> bytes:
    """What is sent."""
    return f'<?xml version="1.0"?><s:Envelope {NAMES}><s:Body>{inner}</s:Body></s:Envelope>'.encode()


def matches(of: str, name: str, service: str) -> bytes:
    """The answer to a Probe, whose message id is `of`."""
    scopes = f"onvif://www.onvif.org/name/{quote(name)} onvif://www.onvif.org/hardware/SIM-1"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" '
        'xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header>'
        f"<w:RelatesTo>{of}</w:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch>"
        f"<d:Scopes>{scopes}</d:Scopes>"
        f"<d:XAddrs>{service}</d:XAddrs>"
        "</d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>"
    ).encode()


def date_and_time(now: time.struct_time) -> str:
    """What its clock says, in UTC."""
    return (
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime>"
        f"<tt:Time><tt:Hour>{now.tm_hour}</tt:Hour><tt:Minute>{now.tm_min}</tt:Minute>"
        f"<tt:Second>{now.tm_sec}</tt:Second></tt:Time><tt:Date><tt:Year>{now.tm_year}</tt:Year>"
        f"<tt:Month>{now.tm_mon}</tt:Month><tt:Day>{now.tm_mday}</tt:Day></tt:Date>"
        "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


def capabilities(services: str, *, ptz: bool) -> str:
    """Where its services are; it can turn where `ptz`."""
    turns = f"<tt:PTZ><tt:XAddr>{services}/ptz</tt:XAddr></tt:PTZ>" if ptz else ""
    return (
        "<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media>"
        f"<tt:XAddr>{services}/media_service</tt:XAddr>"
        f"</tt:Media>{turns}</tds:Capabilities></tds:GetCapabilitiesResponse>"
    )
