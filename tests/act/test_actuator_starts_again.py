"""An actuator whose thread died in mid-work is started again by the supervisor: the power stays off."""

import threading
from collections.abc import Iterator

import pytest

from edge_agent.domain.observation import Observation
from edge_agent.simulate.handle import Simulator
from tests.act.relay_bench import CLOCK, LONG_S, POWER, coil, contact, health, relay, want
from tests.sense.field_fakes import Heard, running


@pytest.fixture
def module() -> Iterator[Simulator]:
    with Simulator("relay") as found:
        yield found


class Broken:
    """Listens until told to break: a defect of ours in the thread of the actuator."""

    def __init__(self) -> None:
        self.heard = Heard()
        self.now = threading.Event()

    def __call__(self, seen: Observation) -> None:
        self.heard(seen)
        if self.now.is_set():
            raise RuntimeError("a defect")


def test_a_thread_that_died_brings_no_power_back(module: Simulator) -> None:
    actuator, broken = relay(module.port), Broken()

    def run() -> None:
        with pytest.raises(RuntimeError, match="a defect"):
            actuator.run(broken, threading.Event())

    died = threading.Thread(target=run)
    died.start()
    broken.heard.wait(contact("fed-back", closed=False))
    actuator.renew(want(power=True, siren=True), CLOCK.monotonic() + LONG_S)
    broken.heard.wait(contact("fed-back", closed=True))
    mark = module.mark()
    broken.now.set()
    died.join(LONG_S)
    module.wait_for(coil(POWER, on=False), after=mark)

    again, mark = Heard(), module.mark()
    with running(actuator, again):
        again.wait(contact("fed-back", closed=False))
        actuator.renew(want(power=True, siren=True), CLOCK.monotonic() + LONG_S)
        again.wait(health(ok=False, word="off until the work is resumed"))
        assert not any(coil(POWER, on=True)(line) for line in module.lines[mark:])
        actuator.trip(want(power=False))
        actuator.renew(want(power=True, siren=True), CLOCK.monotonic() + LONG_S)
        module.wait_for(coil(POWER, on=True), after=mark)
