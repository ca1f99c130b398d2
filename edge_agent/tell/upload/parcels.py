"""From a file that the records name to what is sent: its bytes are looked at first, and must be those recorded."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from edge_agent.domain.noted import KeptFile
from edge_agent.field.film.names import COPY
from edge_agent.field.film.writer import PART
from edge_agent.settings.site_upload import Kind
from edge_agent.tell.evidence import MASKED
from edge_agent.tell.upload.way import Parcel, Part
from edge_agent.tell.upload.wire import UploadConfig

MIB = 1024 * 1024


class NotThere(Exception):  # noqa: N818 (an old file gave way to newer ones)
    """The file is not on the disk any more."""


class Altered(Exception):  # noqa: N818 (a finding about the file)
    """Its bytes are not those that the records tell of: it is not sent as if they were."""


def kind_of(kind: str, name: str) -> Kind | None:
    """By which word of the site's `what` a file of this kind of evidence leaves; what nobody foresaw stays."""
    match kind:
        case "still":
            return "masked" if name.endswith(MASKED) else "faces"
        case "clip":
            return "masked_clips" if name.endswith(COPY) else "clips"
        case "permit":
            return "films"
        case _:
            return None


def folder_of(config: UploadConfig, kind: str) -> Path:
    """Where files of this kind of evidence lie."""
    return Path(config.stills if kind == "still" else config.films)


def coming(path: Path) -> bool:
    """Whether a film will be called so in a moment: it gets its lasting name once the records have its hash."""
    return not path.exists() and (path.with_suffix(PART).exists() or path.exists())


def opened(folder: Path, name: str) -> BinaryIO:
    """The file, and never one outside its folder. Raises NotThere, and OSError where the disk refuses."""
    path = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise NotThere
    try:
        return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
    except FileNotFoundError:
        raise NotThere from None


def parcel(file: BinaryIO, kept: KeptFile, seq: int, part_bytes: int) -> Parcel:
    """What is sent of it, each part with its hash. Raises Altered."""
    sha256, size, parts = split(file, part_bytes)
    if (sha256, size) != (kept.sha256, kept.size):
        raise Altered
    return Parcel(name=kept.name, sha256=sha256, size=size, seq=seq, parts=parts)


def split(file: BinaryIO, part_bytes: int) -> tuple[str, int, tuple[Part, ...]]:
    """The hash and the size of the whole, and its parts; an empty file is one part."""
    whole, offset = hashlib.sha256(), 0
    parts: list[Part] = []
    while body := file.read(part_bytes):
        whole.update(body)
        sha256 = hashlib.sha256(body).hexdigest()
        parts.append(Part(number=len(parts) + 1, offset=offset, length=len(body), sha256=sha256))
        offset += len(body)
    sha256 = whole.hexdigest()
    return sha256, offset, tuple(parts) or (Part(number=1, offset=0, length=0, sha256=sha256),)


def body_of(file: BinaryIO, part: Part) -> bytes:
    """The part's bytes. Raises Altered if somebody writes into the file meanwhile."""
    file.seek(part.offset)
    body = file.read(part.length)
    if hashlib.sha256(body).hexdigest() != part.sha256:
        raise Altered
    return body
