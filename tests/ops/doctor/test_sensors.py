"""Faults of sensors over MQTT and of OPC UA servers, planted in real ones: the first line names each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.settings.devices import derived
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import BrokerTable
from edge_agent.settings.site_lines import FIELD_BROKER, OpcUaTable
from edge_agent.simulate.handle import Simulator
from tests.ops.doctor.conftest import Field, first, seen
from tests.ops.doctor.test_twenty_faults import web_server
from tests.sense.field_fakes import unanswered
from tests.sense.test_opcua import READY_S
from tests.support.broker import Mosquitto

MAC = "00D0C9AABB01"


def over_mqtt(field: Field, **changed: Any) -> Settings:
    wise: dict[str, Any] = {"bus": FIELD_BROKER, "unit_id": None, "at": MAC, "profile": "advantech_wise-4000_ai1"}
    wise |= {"range": 100.0, "unit": "ppm"}
    return alone(field, {**wise, **changed})


def on_server(field: Field, port: int, table: dict[str, Any] | None = None, **changed: Any) -> Settings:
    plc = {"bus": "plc", "unit_id": None, "at": 'ns=3;s="GD101"', "profile": "siemens_s7-1500_gas_ppm"}
    server = OpcUaTable(**{"host": "127.0.0.1", "port": port, "security": "none", **(table or {})})
    return alone(field, {**plc, **changed}, opcua={"plc": server})


def alone(field: Field, changed: dict[str, Any], **tables: Any) -> Settings:
    """One detector, and nothing else on the site."""
    detector = replace(field.settings.site.gas["gas-h2s"], poll_s=0.5, **changed)
    settings = field.only(gas={"gas-h2s": detector}, **tables)
    return replace(settings, devices=derived(settings.site, settings.rulebook))


@pytest.fixture(scope="module")
def wise(standing: Field) -> Iterator[Simulator]:
    options = ("--port", str(standing.broker.port), "--mac", MAC, "--level", "3.5", "--interval", "0.2")
    with Simulator("wise", *options) as module:
        yield module


@pytest.fixture(scope="module")
def plc() -> Iterator[Simulator]:
    with Simulator("opcua", "--level", "3.5", ready_s=READY_S) as server:
        yield server


MQTT: dict[str, tuple[Callable[[Simulator], object], dict[str, Any], str, str]] = {
    "nothing is wrong": (lambda _: None, {}, "fine", "3.5 ppm"),
    "it is off": (
        lambda module: module.command("fault", kind="silent"), {}, "sensor_silent", f"Advantech/{MAC}/data"),
    "its name is written wrong": (lambda _: None, {"at": "00D0C9AABB02"}, "sensor_silent", "00D0C9AABB02"),
    "it is no JSON": (lambda module: module.command("fault", kind="not_json"), {}, "unreadable", "no JSON"),
    "its clock was never set": (
        lambda module: module.command("fault", kind="no_clock"), {}, "fault", "no time of measurement"),
    "its clock is ahead": (
        lambda module: module.command("fault", kind="future"), {}, "clock_bad", "in the future"),
    "its channel is switched off": (
        lambda module: module.command("fault", kind="channel_off"), {}, "fault", "switched off"),
}  # fmt: skip


@pytest.mark.parametrize("name", MQTT)
def test_a_sensor_over_mqtt(field: Field, wise: Simulator, name: str) -> None:
    plant, changed, code, words = MQTT[name]
    plant(wise)
    found = [one for one in seen(over_mqtt(field, **changed)) if one.part == "gas.gas-h2s"]
    wise.command("heal")
    assert [one.code for one in found] == [code], found
    assert words in found[0].says.en


def test_only_what_the_broker_kept(field: Field, tmp_path: Path) -> None:
    with (
        Mosquitto(tmp_path / "b") as broker,
        Simulator("wise", "--port", str(broker.port), "--mac", MAC, "--interval", "3600") as module,
    ):
        module.command("retain", level=0.0, age_s=0.0)
        settings = over_mqtt(field)
        table = BrokerTable(host="127.0.0.1", port=broker.port)
        settings = replace(settings, site=replace(settings.site, field_broker=table))
        assert first(settings)[:2] == ("gas.gas-h2s", "only_retained")


OPCUA: dict[str, tuple[dict[str, Any], dict[str, Any], str, str, str]] = {
    "nothing is wrong": ({}, {}, "gas.gas-h2s", "fine", "3.5 ppm"),
    "an uncertain value": (
        {"kind": "status", "code": 0x40000000}, {}, "gas.gas-h2s", "suspect", "uncertain"),
    "a node that is not there": ({}, {"at": 'ns=3;s="GD999"'}, "gas.gas-h2s", "fault", "no such node"),
    "another unit": ({"kind": "unit", "text": "mg/m3"}, {}, "gas.gas-h2s", "fault", "mg/m3"),
    "a channel that stands still": ({"kind": "frozen"}, {}, "gas.gas-h2s", "stale", "first word"),
    "a server that failed": ({"kind": "not_running"}, {}, "opcua.plc", "server_not_running", "does not run"),
}  # fmt: skip


@pytest.mark.parametrize("name", OPCUA)
def test_an_opcua_server(field: Field, plc: Simulator, name: str) -> None:
    fault, changed, part, code, words = OPCUA[name]
    if fault:
        plc.command("fault", **fault)
    found = [one for one in seen(on_server(field, plc.port, **changed)) if one.part == part]
    plc.command("heal")
    assert [one.code for one in found] == [code], found
    assert words in found[0].says.en


def test_the_way_to_an_opcua_server(field: Field, plc: Simulator) -> None:
    with unanswered() as port:
        assert first(on_server(field, port))[:2] == ("opcua.plc", "port_shut")
    with web_server() as port:
        part, _, line = first(on_server(field, port))
        assert part == "opcua.plc", line
    files = {
        "certificate": "/nowhere/box.pem",
        "private_key": "/nowhere/box.key",
        "server_certificate": "/nowhere/p",
    }
    part, code, line = first(on_server(field, plc.port, {"security": "sign_and_encrypt", **files}))
    assert (part, code) == ("opcua.plc", "file_unusable")
    assert "/nowhere/box.pem" in line
