"""The cameras' stills: only for cameras that the live picture names, only while they are current.

Everybody is shown the masked copy. Without one there is none: the picture with faces never stands in for it.
"""

import os
from collections.abc import Callable
from pathlib import Path

from edge_agent.tell.live import Live
from edge_agent.tell.photos import FOLDER, file_of

# A still whose file is older than this is not shown at all: an old picture of an empty tank looks
# exactly like a live one. The agent replaces it at least once a second while the camera is judged.
CURRENT_S = 10.0
LARGEST_BYTES = 8_000_000
MASKED = ".masked.jpg"
JPEG_MAGIC = b"\xff\xd8\xff"


def known(live: Live | None, camera: str) -> bool:
    """Whether the live picture names this camera (the only way a name reaches the disk)."""
    return live is not None and any(one.id == camera for one in live.cameras) and plain(camera)


def plain(camera: str) -> bool:
    """Site ids are a-z, 0-9, _ and -; anything else could leave the folder, whoever wrote it."""
    return camera.isascii() and camera.replace("-", "").replace("_", "").isalnum()


def current(runtime: Path, name: str, utc: Callable[[], float]) -> bytes | None:
    """The JPEG of a `known` camera, or None when there is none, it is too old or it is not one."""
    return _jpeg(runtime / name, lambda modified_utc: abs(utc() - modified_utc) <= CURRENT_S)


def of_event(evidence: Path, name: str) -> bytes | None:
    """The JPEG that was kept with an event; its camera is `plain`."""
    return _jpeg(evidence / name, lambda _: True)


def of_phone(evidence: Path, sha256: str) -> bytes | None:
    """The picture with this hash that somebody took with a phone."""
    return _jpeg(file_of(evidence / FOLDER, sha256), lambda _: True)


def raw_name(camera: str, seq: int | None = None) -> str:
    """The picture with faces: the current one, or that of an event. So it is called in the records."""
    return f"{camera}.jpg" if seq is None else f"{seq}-{camera}.jpg"


def masked_name(camera: str, seq: int | None = None) -> str:
    """The copy of it that everybody may see."""
    return raw_name(camera, seq).replace(".jpg", MASKED)


def _jpeg(file: Path, fits: Callable[[float], bool]) -> bytes | None:
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as opened:
        stat = os.fstat(handle)
        if not fits(stat.st_mtime) or stat.st_size > LARGEST_BYTES:
            return None
        try:
            picture = opened.read()
        except OSError:
            return None
    return picture if picture.startswith(JPEG_MAGIC) else None
