"""Builds every actuator from the settings: one per relay module, or chip of this board; and the voice."""

from collections.abc import Mapping
from pathlib import Path

from edge_agent.act import relay_profile
from edge_agent.act.caller import Caller
from edge_agent.act.gpio_relay import GpioRelay
from edge_agent.act.log_only import LogOnly
from edge_agent.act.modbus_relay import ModbusRelay
from edge_agent.act.relay_profile import RelayProfile
from edge_agent.act.voice.aplay import Aplay
from edge_agent.act.voice.recorded import VOICES, Recorded
from edge_agent.act.voice.speaker import Voice
from edge_agent.clock import Clock
from edge_agent.domain.ports import Actuator
from edge_agent.field import wearable_call
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.site import Settings
from edge_agent.settings.site_relays import GPIO, RelayTable

# `profile = "log_only"` in [relays.<id>]: nothing is wired yet, nothing is switched.
LOG_ONLY = "log_only"


def actuators(settings: Settings, clock: Clock, root: Path) -> list[Actuator]:
    """The site's actuators; `root` holds firmware_configs/. Raises BadSettings with every profile's faults."""
    profiles = relay_profiles(settings, root)
    return [_relay(device, table, profiles, clock) for device, table in _switching(settings).items()]


def _switching(settings: Settings) -> dict[str, RelayTable]:
    """Those that hang on no bus: contacts that are only heard are sources (sense/build.py)."""
    return {id_: table for id_, table in settings.site.relays.items() if table.bus is None}


def voice(settings: Settings, clock: Clock, root: Path) -> Voice | None:
    """The box's voice, if the site has one; `root` holds firmware_configs/."""
    table = settings.site.voice
    if table is None:
        return None
    return Voice(settings, clock, Recorded(root / VOICES, table.languages), Aplay(table.device))


def caller(settings: Settings, clock: Clock, root: Path) -> Caller | None:
    """Who calls the wearers, if any of the site's platforms can; `root` holds firmware_configs/."""
    profiles = {table.profile for table in settings.site.wearables.values()}
    known = {name: wearable_call.load(root, name) for name in sorted(profiles)}
    tables = {name: table for name, table in known.items() if table is not None}
    site = settings.site.site
    return Caller(settings, tables, clock, f"{site.id}-{site.unit}-calls") if tables else None


def _relay(device: str, table: RelayTable, profiles: Mapping[str, RelayProfile], clock: Clock) -> Actuator:
    match table.profile:
        case "log_only":
            return LogOnly(device, tuple(table.contacts), clock)
        case "gpio":
            return GpioRelay(device, table, clock)
        case profile:
            return ModbusRelay(device, table, profiles[profile], clock)


def relay_profiles(settings: Settings, root: Path) -> dict[str, RelayProfile]:
    """Every relay profile that the site names; all faults of all of them at once."""
    found: dict[str, RelayProfile] = {}
    faults: list[Fault] = []
    for name in sorted({relay.profile for relay in _switching(settings).values()} - {LOG_ONLY, GPIO}):
        try:
            found[name] = relay_profile.load(root, name)
        except BadSettings as bad:
            faults.extend(bad.faults)
    if faults:
        raise BadSettings(tuple(faults))
    return found
