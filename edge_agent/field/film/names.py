"""How films are called: <permit>/<camera>/<begin>-<kind>.part, and .film once the records know the hash."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from edge_agent.field.film.writer import PART

KNOWN = ".film"
COPY = ".masked.mp4"  # beside a film of an event: a copy in which nobody can be recognised, in the clear
HALF = ".half.mp4"  # ... while it is made
KEEP = ".keep"  # beside a film: somebody, or something, wants it to stay
NOBODYS = "unit"  # the folder of what stood around an event of no permit
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_NAME = re.compile(r"(?P<utc>[0-9]{8}T[0-9]{6}\.[0-9]{3}Z)-(?P<kind>permit|clip)(?P<state>\.part|\.film)")
_UTC = "%Y%m%dT%H%M%S.%f"


class FilmFile(Struct, frozen=True, kw_only=True):
    """One film by its name alone; `size` with its masked copy."""

    path: Path
    permit: str
    camera: str
    kind: str
    began_utc: float
    size: int
    written_utc: float  # when something was last written to it
    known: bool

    @property
    def marked(self) -> bool:
        """Whether it is to stay whatever its age."""
        return keep_file(self.path).exists()


def path_of(folder: Path, permit: str, camera: str, kind: str, began_utc: float) -> Path:
    """Where a film that begins now is written."""
    moment = datetime.fromtimestamp(began_utc, UTC)
    text = moment.strftime(_UTC)[:-3]
    return folder / _plain(permit or NOBODYS) / _plain(camera) / f"{text}Z-{kind}{PART}"


def _plain(name: str) -> str:
    """A name from outside is never a way to another folder."""
    return name if PLAIN.fullmatch(name) else "".join(c if c.isalnum() else f"%{ord(c):x}" for c in name)[:63]


def keep_file(path: Path) -> Path:
    """The mark of a film; the same before and after its hash is known."""
    return path.with_suffix(KEEP)


def shown_name(token: str, person: str) -> str:
    """Of what was made of a film for somebody: who else comes by the token (the records tell it) finds nothing."""
    return f"{token}.{hashlib.sha256(person.encode()).hexdigest()[:16]}"


def copy_file(path: Path) -> Path:
    """The masked copy of a film."""
    return path.with_suffix(COPY)


def remove(film: FilmFile) -> None:
    """The film, and what was made of it. Raises OSError."""
    for path in (film.path.with_suffix(HALF), copy_file(film.path), film.path):
        path.unlink(missing_ok=True)


def films(folder: Path) -> list[FilmFile]:
    """Every film in the folder, the oldest first. What is not ours is left alone."""
    found = []
    for path in folder.glob("*/*/*"):
        name = _NAME.fullmatch(path.name)
        if name is None:
            continue
        try:
            stat = path.stat()
        except FileNotFoundError:  # it was removed or renamed meanwhile
            continue
        began = datetime.strptime(name["utc"][:-1], _UTC).replace(tzinfo=UTC)
        found.append(
            FilmFile(
                path=path,
                permit=path.parts[-3],
                camera=path.parts[-2],
                kind=name["kind"],
                began_utc=began.timestamp(),
                size=stat.st_size + _size(copy_file(path)),
                written_utc=stat.st_mtime,
                known=name["state"] == KNOWN,
            )
        )
    return sorted(found, key=lambda film: (film.began_utc, film.path))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
