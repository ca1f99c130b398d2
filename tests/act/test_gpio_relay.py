"""The board's own lines as a relay: on a board whose calls are those of gpiod. No real board was at hand."""

import errno
import inspect
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from edge_agent.act import gpio_errors
from edge_agent.act.gpio_errors import GpioError
from edge_agent.act.gpio_lines import GpioLines
from edge_agent.act.gpio_relay import GpioRelay
from edge_agent.domain.observation import Contact
from edge_agent.domain.outcome import Action, Output, Pulse
from edge_agent.domain.words import Words
from edge_agent.ops.doctor.finding import Standing
from edge_agent.ops.doctor.relays import on_board
from edge_agent.settings.site_relays import OutputTable
from tests.act import fake_gpiod
from tests.act.fake_gpiod import Board
from tests.act.gpio_bench import BOARD_NAMES, BOARD_TABLE, lines_of
from tests.act.relay_bench import CLOCK, DEVICE, LONG_S, contact, health, want
from tests.sense.field_fakes import Heard, running

TABLE = BOARD_TABLE


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path, BOARD_NAMES)  # GPIO23 is low: the stop button is closed


class Bench(NamedTuple):
    actuator: GpioRelay
    heard: Heard
    board: Board
    stop: Any


@pytest.fixture
def bench(board: Board) -> Iterator[Bench]:
    actuator, heard = GpioRelay(DEVICE, TABLE, CLOCK, lines_of(board)), Heard()
    with running(actuator, heard) as stop:
        heard.wait(health(ok=True))
        yield Bench(actuator, heard, board, stop)


def until(true: Callable[[], bool]) -> None:
    """Wait for what the thread does on the board."""
    end_s = time.monotonic() + 20.0
    while not true():
        assert time.monotonic() < end_s
        time.sleep(0.002)


@pytest.mark.parametrize("fake", fake_gpiod.REAL, ids=lambda kind: kind.__name__)
def test_the_board_is_called_as_gpiod_is(fake: type) -> None:
    for name, made in inspect.getmembers(fake, inspect.isfunction):
        if name.startswith("_"):
            continue
        known = inspect.signature(getattr(fake_gpiod.REAL[fake], name)).parameters
        assert list(inspect.signature(made).parameters) == list(known), name


def test_gpiod_is_what_is_loaded_on_a_board() -> None:
    assert gpio_errors.real().Chip is fake_gpiod.REAL[fake_gpiod.Chip]


def test_everything_is_off_when_the_lines_are_taken_whatever_level_that_is(bench: Bench) -> None:
    assert not bench.board.level("GPIO17")
    assert bench.board.level("GPIO4"), "this siren sounds at low"
    assert bench.board.held[bench.board.names.index("GPIO17")][1].direction.name == "OUTPUT"


def test_power_and_siren_follow_and_a_lease_that_ends_lets_the_power_fall(bench: Bench) -> None:
    bench.actuator.renew(want(power=True, siren=True), CLOCK.monotonic() + 0.3)
    until(lambda: bench.board.level("GPIO17"))
    bench.heard.wait(health(ok=False, word="fell by themselves"))
    assert not bench.board.level("GPIO17")
    assert not bench.board.level("GPIO4"), "the siren sounds on"


def test_a_trip_falls_and_stopping_leaves_the_power_off(bench: Bench) -> None:
    bench.actuator.renew(want(power=True), CLOCK.monotonic() + LONG_S)
    until(lambda: bench.board.level("GPIO17"))
    bench.actuator.trip(want(power=False, siren=True))
    until(lambda: not bench.board.level("GPIO17"))
    bench.actuator.renew(want(power=True, siren=True), CLOCK.monotonic() + LONG_S)
    until(lambda: bench.board.level("GPIO17"))
    bench.stop.set()
    until(lambda: not bench.board.held)
    assert not bench.board.level("GPIO17"), "a driver may hold what was written last"
    assert not bench.board.level("GPIO4"), "nobody silences a siren here"


def test_contacts_are_read_by_their_level_and_a_press_between_two_looks_is_not_lost(bench: Bench) -> None:
    bench.board.drive("GPIO22", high=True)
    bench.heard.wait(contact("fed-back", closed=True))
    after = bench.heard.mark()
    bench.board.drive("GPIO23", high=True)
    bench.board.drive("GPIO23", high=False)
    bench.heard.wait(contact("stop", closed=False), after)
    bench.heard.wait(contact("stop", closed=True), bench.heard.mark())


def test_an_output_that_is_shorted_is_told(bench: Bench) -> None:
    bench.board.short.add(1)
    bench.actuator.renew(want(power=True), CLOCK.monotonic() + LONG_S)
    bench.heard.wait(health(ok=False, word="read back otherwise"))


