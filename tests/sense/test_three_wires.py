"""One site and every kind of bus, from its tables to readings: a gateway, a serial server, a serial port."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest

from edge_agent.domain.observation import Quality, Reading
from edge_agent.domain.words import Words
from edge_agent.sense.build import sources
from edge_agent.settings.site import Settings, Site
from edge_agent.settings.site_brokers import BrokerTable, DownlinkTable
from edge_agent.settings.site_lines import BusTable
from edge_agent.settings.site_sensors import GasTable
from edge_agent.simulate.handle import Simulator
from tests.sense.field_fakes import CLOCK, ROOT, SITE, Heard, running

NAME = Words("某", "some")
HERE = BrokerTable(host="127.0.0.1", port=1883)
MODULES = [
    {"unit": 3, "type": "cn10", "gas": "h2s", "level": 3, "range": 100, "low": 50, "high": 60},
    {"unit": 9, "type": "toc635", "gas": "ch4", "channel": 4, "level": 5, "range": 100, "low": 50, "high": 60},
    {"unit": 9, "type": "toc635", "gas": "ch4", "channel": 5, "level": 7, "range": 100, "low": 50, "high": 60},
]


def where(gateway: Simulator, wire: str) -> BusTable:
    if wire == "serial":
        device = gateway.wait_for(lambda line: "device" in line)["device"]
        return BusTable(kind="modbus_rtu", device=device, baud=115200, timeout_s=2.0)
    kind = "modbus_tcp" if wire == "tcp" else "modbus_rtu_tcp"
    return BusTable(kind=kind, host="127.0.0.1", port=gateway.port, timeout_s=2.0)  # type: ignore[arg-type]


def detector(bus: str, gas: str, unit_id: int, profile: str, channel: int | None = None) -> GasTable:
    return GasTable(name=NAME, bus=bus, unit_id=unit_id, profile=profile, gas=gas, area="tank", channel=channel)


def test_the_same_detectors_are_read_over_every_wire(tmp_path: Path) -> None:
    file = tmp_path / "modules.json"
    file.write_text(json.dumps(MODULES))
    with ExitStack() as ends:
        buses, gas = {}, {}
        for wire in ("tcp", "rtu-tcp", "serial"):
            buses[wire] = where(
                ends.enter_context(Simulator("gas-gateway", "--modules", str(file), "--wire", wire)), wire
            )
            gas[f"{wire}-h2s"] = detector(wire, "h2s", 3, "cn10_single_gas")
            gas[f"{wire}-ch4-4"] = detector(wire, "ch4", 9, "igd_toc635", 4)
            gas[f"{wire}-ch4-5"] = detector(wire, "ch4", 9, "igd_toc635", 5)
        site = Site(
            schema=1,
            site=SITE,
            downlink=DownlinkTable(keys=()),
            uplink=HERE,
            field_broker=HERE,
            buses=buses,
            gas=gas,
        )
        settings = Settings(folder=Path(), site=site, areas=(), persons=(), rulebook=None, devices=(), digest="")
        heard = Heard()
        for source in sources(settings, CLOCK, ROOT):
            ends.enter_context(running(source, heard))
        for name, table in gas.items():
            seen = heard.wait(lambda one, name=name: one.source == name)  # type: ignore[misc]
            assert isinstance(seen, Reading)
            if table.gas == "ch4":  # the panel tells no warm-up: its first minute counts as one
                assert seen.quality is Quality.WARMUP
            else:
                assert (seen.quality, seen.level) == (Quality.GOOD, pytest.approx(3.0))
