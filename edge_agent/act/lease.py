"""What the outputs of one module should be at an instant: leases, trips and the restart interlock.

No socket in here. `trip` and `renew` are called by the brain's step, the rest by the actuator's thread;
a condition guards the few values, and nobody holds it across a call that could wait.

The restart interlock: what gives power (a permissive, an interlock output) and fell by itself (lease run out,
module's watchdog expired, link lost for too long) stays off until the brain has once wanted it off. A grinder must
not start by itself because a cable was plugged in again; people resume the work (docs/domain.md section 3, never
auto-resume), and acknowledge that an interlock fell (DEV-33).
"""

import threading
from collections.abc import Mapping

from edge_agent.act.heartbeat import Heartbeat
from edge_agent.domain.outcome import FALLING, POWERS, Action, Output, Pulse

NEVER_S = float("-inf")


class Leases:
    """The wanted outputs of one device, by channel. Times are monotonic seconds."""

    def __init__(self, device: str, outputs: Mapping[str, Output]) -> None:
        """Everything is off until something else is said."""
        self._device = device
        self._outputs = dict(outputs)
        self._changed = threading.Condition()
        self._woken = False
        self._wanted = dict.fromkeys(outputs, False)
        self._pulses: dict[str, Pulse] = {}
        self._began_s: dict[str, float] = {}  # when each pulsing output first sounded
        self._hearts = {name: Heartbeat() for name, does in outputs.items() if does is Output.HEARTBEAT}
        self._until_s = NEVER_S
        self._must_fall: set[str] = set()  # tripped, and not yet written off
        self._interlocked: set[str] = set()

    def trip(self, actions: tuple[Action, ...]) -> None:
        """Permissives and heartbeats named here are off from now on, sirens on; never the other way."""
        with self._changed:
            for action in self._mine(actions):
                falls = self._outputs[action.channel] in FALLING
                if falls and not action.on:
                    self._fall(action.channel)
                elif not falls and action.on:
                    self._wanted[action.channel] = True
                    self._pulse(action)
            self._wake()

    def renew(self, actions: tuple[Action, ...], until_s: float) -> None:
        """The wanted state of every output; what is not named is off."""
        with self._changed:
            mine = self._mine(actions)
            said = {action.channel: action.on for action in mine}
            wanted = {channel: said.get(channel, False) for channel in self._outputs}
            self._interlocked -= {channel for channel, on in wanted.items() if not on}
            news = wanted != self._wanted or self._until_s == NEVER_S
            for action in mine:
                self._pulse(action)
            for channel, heart in self._hearts.items():
                heart.renew(self._pulses.get(channel) if wanted[channel] else None)
            self._wanted, self._until_s = wanted, until_s
            if news:
                self._wake()

    def wake(self) -> None:
        """Let the actuator's thread look at once."""
        with self._changed:
            self._wake()

    def wait(self, now_s: float, tick_s: float) -> None:
        """Sleep until something is wanted differently, the lease runs out, or `tick_s` have passed."""
        with self._changed:
            left_s = self._until_s - now_s
            if not self._woken:
                self._changed.wait(min(tick_s, left_s) if left_s > 0 else tick_s)
            self._woken = False

    def wanted(self, now_s: float, held: Mapping[str, bool]) -> dict[str, bool]:
        """What to write now. `held` is what was written last: power whose lease ran out is interlocked."""
        with self._changed:
            lapsed = now_s >= self._until_s
            if lapsed:
                self._interlocked |= self._powers_on(held)
            return {channel: self._on(channel, now_s, lapsed=lapsed) for channel in self._outputs}

    def written(self, values: Mapping[str, bool]) -> None:
        """These values reached the module: what had to fall has fallen."""
        with self._changed:
            self._must_fall -= {channel for channel, on in values.items() if not on}
            if self._must_fall:
                self._wake()

    def fell(self, held: Mapping[str, bool]) -> None:
        """The module dropped its outputs by itself, or may have: only a renewal from now on counts."""
        with self._changed:
            self._until_s = NEVER_S
            self._interlocked |= self._powers_on(held)
            for heart in self._hearts.values():
                heart.end()

    def hold_back(self) -> None:
        """What is wanted now could not be given when it was asked for: it waits until it is once not wanted."""
        with self._changed:
            self._interlocked |= self._powers_on(self._wanted)

    def interlocked(self) -> tuple[str, ...]:
        """Outputs that give power and wait until the brain has wanted them off."""
        with self._changed:
            return tuple(sorted(self._interlocked))

    def loud(self) -> dict[str, bool]:
        """What falls is off, the others as they are wanted, and without a break: the safe state."""
        with self._changed:
            return {
                channel: self._wanted[channel] and does not in FALLING for channel, does in self._outputs.items()
            }

    def _on(self, channel: str, now_s: float, *, lapsed: bool) -> bool:
        if self._outputs[channel] not in FALLING:
            return self._wanted[channel] and self._sounds(channel, now_s)
        barred = lapsed or channel in self._must_fall or channel in self._interlocked
        if channel in self._hearts:
            return self._hearts[channel].high(now_s) and not barred
        return self._wanted[channel] and not barred

    def _fall(self, channel: str) -> None:
        self._wanted[channel] = False
        self._must_fall.add(channel)
        self._interlocked.discard(channel)
        if channel in self._hearts:
            self._hearts[channel].end()

    def _pulse(self, action: Action) -> None:
        if action.on and action.pulse is not None:
            self._pulses[action.channel] = action.pulse
        else:
            self._pulses.pop(action.channel, None)
            self._began_s.pop(action.channel, None)

    def _sounds(self, channel: str, now_s: float) -> bool:
        """Whether a pulsing output is in its loud half; it begins with it. The brain need not be alive."""
        pulse = self._pulses.get(channel)
        return pulse is None or pulse.sounds(self._began_s.setdefault(channel, now_s), now_s)

    def _powers_on(self, held: Mapping[str, bool]) -> set[str]:
        return {channel for channel, on in held.items() if on and self._outputs[channel] in POWERS}

    def _mine(self, actions: tuple[Action, ...]) -> list[Action]:
        return [one for one in actions if one.device == self._device and one.channel in self._outputs]

    def _wake(self) -> None:
        self._woken = True
        self._changed.notify_all()
