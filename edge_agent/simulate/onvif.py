"""`onvif`: a camera that is found and asked: WS-Discovery on a multicast group, its services over HTTP.

Written from the ONVIF Core, Media and PTZ specifications. Options: `--host --port` of its HTTP service, `--group
ADDRESS:PORT` where it listens for questions (239.255.255.250:3702), `--login USER:PASSWORD` that it wants as a
UsernameToken, `--rtsp URL` of its main stream (its sub-stream is that with `/sub`), `--clock SECONDS` its clock is
ahead, `--http-digest` (the login as HTTP digest instead), `--ptz` (it can turn, between the presets of PRESETS, in
`--slew SECONDS`).

Commands: `ailment` with `is` = "none", "mute" (hears, says nothing), "elsewhere" (names a service and a stream on
another host), "noise" (answers what is no XML), "doctype" (answers with a document type that swells), "stuck"
(says yes and does not turn), "unknown" (never says where it looks, nor where its presets do), "refuses" (will not
turn); `turn` with `pan`, `tilt`: somebody else steers it.
Observations: `asked` with the operation, `login` whether it was the right one.
"""

import argparse
import asyncio
import re
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, Literal, cast

from edge_agent.simulate import onvif_words
from edge_agent.simulate.control import Command, Say
from edge_agent.simulate.onvif_login import Login

FREE = frozenset({"GetSystemDateAndTime"})  # for everybody, so that a token can be made

PRESETS = {"home": (0.0, 0.0, 0.0), "tank": (0.5, -0.25, 0.4), "yard": (-0.75, 0.1, 0.0)}  # pan, tilt, zoom


class Turn(Command, frozen=True, kw_only=True, tag="turn"):
    """Somebody else steers it."""

    pan: float
    tilt: float


class Ailment(Command, frozen=True, kw_only=True, tag="ailment", rename={"name": "is"}):
    """What is wrong with it from now on."""

    name: Literal["none", "mute", "elsewhere", "noise", "doctype", "stuck", "unknown", "refuses"]


