"""Every shipped relay profile on a module that was written from its manual: it is set up, proven, and falls.

Profiles are found in firmware_configs/relays: a new one fails `test_every_profile_has_a_module` until it has one.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from edge_agent.act import relay_profile
from edge_agent.act.modbus_relay import ModbusRelay
from edge_agent.act.relay_profile import RelayProfile
from edge_agent.simulate.handle import Line, Simulator
from tests.act.relay_bench import CLOCK, LONG_S, POWER, ROOT, SIREN, coil, contact, health, relay, want
from tests.sense.field_fakes import Heard, running

SECOND_S = 0.2  # how long a second of the ICP DAS is here: its watchdog counts in seconds, from five on
WATCHDOG_S = 1.0
MODULES = {
    "wago_750-362": "wago",
    "beckhoff_bk9xx0": "bk9000",
    "crevis_na-9189": "na9189",
    "icpdas_et-7060": "et7060",
    "waveshare_modbus_poe_eth_relay_b": "waveshare",
}
FALLS = [name for name in MODULES if relay_profile.load(ROOT, name).watchdog is not None]
PROVEN = [name for name in FALLS if relay_profile.load(ROOT, name).watchdog.prove]  # type: ignore[union-attr]
# Its registers can only be written while it is not active: one that never runs out cannot even be set.
NOT_BITING = {"beckhoff_bk9xx0": "exception 3"}


def profile(name: str) -> RelayProfile:
    found = relay_profile.load(ROOT, name)
    if name == "icpdas_et-7060" and found.watchdog is not None:
        return replace(found, watchdog=replace(found.watchdog, time_unit_s=SECOND_S))
    return found


def now_s() -> float:
    return CLOCK.monotonic()


class Bench(NamedTuple):
    actuator: ModbusRelay
    module: Simulator
    heard: Heard


def played(name: str, *options: str) -> Simulator:
    return Simulator("relay", "--module", MODULES[name], "--second-s", str(SECOND_S), *options)


@pytest.fixture
def bench(name: str) -> Iterator[Bench]:
    """One that is ready to give power."""
    with played(name) as module:
        actuator, heard = relay(module.port, watchdog_s=WATCHDOG_S, profile=profile(name)), Heard()
        with running(actuator, heard):
            heard.wait(health(ok=True))
            yield Bench(actuator, module, heard)


def energised(lines: list[Line]) -> list[Line]:
    return [line for line in lines if coil(POWER, on=True)(line)]


def test_every_profile_has_a_module() -> None:
    assert {file.stem for file in (ROOT / relay_profile.RELAY_FOLDER).glob("*.toml")} == set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_what_is_wanted_is_done_read_back_and_seen_in_the_contacts(bench: Bench) -> None:
    bench.actuator.renew(want(power=True, siren=True), now_s() + LONG_S)
    bench.module.wait_for(coil(SIREN, on=True))
    bench.heard.wait(contact("fed-back", closed=True))
    bench.module.command("press_stop")
    bench.heard.wait(contact("stop", closed=False))
    bench.actuator.trip(want(power=False, siren=True))
    bench.heard.wait(contact("fed-back", closed=False), bench.heard.mark())
    bench.heard.wait(health(ok=True), bench.heard.mark())
    assert bench.module.command("status")["coils"][:2] == [False, True]


@pytest.mark.parametrize("name", PROVEN)
def test_its_watchdog_bites_once_before_any_power_is_given(name: str) -> None:
    with played(name) as module:
        actuator, heard = relay(module.port, watchdog_s=WATCHDOG_S, profile=profile(name)), Heard()
        actuator.renew(want(power=True), now_s() + LONG_S)
        with running(actuator, heard):
            module.wait_for(lambda line: line.get("watchdog") == "expired")
            bitten = module.mark()
            assert energised(module.lines[:bitten]) == []
            heard.wait(health(ok=False, word="by themselves"))  # wanted too early: people decide anew
            actuator.renew(want(power=False), now_s() + LONG_S)
            heard.wait(health(ok=True))
            actuator.renew(want(power=True), now_s() + LONG_S)
            module.wait_for(coil(POWER, on=True), after=bitten)


@pytest.mark.parametrize("name", PROVEN)
def test_a_watchdog_that_does_not_bite_is_said_and_no_power_is_given(name: str) -> None:
    with played(name, "--broken-dog") as module:
        actuator, heard = relay(module.port, watchdog_s=WATCHDOG_S, profile=profile(name)), Heard()
        with running(actuator, heard):
            actuator.renew(want(power=True), now_s() + LONG_S)
            word = NOT_BITING.get(name, "did not expire")
            heard.wait(health(ok=False, word=word))
            heard.wait(health(ok=False, word=word), heard.mark())  # and again, each time it is tried
        assert energised(module.lines) == []


@pytest.mark.parametrize("name", PROVEN)
def test_a_siren_does_not_wait_for_the_proof(name: str) -> None:
    with played(name) as module:
        actuator, heard = relay(module.port, watchdog_s=WATCHDOG_S, profile=profile(name)), Heard()
        actuator.trip(want(power=False, siren=True))
        with running(actuator, heard):
            module.wait_for(coil(SIREN, on=True))
            heard.wait(health(ok=False, word="not proven"))
            actuator.renew(want(power=True, siren=True), now_s() + LONG_S)
            heard.wait(health(ok=False, word="not proven"), heard.mark())
            heard.wait(health(ok=False, word="not proven"), heard.mark())
        assert energised(module.lines) == []


@pytest.mark.parametrize("name", FALLS)
def test_a_link_that_hangs_lets_it_fall_and_only_people_bring_the_power_back(bench: Bench) -> None:
    bench.actuator.renew(want(power=True), now_s() + LONG_S)
    bench.module.wait_for(coil(POWER, on=True))
    bench.module.command("ignore")
    bench.module.wait_for(coil(POWER, on=False, why="watchdog"))
    bench.heard.wait(contact("stop", closed=None))
    fallen = bench.module.mark()
    bench.module.command("resume")
    bench.actuator.renew(want(power=True), now_s() + LONG_S)
    bench.heard.wait(health(ok=False, word="by themselves"), bench.heard.mark())
    bench.heard.wait(health(ok=False, word="by themselves"), bench.heard.mark())
    assert energised(bench.module.lines[fallen:]) == []
    bench.actuator.renew(want(power=False), now_s() + LONG_S)
    bench.heard.wait(health(ok=True), bench.heard.mark())
    bench.actuator.renew(want(power=True), now_s() + LONG_S)
    bench.module.wait_for(coil(POWER, on=True), after=fallen)


@pytest.mark.parametrize("name", FALLS)
def test_a_half_open_connection_is_opened_anew(bench: Bench) -> None:
    """Nobody says that the other end is gone: the missing answer does."""
    bench.actuator.renew(want(power=False, siren=True), now_s() + LONG_S)
    bench.module.wait_for(coil(SIREN, on=True))
    bench.module.command("half_open")
    after = bench.module.mark()
    bench.module.wait_for(lambda line: line.get("connection") == "open", after=after)
    bench.actuator.renew(want(power=False, siren=False), now_s() + LONG_S)
    bench.module.wait_for(coil(SIREN, on=False), after=after)
    bench.heard.wait(contact("stop", closed=True), bench.heard.mark())


@pytest.mark.parametrize("name", FALLS)
def test_a_module_that_restarts_within_its_watchdogs_time_stays_off(bench: Bench) -> None:
    bench.actuator.renew(want(power=True), now_s() + LONG_S)
    bench.module.wait_for(coil(POWER, on=True))
    bench.module.command("cut_power")
    fallen = bench.module.mark()
    bench.module.command("restore_power")
    bench.heard.wait(health(ok=False, word="by themselves"), bench.heard.mark())
    assert energised(bench.module.lines[fallen:]) == []


@pytest.mark.parametrize("name", ["wago_750-362"])
def test_an_output_that_sticks_shows_when_it_is_read_back(bench: Bench) -> None:
    bench.actuator.renew(want(power=True), now_s() + LONG_S)
    bench.module.wait_for(coil(POWER, on=True))
    bench.module.command("stick", coil=POWER)
    bench.actuator.trip(want(power=False))
    bench.heard.wait(health(ok=False, word="read back otherwise"))
    bench.module.command("mend", coil=POWER)
    bench.module.wait_for(coil(POWER, on=False))


@pytest.mark.parametrize("name", ["wago_750-362"])
def test_an_output_that_lies_shows_in_the_mirror_contact_alone(bench: Bench) -> None:
    bench.actuator.renew(want(power=True), now_s() + LONG_S)
    bench.heard.wait(contact("fed-back", closed=True))
    bench.module.command("lie", coil=POWER)
    bench.actuator.trip(want(power=False))
    after = bench.heard.mark()
    bench.heard.wait(contact("fed-back", closed=True), after)
    bench.heard.wait(contact("fed-back", closed=True), bench.heard.mark())
    assert not any(contact("fed-back", closed=False)(seen) for seen in bench.heard.all[after:])
    assert all(not health(ok=False)(seen) for seen in bench.heard.all[after:])


def test_a_module_that_recovers_by_itself_is_refused() -> None:
    with played("crevis_na-9189", "--stubborn") as module:
        actuator, heard = relay(module.port, watchdog_s=WATCHDOG_S, profile=profile("crevis_na-9189")), Heard()
        with running(actuator, heard):
            actuator.renew(want(power=True), now_s() + LONG_S)
            heard.wait(health(ok=False, word="0x1023 reads 1 after 0 was written"))
        assert energised(module.lines) == []


def test_a_module_whose_safe_value_is_on_is_refused() -> None:
    with played("icpdas_et-7060", "--rest-on") as module:
        actuator, heard = relay(module.port, watchdog_s=WATCHDOG_S, profile=profile("icpdas_et-7060")), Heard()
        with running(actuator, heard):
            actuator.renew(want(power=True), now_s() + LONG_S)
            heard.wait(health(ok=False, word="set their safe value to off"))
        assert energised(module.lines) == []


def test_a_time_that_cannot_be_set_while_it_runs_is_set_once_it_has_run_out() -> None:
    name = "beckhoff_bk9xx0"
    with played(name) as module:
        before = relay(module.port, watchdog_s=0.5, timeout_s=0.2, profile=profile(name))
        with running(before, heard := Heard()):
            heard.wait(health(ok=True))
        # Its last words have just fed the watchdog, whose time is another one.
        with running(relay(module.port, watchdog_s=WATCHDOG_S, profile=profile(name)), heard := Heard()):
            heard.wait(health(ok=True))
            assert not any(health(ok=False)(seen) for seen in heard.all)


HOLDER = """
import sys, threading, time
from tests.act.relay_bench import relay, want
from tests.act.test_every_relay_module import profile
actuator = relay(int(sys.argv[1]), watchdog_s=1.0, profile=profile(sys.argv[2]))
threading.Thread(target=actuator.run, args=(lambda seen: None, threading.Event()), daemon=True).start()
while True:  # what is wanted before the watchdog is proven waits until it has once not been wanted
    actuator.renew(want(power=False), time.monotonic() + 60)
    time.sleep(0.2)
    actuator.renew(want(power=True), time.monotonic() + 60)
    time.sleep(3)
"""


@pytest.mark.parametrize("name", PROVEN)
def test_a_process_that_is_killed_lets_the_module_drop_everything(name: str) -> None:
    """The WAGO's is in test_modbus_relay.py."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HOLDER]
    with played(name) as module, subprocess.Popen([*command, str(module.port), name], env=env) as holder:
        try:
            module.wait_for(coil(POWER, on=True), 60)
            holder.send_signal(signal.SIGKILL)
            module.wait_for(coil(POWER, on=False, why="watchdog"), 30)
            assert module.command("status")["coils"][:2] == [False, False]
        finally:
            holder.kill()
