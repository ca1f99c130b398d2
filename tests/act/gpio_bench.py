"""A job's relay on the lines of a board, seen as a module: asked in the same words what every actuator owes."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from edge_agent.act.gpio_lines import GpioLines
from edge_agent.domain.words import Words
from edge_agent.settings.site_relays import ContactTable, OutputTable, RelayTable
from edge_agent.simulate.handle import Line
from tests.act.fake_gpiod import Board

BOARD_NAMES = ("GPIO4", "GPIO17", "GPIO22", "GPIO23", "GPIO24")
POWER_LINE, SIREN_LINE = 1, 0
BOARD_TABLE = RelayTable(
    name=Words("控制板引脚", "lines of the board"),
    profile="gpio",
    chip="pinctrl-test",
    outputs={
        "power": OutputTable(line="GPIO17", does="permissive"),
        "siren": OutputTable(line=str(SIREN_LINE), does="siren", on_at="low"),
    },
    contacts={
        "fed-back": ContactTable(line="GPIO22", kind="feedback", of="power", closed_at="high"),
        "stop": ContactTable(line="GPIO23", kind="stop_button"),
    },
)


def lines_of(board: Board | None, table: RelayTable = BOARD_TABLE) -> GpioLines:
    """`None`: a board without any chip."""
    if board is None:
        return GpioLines(table, chips=Path("/nonexistent"))
    return GpioLines(table, lambda: board.library, board.folder)


class BoardModule:
    """The lines in the words of a relay module: coil 0 is the power, coil 1 the siren (which sounds at low)."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @property
    def lines(self) -> list[Line]:
        coils = {POWER_LINE: 0, SIREN_LINE: 1}
        return [
            {"coil": coils[line], "on": high is (line == POWER_LINE), "why": "write", "t": at_s}
            for at_s, line, high in self._board.history
        ]

    def mark(self) -> int:
        return len(self._board.history)

    def wait_for(self, true: Callable[[Line], bool], timeout_s: float = 20.0, *, after: int = 0) -> Line:
        end_s = time.monotonic() + timeout_s
        while time.monotonic() < end_s:
            for line in self.lines[after:]:
                if true(line):
                    return line
            time.sleep(0.002)
        raise AssertionError(f"never seen: {self.lines}")

    def command(self, verb: str) -> Any:
        assert verb == "status"
        return {"coils": [self._board.high[POWER_LINE], not self._board.high[SIREN_LINE]]}
