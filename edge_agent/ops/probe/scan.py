"""Who answers on a bus: every address is asked one short question, with progress."""

import sys
from collections.abc import Iterator
from typing import TextIO

from edge_agent.domain.words import Words, WordsError
from edge_agent.field.modbus import Link, ModbusError, Trouble

QUESTIONS = ((3, 0), (4, 0))  # function, address: whoever has no such register says so, and is found by that
GATEWAY = (10, 11)  # exception codes of a gateway that reaches nobody
BAD_SPAN = Words("--units 写成 1-247", "write --units like 1-247")


def span(text: str) -> range:
    """The addresses of "A-B" or "N"; raises WordsError."""
    first, _, last = text.partition("-")
    try:
        low, high = int(first), int(last or first)
    except ValueError:
        raise WordsError(BAD_SPAN) from None
    if not 1 <= low <= high <= 247:  # noqa: PLR2004 (Modbus over Serial Line V1.02, 2.2)
        raise WordsError(BAD_SPAN)
    return range(low, high + 1)


def scan(link: Link, units: range) -> Iterator[int]:
    """The addresses at which somebody answers, one by one; raises ModbusError if the bus itself is not there."""
    link.connect()
    found = 0
    for number, unit in enumerate(units, start=1):
        here = answers(link, unit)
        found += here
        _tell(sys.stderr, number, len(units), unit, found)
        if here:
            yield unit
    sys.stderr.write("\n")


def answers(link: Link, unit: int) -> bool:
    """Whether somebody answers at this address, if only by refusing."""
    for function, address in QUESTIONS:
        try:
            link.registers(function, unit, address, 1)
        except ModbusError as fault:
            if fault.trouble is Trouble.REFUSED and fault.code not in GATEWAY:
                return True
            if fault.trouble is Trouble.UNREACHABLE:
                raise
        else:
            return True
    return False


def _tell(progress: TextIO, number: int, of: int, unit: int, found: int) -> None:
    """One line that is written over on a terminal; in a file, a line for every tenth."""
    text = f"{number}/{of}  地址 unit {unit}  已找到 found {found}"
    if progress.isatty():
        progress.write(f"\r{text} ")
    elif number == of or number % max(of // 10, 1) == 0:
        progress.write(f"{text}\n")
    progress.flush()
