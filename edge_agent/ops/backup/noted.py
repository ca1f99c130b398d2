"""What the box itself keeps of its backups: small files, so that nobody steps into a share that hangs."""

import contextlib
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.ops.folders import BACKUP_FAILED, BACKUP_MADE, BACKUP_SINCE
from edge_agent.settings.site_backup import BackupTable
from edge_agent.store.folder import put

Note = TypeVar("Note", bound=Struct)
FOR_ALL = 0o644  # made by root or by the box, read by the box


class LastMade(Struct, frozen=True, kw_only=True):
    """The newest that was written whole: where, under which name, and when it was begun."""

    into: str
    name: str
    utc: float


class LastFailed(Struct, frozen=True, kw_only=True):
    """Why the newest try came to nothing."""

    utc: float
    why: Words


class Since(Struct, frozen=True, kw_only=True):
    """Since when the box has been set up to be backed up there: its first one is due from then on."""

    into: str
    utc: float


def note_made(state_folder: Path, made: LastMade) -> None:
    """It counts from now on. Raises OSError."""
    put(state_folder / BACKUP_MADE, msgspec.json.encode(made), FOR_ALL)
    (state_folder / BACKUP_FAILED).unlink(missing_ok=True)


def note_failed(state_folder: Path, failed: LastFailed) -> None:
    """For people: a disk that does not take this note has a fault of its own that is told."""
    with contextlib.suppress(OSError):
        put(state_folder / BACKUP_FAILED, msgspec.json.encode(failed), FOR_ALL)


def note_since(state_folder: Path, since: Since) -> None:
    """Raises OSError."""
    put(state_folder / BACKUP_SINCE, msgspec.json.encode(since), FOR_ALL)


def last_made(state_folder: Path, table: BackupTable) -> LastMade | None:
    """None: none that went where the site wants it, or nobody knows of any."""
    made = _noted(state_folder / BACKUP_MADE, LastMade)
    return made if made is not None and made.into == table.into else None


def last_failed(state_folder: Path) -> LastFailed | None:
    """None: no try has failed since the last good one."""
    return _noted(state_folder / BACKUP_FAILED, LastFailed)


def set_up_since(state_folder: Path, table: BackupTable) -> float | None:
    """UTC; None: nobody has written it down yet."""
    since = _noted(state_folder / BACKUP_SINCE, Since)
    return since.utc if since is not None and since.into == table.into else None


def _noted(file: Path, kind: type[Note]) -> Note | None:
    """None: it is not there, or cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None
