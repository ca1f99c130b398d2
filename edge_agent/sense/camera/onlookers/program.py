"""The program that shows live pictures to whoever looks on: `python -m edge_agent.sense.camera.onlookers.program`.

It only reads what the others have written into shared memory, is behind everything else (nice 19), and rests three
times as long as it works: at most a quarter of one core, however many look on. It may be killed at any time.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.field.onlookers import Asked, CameraPulses, Shown
from edge_agent.sense.camera.child import NICE, begin, say
from edge_agent.sense.camera.lines import OnlookersLine, OnlookersOrder
from edge_agent.sense.camera.onlookers.door import Door
from edge_agent.sense.camera.onlookers.pulse import Pulse

if TYPE_CHECKING:
    from edge_agent.sense.camera.onlookers.gallery import Gallery

BEHIND = 19  # nice(2)
TICK_S = 0.02  # while somebody looks on
IDLE_S = 0.5
PULSE_S = 1.0
LINGER_S = 2.0  # somebody who has just been shown a picture comes back for the next one
REST = 3.0  # times as long as the work took


class Show:
    """All cameras, and who wants to see which. Belongs to one thread."""

    def __init__(self, order: OnlookersOrder, now_s: Callable[[], float]) -> None:
        """Nobody looks on yet."""
        self._order, self._now_s = order, now_s
        self._pulses = [Pulse(one.id, one.frames_fd, one.seen_fd) for one in order.cameras]
        self._galleries: dict[str, Gallery] = {}
        self._wanted_s: dict[str, float] = {}
        self._pulse_s = float("-inf")

    def answer(self, asked: Asked, may_wait: bool) -> bytes | None:  # noqa: FBT001 (the door's own signature)
        """What is said to a question now; None: there may soon be something newer."""
        if not asked.camera:
            return _line(CameraPulses(cameras=tuple(one.health for one in self._pulses)))
        if asked.camera not in {one.id for one in self._order.cameras}:
            return _line(Shown(camera=asked.camera))
        self._wanted_s[asked.camera] = self._now_s()
        gallery = self._galleries.get(asked.camera)
        made = None if gallery is None else gallery.made
        if made is None or made.shown.seq == asked.after:
            return None if may_wait else _line(Shown(camera=asked.camera))
        return _line(replace(made.shown, age_s=self._now_s() - made.arrived_s)) + made.jpeg

    @property
    def watched(self) -> bool:
        """Whether anybody looks on."""
        return bool(self._wanted_s)

    def work(self) -> None:
        """One look at everything that somebody wants to see."""
        now_s = self._now_s()
        if now_s - self._pulse_s >= PULSE_S:
            self._pulse_s = now_s
            for pulse in self._pulses:
                pulse.look(now_s)
        for camera, wanted_s in tuple(self._wanted_s.items()):
            if now_s - wanted_s > LINGER_S:
                del self._wanted_s[camera]
                self._gallery(camera).forget()
            else:
                self._gallery(camera).look(now_s)

    def _gallery(self, camera: str) -> "Gallery":
        # With the first who looks on: what paints takes 25 MB, which a box that nobody watches never needs.
        from edge_agent.sense.camera.onlookers.gallery import Gallery  # noqa: PLC0415

        if camera not in self._galleries:
            one = next(one for one in self._order.cameras if one.id == camera)
            self._galleries[camera] = Gallery(one.id, one.frames_fd, one.seen_fd)
        return self._galleries[camera]


def _line(told: Struct) -> bytes:
    return msgspec.json.encode(told) + b"\n"


def main() -> int:
    """Show until stdin ends or the agent dies."""
    order = begin(OnlookersOrder)
    os.nice(BEHIND - NICE)
    show = Show(order, time.monotonic)
    beat_s, worked_s, ended_s = float("-inf"), 0.0, float("-inf")
    with Door(Path(order.socket), show.answer) as door:
        while True:
            rests_s = max(TICK_S, REST * worked_s) if show.watched else IDLE_S
            began_s = time.monotonic()
            if began_s >= ended_s + rests_s:
                show.work()
                ended_s = time.monotonic()
                worked_s = ended_s - began_s
            if began_s - beat_s >= PULSE_S:
                beat_s = began_s
                say(OnlookersLine())
            door.turn(max(0.0, ended_s + rests_s - time.monotonic()), time.monotonic)


if __name__ == "__main__":
    sys.exit(main())