def test_a_chip_that_goes_is_told_and_power_waits_for_people_when_it_is_back(bench: Bench) -> None:
    bench.actuator.renew(want(power=True), CLOCK.monotonic() + LONG_S)
    until(lambda: bench.board.level("GPIO17"))
    bench.board.dead = errno.ENODEV
    bench.heard.wait(contact("stop", closed=None))
    bench.heard.wait(health(ok=False, word="ENODEV"))
    bench.board.dead = None
    bench.heard.wait(health(ok=False, word="fell by themselves"))
    assert not bench.board.level("GPIO17")
    bench.actuator.trip(want(power=False))
    bench.actuator.renew(want(power=False), CLOCK.monotonic() + LONG_S)
    bench.heard.wait(health(ok=True), bench.heard.mark())


def test_a_line_without_an_interrupt_is_read_by_level_alone(board: Board) -> None:
    board.no_edges = True
    held = lines_of(board)
    held.open()
    assert held.read() == ({"power": False, "siren": False}, {"fed-back": False, "stop": True}, frozenset())


def test_a_resistor_outside_is_left_to_itself(board: Board) -> None:
    row = replace(TABLE.contacts["stop"], pull="outside")
    lines_of(board, replace(TABLE, contacts={"stop": row})).open()
    assert board.held[3][1].bias.name == "DISABLED"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"chip": "pinctrl-rp1"}, "no GPIO chip pinctrl-rp1; it has: pinctrl-test"),
        ({"chip": "/dev/gpiochip99"}, "no such device"),
        ({"outputs": {"power": OutputTable(line="GPIO99", does="beacon")}}, "has no line GPIO99"),
        ({"outputs": {"power": OutputTable(line="99", does="beacon")}}, "has no line 99"),
        ({"outputs": {"lamp": OutputTable(line="3", does="beacon")}}, "lamp and stop are the same line (3)"),
        ({"outputs": {"power": OutputTable(line="GPIO24", does="beacon")}}, "taken: power (spi0 CS1)"),
    ],
)
def test_what_cannot_be_had_is_said_with_what_to_do(board: Board, wrong: dict[str, Any], word: str) -> None:
    board.others[4] = "spi0 CS1"
    with pytest.raises(GpioError) as refused:
        lines_of(board, replace(TABLE, **wrong)).open()
    assert word in refused.value.words.en
    assert refused.value.words.zh


def test_without_the_extra_it_is_told_and_nothing_breaks(tmp_path: Path) -> None:
    def missing() -> Any:
        raise GpioError(Words("未安装", "gpiod is not installed"))

    heard = Heard()
    with running(GpioRelay(DEVICE, TABLE, CLOCK, GpioLines(TABLE, missing, tmp_path)), heard):
        heard.wait(health(ok=False, word="not installed"))
        heard.wait(contact("stop", closed=None))
    assert not any(isinstance(one, Contact) and one.closed is not None for one in heard.all)


def test_the_doctor_looks_at_the_lines_and_gives_them_back(board: Board) -> None:
    (well,) = on_board("relays.board", TABLE, lines_of(board))
    assert well.standing is Standing.FINE
    assert not board.held
    board.drive("GPIO23", high=True)
    board.drive("GPIO22", high=True)
    found = {one.part: one.code for one in on_board("relays.board", TABLE, lines_of(board))}
    assert found == {
        "relays.board.contacts.stop": "stop_button_open",
        "relays.board.contacts.fed-back": "welded",
    }
    (gone,) = on_board("relays.board", TABLE, lines_of(None))
    assert gone.code == "no_lines"


def test_the_heartbeat_beats_on_a_line_and_stands_low_when_the_brain_is_silent(board: Board) -> None:
    table = replace(TABLE, outputs={"heart": OutputTable(line="GPIO24", does="heartbeat", period_s=0.8)})
    actuator = GpioRelay(DEVICE, table, CLOCK, lines_of(board, table))
    beat = Action(device=DEVICE, channel="heart", output=Output.HEARTBEAT, on=True, pulse=Pulse.even(0.8))
    with running(actuator, Heard()):
        until(lambda: bool(board.held))
        for _ in range(2):
            after = len(board.history)
            actuator.renew((beat,), CLOCK.monotonic() + LONG_S)
            until(lambda after=after: [high for _, _, high in board.history[after:]] == [True, False])
        last_s, seen = time.monotonic(), len(board.history)
        until(lambda: time.monotonic() - last_s > 1.0)
        assert len(board.history) == seen, "no rise without a step of the brain, whatever its lease"
        assert not board.level("GPIO24")
