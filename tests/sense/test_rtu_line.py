"""Modbus RTU on a real (pseudo) serial port and through a serial server: nothing late is taken for another's."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from edge_agent.domain.observation import Observation, Quality, Reading
from edge_agent.field.late import LATE_S, Owed
from edge_agent.field.modbus import ModbusError, Trouble, bus_link
from edge_agent.settings.site_lines import BusTable
from tests.sense.field_fakes import CO_24, H2S_12_3, Heard, detector, running
from tests.sense.rtu_line import Line, serial_port, serial_server, worker

H2S, CO = dict(enumerate(H2S_12_3)), dict(enumerate(CO_24))


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture(params=[serial_port, serial_server], ids=["serial", "rtu-over-tcp"])
def where(request: pytest.FixtureRequest, line: Line) -> Iterator[dict[str, object]]:
    with request.param(line) as found:
        yield found


def of(device: str, quality: Quality) -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, Reading) and seen.source == device and seen.quality is quality


def test_two_detectors_of_one_line_are_read(line: Line, where: dict[str, object]) -> None:
    line.units = {3: H2S, 4: CO}
    heard = Heard()
    with running(worker(where, detector("h2s", 3), detector("co", 4)), heard):
        for device, level in (("gas-h2s", 12.3), ("gas-co", 24.0)):
            seen = heard.wait(of(device, Quality.GOOD))
            assert isinstance(seen, Reading)
            assert (seen.level, seen.age_s) == (pytest.approx(level), 0.0)


@pytest.mark.parametrize("ill", ["silent", "broken", "noise", "late:0.4"])
def test_what_is_no_answer_is_comm_fail_and_the_neighbour_goes_on(
    line: Line, where: dict[str, object], ill: str
) -> None:
    line.units, line.ills = {3: H2S, 4: CO}, {3: ill}
    heard = Heard()
    with running(worker(where, detector("h2s", 3), detector("co", 4)), heard):
        failed = heard.wait(of("gas-h2s", Quality.COMM_FAIL))
        for _ in range(3):
            heard.wait(of("gas-co", Quality.GOOD), heard.mark())
        line.ills = {}
        heard.wait(of("gas-h2s", Quality.GOOD), heard.mark())
    assert isinstance(failed, Reading)
    assert failed.detail
    for seen in heard.all:
        assert isinstance(seen, Reading)
        assert seen.level in (None, pytest.approx(12.3 if seen.source == "gas-h2s" else 24.0))


def test_a_frame_of_another_unit_is_passed_over(line: Line, where: dict[str, object]) -> None:
    line.units, line.ills = {3: H2S}, {3: "foreign"}
    link = bus_link(BusTable(timeout_s=0.3, **where), None)  # type: ignore[arg-type]
    with pytest.raises(ModbusError):  # both came in one piece: pymodbus drops the piece, and we close
        link.registers(3, 3, 0, 10)
    assert not link.open
    line.ills = {}
    assert link.registers(3, 3, 0, 10) == H2S_12_3
    link.close()


def test_bytes_that_nobody_asked_for_are_no_answer(line: Line, where: dict[str, object]) -> None:
    line.units = {3: H2S | {0: 0x0400}}
    link = bus_link(BusTable(timeout_s=1.0, **where), None)  # type: ignore[arg-type]
    assert link.registers(3, 3, 0, 10) == H2S_12_3
    stale = bytes.fromhex("0303140000") + bytes(18)
    line.say(stale)
    deadline = time.monotonic() + 20
    while not link._client.unasked():
        assert time.monotonic() < deadline
    assert link.registers(3, 3, 0, 10) == H2S_12_3
    link.close()


def test_a_late_reply_is_never_taken_for_that_of_another_register(line: Line, where: dict[str, object]) -> None:
    """Two registers of one unit, read one by one as many profiles do: their replies look alike on the wire."""
    line.units, line.ills = {3: {100: 111, 200: 222}}, {3: "late:0.6"}
    link = bus_link(BusTable(timeout_s=0.2, **where), None)  # type: ignore[arg-type]
    with pytest.raises(ModbusError) as silent:
        link.registers(3, 3, 100, 1)
    assert silent.value.trouble is Trouble.SILENT
    line.ills = {}
    with pytest.raises(ModbusError) as waits:  # the reply of 100 is on its way, and would be believed
        link.registers(3, 3, 200, 1)
    assert waits.value.trouble is Trouble.WAITING
    assert "迟到" in waits.value.words.zh
    assert [address for _, _, address in line.asked] == [100]
    assert link.registers(3, 3, 100, 1) == (111,)  # the same one again may be asked
    assert 0.2 <= link.late_s < LATE_S  # and is as old as the reply may be
    link.close()


@pytest.mark.parametrize("ill", ["broken", "noise"])
def test_a_reply_that_came_broken_is_not_owed(line: Line, where: dict[str, object], ill: str) -> None:
    """Noise on the line must not silence the other registers of a unit for ten seconds."""
    line.units, line.ills = {3: {100: 111, 200: 222}}, {3: ill}
    link = bus_link(BusTable(timeout_s=0.2, **where), None)  # type: ignore[arg-type]
    with pytest.raises(ModbusError) as broken:
        link.registers(3, 3, 100, 1)
    assert broken.value.trouble is Trouble.GARBAGE
    line.ills = {}
    assert link.registers(3, 3, 200, 1) == (222,)
    assert link.late_s == 0.0
    link.close()


def test_the_same_question_answered_late_is_as_old_as_it_may_be(line: Line, where: dict[str, object]) -> None:
    line.units, line.ills = {3: H2S}, {3: "late:0.35"}
    heard = Heard()
    with running(worker(where, detector("h2s", 3), timeout_s=0.2), heard):
        heard.wait(of("gas-h2s", Quality.COMM_FAIL))
        line.ills = {}
        seen = heard.wait(of("gas-h2s", Quality.GOOD))
    assert isinstance(seen, Reading)
    assert seen.age_s >= 0.2


def test_what_a_line_owes_is_counted_by_shape_and_forgotten_in_time() -> None:
    owed = Owed()
    owed.ask((3, 3, 1), 100, 0.0)
    owed.miss((3, 3, 1))
    assert owed.forbids((3, 3, 1), 200, 1.0)
    assert not owed.forbids((3, 3, 1), 100, 1.0)  # the same register
    assert not owed.forbids((3, 3, 2), 200, 1.0)  # another length cannot be mistaken
    assert not owed.forbids((4, 3, 1), 200, 1.0)
    owed.ask((3, 3, 1), 100, 1.5)
    assert owed.age_s((3, 3, 1), 1.6) == pytest.approx(1.6)
    owed.ask((3, 3, 1), 100, 2.5)
    assert owed.age_s((3, 3, 1), 2.6) == pytest.approx(1.1)  # one reply is owed: it may be the one before
    assert not owed.forbids((3, 3, 1), 200, LATE_S + 0.1)
    owed.ask((3, 3, 1), 100, LATE_S + 1)
    assert owed.age_s((3, 3, 1), LATE_S + 1.1) == 0.0


def test_a_port_that_is_not_there_or_taken_is_said_in_words(line: Line) -> None:
    missing = bus_link(BusTable(kind="modbus_rtu", device="/dev/no-such-port"), None)
    with pytest.raises(ModbusError) as gone:
        missing.registers(3, 1, 0, 1)
    assert gone.value.trouble is Trouble.UNREACHABLE
    assert "没有这个串口" in gone.value.words.zh
    with serial_port(line) as where:
        line.units = {3: H2S}
        first = bus_link(BusTable(**where), None)  # type: ignore[arg-type]
        assert first.registers(3, 3, 0, 10) == H2S_12_3
        second = bus_link(BusTable(**where), None)  # type: ignore[arg-type]
        with pytest.raises(ModbusError) as taken:
            second.registers(3, 3, 0, 10)
        assert "占用" in taken.value.words.zh
        assert "is the agent running" in taken.value.words.en
        first.close()


def test_a_question_that_never_went_out_is_not_owed() -> None:
    link = bus_link(BusTable(kind="modbus_rtu", device="/dev/no-such-port"), None)
    for address in (100, 200):
        with pytest.raises(ModbusError) as gone:
            link.registers(3, 3, address, 1)
        assert gone.value.trouble is Trouble.UNREACHABLE


def test_an_adapter_that_is_pulled_out_is_a_silence_with_its_reason(line: Line) -> None:
    line.units = {3: H2S}
    heard = Heard()
    with ExitStack() as plugged:
        where = plugged.enter_context(serial_port(line))
        with running(worker(where, detector("h2s", 3)), heard):
            heard.wait(of("gas-h2s", Quality.GOOD))
            plugged.close()
            seen = heard.wait(of("gas-h2s", Quality.COMM_FAIL))
            heard.wait(of("gas-h2s", Quality.COMM_FAIL), heard.mark())
    assert isinstance(seen, Reading)
    assert "串口" in seen.detail.zh
    assert "serial port" in seen.detail.en
