"""What led to an alarm or a stop: one file per event, and the stills of that moment; the oldest give way.

Written beside the brain. The event itself stands in the records: this is what people look at, and may be lost.
"""

import hashlib
import itertools
import os
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.domain.noted import KeptFile
from edge_agent.store.folder import put_unsynced
from edge_agent.tell.live_curves import Evidence

BEFORE_S = 600.0
# Some 40 kB of curves and 100 kB a picture: a thousand events, and never more than a corner of the smallest disk.
MOST_BYTES = 256 * 1024 * 1024
MASKED = ".masked.jpg"  # the copy that everybody may see; no camera's id has a dot in it
KEEP = ".keep"  # beside an event's file: somebody wants it to stay
OURS = re.compile(r"(?P<seq>[0-9]+)(-.+\.jpg|\.json|\.new|\.keep)")
SOI, APP0, COM, SOS = b"\xff\xd8", b"\xff\xe0", b"\xff\xfe", b"\xff\xda"  # markers of JPEG (ITU-T T.81 Annex B)


class Still(Struct, frozen=True, kw_only=True):
    """One camera's picture of now: where it and its masked copy lie, what is written into and on both."""

    camera: str
    path: Path
    masked: Path | None = None
    stamp: bytes
    fields: tuple[str, ...] = ()


class Shelf:
    """The folder. Raises OSError where the disk refuses."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        """What is there already counts."""
        self._folder, self._most = folder, most_bytes

    def put(self, evidence: Evidence, stills: Iterable[Still]) -> dict[str, tuple[KeptFile, ...]]:
        """Keep it, with a copy of each camera's still as it is now, stamped (a camera without a still has none).

        Returns the copies by camera, with their hashes: for the records.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        seq = evidence.seq
        copied: dict[str, tuple[KeptFile, ...]] = {}
        bare: list[str] = []
        for one in stills:
            pictures = [self._copied(f"{seq}-{one.camera}.jpg", one.path, one)]
            if one.masked is not None:
                pictures.append(self._copied(f"{seq}-{one.camera}{MASKED}", one.masked, one))
            files = tuple(file for file in pictures if file is not None)
            if files:
                copied[one.camera] = files
            bare += [file.name for file in files if not file.name.endswith(MASKED)]
        whole = msgspec.structs.replace(evidence, stills=tuple(bare))
        put_unsynced(self._folder / f"{evidence.seq}.json", msgspec.json.encode(whole))
        self.make_room()
        return copied

    def _copied(self, name: str, source: Path, still: Still) -> KeptFile | None:
        # With the first picture: what draws takes 15 MB, which a box without cameras never needs.
        from edge_agent.field.lettering import lettered  # noqa: PLC0415

        try:
            jpeg = stamped(lettered(source.read_bytes(), still.fields), still.stamp)
        except FileNotFoundError:
            return None
        (self._folder / name).write_bytes(jpeg)
        return KeptFile(name=name, sha256=hashlib.sha256(jpeg).hexdigest(), size=len(jpeg))

    def make_room(self) -> None:
        """Remove the oldest events, each with all its files, until the rest fits. Marked ones stay, uncounted."""
        found = sorted(self._files())
        marked = {seq for seq, path, _ in found if path.suffix == KEEP}
        files = [file for file in found if file[0] not in marked]
        total = sum(size for _, _, size in files)
        for _, of_one in itertools.groupby(files, key=lambda file: file[0]):
            if total <= self._most:
                return
            for _, path, size in of_one:
                path.unlink(missing_ok=True)
                total -= size

    def _files(self) -> Iterable[tuple[int, Path, int]]:
        for entry in os.scandir(self._folder):
            found = OURS.fullmatch(entry.name)
            if found is not None:
                yield int(found["seq"]), Path(entry.path), entry.stat().st_size


def stamped(jpeg: bytes, stamp: bytes) -> bytes:
    """The picture with a comment in it: whose it is goes with it, and under its hash. What is no JPEG stays so."""
    if not jpeg.startswith(SOI):
        return jpeg
    at = 4 + int.from_bytes(jpeg[4:6], "big") if jpeg[2:4] == APP0 else 2  # JFIF's own part stays the first
    return jpeg[:at] + COM + (len(stamp) + 2).to_bytes(2, "big") + stamp + jpeg[at:]


def stamp_of(jpeg: bytes) -> bytes | None:
    """What `stamped` wrote into it; None where there is no such comment."""
    at = 2
    while jpeg[at : at + 1] == b"\xff" and at + 4 <= len(jpeg):
        marker, length = jpeg[at : at + 2], int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker == COM:
            return jpeg[at + 4 : at + 2 + length]
        if marker == SOS:
            return None
        at += 2 + length
    return None
