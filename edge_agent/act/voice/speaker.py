"""The worker that speaks: told of each step of the brain, it says what that asks for. Nobody waits for it."""

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol

from edge_agent.act.voice.aplay import SpeakerError
from edge_agent.act.voice.order import Order
from edge_agent.act.voice.recorded import RATE_HZ, Recorded
from edge_agent.clock import Clock
from edge_agent.decide.speech import Saying, happened, standing
from edge_agent.decide.state import Decision
from edge_agent.domain.observation import DeviceHealth
from edge_agent.domain.outcome import Alarm, Event
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words
from edge_agent.settings.site import Settings

SOURCE = "voice"
LOOK_S = 0.2
TRY_S = 60.0  # a silent device is tried this often: a card that was pulled shows before it is needed
REPEAT_S = 5.0
SILENCE = b"\0\0" * (RATE_HZ // 10)


class Sounds(Protocol):
    """A device that plays samples."""

    def play(self, samples: bytes, interrupted: Callable[[], bool]) -> None:
        """Play to the end, or until `interrupted`. Raises SpeakerError."""


class Voice:
    """A worker of the supervisor."""

    def __init__(self, settings: Settings, clock: Clock, recorded: Recorded, sounds: Sounds) -> None:
        """Nothing is said until `run`."""
        self._settings = settings
        self._clock = clock
        self._recorded = recorded
        self._sounds = sounds
        self._order = Order()
        self._alarms: tuple[Alarm, ...] = ()
        self._events: deque[Event] = deque(maxlen=100)
        self._woken = threading.Event()
        self._tried_s = float("-inf")
        self._told: tuple[Words, float] | None = None

    def beside(self, decision: Decision) -> None:
        """Told of each step, in the brain's thread: takes note and returns."""
        self._alarms = tuple(decision.state.alarms.values())
        if decision.events:
            self._events.extend(decision.events)
            self._woken.set()

    def run(self, deliver: Deliver, stop: threading.Event) -> None:
        """Speak until `stop`; a device that does not sound is told with what to do, and tried again."""
        while not stop.is_set():
            self._woken.wait(LOOK_S)
            self._woken.clear()
            saying = self._next()
            if saying is not None:
                self._say(self._recorded.samples(saying), partial(self._leave_off, saying, stop), deliver)
                self._order.ended(saying, self._clock.monotonic())
            elif self._clock.monotonic() - self._tried_s >= TRY_S:
                self._say(SILENCE, stop.is_set, deliver)
            self._repeat(deliver)

    def _next(self) -> Saying | None:
        self._hear()
        return self._order.take(self._clock.monotonic())

    def _hear(self) -> None:
        events = [self._events.popleft() for _ in range(len(self._events))]
        said = standing(self._settings, self._alarms)
        self._order.hear(said, happened(events), self._clock.monotonic())

    def _leave_off(self, saying: Saying, stop: threading.Event) -> bool:
        self._hear()
        return stop.is_set() or self._order.overtaken(saying)

    def _say(self, samples: bytes, interrupted: Callable[[], bool], deliver: Deliver) -> None:
        self._tried_s = self._clock.monotonic()
        try:
            self._sounds.play(samples, interrupted)
        except SpeakerError as silent:
            self._tell(silent.words, deliver)
        else:
            self._tell(self._lacking(), deliver)

    def _lacking(self) -> Words:
        missing = sorted(self._recorded.missing)
        if not missing:
            return NOTHING
        listed = ", ".join(missing[:5])
        zh, en = f"缺少语音文件：{listed}；请从发布包恢复 voices", f"pieces are missing: {listed}; restore voices"
        return Words(zh, f"{en} from the release")

    def _tell(self, detail: Words, deliver: Deliver) -> None:
        now_s = self._clock.monotonic()
        self._told = (detail, now_s)
        deliver(DeviceHealth(source=SOURCE, at_s=now_s, ok=not detail, detail=detail))

    def _repeat(self, deliver: Deliver) -> None:
        if self._told is not None and self._clock.monotonic() - self._told[1] >= REPEAT_S:
            self._tell(self._told[0], deliver)
