"""Who is there? WS-Discovery as ONVIF cameras speak it: one question to all, over every way out of the box.

ONVIF Core Specification 7.3; WS-Discovery 1.1 (2005/04). Whatever answers is only believed about itself: a
service address on another host is put back onto the host that answered.
"""

import contextlib
import socket
import struct
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from edge_agent.sense.camera.onvif.soap import SoapError, read

GROUP = ("239.255.255.250", 3702)
ASKED = 2  # times: a datagram may be lost
LONGEST = 65_507  # bytes of a datagram
MOST = 256  # cameras on one network; more is somebody's joke
_PROBE = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing">
<s:Header><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action><a:MessageID>{id}</a:MessageID>
<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>
<s:Body><d:Probe xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">
<d:Types xmlns:n="http://www.onvif.org/ver10/network/wsdl">n:NetworkVideoTransmitter</d:Types></d:Probe></s:Body>
</s:Envelope>"""


class Answered(Struct, frozen=True, kw_only=True, order=True):
    """One camera that answered. Its own words about itself, cut to what can be shown."""

    host: str  # who sent the answer
    service: str  # http address of its device service, on that host
    name: str = ""
    hardware: str = ""


def look_around(wait_s: float, group: tuple[str, int] = GROUP) -> tuple[Answered, ...]:
    """Every camera that answers within `wait_s`, each once, by address. Blocks so long."""
    asked = f"urn:uuid:{uuid.uuid4()}"
    found: dict[str, Answered] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("", 0))
        until_s = time.monotonic() + wait_s
        for turn in range(ASKED):
            _ask(door, asked, group)
            _listen(door, asked, found, until_s - wait_s * (ASKED - 1 - turn) / ASKED)
    return tuple(sorted(found.values()))


def _ask(door: socket.socket, asked: str, group: tuple[str, int]) -> None:
    """The question over every network that is up; one that has no way there is no reason to ask no other."""
    for number in _networks():
        way = struct.pack(
            "=4s4si", bytes(4), bytes(4), number
        )  # struct ip_mreqn: the interface, whatever its address
        with contextlib.suppress(OSError):
            door.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, way)
            door.sendto(_PROBE.format(id=asked).encode(), group)


def _networks() -> Iterator[int]:
    """The numbers of this machine's networks: without netlink, which the agent's unit does not have."""
    for entry in Path("/sys/class/net").iterdir():
        with contextlib.suppress(OSError):  # gone again, or none
            yield socket.if_nametoindex(entry.name)


def _listen(door: socket.socket, asked: str, found: dict[str, Answered], until_s: float) -> None:
    while (left_s := until_s - time.monotonic()) > 0 and len(found) < MOST:
        door.settimeout(left_s)
        try:
            said, (host, _) = door.recvfrom(LONGEST)
        except TimeoutError:
            return
        answer = understood(said, host, asked)
        if answer is not None:
            found[answer.service] = answer


def understood(said: bytes, host: str, asked: str) -> Answered | None:
    """What one datagram from `host` says, or None: no answer, none to `asked`, or none that can be used."""
    try:
        root = read(said)
    except SoapError:
        return None
    if (root.findtext(".//{*}RelatesTo") or "").strip() != asked:
        return None
    service = next((at for at in (root.findtext(".//{*}XAddrs") or "").split() if at.startswith("http://")), None)
    if service is None:
        return None
    scopes = (root.findtext(".//{*}Scopes") or "").split()
    try:
        return Answered(
            host=host,
            service=at_host(service, host),
            name=_scope(scopes, "name"),
            hardware=_scope(scopes, "hardware"),
        )
    except ValueError:  # a port that is no number
        return None


def at_host(address: str, host: str) -> str:
    """The same address on `host`, without user or password; a camera behind a router may not know its own."""
    parts = urlsplit(address)
    where = host if parts.port is None else f"{host}:{parts.port}"
    return parts._replace(netloc=where).geturl()


def _scope(scopes: list[str], what: str) -> str:
    """What a camera calls itself: onvif://www.onvif.org/name/Hall%203."""
    head = f"onvif://www.onvif.org/{what}/"
    said = next((unquote(scope.removeprefix(head)) for scope in scopes if scope.startswith(head)), "")
    return shown(said)


def shown(said: str) -> str:
    """A camera's own words, cut to what can be shown on one line."""
    return "".join(letter for letter in said if letter.isprintable())[:64]
