"""The doctor at the modem for short messages: each fault of it by its own word."""

from collections.abc import Iterator
from typing import Any

import pytest

from edge_agent.ops.doctor.finding import Finding, Layer, Standing
from edge_agent.ops.doctor.modem import modem_look
from edge_agent.settings.site_told import ShortMessagesTable
from edge_agent.simulate.modem import SimulatedModem


@pytest.fixture
def played() -> Iterator[SimulatedModem]:
    with SimulatedModem() as modem:
        yield modem


def looked(device: str, answer_s: float = 20.0) -> Finding:
    (found,) = modem_look(ShortMessagesTable(device=device), answer_s=answer_s)
    return found


def test_a_modem_that_could_send_says_how_well_it_hears(played: SimulatedModem) -> None:
    found = looked(played.device)
    assert (found.standing, found.part) == (Standing.FINE, "short_messages")
    assert "-73 dBm" in found.says.en
    assert played.sent == []
    assert played.memory == {}


FAULTS: dict[str, tuple[dict[str, Any], Layer, str]] = {
    "no sim": ({"sim": None}, Layer.UNIT, "put a SIM in"),
    "locked": ({"sim": "SIM PIN"}, Layer.UNIT, "take the PIN off"),
    "searching": ({"registered": False}, Layer.PROFILE, "aerial"),
    "denied": ({"registered": False, "registration": 3}, Layer.PROFILE, "ask its operator"),
    "weak": ({"rssi": 3}, Layer.VALUE, "aerial"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_told_with_what_to_do(played: SimulatedModem, fault: str) -> None:
    changes, layer, remedy = FAULTS[fault]
    for name, value in changes.items():
        setattr(played, name, value)
    found = looked(played.device)
    assert (found.standing, found.layer) == (Standing.FAULT, layer)
    assert remedy in found.remedy.en
    assert found.says.zh
    assert found.remedy.zh


def test_one_that_does_not_answer_is_said_to_be_the_wrong_port_perhaps(played: SimulatedModem) -> None:
    played.silent = True
    found = looked(played.device, answer_s=0.3)
    assert (found.standing, found.layer) == (Standing.FAULT, Layer.ANSWER)
    assert "several ports" in found.remedy.en


def test_a_signal_that_nobody_knows_is_no_fault_where_it_is_in_a_network(played: SimulatedModem) -> None:
    played.rssi = 99
    found = looked(played.device)
    assert found.standing is Standing.FINE
    assert "not known" in found.says.en


def test_a_device_that_is_not_there_is_named() -> None:
    found = looked("/dev/ttyUSB99")
    assert (found.standing, found.layer, found.code) == (Standing.FAULT, Layer.PLUG, "no_device")
