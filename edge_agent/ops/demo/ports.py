"""Gives a copy of the demo site addresses that are free on this machine."""

import re
import shutil
import socket
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


TABLES = {"uplink": "uplink", "field_broker": "field_broker", "board": "board", "gateway": "buses.gateway-1"}
RELAY_TABLE = re.compile(r"^\[relays\.([a-z0-9-]+)\]", re.MULTILINE)
CAMERA_URL = re.compile(r'(url = "rtsp://127\.0\.0\.1:)(\d+)(/[^"]*")')


def copy_site(source: Path, target: Path) -> Ports:
    """Copy the site folder; every port that is taken is replaced by a free one."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("state", "runtime", "web"))  # of another run
    file = target / "site.toml"
    text = file.read_text(encoding="utf-8")
    found: dict[str, int] = {}
    for name, table in TABLES.items():
        text, found[name] = _table_port(text, table)
    text, found["enrol"] = _table_port(text, "board", "enrol_port")
    relays: dict[str, int] = {}
    for relay in RELAY_TABLE.findall(text):
        text, relays[relay] = _table_port(text, f"relays.{relay}")
    camera = CAMERA_URL.search(text)
    if camera is None:
        raise NotADemo(f"{file}: no camera with an rtsp://127.0.0.1 address")
    found["camera"] = free_port(int(camera[2]))
    text = CAMERA_URL.sub(rf"\g<1>{found['camera']}\g<3>", text)
    file.write_text(text, encoding="utf-8")
    return Ports(**found, relays=relays)


def _table_port(text: str, table: str, key: str = "port") -> tuple[str, int]:
    """The text with this table's port free, and that port."""
    line = re.compile(rf"(^\[{re.escape(table)}\].*\n(?:(?!\[).*\n)*?{key} = )(\d+)", re.MULTILINE)
    match = line.search(text)
    if match is None:
        raise NotADemo(f"the demo site has no {key} in [{table}]")
    port = free_port(int(match[2]))
    return line.sub(rf"\g<1>{port}", text, count=1), port


def free_port(wanted: int) -> int:
    """`wanted` if nothing listens there, otherwise one that the kernel picks."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")
