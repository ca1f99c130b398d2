"""The relay coupler, written by an independent client (pymodbus): bits, mirror contacts, watchdog, faults."""

import socket
import time
from collections.abc import Iterator

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException

from edge_agent.simulate.handle import Simulator

TIME, TRIGGER, STATUS, RESTART, STOP, CLOSE, TYPE = 0x1000, 0x1003, 0x1006, 0x1007, 0x1008, 0x1009, 0x100A


@pytest.fixture
def relay() -> Iterator[Simulator]:
    with Simulator("relay") as simulator:
        yield simulator


def connect(relay: Simulator, timeout_s: float = 10.0) -> ModbusTcpClient:
    client = ModbusTcpClient("127.0.0.1", port=relay.port, timeout=timeout_s, retries=0)
    assert client.connect()
    return client


@pytest.fixture
def client(relay: Simulator) -> Iterator[ModbusTcpClient]:
    found = connect(relay)
    yield found
    found.close()


def outputs(client: ModbusTcpClient) -> list[bool]:
    return client.read_coils(0x0200, count=8).bits[:8]


def word(client: ModbusTcpClient, address: int) -> int:
    return client.read_holding_registers(address, count=1).registers[0]


def start_watchdog(client: ModbusTcpClient, tenths: int) -> None:
    assert not client.write_register(TIME, tenths).isError()
    assert not client.write_register(TRIGGER, 1).isError()


def test_a_written_coil_is_told_read_back_and_followed_by_its_contactor(
    relay: Simulator, client: ModbusTcpClient
) -> None:
    before = time.monotonic()
    assert not client.write_coil(0, value=True).isError()
    line = relay.wait_for(lambda said: said.get("coil") == 0)
    assert (line["on"], line["why"]) == (True, "write")
    assert before <= line["t"] <= time.monotonic()
    assert outputs(client) == [True] + [False] * 7
    mirror = relay.wait_for(lambda said: said.get("contact") == 0)
    assert mirror["closed"] is True
    assert mirror["t"] - line["t"] >= 0.019
    assert client.read_discrete_inputs(0, count=2).bits[:2] == [True, True]


def test_reading_at_zero_gives_inputs_never_outputs(client: ModbusTcpClient) -> None:
    client.write_coils(0, [False, False, True, True])
    assert client.read_coils(0, count=4).bits[:4] == [False, True, False, False]
    assert outputs(client)[:4] == [False, False, True, True]
    client.write_coil(0x0203, value=False)
    assert outputs(client)[:4] == [False, False, True, False]


def test_the_stop_button_is_normally_closed(relay: Simulator, client: ModbusTcpClient) -> None:
    assert client.read_discrete_inputs(1, count=1).bits[0] is True
    relay.command("press_stop")
    assert client.read_discrete_inputs(1, count=1).bits[0] is False
    relay.command("release_stop")
    assert client.read_discrete_inputs(1, count=1).bits[0] is True
    relay.command("input", input=5, closed=True)
    assert client.read_discrete_inputs(5, count=1).bits[0] is True


def test_a_welded_contactor_does_not_follow(relay: Simulator, client: ModbusTcpClient) -> None:
    client.write_coil(0, value=True)
    relay.wait_for(lambda said: said.get("contact") == 0)
    relay.command("weld")
    after = relay.mark()
    client.write_coil(0, value=False)
    client.write_coil(7, value=True)  # the next contactor would have moved by the time this one has
    relay.wait_for(lambda said: said.get("coil") == 0, after=after)
    time.sleep(0.1)
    assert client.read_discrete_inputs(0, count=1).bits[0] is True
    relay.command("unweld")
    assert client.read_discrete_inputs(0, count=1).bits[0] is False


def test_the_watchdog_expires_and_everything_falls_and_stays_fallen(
    relay: Simulator, client: ModbusTcpClient
) -> None:
    client.write_coils(0, [True, False, True])
    start_watchdog(client, 5)
    fed = relay.wait_for(lambda said: said.get("watchdog") == "running")["t"]
    fallen = [
        relay.wait_for(lambda said, coil=coil: said.get("coil") == coil and said.get("why") == "watchdog")
        for coil in (0, 2)
    ]
    assert all(line["t"] - fed > 0.4 for line in fallen)
    assert word(client, STATUS) == 2
    assert outputs(client) == [False] * 8
    assert client.write_coil(0, value=True).exception_code == 4
    assert client.write_register(RESTART, 0).isError() is False
    assert client.write_coil(0, value=True).exception_code == 4
    client.write_register(TIME, 100)
    client.write_register(RESTART, 1)
    assert word(client, STATUS) == 1
    assert not client.write_coil(0, value=True).isError()
    relay.wait_for(lambda said: said.get("watchdog") == "running" and said["t"] > fed)  # its word comes by a pipe
    assert [said["watchdog"] for said in relay.lines if "watchdog" in said][:3] == [
        "running",
        "expired",
        "running",
    ]


