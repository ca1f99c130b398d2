"""The gas bus against a gateway that misbehaves: faults are qualities, nothing is attributed to another."""

import itertools
import socket
import time
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from edge_agent.domain.observation import Observation, Quality, Reading
from edge_agent.field.modbus import bus_link
from edge_agent.sense.gas_detector import GasDetector
from edge_agent.sense.profile import Heartbeat
from edge_agent.settings.site_lines import BusTable
from tests.sense.field_fakes import CO_24, H2S_12_3, O2_20_9, Gateway, Heard, bus, detector, running
from tests.sense.rtu_line import Line, serial_server, worker

ILLS = ["silent", "exception:11", "exception:2", "garbage", "short", "other_unit", "other_question"]
ILLS += ["unstamped", "other_function", "torn", "reset"]


def of(device: str, quality: Quality) -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, Reading) and seen.source == device and seen.quality is quality


def test_readings_carry_gas_unit_alarm_and_the_moment_of_arrival(gateway: Gateway) -> None:
    gateway.units = {3: H2S_12_3}
    heard = Heard()
    before_s = time.monotonic()
    with running(bus(gateway.port, detector("h2s", 3)), heard):
        seen = heard.wait(of("gas-h2s", Quality.GOOD))
    assert isinstance(seen, Reading)
    assert (seen.channel, seen.level, seen.unit, seen.device_alarm) == ("h2s", pytest.approx(12.3), "ppm", True)
    assert before_s <= seen.at_s <= time.monotonic()


@pytest.mark.parametrize("ill", ILLS)
def test_an_answer_that_is_none_becomes_comm_fail_with_words_and_never_a_value(gateway: Gateway, ill: str) -> None:
    gateway.units = {3: H2S_12_3, 4: CO_24}
    gateway.ills = {3: ill}
    heard = Heard()
    with running(bus(gateway.port, detector("h2s", 3), detector("co", 4)), heard):
        failed = heard.wait(of("gas-h2s", Quality.COMM_FAIL))
        after = heard.mark()
        heard.wait(of("gas-co", Quality.GOOD), after)  # the other one goes on
        gateway.ills = {}
        healed = heard.wait(of("gas-h2s", Quality.GOOD), after)
    assert isinstance(failed, Reading)
    assert isinstance(healed, Reading)
    assert failed.level is None
    assert failed.detail
    assert healed.level == pytest.approx(12.3)
    for seen in heard.all:
        assert isinstance(seen, Reading)
        assert seen.level in (None, pytest.approx(12.3 if seen.source == "gas-h2s" else 24.0))


def test_a_late_answer_is_never_taken_for_another_detectors(gateway: Gateway) -> None:
    # The gateway answers late, stamping what it owes with the question of now (docs/trust.md, fact 1).
    gateway.units = {3: H2S_12_3, 4: (0x0000, 999, *CO_24[2:])}
    gateway.ills = {4: "owes"}
    heard = Heard()
    same_range = detector("co", 3)  # reads unit 3 as CO, so that only closing can tell the answers apart
    gateway.units[3] = CO_24
    with running(bus(gateway.port, detector("co", 4), same_range), heard):
        for _ in range(3):
            heard.wait(lambda seen: isinstance(seen, Reading) and seen.quality is Quality.GOOD, heard.mark())
    levels = {seen.level for seen in heard.all if isinstance(seen, Reading)}
    assert levels == {None, 24.0}
    assert gateway.connections > 1


def test_a_dead_detector_is_asked_ever_more_rarely_and_reported_every_period(gateway: Gateway) -> None:
    gateway.units = {4: CO_24}
    gateway.ills = {3: "silent"}
    heard = Heard()
    with running(bus(gateway.port, detector("h2s", 3), detector("co", 4), timeout_s=0.1), heard):
        for _ in range(8):
            heard.wait(of("gas-co", Quality.GOOD), heard.mark())
    dead = [seen for seen in heard.all if seen.source == "gas-h2s"]
    asked = [unit for _, unit in gateway.asked].count(3)
    assert len(dead) >= 6
    assert asked < len(dead)
    assert all(isinstance(seen, Reading) and seen.quality is Quality.COMM_FAIL and seen.detail for seen in dead)


