"""What the pages read of a site's settings: who this box is, its folders, where it listens, what cameras see.

And who may see faces. Only these tables are decoded, so that nothing else of the site is in this process.
"""

import tomllib
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.settings.site_itself import FoldersTable
from edge_agent.settings.site_told import BoardTable, PrivacyTable

FILE = "site.toml"


class NotASite(Exception):  # noqa: N818 (says what the folder is not)
    """The settings cannot be used; the message says which file, what is wrong, and how to mend it."""


class Identity(Struct, frozen=True):
    """[site], as far as people are told of it."""

    id: str
    unit: str
    name: Words
    timezone: str = "Asia/Shanghai"
    origin_lat: float = 0.0  # where the site's metres begin
    origin_lon: float = 0.0
    rotation_deg: float = 0.0


class Seen(Struct, frozen=True):
    """One area in a camera's picture."""

    area: str


class Camera(Struct, frozen=True):
    """[cameras.<id>]: the areas that it looks into."""

    areas: tuple[Seen, ...] = ()


class Site(Struct, frozen=True):
    """The site as the pages know it. Paths are whole."""

    site: Identity
    folders: FoldersTable = FoldersTable()
    board: BoardTable = BoardTable()
    cameras: dict[str, Camera] = {}
    privacy: PrivacyTable = PrivacyTable()


class Folders(Struct, frozen=True, kw_only=True):
    """Where the settings are, the agent's files, and the pages' own."""

    site: Path
    runtime: Path
    state: Path
    web: Path


def read(folder: Path) -> Site:
    """The site in `folder`. Raises NotASite."""
    file = folder / FILE
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Site)
    except OSError as fault:
        raise NotASite(f"{file}: {fault.strerror}. Give the folder of the site that the agent runs.") from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as fault:
        raise NotASite(f"{file}: {fault}. `edge-agent check {folder}` lists every fault.") from fault


def cameras_now(folder: Path, otherwise: Site) -> dict[str, Camera]:
    """The cameras as the settings have them now: one may have been entered since the pages began."""
    try:
        return read(folder).cameras
    except NotASite:
        return otherwise.cameras


def folders(folder: Path, site: Site) -> Folders:
    """The folders of `site`; a relative path begins at the site's own folder."""
    table = site.folders
    return Folders(site=folder, runtime=folder / table.runtime, state=folder / table.state, web=folder / table.web)