class OnvifCamera:
    """The camera's management side as a Player (control.py)."""

    commands = Ailment | Turn

    def __init__(self, told: argparse.Namespace) -> None:
        """Everything comes from the options."""
        self._told = told
        self._login = Login(told.login, told.clock)
        self._ailment = "none"
        self._from, self._to, self._since_s = PRESETS["home"], PRESETS["home"], float("-inf")
        self._server: asyncio.Server | None = None
        self._ear: asyncio.DatagramTransport | None = None

    async def start(self, say: Say) -> int:
        """Serve HTTP and listen on the group."""
        self._say = say
        self._server = await asyncio.start_server(self._client, self._told.host, self._told.port)
        self._port = int(self._server.sockets[0].getsockname()[1])
        group, _, port = self._told.group.partition(":")
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.bind(("", int(port)))  # its answers must come from its own address
        for number, _ in socket.if_nameindex():
            way = struct.pack("=4s4si", socket.inet_aton(group), bytes(4), number)
            try:
                ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, way)
            except OSError:
                continue  # an interface that is down
        loop = asyncio.get_running_loop()
        self._ear, _ = await loop.create_datagram_endpoint(lambda: _Ear(self), sock=ear)
        return self._port

    async def stop(self) -> None:
        """Close every socket."""
        if self._server is not None:
            self._server.close()
        if self._ear is not None:
            self._ear.close()
        await asyncio.sleep(0)

    async def obey(self, command: Ailment | Turn) -> dict[str, Any]:
        """Fall ill, or recover; be steered."""
        if isinstance(command, Turn):
            self._from = self._to = (command.pan, command.tilt, 0.0)
            return {}
        self._ailment = command.name
        return {}

    def matches(self, asked: bytes) -> bytes | None:
        """The ProbeMatches to a Probe."""
        found = re.search(rb"MessageID[^>]*>\s*([^<\s]+)", asked)
        if found is None or b"NetworkVideoTransmitter" not in asked or self._ailment == "mute":
            return None
        self._say(asked="Probe")
        if self._ailment == "noise":
            return b"\x00\xff what?"
        if self._ailment == "doctype":
            return onvif_words.SWELLING
        return onvif_words.matches(found[1].decode(), self._told.name, f"{self._services()}/device_service")

    def _services(self) -> str:
        host = onvif_words.ELSEWHERE if self._ailment == "elsewhere" else self._told.host
        return f"http://{host}:{self._port}/onvif"

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = re.search(r"(?i)content-length: *(\d+)", head)
            body = await reader.readexactly(int(length[1]) if length else 0)
            status, more, answer = self._answer(head, body.decode())
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: application/soap+xml; charset=utf-8\r\n{more}"
                f"Content-Length: {len(answer)}\r\nConnection: close\r\n\r\n".encode()
                + answer
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, head: str, body: str) -> tuple[str, str, bytes]:
        found = re.search(r"<(?:s:)?Body>\s*<(?:\w+:)?(\w+)", body)
        operation = found[1] if found else ""
        known = self._login.has_digest(head) if self._told.http_digest else self._login.has_token(body)
        self._say(asked=operation, login=known)
        if self._ailment == "noise":
            return "200 OK", "", b"\x00\xff what?"
        if self._ailment == "doctype":
            return "200 OK", "", onvif_words.SWELLING
        if not known and operation not in FREE:
            if self._told.http_digest:
                return "401 Unauthorized", self._login.wanted, b""
            return "400 Bad Request", "", onvif_words.envelope(onvif_words.NOT_AUTHORISED)
        operations: dict[str, Callable[[], str]] = {
            "GetSystemDateAndTime": self._time,
            "GetCapabilities": self._capabilities,
            "GetProfiles": self._profiles,
            "GetPresets": self._presets,
            "GotoPreset": lambda: self._goto(body),
            "GetStatus": self._status,
            "GetStreamUri": lambda: self._uri(sub="<ProfileToken>sub</ProfileToken>" in body),
        }
        inner = operations.get(operation)
        if inner is None:
            return "500 Internal Server Error", "", onvif_words.envelope("<s:Fault/>")
        said = inner()
        return (
            "400 Bad Request" if said == onvif_words.NO_SUCH_PRESET else "200 OK",
            "",
            onvif_words.envelope(said),
        )

    def _time(self) -> str:
        return onvif_words.date_and_time(time.gmtime(time.time() + self._told.clock))

    def _capabilities(self) -> str:
        return onvif_words.capabilities(self._services(), ptz=self._told.ptz)

    def _presets(self) -> str:
        hides = self._ailment == "unknown"
        listed = "".join(
            f'<tptz:Preset token="{token}"><tt:Name>{token}</tt:Name>'
            + ("" if hides else f"<tt:PTZPosition>{onvif_words.position(spot)}</tt:PTZPosition>")
            + "</tptz:Preset>"
            for token, spot in PRESETS.items()
        )
        return f"<tptz:GetPresetsResponse>{listed}</tptz:GetPresetsResponse>"

    def _goto(self, body: str) -> str:
        found = re.search(r"<PresetToken>([^<]*)</PresetToken>", body)
        token = found[1] if found else ""
        if token not in PRESETS or self._ailment == "refuses":
            return onvif_words.NO_SUCH_PRESET
        if self._ailment != "stuck":
            self._from, self._to, self._since_s = self._spot(), PRESETS[token], time.monotonic()
        self._say(turns_to=token)
        return "<tptz:GotoPresetResponse/>"

    def _spot(self) -> tuple[float, float, float]:
        """Where it looks now: on a straight way from where it was."""
        part = min(1.0, (time.monotonic() - self._since_s) / self._told.slew) if self._told.slew > 0 else 1.0
        pan, tilt, zoom = (a + part * (b - a) for a, b in zip(self._from, self._to, strict=True))
        return pan, tilt, zoom

    def _status(self) -> str:
        spot = self._spot()
        state = "IDLE" if spot == self._to else "MOVING"
        where = "" if self._ailment == "unknown" else f"<tt:Position>{onvif_words.position(spot)}</tt:Position>"
        moves = f"<tt:MoveStatus><tt:PanTilt>{state}</tt:PanTilt><tt:Zoom>{state}</tt:Zoom></tt:MoveStatus>"
        status = f"<tptz:PTZStatus>{where}{moves}</tptz:PTZStatus>"
        return f"<tptz:GetStatusResponse>{status}</tptz:GetStatusResponse>"

    def _profiles(self) -> str:
        return (
            "<trt:GetProfilesResponse>"
            + onvif_words.profile("main", "mainStream", "H264", 1920, 1080, 25, ptz=self._told.ptz)
            + onvif_words.profile("sub", "subStream", "H264", 704, 576, 12)
            + '<trt:Profiles token="audio"><tt:Name>audio</tt:Name></trt:Profiles></trt:GetProfilesResponse>'
        )

    def _uri(self, *, sub: bool) -> str:
        url = self._told.rtsp + ("/sub" if sub else "")
        if self._ailment == "elsewhere":
            url = re.sub(r"://[^/:]+", f"://{onvif_words.ELSEWHERE}", url)
        uri = f"<trt:MediaUri><tt:Uri>{url}</tt:Uri></trt:MediaUri>"
        return f"<trt:GetStreamUriResponse>{uri}</trt:GetStreamUriResponse>"


class _Ear(asyncio.DatagramProtocol):
    """Hears the group, answers who asked."""

    def __init__(self, camera: OnvifCamera) -> None:
        self._camera = camera

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # 3.11's class does not say so itself

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._camera.matches(data)
        if answer is not None:
            self._transport.sendto(answer, addr)


def options(parser: argparse.ArgumentParser) -> None:
    """What it can be told at its start."""
    parser.add_argument("--group", default="239.255.255.250:3702")
    parser.add_argument("--login", default="admin:")
    parser.add_argument("--name", default="SIM camera")
    parser.add_argument("--rtsp", default="rtsp://127.0.0.1:554/live")
    parser.add_argument("--clock", type=float, default=0.0)
    parser.add_argument("--http-digest", action="store_true")
    parser.add_argument("--ptz", action="store_true")
    parser.add_argument("--slew", type=float, default=1.0)


def build(told: argparse.Namespace) -> OnvifCamera:
    """The camera of these options."""
    return OnvifCamera(told)
