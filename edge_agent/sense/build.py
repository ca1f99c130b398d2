"""Builds every source of the field from the settings: one worker per bus, one for the field broker."""

from pathlib import Path

from edge_agent.clock import Clock
from edge_agent.domain.ports import Source
from edge_agent.sense import profile, weather_profile
from edge_agent.sense.gas_detector import GasDetector
from edge_agent.sense.modbus import GasBus
from edge_agent.sense.mqtt_field import FieldBroker
from edge_agent.sense.polled import Polled
from edge_agent.sense.profile import GasProfile
from edge_agent.sense.weather_station import WeatherStation
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.site import Settings


def sources(settings: Settings, clock: Clock, root: Path) -> list[Source]:
    """The field's sources; `root` holds firmware_configs/. Raises BadSettings with every profile's faults."""
    site = settings.site
    profiles = gas_profiles(settings, root)
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
        built.append(FieldBroker(site.field_broker, site.wearables, site.site, clock, client_id))
    return built


def gas_profiles(settings: Settings, root: Path) -> dict[str, GasProfile]:
    """Every gas profile that the site names; all faults of all of them at once."""
    found: dict[str, GasProfile] = {}
    faults: list[Fault] = []
    for name in sorted({gas.profile for gas in settings.site.gas.values()}):
        try:
            found[name] = profile.load(root, name)
        except BadSettings as bad:
            faults.extend(bad.faults)
    if faults:
        raise BadSettings(tuple(faults))
    return found
