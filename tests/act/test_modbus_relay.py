"""The relay on a coupler that somebody else wrote from the manual: watchdog, interlock, contacts, faults."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from pymodbus.client import ModbusTcpClient

from edge_agent.simulate.handle import Simulator
from tests.act.relay_bench import CLOCK, LONG_S, POWER, ROOT, SIREN, coil, contact, health, relay, want
from tests.sense.field_fakes import Heard, running


def now_s() -> float:
    return CLOCK.monotonic()


def coils(module: Simulator) -> list[bool]:
    found: list[bool] = module.command("status")["coils"]
    return found


@pytest.fixture
def module() -> Iterator[Simulator]:
    with Simulator("relay") as found:
        yield found


@pytest.fixture(params=[(), ("--refuse-reads",)], ids=["reads", "refuses-reads"])
def either(request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """Couplers that answer reads after their watchdog expired, and older ones that refuse those too."""
    with Simulator("relay", *request.param) as found:
        yield found


def test_the_watchdog_runs_before_anything_is_energised(module: Simulator) -> None:
    with running(relay(module.port), Heard()) as _stop:
        module.wait_for(lambda line: line.get("watchdog") == "running")
    energised = [line for line in module.lines if line.get("on") is True]
    assert energised == []


def test_contacts_are_told_on_change_and_every_second(module: Simulator) -> None:
    heard = Heard()
    actuator = relay(module.port)
    with running(actuator, heard):
        heard.wait(contact("stop", closed=True))
        heard.wait(contact("fed-back", closed=False))
        actuator.renew(want(power=True), now_s() + LONG_S)
        heard.wait(contact("fed-back", closed=True))
        module.command("press_stop")
        heard.wait(contact("stop", closed=False))
        module.command("release_stop")
        heard.wait(contact("stop", closed=True), heard.mark())
        heard.wait(contact("stop", closed=True), heard.mark())


def test_a_welded_contactor_shows_in_its_mirror_contact(module: Simulator) -> None:
    heard = Heard()
    actuator = relay(module.port)
    with running(actuator, heard):
        actuator.renew(want(power=True), now_s() + LONG_S)
        heard.wait(contact("fed-back", closed=True))
        module.command("weld", coil=POWER)
        actuator.trip(want(power=False))
        module.wait_for(coil(POWER, on=False))
        after = heard.mark()
        heard.wait(contact("fed-back", closed=True), after)
        heard.wait(contact("fed-back", closed=True), heard.mark())
    assert not any(contact("fed-back", closed=False)(seen) for seen in heard.all[after:])


def test_after_an_expired_watchdog_only_a_fresh_decision_brings_power_back(either: Simulator) -> None:
    heard = Heard()
    actuator = relay(either.port, watchdog_s=1.0, timeout_s=0.2)
    with running(actuator, heard):
        actuator.renew(want(power=True, siren=True), now_s() + LONG_S)
        either.wait_for(coil(POWER, on=True))
        either.command("ignore")
        either.wait_for(coil(POWER, on=False, why="watchdog"))
        heard.wait(health(ok=False))
        after = either.mark()
        either.command("resume")
        either.wait_for(coil(SIREN, on=True), after=after)  # the siren is wanted and comes back by itself
        actuator.renew(want(power=True, siren=True), now_s() + LONG_S)  # "go on" is not a decision
        heard.wait(health(ok=False, word="by themselves"), heard.mark())
        heard.wait(health(ok=False, word="by themselves"), heard.mark())
        assert coils(either)[POWER] is False
        actuator.renew(want(power=False), now_s() + LONG_S)
        heard.wait(health(ok=True), heard.mark())
        actuator.renew(want(power=True), now_s() + LONG_S)
        either.wait_for(coil(POWER, on=True), after=after)


def test_a_lease_that_ran_out_is_not_taken_up_again_by_itself(module: Simulator) -> None:
    heard = Heard()
    actuator = relay(module.port)
    with running(actuator, heard):
        actuator.renew(want(power=True), now_s() + 2.0)  # long enough for a busy machine to connect and write
        module.wait_for(coil(POWER, on=True))
        module.wait_for(coil(POWER, on=False))
        actuator.renew(want(power=True), now_s() + LONG_S)
        heard.wait(health(ok=False, word="by themselves"), heard.mark())
        assert coils(module)[POWER] is False


def test_a_trip_in_the_same_breath_as_a_renewal_still_falls(module: Simulator) -> None:
    actuator, heard = relay(module.port), Heard()
    with running(actuator, heard):
        actuator.renew(want(power=True), now_s() + LONG_S)
        module.wait_for(coil(POWER, on=True))
        for _ in range(20):
            after = module.mark()
            actuator.trip(want(power=False))
            actuator.renew(want(power=True), now_s() + LONG_S)
            module.wait_for(coil(POWER, on=False, why="write"), after=after)
            module.wait_for(coil(POWER, on=True), after=after)


def test_power_lost_at_the_module_comes_back_safe(module: Simulator) -> None:
    heard = Heard()
    actuator = relay(module.port)
    with running(actuator, heard):
        actuator.renew(want(power=True), now_s() + LONG_S)
        module.wait_for(coil(POWER, on=True))
        module.command("cut_power")
        heard.wait(contact("fed-back", closed=None))
        after = module.mark()
        module.command("restore_power")
        actuator.renew(want(power=True), now_s() + LONG_S)
        heard.wait(contact("fed-back", closed=False), heard.mark())
        heard.wait(health(ok=False, word="by themselves"), heard.mark())
        assert coils(module)[POWER] is False
        assert not any(line.get("coil") == POWER and line.get("on") for line in module.lines[after:])


def test_somebody_elses_coils_are_left_alone(module: Simulator) -> None:
    other = ModbusTcpClient("127.0.0.1", port=module.port)
    actuator, heard = relay(module.port), Heard()
    with running(actuator, heard):
        heard.wait(health(ok=True))
        assert not other.write_coil(5, value=True).isError()
        actuator.renew(want(power=True), now_s() + LONG_S)
        module.wait_for(coil(POWER, on=True))
        actuator.trip(want(power=False))
        module.wait_for(coil(POWER, on=False))
        assert coils(module)[5] is True
    other.close()


def test_a_watchdog_that_somebody_switched_off_is_noticed_and_power_falls(module: Simulator) -> None:
    other = ModbusTcpClient("127.0.0.1", port=module.port)
    actuator, heard = relay(module.port), Heard()
    with running(actuator, heard):
        actuator.renew(want(power=True), now_s() + LONG_S)
        module.wait_for(coil(POWER, on=True))
        assert not other.write_register(0x1008, 0xAA55).isError()
        module.wait_for(coil(POWER, on=False, why="write"))
        heard.wait(health(ok=False, word="watchdog"))
        heard.wait(health(ok=False, word="by themselves"))
    other.close()


HOLDER = """
import sys, threading, time
from tests.act.relay_bench import relay, want
actuator = relay(int(sys.argv[1]), watchdog_s=1.0)
threading.Thread(target=actuator.run, args=(lambda seen: None, threading.Event()), daemon=True).start()
while True:
    actuator.renew(want(power=True, siren=True), time.monotonic() + 60)
    time.sleep(0.2)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_a_process_that_dies_or_freezes_lets_the_module_drop_everything(module: Simulator, end: int) -> None:
    # docs/trust.md, tests 19 and 20: the module's own watchdog is the last line.
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(module.port)], env=env) as holder:
        try:
            module.wait_for(coil(POWER, on=True), 30)
            holder.send_signal(end)
            module.wait_for(coil(POWER, on=False, why="watchdog"), 30)
            assert coils(module)[:2] == [False, False]
        finally:
            holder.kill()
