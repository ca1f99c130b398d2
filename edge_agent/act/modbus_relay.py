"""A relay module over Modbus TCP: the contactor, siren and beacon of a job. An actuator of domain/ports.py.

Three lines of defence, each of which is enough to let a permissive fall: the brain trips it (written
within milliseconds), the brain stops renewing it (the lease runs out in this thread), or this whole
process stops (the module's own watchdog, which is set up and verified here, drops every output).
"""

from collections.abc import Mapping
from threading import Event as StopFlag

from edge_agent.act.leased import Leased
from edge_agent.act.relay_module import Expired, RelayModule
from edge_agent.act.relay_profile import RelayProfile
from edge_agent.clock import Clock
from edge_agent.domain.ports import Deliver
from edge_agent.domain.words import Words, joined
from edge_agent.field.modbus import Link, ModbusError
from edge_agent.field.modbus_wires import TcpWire
from edge_agent.settings.site_relays import RelayTable

POLL_S = 0.1  # contacts are read ten times a second, and at once after a write
FEEDS_PER_WATCHDOG = 4  # coils are written anew this many times within the module's watchdog time
FIRST_RETRY_S = 0.05  # a single lost answer must not delay a trip by much
LONGEST_RETRY_S = 1.0
LAST_WORDS_S = 0.3  # for the time-out of the last write on the way out
UNPROVEN = Words(
    "警报响起，模块看门狗尚未验证；在此之前不会送电",
    "its watchdog is not proven while a siren sounds; until then no power is given",
)
SEE_TO_IT = Words("请检查模块及其电源和线缆", "see to the module, its power and its cable")


class ModbusRelay(Leased):
    """One relay module."""

    kind = "modbus_relay"

    def __init__(self, device: str, table: RelayTable, profile: RelayProfile, clock: Clock) -> None:
        """Nothing is connected until `run`."""
        super().__init__(device, table, clock)
        self._profile = profile
        self._feed_s = table.watchdog_s / FEEDS_PER_WATCHDOG
        self._fed_s = float("-inf")
        self._proven = False

    @property
    def name(self) -> str:
        """For people."""
        return f"relay {self._device}"

    def run(self, deliver: Deliver, stop: StopFlag) -> None:
        """Serve the module until `stop`; a module that is gone is reported and tried again. Ends safe."""
        link = Link(TcpWire(self._table.at, self._table.port, self._table.timeout_s, stop))
        module = RelayModule(link, self._table, self._profile, stop)
        retry_s = FIRST_RETRY_S
        try:
            while not stop.is_set():
                try:
                    self._connect(module, deliver)
                    retry_s = FIRST_RETRY_S
                    while not stop.is_set():
                        self._prove(module, stop)
                        self._turn(module, deliver)
                except (ModbusError, Expired) as fault:
                    link.close()
                    self._lost(fault, deliver, stop)
                    stop.wait(retry_s)
                    retry_s = min(retry_s * 2, LONGEST_RETRY_S)
        finally:
            link.hurry(LAST_WORDS_S)
            self._end_safe(module)
            link.close()

    def _connect(self, module: RelayModule, deliver: Deliver) -> None:
        """Take the module over: unbroken if its watchdog still runs on our account, else from the safe state."""
        if self._fed_s > float("-inf") and self._clock.monotonic() - self._fed_s < self._table.watchdog_s:
            module.watched()
            module.held(self._held)
        else:
            self._take_over(module)
        self._told.contacts(module.contacts(), deliver)

    def _take_over(self, module: RelayModule) -> None:
        """From the safe state: what stands in the module is not ours, and its watchdog is not proven."""
        dog = self._profile.watchdog if self._table.outputs else None
        self._proven = dog is None or not dog.prove
        self._off()
        module.arm(self._leases.loud())
        self._held = self._leases.loud()

    def _prove(self, module: RelayModule, stop: StopFlag) -> None:
        """Let the module's watchdog expire once, with everything off, before any power is given.

        A siren does not wait for it: while one is wanted nothing is proven, and no permissive is energised.
        """
        if self._proven or self._loud():
            return
        until_s = self._clock.monotonic() + module.silence_s
        while (left_s := until_s - self._clock.monotonic()) > 0 and not stop.is_set() and not self._loud():
            self._leases.wait(self._clock.monotonic(), min(left_s, POLL_S))
        if stop.is_set():
            return
        if not self._loud():
            module.bitten(self._leases.loud())
            self._proven = True
        self._leases.hold_back()
        self._held = self._leases.loud()
        module.arm(self._held)

    def _loud(self) -> bool:
        return any(self._leases.loud().values())

    def _turn(self, module: RelayModule, deliver: Deliver) -> None:
        """Wait for news or the next tick; write what is wanted; read what came of it."""
        self._leases.wait(self._clock.monotonic(), POLL_S)
        now_s = self._clock.monotonic()
        wanted = self._leases.wanted(now_s, self._held)
        if not self._proven:
            wanted = self._leases.loud()
        if any(wanted.values()) and now_s - self._fed_s > 2 * self._feed_s:
            module.watched()  # this thread was late: what fell meanwhile is not simply put on again
        changed = wanted != self._held
        if changed or now_s - self._fed_s >= self._feed_s:
            self._write(module, wanted)
        self._told.contacts(module.contacts(), deliver)
        if changed or self._fed_s >= now_s:
            module.watched()
            self._told.health(self._disagreement(module.read_back()), deliver)

    def _write(self, module: RelayModule, wanted: dict[str, bool]) -> None:
        try:
            module.write(wanted)
        except ModbusError:
            # It may have been done or not. What was on, or should now be, counts as on until proven off.
            self._held = {name: on or self._held[name] for name, on in wanted.items()}
            raise
        self._held = wanted
        self._leases.written(wanted)
        self._fed_s = self._clock.monotonic()

    def _disagreement(self, state: Mapping[str, bool]) -> Words:
        if not self._proven:
            return UNPROVEN
        wrong = [name for name, on in self._held.items() if state[name] != on]
        if wrong:
            zh = f"输出 {'、'.join(wrong)} 回读与写入不符，请检查模块"
            return Words(zh, f"outputs {', '.join(wrong)} read back otherwise than written: see to the module")
        return self._waiting()

    def _lost(self, fault: ModbusError | Expired, deliver: Deliver, stop: StopFlag) -> None:
        """The module cannot be trusted any more: an expired one has dropped everything."""
        if isinstance(fault, Expired):
            self._leases.fell(self._held)
            self._held = dict.fromkeys(self._held, False)
            self._fed_s = float("-inf")
        if stop.is_set():
            return
        self._told.lost(fault.words, joined((fault.words, SEE_TO_IT)), deliver)

    def _end_safe(self, module: RelayModule) -> None:
        """Permissives off; a siren sounds on until the module's watchdog ends it (nobody silences it here).

        Whoever runs next (the supervisor starts a thread that died again) begins from the safe state, and
        the power that fell here waits for people.
        """
        self._off()
        self._fed_s = float("-inf")
        try:
            module.write(self._leases.loud())
        except (ModbusError, Expired):
            return  # not reachable: the module's own watchdog drops every output within its time
