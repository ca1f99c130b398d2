"""Devices of a story that speak on the wire: what their makers' platforms send, read by the box itself.

The time is the story's own, so that a folder can be told again byte for byte: no sockets here. The same
readers are put behind real sockets by tests/sense/test_platforms_played.py and test_against_simulators.py.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.domain.observation import Observation, Position
from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense import profile_file, weather_profile
from edge_agent.sense.build import contact_sensors
from edge_agent.sense.gas_detector import GasDetector
from edge_agent.sense.opcua.server import sampled_of
from edge_agent.sense.profile_fit import fitted
from edge_agent.sense.sampled import message
from edge_agent.sense.sampled.profile import SampledProfile, load_mqtt, load_opcua
from edge_agent.sense.sampled.profile import fitted as fit_sampled
from edge_agent.sense.sampled.sensor import Place, Sensor
from edge_agent.sense.wearables import omlox, profile
from edge_agent.sense.wearables.family import Family, Tag
from edge_agent.sense.wearables.mapped import Mapped
from edge_agent.sense.wearables.memory import TagBook
from edge_agent.sense.wearables.place import Frame
from edge_agent.sense.wearables.profile import MappedProfile, ScanProfile
from edge_agent.sense.wearables.scan import Scan
from edge_agent.sense.weather_station import WeatherStation
from edge_agent.settings.site import Settings
from edge_agent.settings.site_lines import FIELD_BROKER
from edge_agent.settings.site_sensors import GasTable, GaugeTable, WeatherTable
from edge_agent.settings.site_worn import PositioningTable
from edge_agent.simulate import tag as simulated
from edge_agent.simulate.maps import Map
from edge_agent.simulate.platforms import PLATFORMS, Gateway, Message, Scene
from edge_agent.simulate.walker import Place as Spot
from tests.support.story import ROOT, T0_S

ADDRESS = "C0FFEE000007"
NAME = Words("某", "some")
MOUTH, YARD = "AC233F000001", "AC233F000002"
ZONES = {"10001-23": "tank-mouth", "GW0012": "tank-mouth", "GW0099": "yard", MOUTH: "tank-mouth", YARD: "yard"}
GATEWAYS = (Gateway(mac=MOUTH, x=6.5, y=0.5), Gateway(mac=YARD, x=40.0, y=-20.0))


class Worn:
    """One wearable: a platform as its maker documents it (simulate/platforms.py), and our profile of it."""

    def __init__(self, site: Settings, device: str, platform: str, of: str, *, crs: str = "wgs84") -> None:
        """At the guard's post. `crs`: what the site declares, where the profile leaves that to it."""
        self.speak = PLATFORMS[platform]
        at = site.site.site
        self.scene = Scene(map=Map(lat=at.origin_lat, lon=at.origin_lon), gateways=GATEWAYS)
        spec = simulated.TagSpec(provider_id=ADDRESS, x=6.5, y=0.5, roam_m=0.3, source="GW0012")
        self.tag = simulated.Tag(spec, seed=1, now_s=T0_S)
        self.messages: list[Message] = []  # what the platform said last
        self.instead: list[Message] | None = None  # sent instead of what it would say
        self._family = _family(site, device, of, crs)
        self._book = TagBook()

    def is_at(self, x_m: float, y_m: float) -> None:
        """Its wearer is there from now on."""
        self.tag.walker.at = Spot(x_m, y_m)
        self.tag.walker.go(Spot(x_m, y_m), 1.0)

    def draws(self, crs: str) -> None:
        """The map that its platform draws on."""
        self.scene = replace(self.scene, map=replace(self.scene.map, crs=crs))

    def __call__(self, now: Instant) -> Iterator[Observation]:
        """What the box makes of what the platform says now."""
        seen = self.tag.locate(now.now_s, now.utc)
        self.messages = self.speak(self.tag, seen, now.utc, self.scene) if self.instead is None else self.instead
        for one in self.messages:
            body = one.payload or urlsplit(one.topic).query.encode()
            for told in self._family.heard(one.topic, body, now):
                yield from map(_to_the_millimetre, self._book.taken(told, "field-broker", now.now_s))


def _to_the_millimetre(seen: Observation) -> Observation:
    """A folder is the same on every machine, whatever its library makes of the last digit of a sine."""
    if not isinstance(seen, Position) or seen.x_m is None or seen.y_m is None:
        return seen
    return replace(seen, x_m=round(seen.x_m, 3), y_m=round(seen.y_m, 3))


