"""The control contract, kept by every kind: ready line, monotonic time, answers, errors, end of stdin."""

import ast
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from edge_agent import simulate
from edge_agent.simulate.handle import Simulator, SimulatorError

KINDS = ("gas-gateway", "relay")


@pytest.mark.parametrize("kind", KINDS)
def test_ready_with_a_real_port_and_the_clock_that_all_share(kind: str) -> None:
    before = time.monotonic()
    with Simulator(kind) as simulator:
        ready = next(line for line in simulator.lines if line.get("ready"))
        assert before <= ready["t"] <= time.monotonic()
        with socket.create_connection(("127.0.0.1", simulator.port), timeout=10):
            simulator.wait_for(lambda line: line.get("connection") == "open")
        simulator.wait_for(lambda line: line.get("connection") == "closed")


@pytest.mark.parametrize("kind", KINDS)
def test_end_of_stdin_ends_it_with_zero_and_frees_the_port(kind: str) -> None:
    simulator = Simulator(kind)
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=10):
        assert simulator.stop() == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", simulator.port), timeout=10)
    with pytest.raises(SimulatorError, match="stopped"):
        simulator.command("status")


@pytest.mark.parametrize(
    "line",
    [
        b"garbage",
        b"\xff\xfe\x00",
        b"[]",
        b"7",
        b"{}",
        b'{"cmd": 3}',
        b'{"cmd": "fly"}',
        b'{"cmd": "status", "more": 1}',
        b'{"cmd": "status"',
        b"null",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_garbage_is_answered_with_an_error_and_harms_nothing(kind: str, line: bytes) -> None:
    with Simulator(kind) as simulator:
        simulator.send_line(line)
        assert simulator.wait_for(lambda said: "error" in said)["error"]
        assert simulator.command("status")["answer"] == "status"


def test_an_order_that_cannot_be_obeyed_is_refused_in_words() -> None:
    with Simulator("gas-gateway") as gateway:
        with pytest.raises(SimulatorError, match=r"no module with unit 9.*\[1, 2, 3, 4, 20\]"):
            gateway.command("heal", unit=9)
        with pytest.raises(SimulatorError, match="missing required field"):
            gateway.command("set", gas="ch4")


def test_a_taken_port_and_an_unknown_kind_are_told_on_stderr() -> None:
    with Simulator("relay") as relay, pytest.raises(SimulatorError, match="address already in use"):
        Simulator("relay", "--port", str(relay.port))
    with pytest.raises(SimulatorError, match="gas-gateway,relay,wearables,wise,opcua,camera"):
        Simulator("unicorn")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    simulator = Simulator("relay")
    os.kill(simulator.pid, number)
    assert simulator.stop() == 0


def test_no_simulator_knows_a_profile_or_a_driver() -> None:
    names = [path.stem for path in Path(simulate.__file__).parent.glob("*.py") if path.stem != "__main__"]
    assert {"gas_gateway", "relay", "wearables", "camera"} <= set(names)
    program = (
        "import importlib, sys\n"
        f"for name in {names}: importlib.import_module('edge_agent.simulate.' + name)\n"
        "print(sorted(name for name in sys.modules if name.startswith('edge_agent.')))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert [name for name in ast.literal_eval(done.stdout) if not name.startswith("edge_agent.simulate")] == []


def test_waiting_in_vain_says_for_how_long() -> None:
    with Simulator("relay") as relay, pytest.raises(SimulatorError, match="not within"):
        relay.wait_for(lambda line: "coil" in line, 0.05)
