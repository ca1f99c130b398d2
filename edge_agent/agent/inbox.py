"""The inbox: what sources heard and people asked, until the next step takes it. Bounded."""

import threading
from collections import deque
from concurrent.futures import Future
from typing import NamedTuple

from edge_agent.clock import Clock
from edge_agent.domain.asked import Asked
from edge_agent.domain.observation import Contact, Observation
from edge_agent.domain.request import Answer, Ask, Request
from edge_agent.domain.words import Words
from edge_agent.store.batch import Seen

# About twenty seconds of 200 readings a second: beyond it the brain is stuck and old values are worthless.
MOST_OBSERVATIONS = 4000
# A source that turns urgent and calm again faster than steps can follow is worn out or hostile: from this
# many waiting words on they are taken all at once, so that it cannot hold up the others.
MOST_HELD_BACK = 500
# People do not ask more than this between two ticks; a flood is refused, not queued. A stop is never refused:
# those who wait for its answer are as many as the desk has places.
MOST_ASKED = 200
# Wakes that come within this time are one step: 200 readings a second must not make 200 steps.
GATHER_S = 0.005


class Filed(NamedTuple):
    """One request, where its answer goes, and the downlink message it came in (to be recorded with it)."""

    asked: Asked
    answer: Future[Answer]
    seen: Seen | None = None


class Inbox:
    """Filled from many threads, emptied by the brain alone."""

    def __init__(self, clock: Clock) -> None:
        """`clock` measures how long steps are apart."""
        self._clock = clock
        self._ready = threading.Condition()
        self._observations: deque[tuple[Observation, bool]] = deque()
        self._asked: deque[Filed] = deque()
        self._urgent = False
        self._dropped = 0

    def put(self, seen: Observation, *, urgent: bool) -> None:
        """One observation, stamped by its source. Never blocks for longer than the brain drains."""
        with self._ready:
            self._observations.append((seen, urgent))
            if len(self._observations) > MOST_OBSERVATIONS:
                self._thin()
            if urgent:
                self._urgent = True
                self._ready.notify()

    def ask(self, asked: Asked, seen: Seen | None = None) -> Future[Answer]:
        """One request; the future holds the brain's answer once the step that took it is recorded."""
        answer: Future[Answer] = Future()
        with self._ready:
            if len(self._asked) >= MOST_ASKED and not _stops(asked):
                busy = Words("请求过多，请稍后再试", "too many requests at once: try again in a moment")
                answer.set_result(Answer(request=asked.id, accepted=False, reasons=(busy,)))
                return answer
            self._asked.append(Filed(asked, answer, seen))
            self._urgent = True
            self._ready.notify()
        return answer

    def take(self, not_before_s: float, until_s: float) -> tuple[tuple[Observation, ...], tuple[Filed, ...]]:
        """What one step consumes: at `until_s`, or once something urgent is here and `not_before_s` is past.

        That is everything that waits, but for words behind an urgent one of the same source: a step sees
        only the last word of each, and a stop button that was let go again must have been seen pressed.
        They are the next step's, which then comes at once.
        """
        with self._ready:
            while True:
                due_s = not_before_s if self._urgent else until_s
                left_s = due_s - self._clock.monotonic()
                if left_s <= 0:
                    break
                self._ready.wait(left_s)
            observations = self._one_step()
            # Who stopped waiting has withdrawn his request; from here on it can no longer be withdrawn.
            asked = tuple(filed for filed in self._asked if filed.answer.set_running_or_notify_cancel())
            self._asked.clear()
            self._urgent = bool(self._observations)
            return observations, asked

    def take_dropped(self) -> int:
        """How many observations were thinned out since last asked."""
        with self._ready:
            dropped, self._dropped = self._dropped, 0
            return dropped

    def _one_step(self) -> tuple[Observation, ...]:
        """Takes out what one step may consume; what would hide an urgent word stays."""
        taken: list[Observation] = []
        held: deque[tuple[Observation, bool]] = deque()
        urgent: set[tuple[type, str, str]] = set()
        in_order = len(self._observations) <= MOST_HELD_BACK
        for seen, is_urgent in self._observations:
            speaker = _speaker(seen)
            if in_order and speaker in urgent:
                held.append((seen, is_urgent))
                continue
            taken.append(seen)
            if is_urgent:
                urgent.add(speaker)
        self._observations = held
        return tuple(taken)

    def _thin(self) -> None:
        """Keep what is urgent and the newest word of every source: its older values add nothing."""
        newest: dict[tuple[type, str, str], Observation] = {}
        for seen, _ in self._observations:
            newest[_speaker(seen)] = seen
        last = {id(seen) for seen in newest.values()}
        kept = deque((seen, urgent) for seen, urgent in self._observations if urgent or id(seen) in last)
        self._dropped += len(self._observations) - len(kept)
        self._observations = kept


def _stops(asked: Asked) -> bool:
    return isinstance(asked, Request) and asked.ask is Ask.STOP


def _speaker(seen: Observation) -> tuple[type, str, str]:
    """Whose earlier word this one replaces: the same kind of source, source, and contact."""
    return type(seen), seen.source, seen.channel if isinstance(seen, Contact) else ""
