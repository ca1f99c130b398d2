"""A board with GPIO lines: the part of gpiod that act/gpio_lines.py uses, with the very same calls.

Settings and enumerations are gpiod's own; test_gpio_relay.py holds the calls against the real package. What the
kernel does is here: who holds a line, edges, what a driver leaves on a line that nobody holds any more.
"""

import errno
import time
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import gpiod
from gpiod import LineSettings, line
from gpiod.line import Direction, Edge, Value


class Info(NamedTuple):
    """The part of gpiod.LineInfo and gpiod.ChipInfo that is read."""

    label: str = ""
    used: bool = False
    consumer: str = ""


class Event(NamedTuple):
    line_offset: int


class Board:
    """One chip: levels as a meter would show them (True: high), whatever the lines are called active."""

    def __init__(self, folder: Path, names: tuple[str, ...], *, label: str = "pinctrl-test") -> None:
        self.folder = folder
        (folder / "gpiochip0").touch()
        self.names, self.label = names, label
        self.high = dict.fromkeys(range(len(names)), False)
        self.held: dict[int, tuple[Any, LineSettings]] = {}
        self.others: dict[int, str] = {}  # lines that another program holds
        self.no_edges = False
        self.dead: int | None = None  # errno of every call on a request
        self.short: set[int] = set()  # outputs that stay low
        self.history: list[tuple[float, int, bool]] = []  # when which line went high or low
        self.library = ModuleType("gpiod")
        self.library.__dict__.update(line=line, LineSettings=LineSettings, Chip=lambda path: Chip(self, path))

    def drive(self, name: str, *, high: bool) -> None:
        """A contact outside moves: what the resistor does is the caller's affair."""
        offset = self.names.index(name)
        if self.high[offset] is not high:
            self.high[offset] = high
            if offset in self.held and self.held[offset][1].edge_detection is Edge.BOTH:
                self.held[offset][0].events.append(Event(offset))

    def level(self, name: str) -> bool:
        return self.high[self.names.index(name)]

    def put(self, offset: int, *, high: bool) -> None:
        if self.high[offset] is not high:
            self.high[offset] = high and offset not in self.short
            self.history.append((time.monotonic(), offset, high))


class Chip:
    """gpiod.Chip."""

    def __init__(self, board: Board, path: str) -> None:
        if not Path(path).exists():
            raise FileNotFoundError(errno.ENOENT, "no such file", path)
        self._board = board

    def close(self) -> None:
        pass

    def get_info(self) -> Info:
        return Info(label=self._board.label)

    def line_offset_from_id(self, id: str | int) -> int:  # noqa: A002 (gpiod's own name)
        if isinstance(id, str) and id in self._board.names:
            return self._board.names.index(id)
        if isinstance(id, str) and not id.isdigit():
            raise OSError(errno.ENOENT, "no such line")
        if int(id) >= len(self._board.names):
            raise ValueError("line offset of out range")
        return int(id)

    def get_line_info(self, line: int | str) -> Info:
        offset = self.line_offset_from_id(line)
        return Info(used=offset in self._board.others, consumer=self._board.others.get(offset, ""))

    def request_lines(
        self,
        config: dict[Any, LineSettings | None],
        consumer: str | None = None,
        event_buffer_size: int | None = None,  # noqa: ARG002
        output_values: dict[Any, Value] | None = None,  # noqa: ARG002
    ) -> "LineRequest":
        assert consumer
        if self._board.others.keys() & config.keys() or self._board.held.keys() & config.keys():
            raise OSError(errno.EBUSY, "device or resource busy")
        if self._board.no_edges and any(one.edge_detection is Edge.BOTH for one in config.values()):
            raise OSError(errno.ENXIO, "no such device or address")
        return LineRequest(self._board, config)


class LineRequest:
    """gpiod.LineRequest."""

    def __init__(self, board: Board, config: dict[int, LineSettings]) -> None:
        self._board, self._config, self.events = board, config, []
        for offset, settings in config.items():
            board.held[offset] = (self, settings)
            if settings.direction is Direction.OUTPUT:
                self.set_values({offset: settings.output_value})

    def set_values(self, values: dict[int, Value]) -> None:
        self._alive()
        for offset, value in values.items():
            self._board.put(offset, high=bool(value.value) is not self._config[offset].active_low)

    def get_values(self, lines: Iterable[int] | None = None) -> list[Value]:
        self._alive()
        wanted = self._config if lines is None else lines
        return [Value(int(self._board.high[one] is not self._config[one].active_low)) for one in wanted]

    def wait_edge_events(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        self._alive()
        return bool(self.events)

    def read_edge_events(self, max_events: int | None = None) -> list[Event]:  # noqa: ARG002
        taken, self.events = self.events, []
        return taken

    def release(self) -> None:
        for offset in self._config:
            self._board.held.pop(offset, None)

    def _alive(self) -> None:
        if self._board.dead is not None:
            raise OSError(self._board.dead, "gone")


REAL = {Chip: gpiod.Chip, LineRequest: gpiod.LineRequest}
