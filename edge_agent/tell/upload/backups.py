"""The newest sealed backup to the same store, part by part between pieces of evidence, where [backup] send is on.

A backup that newer ones have overtaken is not sent any more. What has arrived stands in a small file, so that the
doctor can tell how old the newest one there is; only a good answer to its last part makes it so.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words
from edge_agent.settings.site_backup import named_like
from edge_agent.store.far_folder import FarFolder
from edge_agent.store.folder import put
from edge_agent.tell.upload.advance import More, advance
from edge_agent.tell.upload.answers import Refused
from edge_agent.tell.upload.door import Later
from edge_agent.tell.upload.parcels import MIB, Altered, split
from edge_agent.tell.upload.progress import Kept
from edge_agent.tell.upload.way import Parcel, Way
from edge_agent.tell.upload.wire import BackupSent, UploadConfig

NO_EVENT = 0  # a backup is told by no event
CHANGED = Words("备份在上传时被改动", "the backup was changed while it was sent")


class Arrived(Struct, frozen=True, kw_only=True):
    """The newest backup that the store has taken whole; `address` "" where only the centre knows."""

    name: str
    sha256: str
    size: int
    utc: float
    address: str = ""


def arrived(path: Path) -> Arrived | None:
    """What stands in the file; None where there is none that can be read: then nobody knows of any."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Arrived)
    except (OSError, msgspec.MsgspecError):
        return None


class Backups:
    """One at a time. Killed anywhere, it sends a part twice at worst."""

    def __init__(
        self, config: UploadConfig, sent: BackupSent, way: Way, utc: Callable[[], float] = time.time
    ) -> None:
        """`utc` gives seconds. Nothing is sent before `carry`."""
        self._config, self._way, self._utc = config, way, utc
        self._folder, self._patience_s = Path(sent.folder), sent.patience_s
        self._kept, self._there = Kept(Path(sent.state)), Path(sent.arrived)
        self._looked_at: Parcel | None = None

    def due(self) -> str | None:
        """The name of the newest, if the store does not have it. Raises OSError where the folder does not say."""
        try:
            with FarFolder(self._folder, self._patience_s) as far:
                found = far.names(named_like(self._config.site, self._config.unit))
        except (FileNotFoundError, NotADirectoryError):  # not mounted: whoever makes backups says so
            return None
        last = arrived(self._there)
        return found[-1] if found and (last is None or last.name != found[-1]) else None

    def carry(self, name: str) -> None:
        """One part of it. Raises Later where it is to be tried again, OSError where a disk refuses or hangs."""
        try:
            with FarFolder(self._folder, self._patience_s) as far, far.opened(name) as bytes_:
                whole = self._whole(bytes_, name)
                advance(self._way, self._kept, f"{NO_EVENT}/{name}", whole, bytes_)
        except More:
            return
        except FileNotFoundError:  # it made room for a newer one
            return
        except Refused as refused:
            raise Later(refused.words) from refused
        except Altered as fault:
            self._looked_at = None
            raise Later(CHANGED) from fault
        self._looked_at = None
        at = Arrived(
            name=whole.name,
            sha256=whole.sha256,
            size=whole.size,
            utc=self._utc(),
            address=self._way.address(whole),
        )
        put(self._there, msgspec.json.encode(at))
        self._kept.settle(NO_EVENT, frozenset())

    def _whole(self, file: BinaryIO, name: str) -> Parcel:
        """Its parts; hashed once, not for each part."""
        if self._looked_at is None or self._looked_at.name != name:
            sha256, size, parts = split(file, self._config.part_mb * MIB)
            self._looked_at = Parcel(name=name, sha256=sha256, size=size, seq=NO_EVENT, parts=parts)
        return self._looked_at
