"""A guest's questions go onto a running bus between its own: answered, or told why not; the bus goes on."""

import pytest

from edge_agent.domain.observation import Quality
from edge_agent.field.modbus import ModbusError, Trouble
from tests.sense.field_fakes import CO_24, H2S_12_3, Gateway, Heard, bus, detector, running
from tests.sense.test_gas_bus import of

HOLDING = 3


def test_a_guest_is_answered_by_a_device_that_is_not_entered_yet(gateway: Gateway) -> None:
    gateway.units = {3: H2S_12_3, 9: CO_24}
    heard, one = Heard(), bus(gateway.port, detector("h2s", 3))
    with running(one, heard):
        heard.wait(of("gas-h2s", Quality.GOOD))
        asked = [one.guests.registers(HOLDING, unit, 0, 2) for unit in (9, 3, 9)]
        heard.wait(of("gas-h2s", Quality.GOOD), heard.mark())
    assert asked == [tuple(CO_24[:2]), tuple(H2S_12_3[:2]), tuple(CO_24[:2])]


def test_nobody_there_is_said_and_the_others_are_heard_on(gateway: Gateway) -> None:
    gateway.units = {3: H2S_12_3}
    gateway.ills = {9: "silent"}
    heard, one = Heard(), bus(gateway.port, detector("h2s", 3))
    with running(one, heard):
        heard.wait(of("gas-h2s", Quality.GOOD))
        with pytest.raises(ModbusError) as why:
            one.guests.registers(HOLDING, 9, 0, 2)
        heard.wait(of("gas-h2s", Quality.GOOD), heard.mark())
    assert why.value.words.zh
    assert why.value.trouble in {Trouble.SILENT, Trouble.REFUSED}


def test_a_bus_without_a_gap_lets_a_guest_in_now_and_then(gateway: Gateway) -> None:
    gateway.units = {3: H2S_12_3, 9: CO_24}
    one = bus(gateway.port, *(detector("h2s", 3, poll_s=0.01, min_poll_s=0.01) for _ in range(3)))
    heard = Heard()
    with running(one, heard):
        heard.wait(of("gas-h2s", Quality.GOOD))
        assert one.guests.registers(HOLDING, 9, 0, 2) == tuple(CO_24[:2])


def test_a_bus_that_has_ended_leaves_nobody_waiting_for_ever(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge_agent.sense.guests.WAIT_S", 0.05)
    with pytest.raises(ModbusError) as why:
        bus(gateway.port, detector("h2s", 3)).guests.registers(HOLDING, 3, 0, 2)
    assert why.value.trouble is Trouble.SILENT