def test_any_request_feeds_it_while_its_mask_says_so(client: ModbusTcpClient) -> None:
    client.write_register(0x1001, 1 << 4)  # only FC05 feeds
    client.write_coil(0, value=True)
    start_watchdog(client, 20)
    end = time.monotonic() + 3
    while time.monotonic() < end:
        client.write_coil(0, value=True)
    assert word(client, STATUS) == 1
    deadline = time.monotonic() + 20
    while word(client, STATUS) == 1:  # reads do not feed it
        assert time.monotonic() < deadline
    assert outputs(client)[0] is False


def test_trigger_needs_a_new_value_and_clears_a_fault(client: ModbusTcpClient, relay: Simulator) -> None:
    start_watchdog(client, 2)
    relay.wait_for(lambda said: said.get("watchdog") == "expired")
    client.write_register(TRIGGER, 1)
    assert word(client, STATUS) == 2
    client.write_register(TIME, 100)
    client.write_register(TRIGGER, 2)
    assert word(client, STATUS) == 1


def test_time_is_fixed_while_running_and_stop_is_the_way_out(client: ModbusTcpClient) -> None:
    start_watchdog(client, 100)
    assert client.write_register(TIME, 20).exception_code == 3
    assert not client.write_register(TIME, 100).isError()
    client.write_register(STOP, 0xAA55)
    assert word(client, STATUS) == 0
    assert not client.write_register(TIME, 20).isError()
    client.write_register(RESTART, 1)  # stopped before it expired: not restarted
    assert word(client, STATUS) == 0


def test_the_alternative_type_comes_back_by_itself(relay: Simulator, client: ModbusTcpClient) -> None:
    client.write_register(TIME, 3)
    client.write_register(TYPE, 1)
    client.write_coil(0, value=True)
    relay.wait_for(lambda said: said.get("coil") == 0 and said.get("why") == "watchdog")
    assert not client.write_coil(0, value=True).isError()


def test_expiry_can_close_the_connections_and_refuse_reads() -> None:
    with Simulator("relay", "--refuse-reads") as relay:
        client = connect(relay)
        client.write_register(CLOSE, 1)
        start_watchdog(client, 2)
        relay.wait_for(lambda said: said.get("connection") == "closed")
        client.close()
        client = connect(relay)
        assert client.read_coils(0x0200, count=8).exception_code == 4
        assert word(client, STATUS) == 2
        client.close()


def test_one_word_per_access_and_a_name_plate(client: ModbusTcpClient) -> None:
    assert client.read_holding_registers(TIME, count=2).exception_code == 2
    assert client.write_registers(TIME, [20, 20]).exception_code == 2
    assert not client.write_registers(TIME, [20]).isError()
    assert (word(client, 0x2011), word(client, 0x2012), word(client, TIME)) == (750, 362, 20)
    assert client.read_holding_registers(0x2000, count=5).registers == [0, 0xFFFF, 0x1234, 0xAAAA, 0x5555]
    assert client.write_coil(8, value=True).exception_code == 2
    assert client.read_discrete_inputs(0, count=9).exception_code == 2


def test_requests_that_make_no_sense_get_an_exception(relay: Simulator, client: ModbusTcpClient) -> None:
    start_watchdog(client, 100)
    with socket.create_connection(("127.0.0.1", relay.port), timeout=20) as sock:
        stream = sock.makefile("rb")
        for pdu, code in ((b"\x00", 3), (b"\x05", 3), (b"\x63\x00\x00\x00\x01", 1), (b"\x05\x00\x00\x12\x34", 3)):
            sock.sendall(b"\x00\x07\x00\x00\x00" + bytes((len(pdu) + 1, 1)) + pdu)
            assert stream.read(9)[-2:] == bytes((pdu[0] | 0x80, code))
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert stream.read() == b""
        stream.close()
    assert not client.write_coil(0, value=True).isError()


def test_ignored_requests_are_not_obeyed_and_the_watchdog_runs_on(relay: Simulator) -> None:
    client = connect(relay, 0.3)
    client.write_coil(0, value=True)
    start_watchdog(client, 10)
    relay.command("ignore")
    with pytest.raises(ModbusException):
        client.write_coil(1, value=True)
    relay.wait_for(lambda said: said.get("coil") == 0 and said.get("why") == "watchdog")
    relay.command("resume")
    client.close()
    client = connect(relay)
    assert word(client, STATUS) == 2
    assert outputs(client)[1] is False
    client.close()


def test_power_lost_drops_outputs_and_connections_and_boots_with_outputs_off(relay: Simulator) -> None:
    client = connect(relay)
    client.write_coil(0, value=True)
    start_watchdog(client, 100)
    relay.command("cut_power")
    assert relay.wait_for(lambda said: said.get("why") == "power")["coil"] == 0
    client.close()
    assert not client.connect()
    relay.command("restore_power")
    client = connect(relay)
    assert outputs(client) == [False] * 8
    assert word(client, STATUS) == 0
    client.close()
