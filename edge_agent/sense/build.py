"""Builds every source of the field from the settings: one worker per bus, one for the field broker."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from edge_agent.clock import Clock
from edge_agent.domain.ports import Source
from edge_agent.sense import profile, weather_profile
from edge_agent.sense.gas_detector import GasDetector
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
from edge_agent.sense.wearables.profile import MappedProfile
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
    spoken = families(settings, root)
    if spoken:
        client_id = f"{site.site.id}-{site.site.unit}-sense"
        built.append(FieldBroker(site.field_broker, spoken, clock, client_id))
    built.extend(Nvr(id_, table, clock) for id_, table in site.nvrs.items())
    return built


def families(settings: Settings, root: Path) -> list[Family]:
    """One family for each profile that the site's wearables name, with the tags that speak so."""
    site = settings.site
    frame = Frame(site=site.site, positioning=site.positioning)
    profiles = _profiles({table.profile for table in site.wearables.values()}, root, wearable_profile.load)
    built: list[Family] = []
    for name, spoken in profiles.items():
        tags = [
            Tag(device=device, provider_id=table.provider_id, profile=spoken, heart_rate=table.heart_rate)
            for device, table in site.wearables.items()
            if table.profile == name
        ]
        if isinstance(spoken, MappedProfile):
            crs = site.positioning.crs.get(name) if spoken.crs == "site" else spoken.crs
            built.append(Mapped(spoken, tags, frame, crs))
        else:
            built.append(omlox.Hub(tags, frame))
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
