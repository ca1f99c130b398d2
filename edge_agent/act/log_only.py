"""An actuator that only writes to the log: for commissioning, before anything is wired. It switches NOTHING.

It says so of itself with every word of health (not ok), and its contacts are never known: a permit that
is bound to it cannot run.
"""

import logging
import queue
from threading import Event as StopFlag

from edge_agent.clock import Clock
from edge_agent.domain.observation import Contact, DeviceHealth
from edge_agent.domain.outcome import Action
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import Words

log = logging.getLogger(__name__)

REPEAT_S = 1.0
PLAINLY = Words(
    "调试状态：本继电器只写日志，不驱动任何输出；作业前请接入继电器模块",
    "COMMISSIONING: this relay only writes to the log and switches nothing; wire a module before any work",
)


class LogOnly:
    """Logs what would be switched, on change."""

    kind = "log_only"

    def __init__(self, device: str, contacts: tuple[str, ...], clock: Clock) -> None:
        """`contacts` are the names of site.toml, reported as not readable."""
        self._device = device
        self._contacts = contacts
        self._clock = clock
        # The log may block on a full disk; the brain's step must not: the thread in `run` writes it.
        self._said: queue.SimpleQueue[tuple[str, Action]] = queue.SimpleQueue()
        self._shown: dict[str, bool] = {}

    @property
    def device(self) -> str:
        """The device id of site.toml."""
        return self._device

    @property
    def name(self) -> str:
        """For people."""
        return f"log-only relay {self._device}"

    def trip(self, actions: tuple[Action, ...]) -> None:
        """Log what would be made safe."""
        self._note("TRIP", actions)

    def renew(self, actions: tuple[Action, ...], until_s: float) -> None:  # noqa: ARG002 (nothing holds)
        """Log what would be switched."""
        self._note("SET", actions)

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Say every second that nothing is switched."""
        while not stop.is_set():
            now_s = self._clock.monotonic()
            deliver(DeviceHealth(source=self._device, at_s=now_s, ok=False, detail=PLAINLY))
            for name in self._contacts:
                deliver(Contact(source=self._device, at_s=now_s, channel=name, closed=None, detail=PLAINLY))
            while not self._said.empty():
                self._log(*self._said.get())
            stop.wait(REPEAT_S)

    def _note(self, verb: str, actions: tuple[Action, ...]) -> None:
        for action in actions:
            if action.device == self._device:
                self._said.put((verb, action))

    def _log(self, verb: str, action: Action) -> None:
        if self._shown.get(action.channel) != action.on:
            self._shown[action.channel] = action.on
            log.warning(
                "LOG ONLY, nothing switched: %s %s/%s on=%s", verb, self._device, action.channel, action.on
            )
