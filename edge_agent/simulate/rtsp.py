"""One RTSP connection (RFC 2326): requests are answered, pictures sent interleaved over the same TCP."""

import asyncio
import contextlib
from base64 import b64encode
from collections.abc import Callable, Coroutine
from typing import Any

from msgspec import Struct

from edge_agent.simulate.dice import dice
from edge_agent.simulate.h264 import PPS, PPS_265, SPS, SPS_265, VPS_265, Film
from edge_agent.simulate.rtp import PAYLOAD_TYPE, Sender

PUBLIC = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER, SET_PARAMETER"
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    454: "Session Not Found",
}
REASONS |= {461: "Unsupported Transport"}
Show = Callable[["Connection"], Coroutine[Any, Any, None]]


class Request(Struct, frozen=True, kw_only=True):
    """What a client asks; header names in lower case."""

    method: str
    url: str
    headers: dict[str, str]


class Door(Struct, frozen=True, kw_only=True):
    """What a client must know to come in: the path, and `login` (user:password, asked for by Basic)."""

    path: str
    login: str = ""
    udp_only: bool = False  # nobody comes in over TCP


class Connection:
    """One client. `show` streams pictures from PLAY to TEARDOWN; `heard` hears what was asked."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        number: int,
        door: Door,
        show: Show,
    ) -> None:
        """`number` makes session, SSRC and starting values of this client."""
        chance = dice("rtsp", number)
        self.writer = writer
        self.peer = "{}:{}".format(*writer.get_extra_info("peername")[:2])
        self.sender = Sender(chance.getrandbits(32), chance.getrandbits(16), chance.getrandbits(32))
        self._reader = reader
        self._door = door
        self._show = show
        self._asked = "Basic " + b64encode(door.login.encode()).decode() if door.login else ""
        self._session = f"{chance.getrandbits(48):012X}"
        self._set_up = False
        self._showing: asyncio.Task[None] | None = None

    async def serve(self, film: Film, *, mute: Callable[[], bool], heard: Callable[[str, str], None]) -> None:
        """Answer until the client leaves; while `mute()` nothing is answered."""
        try:
            while request := await self._request():
                heard(request.method, self.peer)
                if not mute():
                    self.writer.write(self._admitted(request, film))
                if request.method == "TEARDOWN":
                    return
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return  # the client left, or does not speak RTSP
        finally:
            await self._end()

    async def _end(self) -> None:
        if self._showing is not None:
            self._showing.cancel()
        with contextlib.suppress(OSError):
            await self.writer.drain()
            self.writer.close()
            await self.writer.wait_closed()

    async def _request(self) -> Request | None:
        """The next request; the client's own RTCP packets are skipped."""
        while (first := await self._reader.readexactly(1)) == b"$":
            header = await self._reader.readexactly(3)
            await self._reader.readexactly(int.from_bytes(header[1:], "big"))
        text = (first + await self._reader.readuntil(b"\r\n\r\n")).decode(errors="replace")
        line, *rest = text.strip().split("\r\n")
        words = line.split()
        if len(words) != 3 or not words[2].startswith("RTSP/"):  # noqa: PLR2004 - method, url, version
            return None
        pairs = (header.partition(":") for header in rest)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        length = headers.get("content-length", "0")
        await self._reader.readexactly(int(length) if length.isdigit() else 0)
        return Request(method=words[0], url=words[1], headers=headers)

    def _admitted(self, request: Request, film: Film) -> bytes:
        if self._asked and request.headers.get("authorization") != self._asked:
            return _text(request, 401, {"WWW-Authenticate": 'Basic realm="camera"'})
        return self._reply(request, film)

    def _reply(self, request: Request, film: Film) -> bytes:
        match request.method:
            case "OPTIONS":
                return _text(request, 200, {"Public": PUBLIC})
            case "DESCRIBE":
                return self._describe(request, film)
            case "SETUP":
                return self._setup(request)
            case "PLAY" if self._set_up and self._showing is None:
                return self._play(request)
            case "GET_PARAMETER" | "SET_PARAMETER" | "TEARDOWN" | "PLAY":
                known = request.headers.get("session", self._session).split(";")[0] == self._session
                return _text(request, 200 if known else 454, {"Session": self._session})
            case _:
                return _text(request, 405, {"Allow": PUBLIC})

    def _describe(self, request: Request, film: Film) -> bytes:
        if self._door.path not in request.url:
            return _text(request, 404)
        kind = {"Content-Type": "application/sdp", "Content-Base": request.url.rstrip("/") + "/"}
        return _text(request, 200, kind, describe(film))

    def _setup(self, request: Request) -> bytes:
        asked = request.headers.get("transport", "")
        if "RTP/AVP/TCP" not in asked or self._door.udp_only:
            return _text(request, 461)
        self._set_up = True
        ours = f"RTP/AVP/TCP;unicast;interleaved=0-1;ssrc={self.sender.ssrc:08X}"
        return _text(request, 200, {"Transport": ours, "Session": f"{self._session};timeout=60"})

    def _play(self, request: Request) -> bytes:
        start = f"url={request.url};seq={self.sender.sequence};rtptime={self.sender.stamp(0)}"
        self._showing = asyncio.create_task(self._show(self))
        return _text(request, 200, {"Session": self._session, "Range": "npt=now-", "RTP-Info": start})


def describe(film: Film) -> str:
    """The session description (SDP) of a film (RFC 6184 8.2, RFC 7798 7.2)."""
    lines = (
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=simulated camera",
        "t=0 0",
        "a=control:*",
        f"m=video 0 RTP/AVP {PAYLOAD_TYPE}",
        "c=IN IP4 0.0.0.0",
        f"a=rtpmap:{PAYLOAD_TYPE} {'H264' if film.codec == 'h264' else 'H265'}/90000",
        f"a=fmtp:{PAYLOAD_TYPE} {_parameters(film)}",
        f"a=framerate:{film.rate_hz:.3f}",
        "a=control:trackID=0",
    )
    return "\r\n".join(lines) + "\r\n"


def _parameters(film: Film) -> str:
    """What a decoder has to know before the first picture."""
    if film.codec == "hevc":
        kinds = {"vps": VPS_265, "sps": SPS_265, "pps": PPS_265}
        return "; ".join(
            f"sprop-{name}={b64encode(film.parameter_set(kind)).decode()}" for name, kind in kinds.items()
        )
    sps, pps = film.parameter_set(SPS), film.parameter_set(PPS)
    sets = ",".join(b64encode(nal).decode() for nal in (sps, pps))
    return f"packetization-mode=1; profile-level-id={sps[1:4].hex().upper()}; sprop-parameter-sets={sets}"


def _text(request: Request, code: int, headers: dict[str, str] | None = None, body: str = "") -> bytes:
    lines = [f"RTSP/1.0 {code} {REASONS[code]}", f"CSeq: {request.headers.get('cseq', '0')}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines.append(f"Content-Length: {len(body.encode())}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
