"""The lines of one GPIO chip of this board, held through gpiod (the kernel's character device). Knows no lease.

Every call raises GpioError, in words, if the kernel refused. What a line does once nobody holds it is the driver's
affair (firmware_configs/relays/README.md, "Lines of the board"): nothing here counts on it.
"""

import contextlib
import errno
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from edge_agent.act.gpio_errors import GpioError, in_words, real
from edge_agent.domain.words import Words
from edge_agent.settings.site_relays import ContactTable, OutputTable, RelayTable

CONSUMER = "edge-agent"
BOUNCE = timedelta(milliseconds=10)  # shorter pulses on a contact's wire are noise
CHIPS = Path("/dev")
NO_EDGES = frozenset({errno.ENXIO, errno.EOPNOTSUPP, errno.ENOTSUP})  # this line has no interrupt: levels alone


class Seen(NamedTuple):
    """What the lines show: outputs as they are read back, contacts, and which contacts moved since last time."""

    on: dict[str, bool]
    closed: dict[str, bool]
    moved: frozenset[str]


class GpioLines:
    """The lines that site.toml names, once they are open."""

    def __init__(self, table: RelayTable, library: Callable[[], Any] = real, chips: Path = CHIPS) -> None:
        """Nothing is requested yet."""
        self._table = table
        self._library = library
        self._folder = chips
        self._requests: list[Any] = []
        self._outputs: Any = None
        self._inputs: Any = None
        self._offsets: dict[str, int] = {}

    def open(self) -> None:
        """Request every line: all outputs off, contacts with their resistor. What is held is given back first."""
        self.close()
        gpiod = self._library()
        with in_words(f"chip {self._table.chip}"), contextlib.closing(self._chip(gpiod)) as chip:
            wired = {n: one.line for n, one in self._out()} | {n: one.line for n, one in self._in()}
            self._offsets = {name: self._offset(chip, line) for name, line in wired.items()}
            _once(self._offsets)
            self._outputs = self._request(chip, {name: _output(gpiod, row) for name, row in self._out()})
            try:
                self._inputs = self._request(chip, {name: _input(gpiod, row) for name, row in self._in()})
            except OSError as refused:
                if refused.errno not in NO_EDGES:
                    raise
                levels = {name: _input(gpiod, row, edges=False) for name, row in self._in()}
                self._inputs = self._request(chip, levels)

    def write(self, values: Mapping[str, bool]) -> None:
        """What falls first, then what rises."""
        if self._outputs is None:
            return
        value = self._library().line.Value
        with in_words("write"):
            for level in (False, True):
                lines = {self._offsets[name]: value(int(on)) for name, on in values.items() if on is level}
                if lines:
                    self._outputs.set_values(lines)

    def read(self) -> Seen:
        """The lines now. A contact that left its level and is back on it has moved."""
        with in_words("read"):
            moved = self._moved()
            return Seen(
                on=self._levels(self._outputs, self._out()),
                closed=self._levels(self._inputs, self._in()),
                moved=moved,
            )

    def close(self) -> None:
        """Give every line back."""
        for request in self._requests:
            with contextlib.suppress(OSError):
                request.release()
        self._requests, self._outputs, self._inputs = [], None, None

    def _chip(self, gpiod: Any) -> Any:
        """The chip by its device file or its label: numbers change from one kernel to the next, labels do not."""
        wanted = str(self._table.chip)
        if wanted.startswith("/"):
            return gpiod.Chip(wanted)
        labels = []
        for path in sorted(self._folder.glob("gpiochip*")):
            chip = gpiod.Chip(str(path))
            labels.append(chip.get_info().label)
            if labels[-1] == wanted:
                return chip
            chip.close()
        listed = ", ".join(labels)
        zh = f"本机没有 GPIO 芯片 {wanted}，现有：{listed or '无'}"
        raise GpioError(Words(zh, f"this board has no GPIO chip {wanted}; it has: {listed or 'none'}"))

    def _offset(self, chip: Any, line: str | None) -> int:
        try:
            return int(chip.line_offset_from_id(line))
        except (OSError, ValueError) as unknown:
            if isinstance(unknown, OSError) and unknown.errno != errno.ENOENT:
                raise
            zh = f"芯片 {self._table.chip} 没有引脚 {line}，请用 gpioinfo 查看"
            en = f"chip {self._table.chip} has no line {line}: gpioinfo lists them"
            raise GpioError(Words(zh, en)) from unknown

    def _request(self, chip: Any, settings: Mapping[str, Any]) -> Any:
        if not settings:
            return None
        config = {self._offsets[name]: one for name, one in settings.items()}
        try:
            request = chip.request_lines(config=config, consumer=CONSUMER)
        except OSError as refused:
            if refused.errno == errno.EBUSY:
                raise GpioError(self._taken(chip, settings)) from refused
            raise
        self._requests.append(request)
        return request

    def _taken(self, chip: Any, names: Mapping[str, Any]) -> Words:
        infos = {name: chip.get_line_info(self._offsets[name]) for name in names}
        taken = [f"{name} ({info.consumer})" for name, info in infos.items() if info.used]
        zh = f"引脚被占用：{'、'.join(taken)}，请停止占用的程序或改用别的引脚"
        en = f"lines are taken: {', '.join(taken)}; end what holds them, or wire other lines"
        return Words(zh, en)

    def _moved(self) -> frozenset[str]:
        if self._inputs is None or not self._inputs.wait_edge_events(0):
            return frozenset()
        offsets = {event.line_offset for event in self._inputs.read_edge_events()}
        return frozenset(name for name, _ in self._in() if self._offsets[name] in offsets)

    def _levels(self, request: Any, rows: Iterator[tuple[str, Any]]) -> dict[str, bool]:
        names = [name for name, _ in rows]
        if not names:
            return {}
        values = request.get_values([self._offsets[name] for name in names])
        return {name: bool(value.value) for name, value in zip(names, values, strict=True)}

    def _out(self) -> Iterator[tuple[str, OutputTable]]:
        yield from self._table.outputs.items()

    def _in(self) -> Iterator[tuple[str, ContactTable]]:
        yield from self._table.contacts.items()


def _once(offsets: Mapping[str, int]) -> None:
    """One line may have a name and a number: nobody uses it twice."""
    first: dict[int, str] = {}
    for name, offset in offsets.items():
        if first.setdefault(offset, name) != name:
            zh = f"{first[offset]} 和 {name} 是同一根引脚（{offset}）"
            raise GpioError(Words(zh, f"{first[offset]} and {name} are the same line ({offset})"))


def _output(gpiod: Any, row: OutputTable) -> Any:
    return gpiod.LineSettings(
        direction=gpiod.line.Direction.OUTPUT,
        active_low=row.on_at == "low",
        output_value=gpiod.line.Value.INACTIVE,
    )


def _input(gpiod: Any, row: ContactTable, *, edges: bool = True) -> Any:
    low, line = row.closed_at != "high", gpiod.line
    pull = line.Bias.PULL_UP if low else line.Bias.PULL_DOWN
    return gpiod.LineSettings(
        direction=line.Direction.INPUT,
        active_low=low,
        bias=line.Bias.DISABLED if row.pull == "outside" else pull,
        edge_detection=line.Edge.BOTH if edges else line.Edge.NONE,
        debounce_period=BOUNCE if edges else timedelta(0),
    )
