"""What was reckoned last of the disk (ops/disk_use.py), as the pages' figures and the health message read it."""

from pathlib import Path

import msgspec
from msgspec import Struct

NAME = "disk.json"  # in the state folder


class Sample(Struct, frozen=True, kw_only=True):
    """Bytes by class at one moment; `written` are the bytes that the disk has taken since its boot, if it says."""

    utc: float
    boot: str
    bytes: dict[str, int]
    written: int | None = None


class Use(Struct, frozen=True, kw_only=True):
    """One class now. `most`: its quota, None where rows are counted; `per_day`: None, not known yet."""

    bytes: int
    most: int | None
    per_day: float | None


class Disk(Struct, frozen=True, kw_only=True):
    """All of it, and the disk itself. `written_per_day` is what a card wears by; `days_left` at this rate."""

    utc: float
    free: int
    size: int
    classes: dict[str, Use]
    written_per_day: float | None = None
    days_left: float | None = None


class Kept(Struct, frozen=True, kw_only=True):
    """The file: what is told, and the samples it is reckoned from."""

    now: Disk
    samples: tuple[Sample, ...] = ()


def kept(state_folder: Path) -> Kept | None:
    """What was reckoned last; None where nothing was, or it cannot be read."""
    try:
        return msgspec.json.decode((state_folder / NAME).read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError):
        return None
