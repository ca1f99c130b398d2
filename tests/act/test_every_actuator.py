"""What every actuator owes. Actuators are found in edge_agent/act, not listed here.

A new kind fails `test_every_kind_has_a_bench` until it can be set up here. One that switches nothing must
say so instead of passing for one that does.
"""

import importlib
import inspect
import pkgutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from msgspec.structs import replace

import edge_agent.act
from edge_agent.act.gpio_relay import GpioRelay
from edge_agent.act.log_only import LogOnly
from edge_agent.act.modbus_relay import ModbusRelay
from edge_agent.domain.observation import Contact, DeviceHealth
from edge_agent.domain.outcome import Pulse
from edge_agent.domain.ports import Actuator
from edge_agent.simulate.handle import Simulator
from tests.act.fake_gpiod import Board
from tests.act.gpio_bench import BOARD_NAMES, BOARD_TABLE, BoardModule, lines_of
from tests.act.relay_bench import CLOCK, DEVICE, LONG_S, POWER, SIREN, coil, contact, health, relay, table, want
from tests.sense.field_fakes import Heard, running, unanswered


def _kinds() -> list[type]:
    found = []
    for module in pkgutil.walk_packages(edge_agent.act.__path__, "edge_agent.act."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if kind.__module__ == module.name and all(hasattr(kind, name) for name in ("trip", "renew", "run")):
                found.append(kind)
    return found


class Bench(NamedTuple):
    """An actuator that runs, and the module it writes to (None: it switches nothing)."""

    actuator: Actuator
    heard: Heard
    module: Simulator | BoardModule | None
    stop: threading.Event


def make(kind: type, port: int, board: Board | None = None) -> Actuator:
    if kind is GpioRelay:  # without a board: one that has no chip
        return GpioRelay(DEVICE, BOARD_TABLE, CLOCK, lines_of(board))
    return relay(port) if kind is ModbusRelay else LogOnly(DEVICE, tuple(table(port).contacts), CLOCK)


@pytest.fixture
def bench(kind: type) -> Iterator[Bench]:
    if kind is LogOnly:
        actuator, heard = make(kind, 1), Heard()
        with running(actuator, heard) as stop:
            yield Bench(actuator, heard, None, stop)
        return
    if kind is GpioRelay:
        with TemporaryDirectory() as folder:
            board, heard = Board(Path(folder), BOARD_NAMES), Heard()
            actuator = make(kind, 1, board)
            with running(actuator, heard) as stop:
                heard.wait(health(ok=True))
                yield Bench(actuator, heard, BoardModule(board), stop)
        return
    with Simulator("relay") as module:
        actuator, heard = make(kind, module.port), Heard()
        with running(actuator, heard) as stop:
            heard.wait(health(ok=True))
            yield Bench(actuator, heard, module, stop)


def now_s() -> float:
    return CLOCK.monotonic()


def test_every_kind_has_a_bench() -> None:
    assert set(_kinds()) == {ModbusRelay, GpioRelay, LogOnly}


@pytest.mark.parametrize("kind", _kinds(), ids=lambda kind: kind.__name__)
class TestEveryActuator:
    def test_trip_and_renew_never_block_even_if_nobody_is_there(self, kind: type) -> None:
        with unanswered() as port, running(actuator := make(kind, port), Heard()):
            began_s = now_s()
            for _ in range(1000):
                actuator.renew(want(power=True), now_s() + 1)
                actuator.trip(want(power=False, siren=True))
            assert now_s() - began_s < 5.0  # 2000 calls; a single blocking one would wait for a time-out each

    def test_trip_wins_over_a_lease_that_still_runs(self, bench: Bench) -> None:
        if bench.module is None:
            return self._says_that_it_switches_nothing(bench)
        bench.actuator.renew(want(power=True), now_s() + LONG_S)
        bench.module.wait_for(coil(POWER, on=True))
        after = bench.module.mark()
        bench.actuator.trip(want(power=False, siren=True))
        bench.module.wait_for(coil(POWER, on=False, why="write"), after=after)
        bench.module.wait_for(coil(SIREN, on=True), after=after)
        assert bench.module.command("status")["coils"][POWER] is False
        return None

    def test_the_lease_runs_out_by_itself(self, bench: Bench) -> None:
        if bench.module is None:
            return self._says_that_it_switches_nothing(bench)
        until_s = now_s() + 1.0
        bench.actuator.renew(want(power=True, siren=True), until_s)
        bench.module.wait_for(coil(POWER, on=True))
        fell = bench.module.wait_for(coil(POWER, on=False, why="write"))
        assert fell["t"] >= until_s - 0.05
        assert bench.module.command("status")["coils"][SIREN] is True  # the siren is no permissive
        return None

    def test_a_siren_that_says_stop_work_goes_on_and_off_by_turns(self, bench: Bench) -> None:
        if bench.module is None:
            return self._says_that_it_switches_nothing(bench)
        pulse = Pulse(on_s=0.3, off_s=0.3)
        _, siren = want(power=False, siren=True)
        bench.actuator.renew((replace(siren, pulse=pulse),), now_s() + 0.1)  # the brain is not heard of again
        after = bench.module.mark()
        for on in (True, False, True, False):
            bench.module.wait_for(coil(SIREN, on=on, why="write"), after=after)
            after = bench.module.mark()
        return None

    def test_a_trip_cannot_energise_a_permissive_nor_silence_a_siren(self, bench: Bench) -> None:
        if bench.module is None:
            return self._says_that_it_switches_nothing(bench)
        bench.actuator.renew(want(power=False, siren=True), now_s() + LONG_S)
        bench.module.wait_for(coil(SIREN, on=True))
        bench.actuator.trip(want(power=True, siren=False))
        bench.heard.wait(health(ok=True), bench.heard.mark())
        assert bench.module.command("status")["coils"][: SIREN + 1] == [False, True]
        return None

    def test_ends_safe(self, bench: Bench) -> None:
        if bench.module is None:
            return self._says_that_it_switches_nothing(bench)
        bench.actuator.renew(want(power=True), now_s() + LONG_S)
        bench.module.wait_for(coil(POWER, on=True))
        bench.stop.set()
        bench.module.wait_for(coil(POWER, on=False, why="write"))
        return None

    def test_an_unreachable_module_is_reported_and_its_contacts_are_unknown(self, kind: type) -> None:
        heard = Heard()
        with unanswered() as port, running(make(kind, port), heard):
            heard.wait(health(ok=False))
            for name in ("fed-back", "stop"):
                heard.wait(contact(name, closed=None))
                heard.wait(contact(name, closed=None), heard.mark())
        assert not any(isinstance(seen, DeviceHealth) and seen.ok for seen in heard.all)
        assert all(seen.source == DEVICE for seen in heard.all)

    def test_stops_within_a_second_in_the_middle_of_a_wait(self, kind: type) -> None:
        with socket.create_server(("127.0.0.1", 0)) as mute:  # takes connections, never answers
            actuator = relay(mute.getsockname()[1], timeout_s=10.0) if kind is ModbusRelay else make(kind, 1)
            heard = Heard()
            with running(actuator, heard) as stop:
                if kind is ModbusRelay:
                    mute.settimeout(20)
                    connection, _ = mute.accept()
                    assert connection.recv(1)
                    stop.set()
                began_s = time.monotonic()
            assert time.monotonic() - began_s < 4.0
            if kind is ModbusRelay:
                connection.close()

    def _says_that_it_switches_nothing(self, bench: Bench) -> None:
        bench.actuator.renew(want(power=True), now_s() + LONG_S)
        seen = bench.heard.wait(health(ok=False))
        assert isinstance(seen, DeviceHealth)
        assert "switches nothing" in seen.detail.en
        assert not any(isinstance(one, Contact) and one.closed is not None for one in bench.heard.all)
