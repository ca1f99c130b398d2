"""Our profiles against platforms played from their makers' documents, as processes: every family and its traps."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.domain.observation import DeviceHealth, Observation, Position
from edge_agent.sense import build
from edge_agent.sense.http_field import HttpField
from edge_agent.sense.mqtt_field import BROKER
from edge_agent.settings.site import Settings, Site
from edge_agent.settings.site_brokers import BrokerTable, DownlinkTable
from edge_agent.settings.site_told import HttpTable
from edge_agent.settings.site_worn import PositioningTable, WearableTable
from edge_agent.simulate.handle import Simulator
from tests.sense.conftest import Broker
from tests.sense.field_fakes import CLOCK, NAME, ROOT, SITE, Heard, running, unanswered

TOKEN = "a-token-of-this-test"  # noqa: S105 (worthless)
TAG_ID = "C0FFEE000007"
GATEWAYS = json.dumps([{"mac": "AC233F000001", "x": 4, "y": 5}, {"mac": "AC233F000002", "x": 80, "y": 90}])
ZONES = {"10001-23": "tank-mouth", "GW0012": "tank-mouth", "AC233F000001": "tank-mouth", "AC233F000002": "yard"}
PROFILES = {
    "card": "cn_card_platform",
    "wristband": "cn_wristband_gateway",
    "at101": "chirpstack_at101",
    "abeeway": "chirpstack_abeeway",
    "april": "april_brother_v4",
    "minew": "minew_g1",
    "traccar": "traccar_forward",
    "traccar_client": "traccar_client",
    "osmand": "osmand",
}
BY_HTTP = ("traccar", "traccar_client", "osmand")
WITH_METRES = ("card", "at101", "abeeway", *BY_HTTP)
WITH_ZONE = ("wristband", "april", "minew")


@pytest.fixture
def played(broker: Broker, tmp_path: Path) -> Callable[..., object]:
    """played(platform, *options): the platform speaks, the box's own source for it is heard."""

    @contextmanager
    def play(
        platform: str, *options: str, crs: str = "gcj02", held_s: float = 0.0
    ) -> Iterator[tuple[Simulator, Heard]]:
        tag = {"provider_id": TAG_ID, "x": 4.0, "y": 5.0, "accuracy_m": 0.5, "source": "GW0012", "held_s": held_s}
        tags = json.dumps([tag])
        heard = Heard()
        with ExitStack() as held:
            http = held.enter_context(unanswered())
            source = one_source(broker.port, http, PROFILES[platform], crs, tmp_path)
            held.enter_context(running(source, heard))
            port = http if isinstance(source, HttpField) else broker.port
            where = ["--port", str(port), "--path", f"/{PROFILES[platform]}", "--bearer", TOKEN]
            said = ["--tags", tags, "--interval", "0.2", "--gateways", GATEWAYS, "--platform", platform]
            yield held.enter_context(Simulator("wearables", *where, *said, *options)), heard

    return play


def one_source(mqtt: int, http: int, profile: str, crs: str, folder: Path) -> object:
    """The source that the box itself builds for a site with this one wearable."""
    (folder / "token").write_text(TOKEN, encoding="utf-8")
    broker = BrokerTable(host="127.0.0.1", port=mqtt)
    site = Site(
        schema=1,
        site=SITE,
        downlink=DownlinkTable(keys=()),
        uplink=broker,
        field_broker=broker,
        field_http=HttpTable(host="127.0.0.1", port=http, token_file="token"),  # noqa: S106 (a file's name)
        positioning=PositioningTable(zones=ZONES, crs={"cn_card_platform": crs}),
        wearables={"tag-7": WearableTable(name=NAME, profile=profile, provider_id=TAG_ID.lower(), period_s=1.0)},
    )
    settings = Settings(folder=folder, site=site, areas=(), persons=(), rulebook=None, devices=(), digest="")
    (source,) = build.sources(settings, CLOCK, ROOT)
    return source


def place(wanted: Callable[[Position], bool]) -> Callable[[Observation], bool]:
    return lambda seen: isinstance(seen, Position) and seen.source == "tag-7" and wanted(seen)


def near(seen: Position) -> bool:
    return seen.x_m is not None and seen.y_m is not None and abs(seen.x_m - 4) < 4 and abs(seen.y_m - 5) < 4


def nowhere(seen: Position) -> bool:
    return (seen.x_m, seen.zone) == (None, None)


