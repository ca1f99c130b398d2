"""Asking one detector for the registers of a profile, patiently: what an RTU line still owes is waited for."""

import time
from collections.abc import Mapping

from msgspec import Struct

from edge_agent.field.late import LATE_S
from edge_agent.field.modbus import Link, ModbusError, Trouble
from edge_agent.sense.profile import Block

Told = dict[int, int]  # register address -> its 16 bits


class Asker(Struct, kw_only=True):
    """One unit behind one link; answers and refusals are kept, so that no question is put twice in vain."""

    link: Link
    unit_id: int
    told: dict[Block, Told] = {}
    failed: dict[Block, ModbusError] = {}

    def ask(self, block: Block) -> Told:
        """The registers of one block; raises ModbusError."""
        bare = Block(function=block.function, address=block.address, count=block.count)
        if bare in self.failed:
            raise self.failed[bare]
        if bare not in self.told:
            try:
                self.told[bare] = self._once(bare)
            except ModbusError as fault:
                self.failed[bare] = fault
                raise
        return self.told[bare]

    def registers(self, blocks: tuple[Block, ...]) -> Told:
        """All blocks of a profile; raises ModbusError of the first that is not answered."""
        found: Told = {}
        for block in blocks:
            found |= self.ask(block)
        return found

    def _once(self, block: Block) -> Told:
        try:
            words = self.link.registers(block.function, self.unit_id, block.address, block.count)
        except ModbusError as fault:
            if fault.trouble is not Trouble.WAITING:
                raise
            time.sleep(LATE_S)
            words = self.link.registers(block.function, self.unit_id, block.address, block.count)
        return dict(enumerate(words, start=block.address))


def shown(words: Mapping[int, int], register: int) -> str:
    """One register as a manual writes it: decimal and hexadecimal address, word in hexadecimal and decimal."""
    return f"{register:>5}  0x{register:04X}   0x{words[register]:04X}  {words[register]:>5}"
