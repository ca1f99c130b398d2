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
from edge_agent.sense.wearables import omlox
from edge_agent.sense.wearables import profile as wearable_profile
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
                GasDetector(device, gas, profiles[gas.profile])
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
    if site.wearables:
        client_id = f"{site.site.id}-{site.site.unit}-sense"
        frame = omlox.Frame(site=site.site, positioning=site.positioning)
        built.append(FieldBroker(site.field_broker, _tags(settings, root), frame, clock, client_id))
    built.extend(Nvr(id_, table, clock) for id_, table in site.nvrs.items())
    return built


def _tags(settings: Settings, root: Path) -> tuple[omlox.Tag, ...]:
    tables = settings.site.wearables
    profiles = _profiles({table.profile for table in tables.values()}, root, wearable_profile.load)
    return tuple(
        omlox.Tag(
            device=device,
            provider_id=table.provider_id,
            profile=profiles[table.profile],
            heart_rate=table.heart_rate,
        )
        for device, table in tables.items()
    )


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
