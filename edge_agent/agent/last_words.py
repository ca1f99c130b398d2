"""What the journal of the boot before says last: until when the box watched, and what its detectors had averaged.

Read before anything is guarded, so it reads no more of a line than it needs, and nothing is decided again.
"""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.clock import Instant
from edge_agent.domain.observation import Quality, Reading
from edge_agent.fuse.gas_average import Exposure, Minutes
from edge_agent.fuse.gas_follow import dosed, woken
from edge_agent.settings.site import Settings
from edge_agent.store import journal
from edge_agent.store.errors import StoreError


class LastWords(Struct, frozen=True, kw_only=True):
    """None: unknown."""

    alive_utc: float | None = None
    exposure: Exposure | None = None


UNKNOWN = LastWords()


class _Track(Struct, frozen=True):
    minutes: Minutes = Minutes()


class _Memory(Struct, frozen=True):
    gas: dict[str, _Track]


class _State(Struct, frozen=True):
    memory: _Memory


class _Kept(Struct, frozen=True):
    exposure: Exposure | None = None


class _Start(Struct, frozen=True):
    """What is wanted of a segment's first line: where it begins, and what was averaged before it."""

    instant: Instant
    kept: _Kept = _Kept()
    state: _State | None = None


class _Said(Struct, frozen=True):
    """What is wanted of an observation: the fields of a reading."""

    type: str
    source: str
    at_s: float
    channel: str = ""
    level: float | None = None
    unit: str = ""
    quality: Quality | None = None
    age_s: float = 0.0


class _Line(Struct, frozen=True):
    instant: Instant
    observations: tuple[_Said, ...] = ()


def last_words(settings: Settings, folder: Path) -> LastWords:
    """Of the newest segment in `folder` that can be read."""
    for segment in reversed(journal.segments(folder)):
        with contextlib.suppress(StoreError, OSError, msgspec.MsgspecError, StopIteration):
            return _of(settings, journal.read(segment))
    return UNKNOWN


def _of(settings: Settings, lines: Iterator[bytes]) -> LastWords:
    start = msgspec.json.decode(next(lines), type=_Start)
    at, minutes = start.instant, _begun(start, settings)
    decoder = msgspec.json.Decoder(_Line)
    for line in lines:
        said = decoder.decode(line)
        at, minutes = said.instant, dosed(minutes, _readings(said.observations), settings)
    return LastWords(alive_utc=at.utc, exposure=Exposure(at=at, minutes=minutes))


def _begun(start: _Start, settings: Settings) -> dict[str, Minutes]:
    """The averages with which it began: those of a running brain, or those of the boot before that one."""
    if start.state is not None:
        return {id_: track.minutes for id_, track in start.state.memory.gas.items() if track.minutes.of}
    return {id_: track.minutes for id_, track in woken(start.kept.exposure, settings, start.instant).items()}


def _readings(said: Iterable[_Said]) -> Iterator[Reading]:
    for one in said:
        if one.type == "reading" and one.quality is not None:
            yield Reading(
                source=one.source,
                at_s=one.at_s,
                channel=one.channel,
                level=one.level,
                unit=one.unit,
                quality=one.quality,
                age_s=one.age_s,
            )
