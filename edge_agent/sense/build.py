"""Builds every source of the field from the settings: one worker per bus, one for the field broker."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from edge_agent.clock import Clock
from edge_agent.domain.ports import Source
from edge_agent.sense import profile_file, weather_profile
from edge_agent.sense.gas_detector import GasDetector
from edge_agent.sense.http_field import HttpField
from edge_agent.sense.modbus import GasBus
from edge_agent.sense.mqtt_field import FieldBroker
from edge_agent.sense.mqtt_sensors import MqttSensors
from edge_agent.sense.nvr import Nvr
from edge_agent.sense.opcua.server import OpcUaServer
from edge_agent.sense.polled import Polled
from edge_agent.sense.profile_fit import fitted
from edge_agent.sense.sampled import profile as sampled
from edge_agent.sense.sampled.profile import SampledProfile, of_one_contact
from edge_agent.sense.sampled.profile import fitted as fit_sampled
from edge_agent.sense.sampled.sensor import Place, Sensor
from edge_agent.sense.wearables import omlox
from edge_agent.sense.wearables import profile as wearable_profile
from edge_agent.sense.wearables.family import Family, Tag
from edge_agent.sense.wearables.mapped import Mapped
from edge_agent.sense.wearables.place import Frame
from edge_agent.sense.wearables.profile import MappedProfile, ScanProfile
from edge_agent.sense.wearables.scan import Scan
from edge_agent.sense.weather_station import WeatherStation
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.site import Settings, Site
from edge_agent.settings.site_lines import FIELD_BROKER
from edge_agent.settings.site_sensors import SensorTable, WeatherTable

T = TypeVar("T")


def sources(settings: Settings, clock: Clock, root: Path) -> list[Source]:
    """The field's sources; `root` holds firmware_configs/. Raises BadSettings with every profile's faults."""
    site = settings.site
    detectors: dict[str, SensorTable] = {**site.gas, **site.gauges}
    profiles = _profiles(
        {one.profile for one in detectors.values() if one.bus in site.buses}, root, profile_file.load
    )
    wind = {one.profile for one in site.weather.values() if one.bus in site.buses}
    stations = _profiles(wind, root, weather_profile.load)
    built: list[Source] = []
    for bus, table in site.buses.items():
        polled: tuple[Polled, ...] = (
            *(
                GasDetector(device, one, fitted(profiles[one.profile], one))
                for device, one in detectors.items()
                if one.bus == bus
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
    if by_http and site.field_http is not None:  # without it settings are refused (settings/wiring_worn.py)
        token_file = settings.folder / site.field_http.token_file
        built.append(HttpField(site.field_http, by_http, clock, token_file))
    heard = [*mqtt_sensors(settings, root), *contact_sensors(settings, FIELD_BROKER, root)]
    if heard:
        built.append(MqttSensors(site.field_broker, heard, clock, f"{site.site.id}-{site.site.unit}-sensors"))
    for server, asked in site.opcua.items():
        behind = [*opcua_sensors(settings, server, root), *contact_sensors(settings, server, root)]
        if behind:
            built.append(OpcUaServer(server, asked, behind, clock))
    built.extend(Nvr(id_, table, clock) for id_, table in site.nvrs.items())
    return built


def mqtt_sensors(settings: Settings, root: Path) -> list[Sensor]:
    """The detectors, gauges and stations that publish on the field broker. Raises BadSettings."""
    profiles = _profiles(_used(settings.site, FIELD_BROKER), root, sampled.load_mqtt)
    return _sensors(settings, FIELD_BROKER, profiles)


def opcua_sensors(settings: Settings, server: str, root: Path) -> list[Sensor]:
    """The detectors, gauges and stations behind one OPC UA server. Raises BadSettings."""
    return _sensors(settings, server, _profiles(_used(settings.site, server), root, sampled.load_opcua))


def _sensors(settings: Settings, bus: str, profiles: dict[str, SampledProfile]) -> list[Sensor]:
    """Detectors, gauges and stations that speak in named values at one place: the field broker, or a server."""
    site = settings.site
    stale_s = {device.id: device.stale_after_s for device in settings.devices}
    found = []
    tables: dict[str, SensorTable | WeatherTable] = {**site.gas, **site.gauges, **site.weather}
    for device, table in tables.items():
        if table.bus == bus:
            place = Place(
                device=device,
                at=table.at or "",
                period_s=table.poll_s,
                stale_s=stale_s[device],
                gas=table.what if isinstance(table, SensorTable) else "",
            )
            found.append(Sensor(place, fit_sampled(profiles[table.profile], table)))
    return found


def contact_sensors(settings: Settings, bus: str, root: Path) -> list[Sensor]:
    """The contacts that are heard at one place, each by itself: one that cannot be read silences no other."""
    tables = {id_: table for id_, table in settings.site.relays.items() if table.bus == bus}
    load = sampled.load_mqtt if bus == FIELD_BROKER else sampled.load_opcua
    profiles = _profiles({table.profile for table in tables.values()}, root, load)
    stale_s = {device.id: device.stale_after_s for device in settings.devices}
    found = []
    for device, table in tables.items():
        for name, contact in table.contacts.items():
            at = table.node or ""
            place = Place(device=device, at=at, period_s=table.poll_s, stale_s=stale_s[device], channel=name)
            found.append(Sensor(place, of_one_contact(profiles[table.profile], contact.input or 0)))
    return found


def _used(site: Site, bus: str) -> set[str]:
    tables: list[SensorTable | WeatherTable] = [*site.gas.values(), *site.gauges.values(), *site.weather.values()]
    return {one.profile for one in tables if one.bus == bus}


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
