"""One healthy field for all planted faults, over real sockets and a real broker; each test plants its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import SystemClock
from edge_agent.ops.doctor.command import doctor, told
from edge_agent.ops.doctor.finding import Finding
from edge_agent.settings.load import load
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import UplinkTable
from edge_agent.simulate.handle import Simulator
from tests.support.broker import Mosquitto

ROOT = Path(__file__).resolve().parents[3]
CLOCK = SystemClock(declared=True)
TAGS = '[{"provider_id": "tag-guard", "x": 1.0, "y": 2.0}]'


class Field(Struct):
    """What stands on the site, and its settings with the ports of this run."""

    settings: Settings
    gateway: Simulator
    relay: Simulator
    broker: Mosquitto
    tags: Simulator

    def only(self, *tables: str, **changed: object) -> Settings:
        """The settings with these tables of devices alone, and with `changed` tables in place of theirs."""
        site = self.settings.site
        kinds = ("buses", "gas", "weather", "relays", "wearables", "cameras", "nvrs")
        kept = {kind: getattr(site, kind) if kind in tables else {} for kind in kinds}
        return replace(self.settings, site=replace(site, **{**kept, **changed}))

    def heal(self) -> None:
        """As at the beginning."""
        self.gateway.command("heal")
        self.relay.command("resume")
        self.relay.command("unweld")
        self.relay.command("release_stop")
        self.tags.command("speak", tag="tag-guard")
        self.tags.command("clear_retained", tag="tag-guard")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    folder = tmp_path_factory.mktemp("doctor")
    shutil.copytree(ROOT / "zones" / "demo-tank", folder / "site")
    settings = load(folder / "site", ROOT)
    with (
        Simulator("gas-gateway", "--seed", "3") as gateway,
        Simulator("relay") as relay,
        Mosquitto(folder / "broker") as broker,
        Simulator("wearables", "--port", str(broker.port), "--tags", TAGS, "--interval", "0.2") as tags,
    ):
        site = settings.site
        site = replace(
            site,
            field_broker=UplinkTable(host="127.0.0.1", port=broker.port),
            uplink=UplinkTable(host="127.0.0.1", port=broker.port),
            buses={"gateway-1": replace(site.buses["gateway-1"], port=gateway.port)},
            relays={"relay-1": replace(site.relays["relay-1"], port=relay.port)},
            wearables={"tag-guard": site.wearables["tag-guard"]},
        )
        yield Field(replace(settings, site=site), gateway, relay, broker, tags)


@pytest.fixture
def field(standing: Field) -> Iterator[Field]:
    yield standing
    standing.heal()


def seen(settings: Settings) -> list[Finding]:
    """What the doctor finds, in order."""
    return doctor(settings, ROOT, CLOCK)


def first(settings: Settings) -> tuple[str, str, str]:
    """The first finding's part and code, and the first line that a person reads."""
    found = seen(settings)
    return found[0].part, found[0].code, next(iter(told(found, "en")))
