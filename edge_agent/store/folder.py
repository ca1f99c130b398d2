"""Files surely on the disk: what a rename or a new file needs beside its own sync, and small whole ones."""

import os
from pathlib import Path

NEW = ".new"


def sync_folder(folder: Path) -> None:
    """The names in the folder are on the disk when this returns. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes, mode: int | None = None) -> None:
    """A small file, on the disk when this returns; `mode` before anything of it stands there. Raises OSError."""
    with path.open("wb") as file:
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def put(path: Path, content: bytes, mode: int | None = None) -> None:
    """The same at once or not at all: a power cut leaves the one before, or this. Raises OSError."""
    half = _beside(path)
    write(half, content, mode)
    half.replace(path)
    sync_folder(path.parent)


def put_unsynced(path: Path, content: bytes, mode: int | None = None) -> None:
    """So for whoever reads it meanwhile alone: for what a power cut may take (/run, pictures). Raises OSError."""
    half = _beside(path)
    with half.open("wb") as file:
        if mode is not None:
            os.fchmod(file.fileno(), mode)
        file.write(content)
    half.replace(path)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}{NEW}")
