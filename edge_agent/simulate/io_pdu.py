"""What every I/O module of the simulators has in common: one request in, one answer out, and what it is wired to.

MODBUS Application Protocol V1.1b3, 6: functions 1-6, 15, 16. What is at which address, and what the watchdog
makes of it, is each module's own (wago.py, coupler.py, beckhoff.py, crevis.py, icpdas.py, waveshare.py).
"""

import struct
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct

from edge_agent.simulate.modbus_server import Code, ModbusError, refusal

ON, OFF = 0xFF00, 0x0000  # values of FC05
MOST_BITS = 2000


class Dog(Protocol):
    """A module's watchdog; the owner asks when to look again."""

    @property
    def word(self) -> str:
        """Off, running or expired."""

    @property
    def expires_at_s(self) -> float | None:
        """When it will expire if nothing feeds it; None while it does not run."""

    @property
    def closes_sockets(self) -> bool:
        """Whether its expiry closes the connections."""

    def look(self, now_s: float) -> bool:
        """Expire if it is time; True at the moment of expiry."""


class Wires(Struct, frozen=True):
    """What the module's terminals are connected to; `coils` is what it believes that its outputs are."""

    contacts: list[bool]
    coils: list[bool]
    switch: Callable[[int, bool], None]


class Module(Protocol):
    """One module's Modbus side."""

    @property
    def watchdog(self) -> Dog:
        """Its watchdog."""

    def answer(self, pdu: bytes, now_s: float) -> bytes:
        """The reply to one request."""

    def rests(self, coil: int) -> bool:
        """What this output becomes when the watchdog expires."""


class Addresses(Protocol):
    """What is at which address; ModbusError where there is nothing, or it is forbidden."""

    def read_bits(self, function: int, address: int, count: int) -> Sequence[bool]:
        """Functions 1 and 2."""

    def write_bits(self, address: int, bits: Sequence[bool], now_s: float) -> None:
        """Functions 5 and 15."""

    def read_words(self, address: int, count: int) -> Sequence[int]:
        """Functions 3 and 4."""

    def write_word(self, address: int, value: int, now_s: float) -> None:
        """Functions 6, and 16 of one word."""


def answer(module: Addresses, pdu: bytes, now_s: float) -> bytes:
    """The reply to one request: an exception where the module does not do it."""
    try:
        return _serve(module, pdu, now_s)
    except ModbusError as error:
        return refusal(pdu[0], error.code)
    except struct.error:  # a PDU shorter than its own function demands
        return refusal(pdu[0], Code.ILLEGAL_VALUE)


def _serve(module: Addresses, pdu: bytes, now_s: float) -> bytes:
    function, address, value = struct.unpack(">BHH", pdu[:5])
    match function:
        case 1 | 2:
            if not 1 <= value <= MOST_BITS:
                raise ModbusError(Code.ILLEGAL_VALUE)
            return _bits(function, module.read_bits(function, address, value))
        case 3 | 4:
            words = module.read_words(address, value)
            return struct.pack(f">BB{len(words)}H", function, 2 * len(words), *words)
        case 5:
            if value not in {ON, OFF}:
                raise ModbusError(Code.ILLEGAL_VALUE)
            module.write_bits(address, [value == ON], now_s)
        case 6:
            module.write_word(address, value, now_s)
        case 15:
            module.write_bits(address, _unpack_bits(pdu[6:], value), now_s)
        case 16:
            if value != 1:
                raise ModbusError(Code.ILLEGAL_ADDRESS)
            module.write_word(address, struct.unpack(">H", pdu[6:8])[0], now_s)
        case _:
            raise ModbusError(Code.ILLEGAL_FUNCTION)
    return pdu[:5]


def within(bits: Sequence[bool], first: int, count: int) -> Sequence[bool]:
    """These bits, or exception 2 where there are not so many."""
    if first < 0 or first + count > len(bits):
        raise ModbusError(Code.ILLEGAL_ADDRESS)
    return bits[first : first + count]


def switch_all(wires: Wires, first: int, bits: Sequence[bool]) -> None:
    """Write outputs from `first` on, or exception 2 where there are not so many."""
    within(wires.coils, first, len(bits))
    for coil, on in enumerate(bits, first):
        wires.switch(coil, on)


def _bits(function: int, bits: Sequence[bool]) -> bytes:
    packed = sum(bit << place for place, bit in enumerate(bits))
    size = (len(bits) + 7) // 8
    return bytes((function, size)) + packed.to_bytes(size, "little")


def _unpack_bits(packed: bytes, count: int) -> list[bool]:
    if not 1 <= count <= 8 * len(packed):
        raise ModbusError(Code.ILLEGAL_VALUE)
    return [bool(packed[place // 8] >> place % 8 & 1) for place in range(count)]
