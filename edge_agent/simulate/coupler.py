"""The Modbus side of a WAGO 750-362 coupler: requests in, replies out; switching is the owner's.

Manual 750-352/750-362, "MODBUS functions", bit access: FC05 and FC15 write outputs at 0x0000 and at 0x0200;
FC01 and FC02 both read the **inputs** at 0x0000 and the **outputs** at 0x0200. Unit id is "not used".
"""

import struct
from collections.abc import Callable, Sequence

from edge_agent.simulate.modbus_server import Code, ModbusError, refusal
from edge_agent.simulate.wago import FIRST, LAST, State, Watchdog, plate

OUTPUTS_AT = 0x0200  # where outputs are read back
AREA = 0x0200  # first 512 bits of each kind
ON, OFF = 0xFF00, 0x0000  # values of FC05


class Coupler:
    """Reads `contacts` and `coils` as they are; a written coil goes to `switch(coil, on)`."""

    def __init__(
        self,
        contacts: Sequence[bool],
        coils: Sequence[bool],
        switch: Callable[[int, bool], None],
        *,
        refuse_reads: bool,
    ) -> None:
        """`refuse_reads`: after expiry reads of process data are refused too, as older manuals have it."""
        self.watchdog = Watchdog()
        self._contacts = contacts
        self._coils = coils
        self._switch = switch
        self._refuse_reads = refuse_reads

    def answer(self, pdu: bytes, now_s: float) -> bytes:
        """The reply to one request; the watchdog has heard it first."""
        self.watchdog.request(pdu[0], now_s)
        try:
            return self._serve(pdu, now_s)
        except ModbusError as error:
            return refusal(pdu[0], error.code)
        except struct.error:  # a PDU shorter than its own function demands
            return refusal(pdu[0], Code.ILLEGAL_VALUE)

    def _serve(self, pdu: bytes, now_s: float) -> bytes:
        function, address, value = struct.unpack(">BHH", pdu[:5])
        match function:
            case 1 | 2:
                return _bits(function, self._read_bits(address, value))
            case 3 | 4:
                words = self._read_words(address, value)
                return struct.pack(f">BB{len(words)}H", function, 2 * len(words), *words)
            case 5:
                if value not in {ON, OFF}:
                    raise ModbusError(Code.ILLEGAL_VALUE)
                self._write_bits(address, [value == ON])
            case 6:
                self._write_word(address, value, now_s)
            case 15:
                self._write_bits(address, _unpack_bits(pdu[6:], value))
            case 16:
                if value != 1:
                    raise ModbusError(Code.ILLEGAL_ADDRESS)
                self._write_word(address, struct.unpack(">H", pdu[6:8])[0], now_s)
            case _:
                raise ModbusError(Code.ILLEGAL_FUNCTION)
        return pdu[:5]

    def _read_bits(self, address: int, count: int) -> Sequence[bool]:
        if self._refuse_reads:
            self._refuse_if_expired()
        if not 1 <= count <= 2000:  # noqa: PLR2004 - MODBUS Application Protocol 6.1
            raise ModbusError(Code.ILLEGAL_VALUE)
        bits = self._contacts if address < OUTPUTS_AT else self._coils
        first = address % AREA
        if address >= OUTPUTS_AT + AREA or first + count > len(bits):
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        return bits[first : first + count]

    def _write_bits(self, address: int, bits: Sequence[bool]) -> None:
        self._refuse_if_expired()
        first = address % AREA
        if address >= OUTPUTS_AT + AREA or first + len(bits) > len(self._coils):
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        for coil, on in enumerate(bits, first):
            self._switch(coil, on)

    def _read_words(self, address: int, count: int) -> list[int]:
        if FIRST <= address <= LAST and count == 1:
            return [self.watchdog.read(address)]
        return plate(address, count)

    def _write_word(self, address: int, value: int, now_s: float) -> None:
        if not FIRST <= address <= LAST:
            raise ModbusError(Code.ILLEGAL_ADDRESS)
        self.watchdog.write(address, value, now_s)

    def _refuse_if_expired(self) -> None:
        if self.watchdog.state is State.EXPIRED:
            raise ModbusError(Code.DEVICE_FAILURE)


def _bits(function: int, bits: Sequence[bool]) -> bytes:
    packed = sum(bit << place for place, bit in enumerate(bits))
    size = (len(bits) + 7) // 8
    return bytes((function, size)) + packed.to_bytes(size, "little")


def _unpack_bits(packed: bytes, count: int) -> list[bool]:
    if not 1 <= count <= 8 * len(packed):
        raise ModbusError(Code.ILLEGAL_VALUE)
    return [bool(packed[place // 8] >> place % 8 & 1) for place in range(count)]
