"""`camera`: an RTSP camera that loops an H.264 or H.265 film, for several clients; over TCP interleaved only.

Options: `--host --port`, `--clip FILE` (H.264 or H.265 in any container) or `--synthetic SECONDS` (moving shapes),
`--path live`, `--login USER:PASSWORD` (asked for by Basic), `--udp-only` (461 over TCP too).
The address is rtsp://<host>:<port>/<path>; SETUP over UDP is answered 461, and clients
then try TCP by themselves.

Commands (`cmd` and its fields, every one may carry `id`):
- `freeze`: the last key frame again and again with running timestamps: a healthy stream, a still picture
- `dark`: almost black pictures with sensor noise
- `drop`: seven in ten of the pictures between two key frames never leave the camera
- `stall`: connections stay open, requests are answered, no packet comes
- `mute`: nothing is answered and no packet comes (a new client waits for ever)
- `garbage`: `kind` = "pictures" (NAL units with random bodies) or "bytes" (random bytes on the connection)
- `gone`: closes the connections and refuses new ones
- `scene`: the pictures of another film, `clip`, of the same size, once; then the film again
- `back`: the film again, whatever was wrong
- `status`: answers mode, clients (who are being shown pictures), pictures (sent so far)
Observations: `asked` with method and `peer` (DESCRIBE, PLAY, TEARDOWN), `client` "shown"/"left" with `peer`, and
`scene` with the number of the scene's picture that is sent now, from 0, with `peer`.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from edge_agent.simulate.camera_commands import Back, Dark, Drop, Freeze, Garbage, Gone, Mute, Scene, Stall, Status
from edge_agent.simulate.clip import write_clip, write_dark
from edge_agent.simulate.control import Command, Refused, Say
from edge_agent.simulate.dice import dice
from edge_agent.simulate.h264 import CLOCK_HZ, AccessUnit, Film, read_film
from edge_agent.simulate.reel import Reel
from edge_agent.simulate.rtsp import Connection, Door

Mode = Literal["film", "freeze", "dark", "stall", "mute", "pictures", "bytes", "drop", "gone", "scene"]
DROPPED = 0.7  # of the pictures that are no key frames, in the mode "drop"
LATE_S = 1.0  # a client that is this late loses pictures, as at a real camera
TOLD = frozenset({"DESCRIBE", "PLAY", "TEARDOWN"})


class Camera:
    """The camera as a Player (control.py)."""

    commands = Freeze | Dark | Drop | Stall | Mute | Garbage | Gone | Scene | Back | Status

    def __init__(self, film: Film, *, host: str, port: int, door: Door) -> None:
        """Films from now on."""
        self._film = film
        self._address = (host, port)
        self._door = door
        self._mode: Mode = "film"
        self._since_s = time.monotonic()
        self._numbers = itertools.count(1)
        self._chance = dice("camera")
        self._connections: set[Connection] = set()
        self._shown: set[Connection] = set()
        self._pictures = 0
        self._darkness: Film | None = None
        self._scene: tuple[int, Film] = (0, film)  # how many have been asked for, and the newest
        self._server: asyncio.Server | None = None

    async def start(self, say: Say) -> int:
        """Listen."""
        self._say = say
        await self._listen()
        return self._address[1]

    async def stop(self) -> None:
        """Close every socket."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in tuple(self._connections):
            connection.writer.transport.abort()
        await asyncio.sleep(0)

    async def obey(self, command: Command) -> dict[str, Any]:
        """Do one command (see the top of this file)."""
        match command:
            case Status():
                return {"mode": self._mode, "clients": len(self._shown), "pictures": self._pictures}
            case Gone():
                self._mode = "gone"
                await self.stop()
            case Back():
                self._mode = "film"
                await self._listen()
            case _:
                await self._turn_to(command)
        return {}

    async def _turn_to(self, command: Command) -> None:
        if self._server is None:
            raise Refused("the camera is gone: first say back")
        match command:
            case Freeze():
                self._mode = "freeze"
            case Dark():
                self._darkness = self._darkness or await asyncio.to_thread(_film_darkness, self._film)
                self._mode = "dark"
            case Drop():
                self._mode = "drop"
            case Stall():
                self._mode = "stall"
            case Mute():
                self._mode = "mute"
            case Garbage():
                self._mode = command.kind
            case Scene():
                self._scene = (self._scene[0] + 1, await asyncio.to_thread(self._readable, Path(command.clip)))
                self._mode = "scene"

    def _readable(self, clip: Path) -> Film:
        """A film that may stand in the place of this one."""
        try:
            film = read_film(clip)
        except (OSError, ValueError) as fault:
            raise Refused(f"{clip}: {fault}") from None
        if (film.size_px, film.codec) != (self._film.size_px, self._film.codec):
            raise Refused(
                f"{clip}: {film.codec} {film.size_px}, the film is {self._film.codec} {self._film.size_px}"
            )
        return film

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._client, *self._address)
            host, _ = self._address
            self._address = (host, int(self._server.sockets[0].getsockname()[1]))

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(reader, writer, number=next(self._numbers), door=self._door, show=self._show)
        self._connections.add(connection)
        try:
            await connection.serve(self._film, mute=lambda: self._mode == "mute", heard=self._heard)
        finally:
            self._connections.discard(connection)

    def _heard(self, method: str, peer: str) -> None:
        if method in TOLD:
            self._say(asked=method, peer=peer)

    async def _show(self, connection: Connection) -> None:
        """Pictures to one client in real time, until it leaves."""
        self._shown.add(connection)
        self._say(client="shown", peer=connection.peer)
        try:
            await self._roll(connection)
        except OSError:
            pass  # the client has closed its end
        finally:
            self._shown.discard(connection)
            self._say(client="left", peer=connection.peer)

    async def _roll(self, connection: Connection) -> None:
        begun_s = time.monotonic()
        position = int((begun_s - self._since_s) * CLOCK_HZ) % self._film.period
        reel = Reel(self._film, self._film.key_at(position))
        dark = itertools.cycle(self._darkness.units) if self._darkness else None
        while not connection.writer.is_closing():
            due_s = begun_s + reel.tick / CLOCK_HZ
            await asyncio.sleep(max(0.0, due_s - time.monotonic()))
            late_s = time.monotonic() - due_s
            if late_s > LATE_S:
                reel.skip(int(late_s * CLOCK_HZ))
            if self._mode == "dark" and dark is None and self._darkness:
                dark = itertools.cycle(self._darkness.units)
            await self._send(connection, reel, dark)

    async def _send(self, connection: Connection, reel: Reel, dark: Iterator[AccessUnit] | None) -> None:
        match self._mode:
            case "film":
                unit = reel.film()
            case "drop":
                unit = reel.film()
                if not unit.key and self._chance.random() < DROPPED:
                    return
            case "freeze":
                unit = reel.instead()
            case "dark" if dark is not None:
                unit = reel.instead(next(dark))
            case "scene":
                unit = self._of_scene(reel, connection.peer)
            case "pictures":
                unit = self._scramble(reel.instead())
            case "bytes":
                reel.instead()
                connection.writer.write(self._chance.randbytes(2000))
                await connection.writer.drain()
                return
            case _:
                reel.skip(self._film.frame_ticks)
                return
        connection.writer.write(connection.sender.picture(unit.nals, unit.pts, self._film.codec))
        self._pictures += 1
        await connection.writer.drain()

    def _of_scene(self, reel: Reel, peer: str) -> AccessUnit:
        """The scene's next picture, told of; the film's, once it is over."""
        found = reel.scene(*self._scene)
        if found is None:
            self._mode = "film"
            return reel.film()
        self._say(scene=found[0], peer=peer)
        return found[1]

    def _scramble(self, unit: AccessUnit) -> AccessUnit:
        """NAL units whose headers are right and whose bodies are noise."""
        nals = tuple(nal[:1] + self._chance.randbytes(max(1, len(nal) - 1)) for nal in unit.nals)
        return AccessUnit(nals=nals, pts=unit.pts, dts=unit.dts, key=unit.key)


def _film_darkness(film: Film) -> Film:
    with tempfile.TemporaryDirectory(prefix="edge-agent-dark-") as folder:
        path = Path(folder) / "dark.mp4"
        return read_film(write_dark(path, size_px=film.size_px, rate_hz=max(1, round(film.rate_hz))))


def options(parser: argparse.ArgumentParser) -> None:
    """What may be said on the command line."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--clip", type=Path, metavar="FILE")
    source.add_argument("--synthetic", type=float, metavar="SECONDS")
    parser.add_argument("--path", default="live")
    parser.add_argument("--login", default="", metavar="USER:PASSWORD")
    parser.add_argument("--udp-only", action="store_true")


def build(args: argparse.Namespace) -> Camera:
    """The camera that the command line asks for."""
    if args.clip:
        film = read_film(args.clip)
    else:
        with tempfile.TemporaryDirectory(prefix="edge-agent-clip-") as folder:
            film = read_film(write_clip(Path(folder) / "shapes.mp4", seconds=args.synthetic))
    door = Door(path="/" + args.path.lstrip("/"), login=args.login, udp_only=args.udp_only)
    return Camera(film, host=args.host, port=args.port, door=door)