def test_a_gateway_that_is_gone_is_reported_for_every_detector(gateway: Gateway) -> None:
    gateway.units = {3: H2S_12_3, 4: CO_24}
    heard = Heard()
    port = gateway.port
    gateway.close()
    with running(bus(port, detector("h2s", 3), detector("co", 4)), heard):
        for device in ("gas-h2s", "gas-co"):
            seen = heard.wait(of(device, Quality.COMM_FAIL))
            assert isinstance(seen, Reading)
            assert str(port) in seen.detail.zh


def test_a_cut_connection_is_opened_anew(gateway: Gateway) -> None:
    gateway.units = {3: H2S_12_3}
    heard = Heard()
    with running(bus(gateway.port, detector("h2s", 3)), heard):
        heard.wait(of("gas-h2s", Quality.GOOD))
        gateway.drop()
        heard.wait(of("gas-h2s", Quality.COMM_FAIL))
        heard.wait(of("gas-h2s", Quality.GOOD), heard.mark())
    assert gateway.connections == 2


def answers(one: GasDetector, at_s: float, reply: tuple[int, ...] = O2_20_9) -> Reading:
    return one.answered(dict(enumerate(reply)), at_s)


def test_a_warm_up_without_a_bit_is_counted_from_the_first_answer_and_from_a_power_cut() -> None:
    one = detector("o2", 2, "pemtech_pt495", poll_s=1.0, warmup_s=30.0)
    qualities = [answers(one, 100.0 + second).quality for second in range(40)]
    assert qualities == [Quality.WARMUP] * 30 + [Quality.GOOD] * 10
    assert answers(one, 150.0).level is None


def test_a_heartbeat_that_stands_still_is_missing_data() -> None:
    one = detector("h2s", 3)
    one.profile = replace(one.profile, heartbeat=Heartbeat(register=6, within_s=4.0))
    ticking = [answers(one, float(s), (*H2S_12_3[:6], s, *H2S_12_3[7:])).quality for s in range(1, 10)]
    assert set(ticking) == {Quality.GOOD}
    still = [answers(one, 10.0 + s, H2S_12_3).quality for s in range(10)]
    assert still[-1] is Quality.MISSING


def test_the_order_of_polls_keeps_a_gap_between_two_of_one_detector(gateway: Gateway) -> None:
    gateway.units = {3: H2S_12_3}
    heard = Heard()
    one = detector("h2s", 3, min_poll_s=0.5)  # what the profile asks for
    with running(bus(gateway.port, one), heard):
        for _ in range(3):
            heard.wait(lambda seen: isinstance(seen, Reading), heard.mark())
    moments = [moment for moment, _ in gateway.asked]
    assert min(b - a for a, b in itertools.pairwise(moments)) >= 0.4


def test_those_that_answer_are_asked_before_the_one_that_does_not() -> None:
    silent, healthy = detector("h2s", 3), detector("co", 4)
    silent.failures, silent.due_s, healthy.due_s = 1, 9.0, 10.0
    assert bus(1, silent, healthy)._next(10.0) is healthy
    healthy.due_s = 12.0
    assert bus(1, silent, healthy)._next(10.0) is silent
    assert bus(1, silent, healthy)._next(8.0) is None


def test_a_silent_one_is_asked_only_where_its_time_out_delays_nobody() -> None:
    silent, healthy = detector("h2s", 3), detector("co", 4)
    silent.failures, healthy.due_s = 1, 10.3
    worker = bus(1, silent, healthy, timeout_s=0.2)
    assert worker._may_ask(silent, 10.0)
    assert worker._may_ask(silent, 10.05)  # there is a gap: no limit
    assert worker._in_gap(10.05) is silent  # not only at its own period
    healthy.due_s = 10.1
    assert worker._in_gap(10.05) is None
    assert worker._may_ask(silent, 10.05)  # no gap: once
    worker._cut_in_from_s = 12.05
    assert not worker._may_ask(silent, 10.05)  # and again after ten time-outs
    assert worker._may_ask(silent, 12.06)
    healthy.failures = 1
    healthy.ask_from_s = 99.0
    assert worker._may_ask(silent, 12.1)  # nobody is left to be delayed


def test_each_detector_may_have_a_deadline_of_its_own() -> None:
    """A slow one is waited for; the bus's own deadline holds for the others."""
    line = Line()
    line.units = {3: dict(enumerate(H2S_12_3)), 4: dict(enumerate(CO_24))}
    line.ills = {3: "late:0.6", 4: "late:0.6"}
    slow, other = detector("h2s", 3), detector("co", 4)
    slow.timeout_s = 10.0
    heard = Heard()
    with serial_server(line) as where, running(worker(where, slow, other, timeout_s=0.2), heard):
        seen = heard.wait(of("gas-h2s", Quality.GOOD))
        lost = heard.wait(of("gas-co", Quality.COMM_FAIL))
    assert isinstance(seen, Reading)
    assert isinstance(lost, Reading)
    assert seen.level == pytest.approx(12.3)
    assert "0.2 s" in lost.detail.en


