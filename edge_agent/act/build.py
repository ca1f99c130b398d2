"""Builds every actuator from the settings: one per relay module."""

from pathlib import Path

from edge_agent.act import relay_profile
from edge_agent.act.log_only import LogOnly
from edge_agent.act.modbus_relay import ModbusRelay
from edge_agent.act.relay_profile import RelayProfile
from edge_agent.clock import Clock
from edge_agent.domain.ports import Actuator
from edge_agent.settings.fault import BadSettings, Fault
from edge_agent.settings.site import Settings

# `profile = "log_only"` in [relays.<id>]: nothing is wired yet, nothing is switched.
LOG_ONLY = "log_only"


def actuators(settings: Settings, clock: Clock, root: Path) -> list[Actuator]:
    """The site's actuators; `root` holds firmware_configs/. Raises BadSettings with every profile's faults."""
    profiles = relay_profiles(settings, root)
    return [
        LogOnly(device, tuple(table.contacts), clock)
        if table.profile == LOG_ONLY
        else ModbusRelay(device, table, profiles[table.profile], clock)
        for device, table in settings.site.relays.items()
    ]


def relay_profiles(settings: Settings, root: Path) -> dict[str, RelayProfile]:
    """Every relay profile that the site names; all faults of all of them at once."""
    found: dict[str, RelayProfile] = {}
    faults: list[Fault] = []
    for name in sorted({relay.profile for relay in settings.site.relays.values()} - {LOG_ONLY}):
        try:
            found[name] = relay_profile.load(root, name)
        except BadSettings as bad:
            faults.extend(bad.faults)
    if faults:
        raise BadSettings(tuple(faults))
    return found
