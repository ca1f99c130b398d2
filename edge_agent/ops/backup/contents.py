"""What goes into a backup: the site's settings with its secrets, and what the box itself must not lose.

Not in it: the journal (of this boot and disk), films and pictures (they have ways of their own: [upload]).
"""

import hashlib
import io
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import apsw
import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words, WordsError
from edge_agent.ops.folders import DATABASE, HISTORY, MESSAGES, PATROLS, SPARKPLUG, UPLOADS
from edge_agent.ops.unit_key import NAME as UNIT_KEY
from edge_agent.settings.site import Settings
from edge_agent.store.errors import from_database
from edge_agent.store.reader import Reader

MANIFEST = "manifest.json"
SITE, STATE, WEB = "site", "state", "web"
PLAIN = (UNIT_KEY, SPARKPLUG, UPLOADS)
DATABASES = (HISTORY, MESSAGES)  # beside the records
TRUST = ("*.pem", "*.crt", "*.key")  # of the pages: by these phones know the box


class Head(Struct, frozen=True, kw_only=True):
    """What a backup says of itself without a key. `final`: the unit was retired with it, nothing came after.

    `signed_by`: the public key of the unit, whose signature ends the file; empty: made before they were signed.
    """

    schema: int = 1
    source: str
    program: str
    made_utc: float
    seq: int
    rows: int
    head: str
    final: bool = False
    signed_by: str = ""


def copied(path: Path, into: Path) -> None:
    """A database as it stands at one moment, beside whoever writes it. Raises StoreError."""
    try:
        source = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        target = apsw.Connection(str(into))
        source.set_busy_timeout(2000)
        with target.backup("main", source, "main") as copying:
            copying.step()  # all in one go: what is written meanwhile stands in the WAL and holds nobody up
        target.pragma("journal_mode", "delete")
        target.close()
        source.close()
    except apsw.Error as trouble:
        raise from_database(trouble, path) from trouble


def head_of(settings: Settings, copy: Path, made_utc: float, signed_by: str, *, final: bool) -> Head:
    """Where the copied records end."""
    site = settings.site.site
    with Reader.open(copy) as records:
        rows, head = records.end()
        newest = records.recent(1)
    return Head(
        source=f"edge/{site.id}/{site.unit}",
        program=version("edge-agent"),
        made_utc=made_utc,
        seq=newest[0].seq if newest else 0,
        rows=rows,
        head=head,
        final=final,
        signed_by=signed_by,
    )


def files(settings: Settings, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Every file of it, by the name that it has in the backup. The records' copy lies in `scratch` already."""
    state = settings.state_folder
    own = {
        folder.resolve()
        for folder in (state, settings.runtime_folder, settings.folder / settings.site.folders.web)
    }
    for path in sorted(settings.folder.rglob("*")):
        inside = any(path.resolve().is_relative_to(folder) for folder in own)
        if path.is_file() and not inside and "__pycache__" not in path.parts:
            yield f"{SITE}/{path.relative_to(settings.folder)}", path
    yield f"{STATE}/{DATABASE}", scratch / DATABASE
    for name in DATABASES:
        if (state / name).is_file():
            copied(state / name, scratch / name)
            yield f"{STATE}/{name}", scratch / name
    for path in [*(state / name for name in PLAIN), *sorted((state / PATROLS).glob("*"))]:
        if path.is_file():
            yield f"{STATE}/{path.relative_to(state)}", path
    web = settings.folder / settings.site.folders.web
    for path in sorted({path for kind in TRUST for path in web.glob(kind)}):
        if path.is_file():
            yield f"{WEB}/{path.name}", path


def pack(out: Any, listed: list[tuple[str, Path]], head: Head) -> list[str]:
    """One tar, gzip'd, into `out`; the last file lists the others. Returns what could not be read, by name."""
    named: dict[str, str] = {}
    left_out: list[str] = []
    with tarfile.open(fileobj=out, mode="w|gz", format=tarfile.PAX_FORMAT) as tar:
        for name, path in listed:
            try:
                with path.open("rb") as file:
                    named[name] = hashlib.file_digest(file, "sha256").hexdigest()
                    _add(tar, name, file, path.stat().st_mode & 0o777)
            except PermissionError:
                left_out.append(name)
        manifest = {"head": msgspec.to_builtins(head), "files": named}
        _add(tar, MANIFEST, io.BytesIO(msgspec.json.encode(manifest)), 0o600)
    return left_out


def _add(tar: tarfile.TarFile, name: str, file: BinaryIO, mode: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = file.seek(0, io.SEEK_END), mode
    file.seek(0)
    tar.addfile(info, file)


def unpacked(stream: Any, into: Path) -> tuple[Head, dict[str, str]]:
    """Unpack into an empty folder, every file against its hash. Raises WordsError where one is another."""
    with tarfile.open(fileobj=stream, mode="r|gz") as tar:
        _laid(tar, into)
    try:
        manifest = msgspec.json.decode((into / MANIFEST).read_bytes())
        head = msgspec.convert(manifest["head"], Head)
        named: dict[str, str] = manifest["files"]
    except (OSError, KeyError, msgspec.MsgspecError) as fault:
        raise WordsError(Words("备份中没有清单", f"the backup has no list of its files: {fault}")) from fault
    for name, digest in named.items():
        with (into / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != digest:
            raise WordsError(
                Words(f"备份中的 {name} 与清单不符", f"{name} of the backup is not what its list says")
            )
    return head, named


def _laid(tar: tarfile.TarFile, into: Path) -> None:
    """Plain files below `into`, nothing else. By hand: the tarfile of Debian 12 (3.11.2) knows no filter."""
    for one in tar:
        name, content = PurePosixPath(one.name), tar.extractfile(one) if one.isreg() else None
        if content is None or name.is_absolute() or ".." in name.parts:
            raise WordsError(
                Words(
                    f"备份中的 {one.name} 不应存在",
                    f"{one.name} has no business in a backup: get another copy of it",
                )
            )
        place = into / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with content, place.open("xb") as file:
            shutil.copyfileobj(content, file)
        place.chmod(one.mode & 0o755)


def scratch_beside(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    """On the same disk, closed to others."""
    return tempfile.TemporaryDirectory(prefix=".backup-", dir=folder)
