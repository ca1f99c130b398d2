"""The settings that the running agent began with, as texts: so that anybody sees what a folder would change.

Copies in the state folder, of what a person writes; no secret file is among them.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from edge_agent.settings.site import Settings

NAME = "running-settings"  # in the state folder
FILES = ("site.toml", "areas.toml", "persons.toml")
BOOKS = "rulebooks"


def texts(folder: Path) -> dict[str, bytes]:
    """The files of a site that people write, by name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in _paths(folder)}


def _paths(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in FILES if (folder / name).is_file())
    yield from sorted((folder / BOOKS).glob("*.toml"))


def copies(state: Path, name: str) -> Iterator[Path]:
    """This file in every copy, also in one that is half made or on its way out."""
    yield from state.glob(f"{NAME}/{name}")
    yield from state.glob(f".{NAME}.*/{name}")


def keep(settings: Settings) -> None:
    """Remember them, whole or as before. Raises OSError."""
    target = settings.state_folder / NAME
    half, old = target.with_name(f".{NAME}.new"), target.with_name(f".{NAME}.old")
    for one in (half, old):
        shutil.rmtree(one, ignore_errors=True)
    half.mkdir(mode=0o750)
    for name, text in texts(settings.folder).items():
        path = half / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
        path.chmod(0o640)
    if target.exists():
        target.rename(old)
    half.rename(target)
    shutil.rmtree(old, ignore_errors=True)
