"""A guard's patrol record: where he was while he guarded a job, one file of JSON lines for each permit.

Kept beside the brain: who checked in when stands in the records, which are sealed; this is his way between. Only
the guard on duty is followed, and only while he is. A point is kept when he has gone some metres, at the latest
after half a minute, and when his place is lost: a gap in it is a gap.
"""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec
from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.decide.state import Inputs, State
from edge_agent.domain.observation import Position
from edge_agent.domain.permit import UNDER_WAY

STEP_M = 3.0  # what jitter explains is no way (docs/domain.md 2.5 G1)
EVERY_S = 30.0
MOST_BYTES = 64 * 1024 * 1024  # some thousand shifts: then the oldest give way


class Point(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the guard was at one moment: metres of the site, or the area alone, or nobody knows."""

    at_utc: float
    guard: str
    tag: str
    x_m: float | None = None
    y_m: float | None = None
    accuracy_m: float | None = None
    zone: str | None = None
    worn: bool | None = None
    clock_trusted: bool = True


def seen(inputs: Inputs, state: State) -> Iterator[tuple[str, Point]]:
    """By permit: what this step heard of guards on duty."""
    heard = [one for one in inputs.observations if isinstance(one, Position)]
    if not heard:
        return
    on_duty = [one for one in state.permits.values() if one.guard is not None and one.state in UNDER_WAY]
    for permit in on_duty:
        person = state.persons.get(permit.guard or "")
        for fix in heard if person is not None else ():
            if person is not None and fix.source == person.tag:
                yield permit.ticket.id, _point(person.id, fix, inputs.instant)


def _point(guard: str, fix: Position, instant: Instant) -> Point:
    return Point(
        at_utc=round(instant.utc - (instant.now_s - fix.at_s) - fix.age_s, 1),
        guard=guard,
        tag=fix.source,
        x_m=None if fix.x_m is None else round(fix.x_m, 1),
        y_m=None if fix.y_m is None else round(fix.y_m, 1),
        accuracy_m=fix.accuracy_m,
        zone=fix.zone,
        worn=fix.worn,
        clock_trusted=instant.trusted,
    )


def is_news(last: Point | None, now: Point) -> bool:
    """Whether this point says more than the last one that was kept. An older fix is none."""
    if last is None or (last.guard, last.tag, last.zone, last.worn) != (now.guard, now.tag, now.zone, now.worn):
        return True
    if now.at_utc <= last.at_utc:
        return False
    if (last.x_m is None) != (now.x_m is None) or now.at_utc - last.at_utc >= EVERY_S:
        return True
    return metres(last, now) >= STEP_M


def metres(one: Point, other: Point) -> float:
    """From one point to another; nought where either has no place."""
    if one.x_m is None or one.y_m is None or other.x_m is None or other.y_m is None:
        return 0.0
    return math.dist((one.x_m, one.y_m), (other.x_m, other.y_m))


class Shelf:
    """The folder of the records. Raises OSError where the disk refuses."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        """What is there already counts."""
        self._folder, self._most = folder, most_bytes

    def add(self, permit: str, points: Iterable[Point]) -> None:
        """Append to the record of one permit, and make room for it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._path(permit).open("ab") as file:
            file.write(b"".join(msgspec.json.encode(point) + b"\n" for point in points))
        self._make_room()

    def read(self, permit: str) -> list[Point]:
        """The points of one permit, oldest first; a line that a power cut tore is left out."""
        try:
            lines = self._path(permit).read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(msgspec.json.decode(line, type=Point))
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
        return found

    def _path(self, permit: str) -> Path:
        return self._folder / f"{quote(permit, safe='')}.jsonl"

    def _make_room(self) -> None:
        files = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in self._folder.glob("*.jsonl"))
        total = sum(size for _, size, _ in files)
        for _, size, path in files[:-1]:  # never the one that is being written
            if total <= self._most:
                return
            path.unlink(missing_ok=True)
            total -= size
