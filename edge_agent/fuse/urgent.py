"""What must not wait for the next tick: danger, a change of quality, SOS, a stop button, a lost picture."""

from typing import assert_never

from edge_agent.domain.device import Device
from edge_agent.domain.observation import (
    Aimed,
    Claims,
    Contact,
    DeviceHealth,
    Observation,
    Position,
    Reading,
    Sighting,
    Weather,
)
from edge_agent.fuse.gas import channel
from edge_agent.fuse.gauges import judged
from edge_agent.fuse.memory import Memory
from edge_agent.settings.site import Settings


def is_urgent(  # noqa: PLR0911 (one return per kind of observation)
    seen: Observation, memory: Memory, settings: Settings, devices: dict[str, Device]
) -> bool:
    """Whether this observation wakes the brain at once. What the last word was decides about changes."""
    match seen:
        case Reading():
            return _reading(seen, memory, settings, devices)
        case Position():
            last = memory.tags.get(seen.source)
            called = seen.sos and (last is None or not last.position.sos)
            return called or (seen.fall and (last is None or not last.position.fall))
        case Sighting():
            before = memory.sightings.get(seen.source)
            return before is None or before.view is not seen.view or _entered(before, seen, settings)
        case Contact():
            known = memory.contacts.get(seen.source, {}).get(seen.channel)
            return known is None or known.closed is not seen.closed
        case DeviceHealth():
            word = memory.health.get(seen.source)
            return word is None or word.ok is not seen.ok
        case Weather():
            told = memory.weather.get(seen.source)
            return told is None or told.quality is not seen.quality
        case Aimed():
            looked = memory.aims.get(seen.source)
            return looked is None or (looked.aim, looked.ok) != (seen.aim, seen.ok)
        case Claims():
            claimed = memory.peers.get(seen.source)
            return claimed is None or (claimed.claims, claimed.alarms) != (seen.claims, seen.alarms)
        case _:
            assert_never(seen)


def _entered(before: Sighting, seen: Sighting, settings: Settings) -> bool:
    """Whether somebody is in an area that stops the work, in which nobody was just now."""
    table = settings.site.cameras.get(seen.source)
    stops = set() if table is None else {area.area for area in table.areas if area.stop_on_entry}
    return bool(stops) and any(_anybody_in(area, seen) and not _anybody_in(area, before) for area in stops)


def _anybody_in(area: str, seen: Sighting) -> bool:
    return any(area in person.zones for person in seen.persons)


def _reading(seen: Reading, memory: Memory, settings: Settings, devices: dict[str, Device]) -> bool:
    last = memory.readings.get(seen.source)
    if last is None or last.quality is not seen.quality or last.device_alarm is not seen.device_alarm:
        return True
    table, device = settings.site.gas.get(seen.source), devices.get(seen.source)
    gauge = settings.site.gauges.get(seen.source)
    if gauge is not None and device is not None:
        before = judged(device, gauge, last, stale=False)
        return judged(device, gauge, seen, stale=False).beyond not in {"", before.beyond}
    if table is None or device is None:
        return False
    limits = settings.rulebook.gases.get(table.gas)
    was = channel(device, table.gas, last, limits, last.at_s).danger
    return channel(device, table.gas, seen, limits, seen.at_s).danger and not was
