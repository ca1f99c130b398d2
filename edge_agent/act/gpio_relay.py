"""The board's own lines as a relay module: the contactor, siren and beacon of a job (domain/ports.py: Actuator).

A line has no watchdog of its own. When this process dies the kernel takes its lines back, and what they show then
is the driver's affair; when it hangs they hold. So where a line gives power the settings ask for a heartbeat and a
relay outside that watches it (settings/relay_lines.py).
"""

import contextlib
from collections.abc import Mapping
from threading import Event as StopFlag

from edge_agent.act.gpio_errors import GpioError
from edge_agent.act.gpio_lines import GpioLines, Seen
from edge_agent.act.leased import Leased
from edge_agent.clock import Clock
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import Words
from edge_agent.settings.site_relays import RelayTable

POLL_S = 0.05  # contacts are read twenty times a second; what moved between two looks the kernel keeps
REWRITE_S = 0.5  # an unchanged output is written anew this often
RETRY_S = 1.0


class GpioRelay(Leased):
    """The lines of one chip."""

    kind = "gpio_relay"

    def __init__(self, device: str, table: RelayTable, clock: Clock, lines: GpioLines | None = None) -> None:
        """Nothing is requested until `run`."""
        super().__init__(device, table, clock)
        self._lines = GpioLines(table) if lines is None else lines
        self._written_s = float("-inf")

    @property
    def name(self) -> str:
        """For people."""
        return f"GPIO relay {self._device}"

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Serve the lines until `stop`; a chip that is gone is reported and tried again. Ends safe."""
        try:
            while not stop.is_set():
                try:
                    self._lines.open()
                    self._fell()
                    while not stop.is_set():
                        self._turn(deliver)
                except GpioError as fault:
                    self._let_go()
                    self._told.lost(fault.words, fault.words, deliver)
                    stop.wait(RETRY_S)
        finally:
            self._let_go()

    def _turn(self, deliver: Deliver) -> None:
        """Wait for news or the next tick; write what is wanted; read what came of it."""
        self._leases.wait(self._clock.monotonic(), POLL_S)
        now_s = self._clock.monotonic()
        wanted = self._leases.wanted(now_s, self._held)
        if wanted != self._held or now_s - self._written_s >= REWRITE_S:
            self._write(wanted)
            self._written_s = now_s
        seen = self._lines.read()
        self._told.contacts(self._closed(seen), deliver)
        self._told.health(self._disagreement(seen.on), deliver)

    def _write(self, wanted: dict[str, bool]) -> None:
        before = self._held
        # Until it is known to be done, what was on or should now be counts as on.
        self._held = {name: on or before[name] for name, on in wanted.items()}
        self._lines.write(wanted)
        self._held = wanted
        self._leases.written(wanted)

    def _closed(self, seen: Seen) -> dict[str, bool]:
        """The contacts; one that was off its safe side between two looks is told as off it, once."""
        rows = self._table.contacts
        was_off = {n for n in seen.moved if rows[n].kind != "feedback" and rows[n].well(seen.closed[n])}
        return {name: closed is not (name in was_off) for name, closed in seen.closed.items()}

    def _disagreement(self, on: Mapping[str, bool]) -> Words:
        wrong = [name for name, held in self._held.items() if on[name] != held]
        if wrong:
            zh = f"引脚 {'、'.join(wrong)} 回读与写入不符，请检查接线是否短路"
            return Words(
                zh, f"lines {', '.join(wrong)} read back otherwise than written: look for a short circuit"
            )
        return self._waiting()

    def _fell(self) -> None:
        """The lines were requested anew, with everything off: power that was on waits for people."""
        self._off()
        self._written_s = float("-inf")

    def _let_go(self) -> None:
        """Power off before the lines are given back, for a driver may hold what was written last.

        Nobody silences a siren here. If the kernel refuses, the relay that watches the heartbeat cuts the power.
        """
        with contextlib.suppress(GpioError):
            self._lines.write(self._leases.loud())
        self._lines.close()
        self._fell()
