"""The Modbus side of a WAGO 750-362 coupler: requests in, replies out; switching is the owner's.

Manual 750-352/750-362, "MODBUS functions", bit access: FC05 and FC15 write outputs at 0x0000 and at 0x0200;
FC01 and FC02 both read the **inputs** at 0x0000 and the **outputs** at 0x0200. Unit id is "not used".
"""

from collections.abc import Sequence

from edge_agent.simulate import io_pdu
from edge_agent.simulate.io_pdu import Wires
from edge_agent.simulate.modbus_server import Code, ModbusError
from edge_agent.simulate.wago import FIRST, LAST, State, Watchdog, plate

OUTPUTS_AT = 0x0200  # where outputs are read back
AREA = 0x0200  # first 512 bits of each kind


class Coupler:
    """Reads the wires' contacts and coils as they are."""

    def __init__(self, wires: Wires, *, refuse_reads: bool) -> None:
        """`refuse_reads`: after expiry reads of process data are refused too, as older manuals have it."""
        self.watchdog = Watchdog()
        self._wires = wires
        self._refuse_reads = refuse_reads

    def answer(self, pdu: bytes, now_s: float) -> bytes:
        """The reply to one request; the watchdog has heard it first."""
        self.watchdog.request(pdu[0], now_s)
        return io_pdu.answer(self, pdu, now_s)

    def rests(self, coil: int) -> bool:  # noqa: ARG002 (every output falls)
        """Every output falls."""
        return False

    def read_bits(self, function: int, address: int, count: int) -> Sequence[bool]:  # noqa: ARG002 (both the same)
        """Inputs at nought, outputs at 0x0200, by either function."""
        if self._refuse_reads:
            self._refuse_if_expired()
        bits = self._wires.contacts if address < OUTPUTS_AT else self._wires.coils
        if address >= OUTPUTS_AT + AREA:
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        return io_pdu.within(bits, address % AREA, count)

    def write_bits(self, address: int, bits: Sequence[bool], now_s: float) -> None:  # noqa: ARG002 (fed already)
        """Outputs at nought and at 0x0200."""
        self._refuse_if_expired()
        if address >= OUTPUTS_AT + AREA:
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        io_pdu.switch_all(self._wires, address % AREA, bits)

    def read_words(self, address: int, count: int) -> Sequence[int]:
        """Watchdog registers one at a time, constants, the name plate."""
        if FIRST <= address <= LAST and count == 1:
            return [self.watchdog.read(address)]
        return plate(address, count)

    def write_word(self, address: int, value: int, now_s: float) -> None:
        """Watchdog registers."""
        if not FIRST <= address <= LAST:
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        self.watchdog.write(address, value, now_s)

    def _refuse_if_expired(self) -> None:
        if self.watchdog.state is State.EXPIRED:
            raise ModbusError(Code.DEVICE_FAILURE)
