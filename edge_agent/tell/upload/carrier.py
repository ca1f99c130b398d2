"""Carries one piece of evidence after the other to the store; each as far as it comes, then the next."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from edge_agent.domain.noted import Fate, KeptFile, SentFile
from edge_agent.domain.outcome import Event
from edge_agent.tell.upload.advance import advance
from edge_agent.tell.upload.answers import Refused
from edge_agent.tell.upload.parcels import MIB, Altered, NotThere, folder_of, kind_of, opened, parcel
from edge_agent.tell.upload.progress import Kept
from edge_agent.tell.upload.way import Parcel, Way
from edge_agent.tell.upload.wire import UploadConfig


class Carrier:
    """One at a time. Killed anywhere, it sends a part twice at worst."""

    def __init__(self, config: UploadConfig, way: Way, kept: Kept) -> None:
        """Nothing is sent before `carry`."""
        self._config, self._way, self._kept = config, way, kept
        self._looked_at: dict[str, Parcel] = {}  # of the film under way, so that it is not hashed for each part

    def carry(self, event: Event) -> tuple[SentFile, ...]:
        """Every allowed file of one event, and what became of each.

        Raises More after each part of a film but the last, Later where the store is not reached or lets nobody in,
        OSError where our own disk refuses.
        """
        return tuple(self._one(event, file) for file in self._files(event))

    def _files(self, event: Event) -> Iterator[KeptFile]:
        kind = event.data["kind"]
        for file in msgspec.convert(event.data["files"], tuple[KeptFile, ...]):
            if kind_of(kind, file.name) in self._config.what:
                yield file

    def _one(self, event: Event, file: KeptFile) -> SentFile:
        key = f"{event.seq}/{file.name}"
        fate = self._kept.of(key).fate
        if fate is None:
            fate = self._fate(event, file, key)
            self._looked_at.pop(key, None)
            self._kept.mark(key, replace(self._kept.of(key), fate=fate))
        address = self._way.address(_named(file, event.seq)) if fate == "sent" else ""
        return SentFile(name=file.name, sha256=file.sha256, size=file.size, fate=fate, address=address)

    def _fate(self, event: Event, file: KeptFile, key: str) -> Fate:
        try:
            self._send(folder_of(self._config, event.data["kind"]), file, event.seq, key)
        except NotThere:
            return "gone"
        except Altered:
            return "altered"
        except Refused:
            return "refused"
        return "sent"

    def _send(self, folder: Path, file: KeptFile, seq: int, key: str) -> None:
        with opened(folder, file.name) as bytes_:
            whole = self._looked_at.get(key) or parcel(bytes_, file, seq, self._config.part_mb * MIB)
            self._looked_at = {key: whole}
            advance(self._way, self._kept, key, whole, bytes_)


def _named(file: KeptFile, seq: int) -> Parcel:
    return Parcel(name=file.name, sha256=file.sha256, size=file.size, seq=seq, parts=())