@pytest.mark.parametrize("platform", WITH_METRES)
def test_a_place_an_old_fix_and_none(played: Callable[..., object], platform: str) -> None:
    drawn = "gcj02" if platform == "card" else "wgs84"
    with played(platform, "--crs", drawn) as (people, heard):  # type: ignore[attr-defined]
        seen = heard.wait(place(near))
        assert 0 <= seen.age_s < 30
        after = heard.mark()
        people.command("lose_fix", tag=TAG_ID)
        heard.wait(place(nowhere), after)
        people.command("lose_fix", tag=TAG_ID, on=False)
        for kind in ("truncated", "not_json", "array", "wrong_types", "nan", "nulls", "huge", "binary", "empty"):
            people.command("malformed", tag=TAG_ID, kind=kind)
        heard.wait(place(near), heard.mark())


@pytest.mark.parametrize("platform", [one for one in WITH_METRES if one != "at101"])  # it never says how old
def test_an_old_fix_is_old_however_fresh_its_message(played: Callable[..., object], platform: str) -> None:
    drawn = "gcj02" if platform == "card" else "wgs84"
    with played(platform, "--crs", drawn, held_s=1800.0) as (people, heard):  # type: ignore[attr-defined]
        seen = heard.wait(place(lambda seen: seen.x_m is not None))
        assert 1700 < seen.age_s < 2000
        people.command("hold_fix", tag=TAG_ID, age_s=0)
        heard.wait(place(lambda seen: seen.age_s < 60))
        people.command("out_of_order", tag=TAG_ID, age_s=900)
        people.command("sos", tag=TAG_ID)
        heard.wait(place(near), heard.mark())
    assert not [seen for seen in heard.all if isinstance(seen, Position) and 60 < seen.age_s < 1700]


@pytest.mark.parametrize("platform", WITH_ZONE)
def test_a_gateway_is_a_zone_and_no_metres(played: Callable[..., object], platform: str) -> None:
    with played(platform) as (people, heard):  # type: ignore[attr-defined]
        heard.wait(place(lambda seen: seen.zone == "tank-mouth"))
        for kind in ("truncated", "binary", "nulls", "empty", "huge"):
            people.command("malformed", tag=TAG_ID, kind=kind)
        heard.wait(lambda seen: isinstance(seen, DeviceHealth) and seen.source == BROKER and bool(seen.detail))
        if platform != "wristband":  # whose gateways do not say how strongly they hear it
            people.command("move", tag=TAG_ID, x=80, y=90, speed=500)
            heard.wait(place(lambda seen: seen.zone == "yard"), heard.mark())
    assert not [seen for seen in heard.all if isinstance(seen, Position) and seen.x_m is not None]


def test_a_card_heard_by_a_single_beacon_is_a_zone(played: Callable[..., object]) -> None:
    with played("card", "--crs", "bd09", crs="bd09") as (people, heard):  # type: ignore[attr-defined]
        heard.wait(place(near))
        after = heard.mark()
        people.command("beacons", tag=TAG_ID, count=1)
        seen = heard.wait(place(lambda seen: seen.zone == "tank-mouth"), after)
        assert seen.x_m is None


@pytest.mark.parametrize("platform", ["wristband", "abeeway", "traccar", "osmand"])
def test_a_call_for_help(played: Callable[..., object], platform: str) -> None:
    with played(platform) as (people, heard):  # type: ignore[attr-defined]
        heard.wait(place(lambda seen: not seen.sos))
        people.command("sos", tag=TAG_ID)
        heard.wait(place(lambda seen: seen.sos))


def test_an_unworn_band(played: Callable[..., object]) -> None:
    with played("wristband") as (people, heard):  # type: ignore[attr-defined]
        heard.wait(place(lambda seen: seen.worn is True and seen.battery_pct == 87.0))
        people.command("take_off", tag=TAG_ID)
        heard.wait(place(lambda seen: seen.worn is False))


def test_an_uplink_that_comes_twice_counts_once(played: Callable[..., object]) -> None:
    with played("abeeway") as (people, heard):  # type: ignore[attr-defined]
        heard.wait(place(near))
        people.command("silent", tag=TAG_ID)
        people.command(
            "raw", topic="application/a/device/b/event/up", payload="{"
        )  # whatever came before is heard
        heard.wait(lambda seen: isinstance(seen, DeviceHealth) and seen.source == BROKER and bool(seen.detail))
        after = heard.mark()
        for _ in range(3):
            people.command("duplicate", tag=TAG_ID)
        people.command("speak", tag=TAG_ID)
        first = heard.wait(place(near), after)
        assert first.age_s < 20
        again = [seen for seen in heard.all[after:] if isinstance(seen, Position)]
        assert len({replace(seen, at_s=0.0, age_s=0.0) for seen in again}) == len(again)
