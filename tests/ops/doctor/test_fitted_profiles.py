"""The doctor reads a detector of several channels, or of a range that only the site knows, where it stands."""

from pathlib import Path

from edge_agent.domain.words import Words
from edge_agent.ops.doctor import buses
from edge_agent.settings.site import Settings, Site
from edge_agent.settings.site_brokers import BrokerTable, DownlinkTable
from edge_agent.settings.site_lines import BusTable
from edge_agent.settings.site_sensors import GasTable
from tests.sense.field_fakes import ROOT, SITE

HERE = BrokerTable(host="127.0.0.1", port=1883)
NAME = Words("某", "some")


def test_a_loop_is_read_at_its_own_input_with_the_sites_range_and_unit() -> None:
    loop = GasTable(
        name=NAME,
        bus="b",
        unit_id=9,
        profile="waveshare_ai8_4_20ma",
        gas="co",
        area="t",
        channel=3,
        range=100,
        unit="ppm",
    )
    site = Site(
        schema=1,
        site=SITE,
        downlink=DownlinkTable(keys=()),
        uplink=HERE,
        field_broker=HERE,
        buses={"b": BusTable(kind="modbus_tcp", host="127.0.0.1")},
        gas={"loop": loop},
    )
    settings = Settings(folder=Path(), site=site, areas=(), persons=(), rulebook=None, devices=(), digest="")
    (one,) = buses.asked(settings, "b", ROOT)
    assert [block.address for block in one.blocks] == [2, 0x1002]
    assert "50 ppm" in one.judge({2: 12_000, 0x1002: 2}).says.en
    assert "broken wire" in one.judge({2: 0, 0x1002: 2}).says.en
