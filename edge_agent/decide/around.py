"""What the box itself knows around a place and a work: shift, devices, gas, wind. Unknown is told as unknown."""

from typing import Any

from msgspec import to_builtins

from edge_agent.domain.words import Words
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.weather import Station
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings


def around(world: World, settings: Settings, area: str, job: Job | None) -> dict[str, Any]:
    """What is measured and seen there, for an event's data: by the devices of the work, and of the area."""
    bound = set() if job is None else set(job.permit.ticket.devices)
    gas = [one for one in world.channels.values() if one.device.id in bound or one.area == area]
    seeing = [
        id_
        for id_, table in settings.site.cameras.items()
        if id_ in bound or any(part.area == area for part in table.areas)
    ]
    return {
        "shift_words": to_builtins(shift_words(world)),
        "devices": sorted({*bound, *(one.device.id for one in gas), *seeing}),
        "gas": [
            {
                "channel": one.device.id,
                "gas": one.gas,
                "level": one.level,
                "unit": one.unit,
                "quality": one.quality.value,
                "age_s": None if one.said_s is None else _tenths(world.now_s - one.said_s),
            }
            for one in gas
        ],
        "cameras": seeing,
        "wind": [
            {
                "station": one.device.id,
                "mps": one.wind_mps,
                "quality": one.quality.value,
                "age_s": None if one.age_s is None else _tenths(one.age_s),
                **_air(one),
            }
            for one in world.stations_for(job)
        ],
    }


def _air(station: Station) -> dict[str, float]:
    """Dust and noise, where the station measures them."""
    known = {"pm2_5_ug_m3": station.pm2_5_ug_m3, "pm10_ug_m3": station.pm10_ug_m3, "noise_db": station.noise_db}
    return {name: value for name, value in known.items() if value is not None}


def shift_words(world: World) -> Words:
    """The shift under way by its name; that there is none, or that the clock may be wrong, is said too."""
    if world.shift is None:
        return Words("本站未设班次", "this site has no shifts")
    if world.instant.trusted:
        return world.shift.name
    name = world.shift.name
    return Words(f"{name.zh}（时钟不可信，班次存疑）", f"{name.en} (the clock is not trusted: doubtful)")


def _tenths(seconds: float) -> float:
    return round(seconds, 1)
