"""Gives a copy of the demo site addresses that are free on this machine, and holds them until they are used."""

import errno
import re
import shutil
import socket
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct


class NotADemo(Exception):  # noqa: N818 (says what the folder is not)
    """The site has not what the demo plays."""


class Ports(Struct, frozen=True, kw_only=True):
    """The port of each part of the demo; `relays` by the relay module's id."""

    uplink: int
    field_broker: int
    board: int
    enrol: int
    gateway: int
    camera: int
    relays: dict[str, int]
    claims: tuple[int, ...]  # descriptors: the ports stay this demo's own while any process keeps them open


HERE = "127.0.0.1"
CLAIM = "\0edge-agent-demo-port-{port}"  # an abstract socket: no file that stays behind
TABLES = {"uplink": "uplink", "field_broker": "field_broker", "board": "board", "gateway": "buses.gateway-1"}
RELAY_TABLE = re.compile(r"^\[relays\.([a-z0-9-]+)\]", re.MULTILINE)
CAMERA_URL = re.compile(r'(url = "rtsp://127\.0\.0\.1:)(\d+)(/[^"]*")')


def copy_site(source: Path, target: Path, held: ExitStack) -> Ports:
    """Copy the site folder; a port that is taken is replaced by a free one, no other demo's while `held`."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("state", "runtime", "web"))  # of another run
    file = target / "site.toml"
    text = file.read_text(encoding="utf-8")
    claims = Claims(held)
    found: dict[str, int] = {}
    for name, table in TABLES.items():
        text, found[name] = _table_port(text, table, claims)
    text, found["enrol"] = _table_port(text, "board", claims, "enrol_port")
    relays: dict[str, int] = {}
    for relay in RELAY_TABLE.findall(text):
        text, relays[relay] = _table_port(text, f"relays.{relay}", claims)
    camera = CAMERA_URL.search(text)
    if camera is None:
        raise NotADemo(f"{file}: no camera with an rtsp://127.0.0.1 address")
    found["camera"] = claims.free_port(int(camera[2]))
    text = CAMERA_URL.sub(rf"\g<1>{found['camera']}\g<3>", text)
    file.write_text(text, encoding="utf-8")
    return Ports(**found, relays=relays, claims=claims.kept)


def _table_port(text: str, table: str, claims: "Claims", key: str = "port") -> tuple[str, int]:
    """The text with this table's port free, and that port."""
    line = re.compile(rf"(^\[{re.escape(table)}\].*\n(?:(?!\[).*\n)*?{key} = )(\d+)", re.MULTILINE)
    match = line.search(text)
    if match is None:
        raise NotADemo(f"the demo site has no {key} in [{table}]")
    port = claims.free_port(int(match[2]))
    return line.sub(rf"\g<1>{port}", text, count=1), port


class Claims:
    """Ports that no other demo of this machine is given.

    That nothing listens there is not enough: a second demo may ask before the servers of the first begin, or
    while one of them is stopped as part of the play, and then one's box commands the other's relay. So each
    port has a name in the kernel, which one alone can have and which goes with its last process.
    """

    def __init__(self, held: ExitStack) -> None:
        """Everything claimed is given back at the end of `held`."""
        self._held = held
        self.kept: tuple[int, ...] = ()

    def free_port(self, wanted: int) -> int:
        """`wanted` if it is nobody's, otherwise one that the kernel picks."""
        if wanted and self._claim(wanted):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HERE, wanted))
                except OSError:
                    pass
                else:
                    return wanted
        while not self._claim(port := picked_port(self._held)):
            pass
        return port

    def _claim(self, port: int) -> bool:
        """Whether it was nobody's claim until now."""
        name = self._held.enter_context(socket.socket(socket.AF_UNIX))
        try:
            name.bind(CLAIM.format(port=port))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                return False
            raise
        self.kept += (name.fileno(),)
        return True


def picked_port(held: ExitStack) -> int:
    """A port of the kernel's choice, which it gives to nobody else while it is held.

    Without that any connection that goes out of this machine may be given it before its server begins. A server
    that reuses addresses, as all of ours do, listens there all the same.
    """
    holder = held.enter_context(socket.socket())
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((HERE, 0))
    return int(holder.getsockname()[1])
