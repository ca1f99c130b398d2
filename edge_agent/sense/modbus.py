"""The field bus: one worker per Modbus gateway or line, asking detectors and weather stations in turn. A source.

Those that answered last time are asked first, each at its own period. Silent ones are asked in turn, where a
time-out fits before the next healthy one is due, so that they delay nobody; on a line without such gaps, they
together get a tenth of its time. After every time-out the link is closed (field/modbus).
"""

from threading import Event as StopFlag

from edge_agent.clock import Clock
from edge_agent.domain.observation import Observation
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import NOTHING, Words
from edge_agent.field.modbus import Link, ModbusError, Trouble, bus_link
from edge_agent.sense.guests import Guests
from edge_agent.sense.polled import Polled
from edge_agent.settings.site_lines import BusTable

# The gateway itself is tried again after 0.25, 0.5, 1, 2 s and then every 2 s.
FIRST_RETRY_S = 0.25
LONGEST_RETRY_S = 2.0
# Where no gap is long enough for a time-out, one silent device is asked after ten times its length.
PATIENCE = 10
GUEST_S = 0.25  # a guest is noticed within so long


class GasBus:
    """One Modbus gateway or line and what hangs on it."""

    kind = "modbus"

    def __init__(self, bus: str, table: BusTable, detectors: tuple[Polled, ...], clock: Clock) -> None:
        """Nothing is connected until `run`."""
        self._bus = bus
        self._table = table
        self._detectors = detectors
        self._clock = clock
        self._connect_from_s = float("-inf")
        self._cut_in_from_s = float("-inf")  # when a silent one may be asked although it delays others
        self._retry_s = FIRST_RETRY_S
        self._guest_from_s = float("-inf")  # when a guest may ask although it delays others
        self._down = NOTHING
        self.bus = bus
        self.guests = Guests()

    @property
    def name(self) -> str:
        """For people."""
        return f"bus {self._bus}"

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Ask every detector at its period until `stop`; every period of each yields one word about it."""
        link = bus_link(self._table, stop)
        try:
            while not stop.is_set():
                now_s = self._clock.monotonic()
                detector = self._next(now_s)
                if detector is not None:
                    detector.schedule(now_s)
                else:
                    detector = self._in_gap(now_s)
                if self._guest_fits(now_s):
                    self._guest_from_s = now_s + PATIENCE * self._table.timeout_s
                    link.wait(self._table.timeout_s)
                    self.guests.serve(link)
                if detector is None:
                    stop.wait(min(max(self._news_s(now_s) - now_s, 0.0), GUEST_S))
                    continue
                reading = self._poll(link, detector, now_s)
                if reading is not None:
                    deliver(reading)
        finally:
            link.close()

    def _guest_fits(self, now_s: float) -> bool:
        """A guest asks where a time-out fits, else no oftener than a silent device."""
        fits = self._gap_s(now_s) >= self._table.timeout_s or now_s >= self._guest_from_s
        return self.guests.waiting and fits

    def _next(self, now_s: float) -> Polled | None:
        """The detector to serve now: the healthy before the silent, the longest due first."""
        due = [detector for detector in self._detectors if detector.due(now_s)]
        return min(due, key=lambda one: (one.silent, one.due_s), default=None)

    def _in_gap(self, now_s: float) -> Polled | None:
        """The silent one whose turn it is, if its time-out fits before the next healthy one is due."""
        silent = self._turn(now_s)
        fits = silent is not None and self._gap_s(now_s) >= self._patience_s(silent)
        return silent if fits and now_s >= self._connect_from_s else None

    def _news_s(self, now_s: float) -> float:
        """When there is something to do again."""
        willing = (one.ask_from_s for one in self._detectors if one.silent and one.ask_from_s > now_s)
        return min(*(one.due_s for one in self._detectors), min(willing, default=float("inf")))

    def _patience_s(self, detector: Polled) -> float:
        """How long its answer is waited for."""
        return self._table.timeout_s if detector.timeout_s is None else detector.timeout_s

    def _turn(self, now_s: float) -> Polled | None:
        """Of the silent ones that may be asked again, the one that was asked the longest ago."""
        willing = [
            one
            for one in self._detectors
            if one.silent and one.ask_from_s <= now_s and one.asked_s + one.period_s <= now_s
        ]
        return min(willing, key=lambda one: one.asked_s, default=None)

    def _gap_s(self, now_s: float) -> float:
        """How long until the next healthy one is due; for ever if there is none."""
        return min((one.due_s for one in self._detectors if not one.silent), default=float("inf")) - now_s

    def _poll(self, link: Link, detector: Polled, now_s: float) -> Observation | None:
        """One period of one detector; None only if the worker was told to end meanwhile."""
        if not link.open and now_s < self._connect_from_s:
            return detector.not_asked(now_s, self._down)
        if detector.silent and not self._may_ask(detector, now_s):
            return detector.not_asked(now_s)
        try:
            link.connect()
        except ModbusError as fault:
            return detector.not_asked(now_s, self._gateway_down(fault))
        self._retry_s = FIRST_RETRY_S
        detector.asked_s = now_s
        if detector.silent:
            self._cut_in_from_s = max(self._cut_in_from_s, now_s + PATIENCE * self._patience_s(detector))
        link.wait(self._patience_s(detector))
        try:
            words, late_s = read(link, detector)
        except ModbusError as fault:
            stopped = fault.trouble is Trouble.STOPPED
            return None if stopped else detector.failed(fault, self._clock.monotonic())
        return detector.answered(words, self._clock.monotonic(), late_s)

    def _may_ask(self, silent: Polled, now_s: float) -> bool:
        """Whether it is this silent one's turn, and its time-out would delay no healthy one (or not too often)."""
        if silent is not self._turn(now_s):
            return False
        if self._gap_s(now_s) >= self._patience_s(silent):
            return True
        return now_s >= self._cut_in_from_s

    def _gateway_down(self, fault: ModbusError) -> Words:
        """The gateway's fault, not the detector's: nobody behind it is asked for a while."""
        self._connect_from_s = self._clock.monotonic() + self._retry_s
        self._retry_s = min(self._retry_s * 2, LONGEST_RETRY_S)
        self._down = Words(f"网关 {fault.words.zh}", f"gateway {fault.words.en}")
        return self._down


def read(link: Link, detector: Polled) -> tuple[dict[int, int], float]:
    """The registers of all its blocks by address, and by how much they may be older than their arrival, s."""
    words: dict[int, int] = {}
    late_s = 0.0
    for block in detector.blocks:
        got = link.registers(block.function, detector.unit_id, block.address, block.count)
        words.update(enumerate(got, start=block.address))
        late_s = max(late_s, link.late_s)
    return words, late_s
