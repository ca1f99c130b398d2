"""The Modbus side of a Beckhoff BK9000, BK9050 or BK9100 Bus Coupler with digital terminals.

Documentation BK9000, BK9050, BK9100:
- "ModbusTCP process image": inputs by FC02 at 0, outputs by FC05 and FC15 at 0, read back by FC01 at 0.
- "Modbus TCP interface": 0x1020 current time of the watchdog in ms (read only), 0x1120 its pre-defined time
  (1000 ms; 0 deactivates), 0x1121 reset register, 0x1122 type: 1 any telegram feeds it (default), 0 write
  telegrams only. It starts with the first write telegram. Its registers "can only be written if the watchdog
  is not active". An elapsed one is reset by writing 0xBECF and then 0xAFFE to 0x1121.
- "Slave error answer": 3 incorrect register, 4 watchdog or K-Bus error, 6 output data has already been received
  from another IP device (not played: every test here is one master).
Which answer a forbidden register write gets is not said: here exception 3, "incorrect register". "Write telegram"
is taken to be a write of process data, as the sister coupler's (EK9000) page says in so many words.
"""

from collections.abc import Sequence

from edge_agent.simulate import io_pdu
from edge_agent.simulate.io_pdu import Wires
from edge_agent.simulate.modbus_server import Code, ModbusError
from edge_agent.simulate.timer import EXPIRED, RUNNING, Timer

CURRENT, TIME, RESET, TYPE = 0x1020, 0x1120, 0x1121, 0x1122
MAGIC = (0xBECF, 0xAFFE)
ANY_TELEGRAM = 1


class BusCoupler:
    """BK9xx0."""

    def __init__(self, wires: Wires, *, broken_dog: bool) -> None:
        """As delivered: 1 s, fed by any telegram, not yet started."""
        self.watchdog = Timer(broken=broken_dog)
        self.watchdog.time_s = 1.0
        self._type = ANY_TELEGRAM
        self._first_half = False
        self._wires = wires

    def answer(self, pdu: bytes, now_s: float) -> bytes:
        """The reply to one request."""
        if self._type == ANY_TELEGRAM and self.watchdog.word == RUNNING:
            self.watchdog.feed(now_s)
        return io_pdu.answer(self, pdu, now_s)

    def rests(self, coil: int) -> bool:  # noqa: ARG002 (every output falls)
        """Every digital output becomes 0."""
        return False

    def read_bits(self, function: int, address: int, count: int) -> Sequence[bool]:
        """Outputs by 1, inputs by 2."""
        self._refuse_if_expired()
        return io_pdu.within(self._wires.coils if function == 1 else self._wires.contacts, address, count)

    def write_bits(self, address: int, bits: Sequence[bool], now_s: float) -> None:
        """Outputs; the first write starts the watchdog."""
        self._refuse_if_expired()
        io_pdu.switch_all(self._wires, address, bits)
        self.watchdog.feed(now_s)

    def read_words(self, address: int, count: int) -> Sequence[int]:
        """The watchdog's registers, one at a time."""
        known = {TIME: round(self.watchdog.time_s * 1000), TYPE: self._type, RESET: 0, CURRENT: 0}
        if count != 1 or address not in known:
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        return [known[address]]

    def write_word(self, address: int, value: int, now_s: float) -> None:  # noqa: ARG002 (no write of process data)
        """The watchdog's registers."""
        match address:
            case 0x1121:
                if self._first_half and value == MAGIC[1]:
                    self._reset()
                self._first_half = value == MAGIC[0]
            case 0x1120 | 0x1122:
                if self.watchdog.word == RUNNING:
                    raise ModbusError(Code.ILLEGAL_VALUE)
                if address == TIME:
                    self.watchdog.time_s = value / 1000
                else:
                    self._type = value
            case _:
                raise ModbusError(Code.ILLEGAL_ADDRESS)

    def _reset(self) -> None:
        if self.watchdog.word == EXPIRED:
            self.watchdog.clear()

    def _refuse_if_expired(self) -> None:
        if self.watchdog.word == EXPIRED:
            raise ModbusError(Code.DEVICE_FAILURE)
