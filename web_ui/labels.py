"""What a site has that bears a label: its places (posts, check points, doors) and devices, as the settings say.

A label leads whoever scans it to a page of the box. It is printed, so it proves nobody's presence: for that the
box's own screen shows a code that changes.
"""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import quote

import msgspec
from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from web_ui.words import say

T = TypeVar("T")

Kind = Literal["point", "camera", "device"]
GONE = (0, 0)
SITE, AREAS = "site.toml", "areas.toml"
PATHS: dict[str, str] = {"point": "/at/", "camera": "/cameras/", "device": "/detectors?of="}


class Label(Struct, frozen=True, kw_only=True):
    """One label; `path` is the page that its code leads to, `place` the area that a device is meant for."""

    kind: Kind
    id: str
    name: Words
    place: Words = NOTHING
    path: str
    says: Words  # what a scan shows


class _Row(Struct, frozen=True):
    name: Words = NOTHING
    area: str = ""


class _Site(Struct, frozen=True):
    cameras: dict[str, _Row] = {}
    gas: dict[str, _Row] = {}
    gauges: dict[str, _Row] = {}
    weather: dict[str, _Row] = {}
    relays: dict[str, _Row] = {}
    wearables: dict[str, _Row] = {}


class _Area(Struct, frozen=True):
    id: str
    name: Words


class _Areas(Struct, frozen=True):
    areas: tuple[_Area, ...] = ()


class NoSettings(Exception):  # noqa: N818 (says what is not there)
    """A file cannot be read; the message says which and why."""


def labels(folder: Path) -> tuple[Label, ...]:
    """Places first, then cameras and devices; read anew when a file has changed. Raises NoSettings."""
    return _of(folder, tuple(_stamp(folder / name) for name in (SITE, AREAS)))


@lru_cache(maxsize=2)
def _of(folder: Path, stamps: tuple[tuple[int, int], ...]) -> tuple[Label, ...]:
    site = _read(folder / SITE, _Site)
    areas = _read(folder / AREAS, _Areas).areas if stamps[1] != GONE else ()
    return tuple(_all(site, {one.id: one.name for one in areas}))


def _stamp(file: Path) -> tuple[int, int]:
    try:
        stat = file.stat()
    except OSError:
        return GONE
    return stat.st_mtime_ns, stat.st_ino


def address(kind: str, id_: str) -> str:
    """The page of it."""
    return PATHS[kind] + quote(id_, safe="")


def _all(site: _Site, areas: dict[str, Words]) -> Iterator[Label]:
    for id_, name in areas.items():
        yield _label("point", id_, name)
    for id_, row in site.cameras.items():
        yield _label("camera", id_, row.name)
    for rows in (site.gas, site.gauges, site.weather, site.relays, site.wearables):
        for id_, row in rows.items():
            yield _label("device", id_, row.name, areas.get(row.area, NOTHING))


def _label(kind: Kind, id_: str, name: Words, place: Words = NOTHING) -> Label:
    says, path = say("labels", f"says_{kind}"), address(kind, id_)
    return Label(kind=kind, id=id_, name=name or Words(id_, id_), place=place, path=path, says=says)


def _read(file: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), kind)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        raise NoSettings(f"{file.name}: {fault}") from fault
