"""What else goes to the centre with the next commit, and how much of the disk may wait for it.

The keeper's, like the rest of what is kept; filled from other threads.
"""

import contextlib
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from msgspec.structs import asdict, replace

from edge_agent.clock import Clock
from edge_agent.domain.asked import Asked
from edge_agent.domain.noted import MessagesDropped
from edge_agent.store.batch import Outgoing, Seen, Voice
from edge_agent.store.errors import StoreError
from edge_agent.store.room import Dropped
from edge_agent.store.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")
# Rows told again in one commit: about 100 kB, with five steps a second some 250 events a second.
MOST_AGAIN = 50
LOOK_S = 60.0  # how often is looked whether too much waits for the centre


class Outward:
    """`tell`, `heard` and `measured` may be called from any thread; the rest is the brain's."""

    def __init__(self, clock: Clock, store: Store, ask: Callable[[Asked], object]) -> None:
        """`ask` takes what is for the record."""
        self._clock, self._store, self._ask = clock, store, ask
        self._again: deque[Outgoing] = deque()
        self._measured: deque[Outgoing] = deque()
        self._heard: deque[Seen] = deque()
        self._voice: Voice | None = None
        self._look_s = clock.monotonic() + LOOK_S
        self._failing = False
        self._untold = 0  # messages with measured values for which a failing disk had no room
        self._drops = 0

    def tell(self, rows: Sequence[Outgoing]) -> None:
        """What is told beside what a step decides: figures of now, and events that the centre has lost."""
        self._again.extend(rows)

    def heard(self, seen: Seen) -> None:
        """A word of the centre that led to nothing but itself: never obeyed twice."""
        self._heard.append(seen)

    def measured(self, rows: Sequence[Outgoing]) -> None:
        """Messages with measured values; while the disk fails they are the first to go."""
        if self._failing:
            self._untold += len(rows)
        else:
            self._measured.extend(rows)

    def take(self) -> tuple[tuple[Outgoing, ...], tuple[Seen, ...]]:
        """What goes with the next commit; what is told again a little at a time, so that no step waits for it."""
        again = drained(self._again, MOST_AGAIN)
        return again + drained(self._measured), drained(self._heard)

    def changed(self, voice: Voice | None) -> Voice | None:
        """What the events' envelopes say, where it is not what they said before."""
        if voice is None or (self._voice is not None and voice == replace(self._voice, first_seq=voice.first_seq)):
            return None
        self._voice = voice
        return voice

    def fails(self, *, full: bool) -> None:
        """The disk refused a commit. On a full one telemetry makes room for what happened."""
        self._failing = True
        if full:
            with contextlib.suppress(StoreError):  # then the next step tries again
                self._tell(self._store.make_room(full=True))

    def works(self) -> None:
        """A commit went through: now and then, what waits is held to its share. Raises StoreError."""
        self._failing = False
        now_s = self._clock.monotonic()
        if now_s < self._look_s and not self._untold:
            return
        self._look_s = now_s + LOOK_S
        self._tell(self._store.make_room())
        if self._untold:
            self._tell([Dropped(kind="telemetry", count=self._untold)])
            self._untold = 0

    def _tell(self, dropped: Sequence[Dropped]) -> None:
        """The gap itself is an event."""
        for one in dropped:
            log.warning("%d messages (%s) for the centre gave way", one.count, one.kind)
            self._drops += 1
            self._ask(MessagesDropped(id=f"drop-{self._drops}", at_s=self._clock.monotonic(), **asdict(one)))


def drained(waiting: deque[T], most: int | None = None) -> tuple[T, ...]:
    """What other threads left here, in its order; `most` of it."""
    count = len(waiting) if most is None else min(most, len(waiting))
    return tuple(waiting.popleft() for _ in range(count))
