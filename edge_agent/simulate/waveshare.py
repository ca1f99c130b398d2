"""The Modbus side of a Waveshare Modbus POE ETH Relay (B): eight relays, eight inputs, no watchdog.

Waveshare Wiki, "development protocol": relays by FC01, FC05, FC15 at 0x0000 (0x00FF is all of them, and 0x0200
flashes: neither is played), inputs by FC02 at 0x0000. What is on stays on until it is written off or loses its
supply.
"""

from collections.abc import Sequence

from edge_agent.simulate import io_pdu
from edge_agent.simulate.io_pdu import Wires
from edge_agent.simulate.modbus_server import Code, ModbusError
from edge_agent.simulate.timer import Timer


class Board:
    """Modbus POE ETH Relay (B)."""

    def __init__(self, wires: Wires) -> None:
        """All relays off."""
        self.watchdog = Timer(broken=True)
        self._wires = wires

    def answer(self, pdu: bytes, now_s: float) -> bytes:
        """The reply to one request."""
        return io_pdu.answer(self, pdu, now_s)

    def rests(self, coil: int) -> bool:
        """Nothing falls by itself."""
        return self._wires.coils[coil]

    def read_bits(self, function: int, address: int, count: int) -> Sequence[bool]:
        """Relays by 1, inputs by 2."""
        return io_pdu.within(self._wires.coils if function == 1 else self._wires.contacts, address, count)

    def write_bits(self, address: int, bits: Sequence[bool], now_s: float) -> None:  # noqa: ARG002 (no watchdog)
        """Relays."""
        io_pdu.switch_all(self._wires, address, bits)

    def read_words(self, address: int, count: int) -> Sequence[int]:  # noqa: ARG002 (none is played)
        """None."""
        raise ModbusError(Code.ILLEGAL_ADDRESS)

    def write_word(self, address: int, value: int, now_s: float) -> None:  # noqa: ARG002 (none is played)
        """None."""
        raise ModbusError(Code.ILLEGAL_ADDRESS)
