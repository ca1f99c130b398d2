"""The gas gateway, read by an independent client (pymodbus): registers as in the makers' tables, and faults."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException

from edge_agent.simulate.handle import Simulator, SimulatorError


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    with Simulator("gas-gateway", "--seed", "7") as simulator:
        yield simulator


def client_of(simulator: Simulator, timeout_s: float = 10.0) -> ModbusTcpClient:
    client = ModbusTcpClient("127.0.0.1", port=simulator.port, timeout=timeout_s, retries=0)
    assert client.connect()
    return client


@pytest.fixture
def client(gateway: Simulator) -> Iterator[ModbusTcpClient]:
    found = client_of(gateway)
    yield found
    found.close()


def words(client: ModbusTcpClient, unit: int, count: int = 10) -> list[int]:
    answer = client.read_holding_registers(0, count=count, device_id=unit)
    assert not answer.isError(), answer
    return list(answer.registers)


def test_the_usual_four_say_what_their_makers_tables_say(client: ModbusTcpClient) -> None:
    ch4, h2s, co = words(client, 1), words(client, 3), words(client, 4)
    o2 = words(client, 2, 7)
    assert ch4[0] == 0x2400  # %LEL, one decimal
    assert h2s[0] == 0x0400  # ppm, one decimal
    assert co[0] == 0x0000  # ppm, whole
    assert [registers[8] >> 8 for registers in (ch4, h2s, co)] == [11, 52, 5]
    assert [registers[5] for registers in (ch4, h2s, co)] == [1, 1, 1]
    assert (ch4[4], co[4]) == (1000, 1000)  # 100.0 %LEL, 1000 ppm
    assert 4 <= ch4[1] <= 12
    assert (ch4[7] - 500) / 10 == 21.5
    assert o2[1] == 0x0500  # oxygen, healthy
    assert 207 <= o2[0] <= 211
    assert (o2[2], o2[4]) == (195, 180)


def test_a_set_level_arrives_and_the_modules_own_alarms_follow(
    gateway: Simulator, client: ModbusTcpClient
) -> None:
    gateway.command("set", gas="ch4", level=30)
    registers = words(client, 1)
    assert (registers[5], 295 <= registers[1] <= 305) == (5, True)
    gateway.command("set", unit=1, level=60)
    assert words(client, 1)[5] == 6
    gateway.command("set", gas="ch4", level=130)
    assert (words(client, 1)[5], words(client, 1)[1]) == (8, 1000)
    gateway.command("set", gas="o2", level=18.9)
    assert words(client, 2, 7)[1] == 0x0501  # alarm bit: oxygen falls


def test_a_ramp_passes_through_the_levels_between(gateway: Simulator, client: ModbusTcpClient) -> None:
    gateway.command("set", gas="co", level=900, over_s=600)
    first = words(client, 4)[1]
    deadline = time.monotonic() + 30
    while (now := words(client, 4)[1]) <= first + 3:
        assert time.monotonic() < deadline
    assert now < 800
    assert gateway.command("status")["modules"][3]["level"] < 800


def test_warming_up_is_status_zero_and_value_zero_and_the_pt495_has_no_bit_for_it() -> None:
    with Simulator("gas-gateway", "--warmup", "3600") as cold:
        client = client_of(cold)
        registers = words(client, 1)
        assert (registers[5], registers[1]) == (0, 0)
        oxygen = words(client, 2, 7)
        assert oxygen[1] == 0x0500
        assert 201 <= oxygen[0] <= 205
        cold.command("heal")
        assert words(client, 1)[5] == 1
        client.close()


def test_noise_moves_the_raw_value_and_frozen_stops_it(gateway: Simulator, client: ModbusTcpClient) -> None:
    def raw_values(seconds: float) -> set[tuple[int, int]]:
        end = time.monotonic() + seconds
        seen = set()
        while time.monotonic() < end:
            seen.add(tuple(words(client, 1)[i] for i in (1, 6)))
            time.sleep(0.05)
        return seen

    assert len(raw_values(2.2)) >= 2
    gateway.command("fault", unit=1, kind="frozen")
    assert len(raw_values(2.2)) == 1
    gateway.command("set", gas="ch4", level=50)
    assert words(client, 1)[1] < 20


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("sensor_fault", (3, 0)), ("warmup", (0, 0)), ("overrange", (8, 1000))],
)
def test_what_a_module_suffers_shows_in_its_registers(
    gateway: Simulator, client: ModbusTcpClient, kind: str, expected: tuple[int, int]
) -> None:
    gateway.command("fault", unit=3, kind=kind)
    registers = words(client, 3)
    assert (registers[5], registers[1]) == expected
    assert words(client, 1)[5] == 1


def test_a_status_byte_of_the_table_can_be_forced(gateway: Simulator, client: ModbusTcpClient) -> None:
    gateway.command("fault", unit=4, kind="status", code=0x0A)
    assert words(client, 4)[5] == 0x0A
    gateway.command("fault", unit=2, kind="sensor_fault")
    assert words(client, 2, 7)[:2] == [0, 0x0504]
    gateway.command("fault", unit=2, kind="calibration")
    assert words(client, 2, 7)[1] == 0x0502


def test_silence_is_of_one_unit_and_ends_in_time(gateway: Simulator) -> None:
    client = client_of(gateway, 0.3)
    gateway.command("fault", unit=1, kind="silent", for_s=1.0)
    until = time.monotonic() + 1.0
    with pytest.raises(ModbusException):
        client.read_holding_registers(0, count=10, device_id=1)
    client.connect()
    assert words(client, 3)[5] == 1
    time.sleep(max(0.0, until - time.monotonic()) + 0.01)
    client.close()
    patient = client_of(gateway)
    assert words(patient, 1)[5] == 1
    patient.close()


def test_an_exception_code_is_passed_on(gateway: Simulator, client: ModbusTcpClient) -> None:
    gateway.command("fault", unit=1, kind="exception", code=6)
    answer = client.read_holding_registers(0, count=10, device_id=1)
    assert answer.isError()
    assert answer.exception_code == 6
    assert client.read_holding_registers(0, count=10, device_id=99).exception_code == 11


def test_a_late_reply_comes_after_the_reply_to_a_later_request(gateway: Simulator) -> None:
    gateway.command("fault", unit=1, kind="late", delay_s=0.5)
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as sock:
        sock.sendall(bytes.fromhex("000700000006010300000001"))
        sock.sendall(bytes.fromhex("000800000006030300000001"))
        stream = sock.makefile("rb")
        assert [stream.read(11)[:2].hex() for _ in range(2)] == ["0008", "0007"]
        stream.close()


def test_garbage_is_no_frame_and_reset_is_a_reset(gateway: Simulator) -> None:
    request = bytes.fromhex("000700000006010300000001")
    gateway.command("fault", unit=1, kind="garbage")
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as sock:
        sock.sendall(request)
        assert sock.recv(100)[:4] != request[:4]
    gateway.command("fault", unit=1, kind="reset")
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as sock:
        sock.sendall(request)
        with pytest.raises(ConnectionResetError):
            sock.recv(100)


def test_wrong_requests_get_the_code_of_the_standard(gateway: Simulator, client: ModbusTcpClient) -> None:
    assert client.read_holding_registers(5, count=10, device_id=1).exception_code == 2
    assert client.read_input_registers(0, count=1, device_id=1).exception_code == 1
    assert client.write_register(1, 5, device_id=1).exception_code == 1
    assert not client.write_register(6, 1, device_id=2).isError()
    assert gateway.wait_for(lambda line: "written" in line)["unit"] == 2


def test_it_counts_polls_and_the_shortest_gap(gateway: Simulator, client: ModbusTcpClient) -> None:
    words(client, 1)
    words(client, 1)
    shown = gateway.command("status")["modules"][0]
    assert shown["polls"] == 2
    assert 0 < shown["shortest_gap_s"] < 30


def test_a_bus_of_two_hundred_modules(tmp_path: Path) -> None:
    modules = [
        {"unit": unit, "type": "cn10", "gas": "h2s", "level": 0.5, "range": 100, "low": 7, "high": 14}
        for unit in range(1, 201)
    ]
    path = tmp_path / "modules.json"
    path.write_text(json.dumps(modules))
    with Simulator("gas-gateway", "--modules", str(path)) as many:
        client = client_of(many)
        assert all(words(client, unit)[1] == 5 for unit in range(1, 201))
        client.close()


def test_a_module_that_cannot_be_is_named(tmp_path: Path) -> None:
    path = tmp_path / "modules.json"
    path.write_text('[{"unit": 1, "type": "cn10", "gas": "xenon", "level": 0, "range": 1, "low": 1, "high": 1}]')
    with pytest.raises(SimulatorError, match="xenon"):
        Simulator("gas-gateway", "--modules", str(path))
