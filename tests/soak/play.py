"""Plays a yard through the brain's step: words and people in their order of time, without a real clock."""

import heapq
import itertools
import random
from collections.abc import Callable, Iterable

from edge_agent.clock import Instant
from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import Decision, Inputs
from edge_agent.decide.step import begin, step
from edge_agent.domain.asked import Asked
from edge_agent.domain.device import DeviceKind
from edge_agent.domain.observation import Observation
from edge_agent.domain.outcome import Event, Output
from edge_agent.domain.permit import State
from edge_agent.domain.request import Answer
from edge_agent.fuse.urgent import is_urgent
from edge_agent.settings.site import Settings

TICK_S = 1.0
# Shorter than every limit on the silence of such a source: 30 s for a wearable, 10 s for gas.
LONG_SILENCE_S = {DeviceKind.WEARABLE: 25.0}
OTHERS_S = 9.0
JUST_BEFORE_S = 0.001

Happens = Callable[[], None]


class Play:
    """One box and its field. Whoever takes part puts what will happen into its calendar."""

    def __init__(
        self, settings: Settings, rng: random.Random, start_utc: float, rules: Iterable[Rule] = RULES
    ) -> None:
        """The box has just come up."""
        self.settings = settings
        self.rng = rng
        self.rules = tuple(rules)
        self.now_s = 1000.0
        self.steps = 0
        self.tick_s = TICK_S
        self._stepped_s = self.now_s
        self.listeners: list[Callable[[Event], None]] = []
        self._utc_of_zero = start_utc - self.now_s
        self._devices = {device.id: device for device in settings.devices}
        self._patience_s = {device.id: LONG_SILENCE_S.get(device.kind, OTHERS_S) for device in settings.devices}
        self._calendar: list[tuple[float, int, Happens]] = []
        self._number = itertools.count()
        self._heard: list[Observation] = []
        self._asked: list[tuple[Asked, Callable[[Answer], None]]] = []
        self._spoke_s: dict[str, float] = {}
        self._decision = self._woken()

    def _woken(self) -> Decision:
        """What the box concludes as it comes up."""
        return begin(self.settings, self.instant)

    def _decided(self, inputs: Inputs) -> Decision:
        """What one step concludes."""
        return step(self.settings, self._decision.state, inputs, self.rules)

    @property
    def instant(self) -> Instant:
        """Now, on both clocks."""
        return Instant(now_s=self.now_s, utc=self.utc, trusted=True)

    @property
    def utc(self) -> float:
        """Now, as a date."""
        return self._utc_of_zero + self.now_s

    @property
    def decision(self) -> Decision:
        """What the last step concluded."""
        return self._decision

    def state_of(self, permit: str) -> State | None:
        """Where a permit stands; None if the box does not have it."""
        found = self._decision.state.permits.get(permit)
        return None if found is None else found.state

    def powered(self, relay: str) -> bool:
        """Whether the permissive output of this relay module is on."""
        return any(a.on for a in self._decision.actions if a.device == relay and a.output is Output.PERMISSIVE)

    def sounds(self, relay: str) -> bool:
        """Whether the siren of this relay module has to sound, in pulses or without a break."""
        return any(a.on for a in self._decision.actions if a.device == relay and a.output is Output.SIREN)

    def at(self, when_s: float, happens: Happens) -> None:
        """Put something into the calendar."""
        heapq.heappush(self._calendar, (max(when_s, self.now_s), next(self._number), happens))

    def after(self, delay_s: float, happens: Happens) -> None:
        """The same, counted from now."""
        self.at(self.now_s + delay_s, happens)

    def say(self, seen: Observation) -> None:
        """A source speaks now: it waits for the tick, unless it is urgent."""
        spoke_s = self._spoke_s.get(seen.source)
        self._spoke_s[seen.source] = self.now_s
        if spoke_s is not None and self.now_s - spoke_s > self._patience_s.get(seen.source, OTHERS_S):
            arrives_s = self.now_s
            self.now_s = max(arrives_s - JUST_BEFORE_S, self._stepped_s)
            self._step()
            self.now_s = arrives_s
        urgent = is_urgent(seen, self._decision.state.memory, self.settings, self._devices)
        self._take(seen, urgent=urgent)
        if urgent:
            self._step()

    def _take(self, seen: Observation, *, urgent: bool) -> None:  # noqa: ARG002 (a real inbox asks)
        """It waits for the next step."""
        self._heard.append(seen)

    def ask(self, asked: Asked, answered: Callable[[Answer], None] = lambda _: None) -> None:
        """Somebody asks now; requests wake the brain at once."""
        self._asked.append((asked, answered))
        self._step()

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            tick_s = min(self.now_s + self.tick_s, end_s)
            while self._calendar and self._calendar[0][0] <= tick_s:
                when_s, _, happens = heapq.heappop(self._calendar)
                self.now_s = max(when_s, self.now_s)
                happens()
            self.now_s = tick_s
            self._step()

    def _step(self) -> None:
        asked = self._asked
        inputs = Inputs(
            instant=self.instant, observations=tuple(self._heard), asked=tuple(item for item, _ in asked)
        )
        self._heard, self._asked = [], []
        self._decision = self._decided(inputs)
        self.steps += 1
        self._stepped_s = self.now_s
        if asked:
            given = {answer.request: answer for answer in self._decision.answers}
            for item, answered in asked:
                answered(given[item.id])
        for event in self._decision.events:
            for listener in self.listeners:
                listener(event)
