"""The play of a week: a real box in it, which comes and goes with its power."""

import time
from pathlib import Path

from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.state import Decision, Inputs
from edge_agent.domain.asked import Asked
from edge_agent.domain.observation import DeviceHealth, Observation
from edge_agent.domain.request import Answer
from edge_agent.domain.words import Words
from tests.soak.draw import dice
from tests.soak.play import Happens, Play
from tests.soak.week.box import Box, Centre, placed
from tests.soak.yard import DAY_UTC, PEER, book, posts, settings

KINDS = ("confined_space", "hot.1")
# Seconds between two ticks, and how much further apart polls are: at work, and at night when nobody works.
AT_WORK, AT_NIGHT = (3.0, 3.0), (8.0, 4.0)
POLLS_S = 2.2  # what is repeated at least this often is a poll
NO_POWER = Words("无电", "the box has no power")


class WeekPlay(Play):
    """The play, with a real box in it that comes and goes."""

    def __init__(self, folder: Path, seed: str) -> None:
        """It comes up for the first time."""
        self.here = posts(KINDS)
        self.box: Box | None = None
        self.boots = 0
        self.centre = Centre()
        self.cut_off = False
        self.polls = 1.0
        self.took_ms: list[float] = []
        self._last: Decision | None = None
        super().__init__(placed(settings(self.here, book(), (PEER,)), folder), dice(seed), DAY_UTC)

    def monotonic(self) -> float:
        """The box's clock."""
        return self.now_s

    def _woken(self) -> Decision:
        self.boots += 1
        self.box = Box(self.settings, _Clock(self), f"boot-{self.boots}", self.centre, self._told)
        self.box.step()
        assert self._last is not None
        return self._last

    def _told(self, decision: Decision) -> None:
        self._last = decision

    def comes_up(self) -> None:
        """The power is back."""
        self._decision = self._woken()

    def say(self, seen: Observation) -> None:
        """What nobody hears is gone; the state of the line is the centre's, too."""
        if isinstance(seen, DeviceHealth) and seen.source == "uplink":
            seen = replace(seen, ok=seen.ok and not self.cut_off)
            self.centre.up = seen.ok
        if self.box is not None:
            super().say(seen)

    def after(self, delay_s: float, happens: Happens) -> None:
        """Polls are less frequent here: what a week leaves behind is asked for, not how soon a stop comes."""
        super().after(delay_s * self.polls if delay_s <= POLLS_S else delay_s, happens)

    def paced(self) -> None:
        """At night, when nobody works, even less."""
        busy = any(permit.busy for permit in self.decision.state.permits.values())
        self.tick_s, self.polls = AT_WORK if busy else AT_NIGHT

    def _take(self, seen: Observation, *, urgent: bool) -> None:
        if self.box is not None:
            self.box.brain.inbox.put(seen, urgent=urgent)

    def ask(self, asked: Asked, answered: object = None) -> None:
        """Nobody answers without power."""
        if self.box is not None:
            super().ask(asked, answered or (lambda _: None))  # type: ignore[arg-type]
        elif callable(answered):
            answered(Answer(request=asked.id, accepted=False, reasons=(NO_POWER,)))

    def _step(self) -> None:
        if self.box is None:
            return
        super()._step()
        self.box.between()

    def _decided(self, inputs: Inputs) -> Decision:
        box = self.box
        assert box is not None
        for asked in inputs.asked:
            box.brain.ask(asked)
        began_s = time.thread_time()
        box.step()
        self.took_ms.append(1000 * (time.thread_time() - began_s))
        assert self._last is not None
        return self._last


class _Clock:
    """The play's time, as a part of the box asks for it."""

    def __init__(self, play: WeekPlay) -> None:
        self._play = play

    def monotonic(self) -> float:
        return self._play.now_s

    def instant(self) -> Instant:
        return self._play.instant
