"""The Modbus side of an ICP DAS ET-7060: six relays, six inputs (more of each here, for the tests).

ET-7000/PET-7000 user manual 1.0.1, register tables (0-based) and application notes:
- outputs by FC01, FC05, FC15 at 0; inputs by FC02 at 0; "safe value" of each output: coils at 515 (0 at first),
  kept by coil 432.
- 557 host watchdog timer in seconds (EEPROM; "will be disabled if the value is set to less than 5 seconds"), 558
  host watchdog events, nought after power-on. When no Modbus/TCP communication has come for that time every output
  takes its safe value and the count goes up by one. "While the WDT timeout is set, the module can also receive the
  commands (05, 06, 15 and 16) to change the DO": nothing has to be cleared.
`rest_on`: somebody has set the safe value of output 0 to on.
"""

from collections.abc import Sequence

from edge_agent.simulate import io_pdu
from edge_agent.simulate.io_pdu import Wires
from edge_agent.simulate.modbus_server import Code, ModbusError
from edge_agent.simulate.timer import EXPIRED, Timer

SAVE_SAFE_AT, SAFE_AT = 432, 515
TIMER, EVENTS = 557, 558
LEAST_S = 5


class RelayUnit:
    """ET-7060."""

    def __init__(self, wires: Wires, *, broken_dog: bool, rest_on: bool, second_s: float) -> None:
        """As delivered: no watchdog, every safe value off. `second_s`: how long its second is, for tests."""
        self._second_s = second_s
        self.watchdog = Timer(broken=broken_dog)
        self._events = 0
        self._safe = [rest_on, *[False] * (len(wires.coils) - 1)]
        self._timer = 0
        self._wires = wires

    def answer(self, pdu: bytes, now_s: float) -> bytes:
        """The reply to one request; any request feeds the watchdog, and an expired one goes on."""
        if self.watchdog.word == EXPIRED:
            self.watchdog.clear()
        if self.watchdog.time_s:
            self.watchdog.feed(now_s)
        return io_pdu.answer(self, pdu, now_s)

    def rests(self, coil: int) -> bool:
        """Its safe value. Called at expiry, once for each output."""
        if coil == 0:
            self._events += 1
        return self._safe[coil]

    def read_bits(self, function: int, address: int, count: int) -> Sequence[bool]:
        """Outputs and safe values by 1, inputs by 2."""
        if function == 2:  # noqa: PLR2004 - the function
            return io_pdu.within(self._wires.contacts, address, count)
        if address >= SAFE_AT:
            return io_pdu.within(self._safe, address - SAFE_AT, count)
        return io_pdu.within(self._wires.coils, address, count)

    def write_bits(self, address: int, bits: Sequence[bool], now_s: float) -> None:  # noqa: ARG002 (fed already)
        """Outputs, safe values, and the pulse that keeps those."""
        if address == SAVE_SAFE_AT:
            return
        if address >= SAFE_AT:
            io_pdu.within(self._safe, address - SAFE_AT, len(bits))
            self._safe[address - SAFE_AT : address - SAFE_AT + len(bits)] = bits
            return
        io_pdu.switch_all(self._wires, address, bits)

    def read_words(self, address: int, count: int) -> Sequence[int]:
        """The host watchdog's two registers."""
        known = {TIMER: self._timer, EVENTS: self._events}
        if count != 1 or address not in known:
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        return [known[address]]

    def write_word(self, address: int, value: int, now_s: float) -> None:
        """The host watchdog's timer."""
        if address != TIMER:
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        self._timer = value
        self.watchdog.clear()
        self.watchdog.time_s = value * self._second_s if value >= LEAST_S else 0.0
        if self.watchdog.time_s:
            self.watchdog.feed(now_s)
