"""Builds every source of the field from the settings: one worker per bus, one for the field broker."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from edge_agent.clock import Clock
from edge_agent.domain.ports import Source
from edge_agent.sense import profile, weather_profile
from edge_agent.sense.gas_detector import GasDetector
from edge_agent.sense.http_field import HttpField
from edge_agent.sense.modbus import GasBus
from edge_agent.sense.mqtt_field import FieldBroker
from edge_agent.sense.nvr import Nvr
from edge_agent.sense.polled import Polled
from edge_agent.sense.profile_fit import fitted
from edge_agent.sense.wearables import omlox
from edge_agent.sense.wearables import profile as wearable_profile
from edge_agent.sense.wearables.family import Family, Tag
from edge_agent.sense.wearables.mapped import Mapped
from edge_agent.sense.wearables.place import Frame
from edge_agent.sense.wearables.profile import MappedProfile, ScanProfile
from edge_agent.sense.wearables.scan import Scan
from edge_agent.sense.weather_station import WeatherStation
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.site import Settings

T = TypeVar("T")


def sources(settings: Settings, clock: Clock, root: Path) -> list[Source]:
    """The field's sources; `root` holds firmware_configs/. Raises BadSettings with every profile's faults."""
    site = settings.site
    profiles = _profiles({gas.profile for gas in site.gas.values()}, root, profile.load)
    stations = {one.profile: weather_profile.load(root, one.profile) for one in site.weather.values()}
    built: list[Source] = []
    for bus, table in site.buses.items():
        polled: tuple[Polled, ...] = (
            *(
                GasDetector(device, gas, fitted(profiles[gas.profile], gas))
                for device, gas in site.gas.items()
                if gas.bus == bus
            ),
            *(
                WeatherStation(device, one, stations[one.profile])
                for device, one in site.weather.items()
                if one.bus == bus
            ),
        )
        if polled:
            built.append(GasBus(bus, table, polled, clock))
    spoken = _spoken(settings, root)
    by_mqtt = [one for one in spoken.values() if one.topics]
    if by_mqtt:
        client_id = f"{site.site.id}-{site.site.unit}-sense"
        built.append(FieldBroker(site.field_broker, by_mqtt, clock, client_id))
    by_http = {name: one for name, one in spoken.items() if isinstance(one, Mapped) and not one.topics}
    if by_http and site.field_http is not None:  # without an address the settings are refused (settings/wiring.py)
        token_file = settings.folder / site.field_http.token_file
        built.append(HttpField(site.field_http, by_http, clock, token_file))
    built.extend(Nvr(id_, table, clock) for id_, table in site.nvrs.items())
    return built


def families(settings: Settings, root: Path) -> list[Family]:
    """Those that speak over the field broker."""
    return [one for one in _spoken(settings, root).values() if one.topics]


def _spoken(settings: Settings, root: Path) -> dict[str, Family]:
    """One family for each profile that the site's wearables name, with the tags that speak so."""
    site = settings.site
    frame = Frame(site=site.site, positioning=site.positioning)
    profiles = _profiles({table.profile for table in site.wearables.values()}, root, wearable_profile.load)
    built: dict[str, Family] = {}
    for name, spoken in profiles.items():
        tags = [
            Tag(device=device, provider_id=table.provider_id, profile=spoken, heart_rate=table.heart_rate)
            for device, table in site.wearables.items()
            if table.profile == name
        ]
        if isinstance(spoken, MappedProfile):
            crs = site.positioning.crs.get(name) if spoken.crs == "site" else spoken.crs
            built[name] = Mapped(spoken, tags, frame, crs)
        elif isinstance(spoken, ScanProfile):
            built[name] = Scan(spoken, tags, frame)
        else:
            built[name] = omlox.Hub(tags, frame)
    return built


def _profiles(names: set[str], root: Path, load: Callable[[Path, str], T]) -> dict[str, T]:
    """Every profile that the site names; all faults of all of them at once."""
    found: dict[str, T] = {}
    faults: list[Fault] = []
    for name in sorted(names):
        try:
            found[name] = load(root, name)
        except BadSettings as bad:
            faults.extend(bad.faults)
    if faults:
        raise BadSettings(tuple(faults))
    return found
