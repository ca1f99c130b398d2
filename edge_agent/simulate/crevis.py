"""The Modbus side of a CREVIS FnIO NA-9189 adapter with digital slots.

Specification NA-9189:
- 5.2.4 bit map: input image bits by FC02 at 0x0000, output image bits by FC01, FC05, FC15 at **0x0800**. Special
  registers are accessed one at a time.
- 6.3.2: 0x1020 watchdog time in 100 ms (as delivered 50; changing it resets the watchdog error), 0x1021 time that
  remains, 0x1022 error counter (cleared by writing 0x1020), 0x1023 auto recovery when a new frame comes: 0 off,
  1 on (**as delivered**), in EEPROM. Any Modbus operation feeds it. On expiry each slot takes its fault value.
With auto recovery the outputs are what they were before, at the next frame. Whether writes are taken after expiry
without it is not said: here they are taken and change nothing until the error is reset. `stubborn`: an EEPROM that
no longer takes what is written to 0x1023.
"""

from collections.abc import Sequence

from edge_agent.simulate import io_pdu
from edge_agent.simulate.io_pdu import Wires
from edge_agent.simulate.modbus_server import Code, ModbusError
from edge_agent.simulate.timer import EXPIRED, Timer

OUTPUTS_AT = 0x0800
TIME, REMAIN, COUNT, RECOVERY = 0x1020, 0x1021, 0x1022, 0x1023
TENTHS = 10


class Adapter:
    """NA-9189."""

    def __init__(self, wires: Wires, *, broken_dog: bool, stubborn: bool) -> None:
        """As delivered: 5 s, with auto recovery."""
        self.watchdog = Timer(broken=broken_dog)
        self.watchdog.time_s = 5.0
        self._recovery = 1
        self._count = 0
        self._stubborn = stubborn
        self._wires = wires
        self._before: dict[int, bool] = {}
        self._now_s = 0.0

    def answer(self, pdu: bytes, now_s: float) -> bytes:
        """The reply to one request; it feeds the watchdog, or brings the outputs back by itself."""
        self._now_s = now_s
        if self.watchdog.word == EXPIRED and self._recovery == 1:
            self.watchdog.clear()
            for coil, on in self._before.items():
                self._wires.switch(coil, on)
        self.watchdog.feed(now_s)
        return io_pdu.answer(self, pdu, now_s)

    def rests(self, coil: int) -> bool:
        """The fault value, 0 as delivered. Called at expiry: what was on is remembered for the recovery."""
        self._before[coil] = self._wires.coils[coil]
        if coil == 0:
            self._count += 1
        return False

    def read_bits(self, function: int, address: int, count: int) -> Sequence[bool]:
        """Outputs by 1 at 0x0800, inputs by 2 at nought."""
        if function == 1:
            return io_pdu.within(self._wires.coils, address - OUTPUTS_AT, count)
        return io_pdu.within(self._wires.contacts, address, count)

    def write_bits(self, address: int, bits: Sequence[bool], now_s: float) -> None:  # noqa: ARG002 (fed already)
        """Outputs at 0x0800; nothing moves while the watchdog's error stands."""
        io_pdu.within(self._wires.coils, address - OUTPUTS_AT, len(bits))
        if self.watchdog.word != EXPIRED:
            io_pdu.switch_all(self._wires, address - OUTPUTS_AT, bits)

    def read_words(self, address: int, count: int) -> Sequence[int]:
        """The watchdog's registers, one at a time."""
        due_s = self.watchdog.expires_at_s
        left = 0 if due_s is None else max(0, round((due_s - self._now_s) * TENTHS))
        known = {
            TIME: round(self.watchdog.time_s * TENTHS),
            REMAIN: left,
            COUNT: self._count,
            RECOVERY: self._recovery,
        }
        if count != 1 or address not in known:
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        return [known[address]]

    def write_word(self, address: int, value: int, now_s: float) -> None:
        """The watchdog's registers."""
        match address:
            case 0x1020:
                if value != round(self.watchdog.time_s * TENTHS):
                    self.watchdog.clear()
                self._count = 0
                self.watchdog.time_s = value / TENTHS
                self.watchdog.feed(now_s)
            case 0x1023:
                if not self._stubborn:
                    self._recovery = value
            case _:
                raise ModbusError(Code.ILLEGAL_ADDRESS)
