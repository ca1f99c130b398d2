"""Keeps what every gas channel measured, minute by minute, for people's charts (store/history.py).

Called by the recorder's thread alone. What the disk refuses waits, and a damaged file is put aside: without its
past a chart is shorter, and nothing else changes.
"""

import logging
from collections import deque
from pathlib import Path

from edge_agent.clock import Instant
from edge_agent.domain.words import NOTHING, Words
from edge_agent.store.errors import StoreError, StoreFault
from edge_agent.store.history import MINUTE_S, ORDER, History, Minute
from edge_agent.store.store import quarantine
from edge_agent.tell.curves import LETTERS, STEP_S, UNHEARD, Closed, Point

log = logging.getLogger(__name__)

MOST_WAITING = 50_000  # minutes that wait for the disk: then the oldest give way
ROOM_EVERY_S = 3600.0
CLOCK_BAD = "k"


class GasHistory:
    """Minutes as they grow, written once they are over."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened yet: a file that cannot be is tried again with each minute."""
        self._path = path
        self._file: History | None = None
        self._open: dict[str, Minute] = {}
        self._waiting: deque[Minute] = deque(maxlen=MOST_WAITING)
        self._room_s = 0.0

    def take(self, closed: Closed, instant: Instant) -> Words:
        """Take over the steps that were just closed; says what is wrong with the file, if anything is."""
        for channel, (first, points) in closed.items():
            for step, point in enumerate(points, start=first):
                self._hear(channel, instant.utc + step * STEP_S - instant.now_s, point or UNHEARD, instant)
        return self._write(instant) if self._waiting else NOTHING

    def end(self, instant: Instant) -> None:
        """Write the minutes that are not over yet: after a restart the rest of them is added."""
        self._waiting.extend(self._open.values())
        self._open.clear()
        wrong = self._write(instant)
        if wrong:
            log.error("the gas history lacks its last minute: %s", wrong.en)
        if self._file is not None:
            self._file.close()

    def _hear(self, channel: str, at_utc: float, point: Point, instant: Instant) -> None:
        minute = int(at_utc // MINUTE_S)
        before = self._open.get(channel)
        if before is not None and before.minute != minute:
            self._waiting.append(before)
            before = None
        letter = LETTERS[point.quality] if instant.trusted else CLOCK_BAD
        self._open[channel] = _with(before, channel, minute, point.level, letter)

    def _write(self, instant: Instant) -> Words:
        try:
            file = self._opened(instant.utc)
            file.keep(self._waiting)
            self._waiting.clear()
            if instant.now_s >= self._room_s:
                file.make_room(instant.utc if instant.trusted else None)
                self._room_s = instant.now_s + ROOM_EVERY_S
        except StoreError as fault:
            return fault.words
        return NOTHING

    def _opened(self, now_utc: float) -> History:
        if self._file is None:
            try:
                self._file = History(self._path)
            except StoreError as fault:
                if fault.fault is not StoreFault.CORRUPT:
                    raise
                log.exception("the gas history is damaged and put aside: %s", quarantine(self._path, now_utc))
                self._file = History(self._path)
        return self._file


def _with(before: Minute | None, channel: str, minute: int, level: float | None, letter: str) -> Minute:
    """A minute with one more step."""
    numbers = () if level is None else (level,)
    if before is None:
        return Minute(
            channel=channel,
            minute=minute,
            low=level,
            high=level,
            total=sum(numbers),
            numbers=len(numbers),
            seconds=int(STEP_S),
            worst=letter,
        )
    return Minute(
        channel=channel,
        minute=minute,
        low=min((*numbers, *_known(before.low)), default=None),
        high=max((*numbers, *_known(before.high)), default=None),
        total=before.total + sum(numbers),
        numbers=before.numbers + len(numbers),
        seconds=before.seconds + int(STEP_S),
        worst=max(before.worst, letter, key=ORDER.index),
    )


def _known(level: float | None) -> tuple[float, ...]:
    return () if level is None else (level,)