def _family(site: Settings, device: str, of: str, crs: str) -> Family:
    spoken = profile.load(ROOT, of)
    tags = [Tag(device=device, provider_id=ADDRESS, profile=spoken)]
    frame = Frame(site=site.site.site, positioning=PositioningTable(zones=ZONES))
    if isinstance(spoken, MappedProfile):
        return Mapped(spoken, tags, frame, crs if spoken.crs == "site" else spoken.crs)
    return Scan(spoken, tags, frame) if isinstance(spoken, ScanProfile) else omlox.Hub(tags, frame)


class Registers:
    """A gas detector or weather station on a bus: what its registers hold, by address."""

    def __init__(self, kind: GasDetector | WeatherStation, words: dict[int, int]) -> None:
        """It answers every second."""
        self.words = words
        self._kind = kind

    def __call__(self, now: Instant) -> Iterator[Observation]:
        """One answer."""
        yield self._kind.answered(self.words, now.now_s)


def detector(device: str, of: str, gas: str, words: dict[int, int], **said: Any) -> Registers:
    """A gas detector by a profile of firmware_configs/gas."""
    table = GasTable(name=NAME, bus="b", unit_id=1, profile=of, gas=gas, area="tank-inside", **said)
    return Registers(GasDetector(device, table, fitted(profile_file.load(ROOT, of), table)), words)


def gauge_on_the_bus(device: str, table: GaugeTable, words: dict[int, int]) -> Registers:
    """A gauge by a profile of firmware_configs/gas."""
    return Registers(GasDetector(device, table, fitted(profile_file.load(ROOT, table.profile), table)), words)


def gauge_on_the_broker(device: str, table: GaugeTable, says: "Says") -> "Named":
    """A gauge by a profile of firmware_configs/mqtt."""
    return Named(device, fit_sampled(load_mqtt(ROOT, table.profile), table), table.measures, says)


def station(device: str, of: str, words: dict[int, int]) -> Registers:
    """A weather station by a profile of firmware_configs/weather."""
    table = WeatherTable(name=NAME, bus="b", unit_id=20, profile=of)
    return Registers(WeatherStation(device, table, weather_profile.load(ROOT, of)), words)


class Node(Struct, frozen=True):
    """What a server says of one node, as sense/opcua/connection.Told (which loads a large library)."""

    value: float | str | bool | None
    code: int  # status
    source_utc: float | None


Says = Callable[[Instant], bytes | dict[str, Node] | None]


class Named:
    """A gas sensor of named values: a message over MQTT, or the nodes of an OPC UA server."""

    def __init__(self, device: str, shape: SampledProfile, gas: str, says: Says) -> None:
        """`says`: what it says at a moment; None while it says nothing."""
        self.says = says
        self._sensor = Sensor(Place(device=device, at="M", period_s=1.0, stale_s=3.0, gas=gas), shape)

    def __call__(self, now: Instant) -> Iterator[Observation]:
        """What the box makes of what it says now, or of its silence."""
        yield from _of(self._sensor, self.says(now), now)


def named(of: str, *, mqtt: bool = False, **said: Any) -> SampledProfile:
    """A profile of firmware_configs/mqtt or opcua for a detector of which site.toml says `said`."""
    table = GasTable(name=NAME, bus="b", at="M", profile=of, gas="h2s", area="tank-inside", **said)
    return fit_sampled((load_mqtt if mqtt else load_opcua)(ROOT, of), table)


def contacts(site: Settings, device: str, says: Says) -> Callable[[Instant], Iterator[Observation]]:
    """The contacts of a module on the field broker, as the box itself builds what hears them."""
    heard = [one for one in contact_sensors(site, FIELD_BROKER, ROOT) if one.device == device]

    def wire(now: Instant) -> Iterator[Observation]:
        for sensor in heard:
            yield from _of(sensor, says(now), now)

    return wire


def _of(sensor: Sensor, said: bytes | dict[str, Node] | None, now: Instant) -> Iterator[Observation]:
    """What the box makes of what a sensor says now, or of its silence."""
    if isinstance(said, bytes):
        told = sensor.heard(message.read(said, sensor.profile), now)
    else:
        told = None if said is None else sensor.heard(sampled_of(said), now)
    told = told or sensor.silent(now.now_s, NOTHING)
    if told is not None:
        yield told