def test_one_that_refuses_in_words_costs_nobody_a_time_out_and_is_asked_as_ever(gateway: Gateway) -> None:
    gateway.units = {4: CO_24}
    gateway.ills = {3: "exception:6"}
    heard = Heard()
    with running(bus(gateway.port, detector("h2s", 3, poll_s=0.2), detector("co", 4, poll_s=0.2)), heard):
        for _ in range(6):
            heard.wait(of("gas-co", Quality.GOOD), heard.mark())
    asked = [unit for _, unit in gateway.asked]
    assert abs(asked.count(3) - asked.count(4)) <= 2  # at its period: no more, no less


def test_nobody_is_asked_in_a_gap_while_the_gateway_is_away() -> None:
    silent, healthy = detector("h2s", 3), detector("co", 4)
    silent.failures, healthy.due_s = 1, 99.0
    worker = bus(1, silent, healthy)
    assert worker._in_gap(10.0) is silent
    worker._connect_from_s = 11.0
    assert worker._in_gap(10.0) is None
    worker._connect_from_s, silent.asked_s = 9.0, 9.95
    assert worker._in_gap(10.0) is None  # its own period holds here too


def test_whoever_is_silent_and_willing_wakes_the_worker() -> None:
    silent, healthy = detector("h2s", 3), detector("co", 4)
    silent.failures, silent.ask_from_s, silent.due_s, healthy.due_s = 1, 10.2, 10.9, 11.0
    worker = bus(1, silent, healthy)
    assert worker._news_s(10.0) == 10.2
    assert worker._news_s(10.3) == 10.9  # it was told and asked; now the periods count


def test_the_silent_take_turns() -> None:
    silent = [detector("h2s", unit) for unit in (1, 2, 3)]
    for at, one in enumerate(silent):
        one.failures, one.asked_s = 1, float(at)
    healthy = detector("co", 4)
    healthy.due_s = 100.0
    worker = bus(1, *silent, healthy)
    assert [worker._may_ask(one, 50.0) for one in silent] == [True, False, False]
    silent[0].asked_s = 50.0
    assert [worker._may_ask(one, 50.0) for one in silent] == [False, True, False]
    silent[1].ask_from_s = 60.0  # it was asked in vain just now
    assert [worker._may_ask(one, 50.0) for one in silent] == [False, False, True]


def test_ten_dead_ones_leave_the_others_their_second(gateway: Gateway) -> None:
    """On one gateway: every healthy one is asked at its period, and every dead one in its turn."""
    gateway.units = {4: CO_24, 5: CO_24}
    gateway.ills = dict.fromkeys(range(10, 20), "silent")
    heard = Heard()
    healthy = [detector("co", unit, poll_s=0.5) for unit in (4, 5)]
    dead = [detector("h2s", unit, poll_s=0.5) for unit in range(10, 20)]
    with running(bus(gateway.port, *healthy, *dead, timeout_s=0.1), heard):
        for _ in range(12):
            heard.wait(of("gas-co", Quality.GOOD), heard.mark())
    assert {unit for _, unit in gateway.asked} == {4, 5, *range(10, 20)}
    assert [unit for _, unit in gateway.asked].count(4) >= 5


def test_a_silent_one_whose_time_out_would_delay_another_is_told_of_without_being_asked() -> None:
    silent, healthy = detector("h2s", 3), detector("co", 4)
    silent.failures, healthy.due_s = 1, 10.1
    worker = bus(1, silent, healthy, timeout_s=0.2)
    worker._cut_in_from_s = 11.0
    link = bus_link(BusTable(kind="modbus_tcp", host="127.0.0.1", port=1), None)
    link.registers = None  # type: ignore[method-assign, assignment]
    link.connect = lambda: None  # type: ignore[method-assign]
    link._client.socket = socket.socket()  # it stands; nobody may use it
    said = worker._poll(link, silent, 10.0)
    link.close()
    assert isinstance(said, Reading)
    assert (said.quality, said.level) == (Quality.COMM_FAIL, None)
