"""Sources and actuators from a site's settings: one worker per bus, all profile faults at once."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.act import build as act_build
from edge_agent.act.log_only import LogOnly
from edge_agent.act.modbus_relay import ModbusRelay
from edge_agent.domain.device import Device, DeviceKind
from edge_agent.domain.words import Words
from edge_agent.sense import build as sense_build
from edge_agent.settings.fault import BadSettings
from edge_agent.settings.site import Settings, Site
from edge_agent.settings.site_brokers import BrokerTable, DownlinkTable
from edge_agent.settings.site_lines import BusTable, OpcUaTable
from edge_agent.settings.site_relays import OutputTable, RelayTable
from edge_agent.settings.site_sensors import GasTable
from edge_agent.settings.site_worn import WearableTable
from tests.sense.field_fakes import CLOCK, ROOT, SITE

NAME = Words("某", "some")
LOOPBACK = BrokerTable(host="127.0.0.1", port=1883)


def gas(bus: str, profile: str = "cn10_single_gas") -> GasTable:
    return GasTable(name=NAME, bus=bus, unit_id=1, profile=profile, gas="h2s", area="tank")


def relay(profile: str) -> RelayTable:
    coil = OutputTable(coil=0, does="permissive")
    return RelayTable(name=NAME, host="127.0.0.1", profile=profile, outputs={"power": coil})


def settings(**tables: object) -> Settings:
    site = Site(
        schema=1, site=SITE, downlink=DownlinkTable(keys=()), uplink=LOOPBACK, field_broker=LOOPBACK, **tables
    )
    return Settings(folder=Path(), site=site, areas=(), persons=(), rulebook=None, devices=(), digest="")


def test_one_worker_per_bus_that_has_detectors_and_one_for_the_wearables() -> None:
    bus = BusTable(kind="modbus_tcp", host="127.0.0.1")
    tag = WearableTable(name=NAME, profile="omlox_wristband", provider_id="T7")
    found = sense_build.sources(
        settings(
            buses={"north": bus, "south": bus, "bare": bus},
            gas={"g1": gas("north"), "g2": gas("north"), "g3": gas("south", "pemtech_pt495")},
            wearables={"tag-7": tag},
        ),
        CLOCK,
        ROOT,
    )
    assert [source.name for source in found] == ["bus north", "bus south", "field broker 127.0.0.1:1883"]


def test_a_site_without_a_field_has_no_workers() -> None:
    assert sense_build.sources(settings(), CLOCK, ROOT) == []
    assert act_build.actuators(settings(), CLOCK, ROOT) == []


def test_every_wrong_profile_is_named_at_once() -> None:
    tables = {"g1": gas("b", "cn10_single_ga5"), "g2": gas("b", "nothing")}
    with pytest.raises(BadSettings) as refused:
        sense_build.sources(
            settings(gas=tables, buses={"b": BusTable(kind="modbus_tcp", host="127.0.0.1")}), CLOCK, ROOT
        )
    assert len(refused.value.faults) == 2
    with pytest.raises(BadSettings, match="wago_750-362"):
        act_build.actuators(settings(relays={"r": relay("wago_750-36z")}), CLOCK, ROOT)


def test_an_actuator_per_relay() -> None:
    relays = {"real": relay("wago_750-362"), "paper": relay(act_build.LOG_ONLY)}
    found = act_build.actuators(settings(relays=relays), CLOCK, ROOT)
    assert [(type(one), one.device) for one in found] == [(ModbusRelay, "real"), (LogOnly, "paper")]


def test_sensors_that_speak_in_named_values_have_a_worker_for_the_broker_and_one_for_each_server() -> None:
    def spoken(bus: str, at: str, profile: str) -> GasTable:
        return GasTable(
            name=NAME, bus=bus, at=at, profile=profile, gas="h2s", area="tank", range=100.0, unit="ppm"
        )

    made = settings(
        opcua={"dcs": OpcUaTable(host="127.0.0.1", security="none"), "bare": OpcUaTable(host="127.0.0.2")},
        gas={
            "g1": spoken("field_broker", "M1", "advantech_wise-4000_ai1"),
            "g2": spoken("field_broker", "M2", "advantech_wise-4000_ai1"),
            "g3": spoken("dcs", "ns=3;s=A", "siemens_s7-1500_gas_ppm"),
        },
    )
    devices = tuple(
        Device(id=one, kind=DeviceKind.GAS, name=NAME, period_s=1.0, stale_after_s=10.0) for one in made.site.gas
    )
    found = sense_build.sources(replace(made, devices=devices), CLOCK, ROOT)
    assert [source.name for source in found] == ["sensors of 127.0.0.1:1883", "opcua dcs"]
