"""From the World to the messages with measured values: gas, gauges, places, wearables, cameras. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import figures_told
from edge_agent.decide.rules.hooks import AIR, HARNESS
from edge_agent.decide.state import State
from edge_agent.domain.geodesy import to_degrees
from edge_agent.domain.outcome import UNTOLD, Effect, Priority
from edge_agent.domain.permit import UNDER_WAY
from edge_agent.fuse import book
from edge_agent.fuse import world as fuse
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.gauges import Gauge
from edge_agent.fuse.people import Tag
from edge_agent.fuse.weather import Station
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import PLUGGED
from edge_agent.settings.site_itself import SiteTable
from edge_agent.store.batch import Outgoing
from edge_agent.store.room import TELEMETRY
from edge_agent.tell import messages
from edge_agent.tell.contract.context import AirTold
from edge_agent.tell.contract.measured import (
    Gas,
    GasTold,
    GaugeTold,
    Loc,
    LocTold,
    Measured,
    PpeCounts,
    PpeTold,
    Video,
    Wear,
    WearTold,
)

# How often measured values are told (docs/upstream/README.md).
EMERGENCY_S = 1.0
WORK_S = 10.0
IDLE_S = 60.0


class Voice(Struct, frozen=True, kw_only=True):
    """Who tells, and in which boot."""

    site: str
    unit: str
    boot: str
    demo: bool


def world_of(settings: Settings, state: State, instant: Instant) -> World:
    """What is known at this instant, as the rules saw it."""
    settings = replace(settings, rulebook=book.effective(settings.rulebook, instant, state.centre))
    known = fuse.Known(
        permits=state.permits,
        persons=state.persons,
        records=state.records,
        outputs=state.outputs,
        ways=state.figures.ways,
        sirens=state.sirens,
        power=state.power,
        bumps=state.bumps,
    )
    return fuse.build(settings, state.memory, known, instant)


def every_s(state: State) -> float:
    """How often they are told now: each second while people must leave, each 10 s while anybody works.

    While the line is cut nobody looks: a step slower, so that what waits reaches back further.
    """
    link = state.memory.health.get("uplink")
    cut = link is not None and not link.ok
    alarms = [alarm for alarm in state.alarms.values() if alarm.state not in UNTOLD]
    if any(alarm.verdict.effect is Effect.EVACUATE for alarm in alarms):
        return WORK_S if cut else EMERGENCY_S
    works = any(permit.state in UNDER_WAY for permit in state.permits.values())
    return WORK_S if works and not cut else IDLE_S


def measured(settings: Settings, world: World, voice: Voice) -> Iterator[Outgoing]:
    """Gas, places and wearables, where the unit has any."""
    head = _head(world, voice)
    site = settings.site.site
    if world.channels or world.weather or world.gauges:
        channels = tuple(_gas(one, world.now_s) for one in world.channels.values())
        air = tuple(air_told(one) for one in world.weather.values())
        gauges = tuple(_gauge(one, world.now_s) for one in world.gauges.values())
        told = Gas(schema="edge_agent.gas.v1", channels=channels, air=air, gauges=gauges, **head)
        yield _row(voice, "gas", told)
    if world.tags:
        places = tuple(_loc(tag, world, site) for tag in world.tags.values())
        yield _row(voice, "loc", Loc(schema="edge_agent.loc.v1", tags=places, **head))
        worn = tuple(_wear(tag, world) for tag in world.tags.values())
        yield _row(voice, "wear", Wear(schema="edge_agent.wear.v1", tags=worn, **head))


def ppe(state: State, world: World, voice: Voice) -> Outgoing:
    """The counts of the local day so far."""
    day: Any = figures_told.told(state.figures.day)
    counts = msgspec.convert(day["ppe"], tuple[PpeTold, ...])
    told = PpeCounts(schema="edge_agent.ppe.v1", date=day["date"], counts=counts, **_head(world, voice))
    return _row(voice, "ppe", told)


def videos(settings: Settings, voice: Voice) -> Iterator[Outgoing]:
    """How to get at each camera."""
    for id_, table in settings.site.cameras.items():
        told = Video(
            schema="edge_agent.video.v1",
            source=messages.source(voice.site, voice.unit),
            demo=voice.demo,
            camera=id_,
            name=table.name,
            url="" if table.url.partition(":")[0] in PLUGGED else table.url,
            gb28181=table.gb28181 or "",
            areas=tuple(dict.fromkeys(part.area for part in table.areas)),
            recorded_by=table.recorded_by or "",
        )
        yield Outgoing(
            topic=messages.up_topic(voice.site, voice.unit, f"video/{id_}"),
            payload=msgspec.json.encode(told),
            priority=Priority.LOW,
            retain=True,
        )


def _head(world: World, voice: Voice) -> Mapping[str, Any]:
    return {
        "source": messages.source(voice.site, voice.unit),
        "bootid": voice.boot,
        "demo": voice.demo,
        "time": messages.utc_text(world.instant.utc),
        "clocktrust": "trusted" if world.instant.trusted else "untrusted",
    }


def _age(at_s: float | None, now_s: float) -> float | None:
    return None if at_s is None else round(now_s - at_s, 1)


def air_told(one: Station) -> AirTold:
    """What one weather station says; what is worth nothing is absent."""
    return AirTold(
        station=one.device.id,
        quality=one.quality.value,
        age_s=None if one.age_s is None else round(one.age_s, 1),
        wind_mps=one.wind_mps,
        wind_from_deg=one.wind_from_deg,
        humidity_pct=one.humidity_pct,
        temperature_c=one.temperature_c,
    )


def _gas(one: Channel, now_s: float) -> GasTold:
    return GasTold(
        device=one.device.id,
        gas=one.gas,
        level=one.level,
        unit=one.unit,
        quality=one.quality,
        age_s=_age(one.said_s, now_s),
        area=one.area,
        danger=one.danger,
        warning=one.beyond_warn,
    )


def _gauge(one: Gauge, now_s: float) -> GaugeTold:
    return GaugeTold(
        device=one.device.id,
        measures=one.table.measures,
        level=one.level,
        unit=one.unit,
        quality=one.quality,
        age_s=_age(one.said_s, now_s),
        area=one.table.area,
        crossed=one.beyond or one.near,
    )


def _wearer(tag: Tag, world: World) -> str:
    person = world.wearers.get(tag.device.id)
    return "" if person is None else person.id


def _loc(tag: Tag, world: World, site: SiteTable) -> LocTold:
    lat = lon = None
    if tag.x_m is not None and tag.y_m is not None:
        lat, lon = to_degrees((site.origin_lat, site.origin_lon), site.rotation_deg, tag.x_m, tag.y_m)
        lat, lon = round(lat, 7), round(lon, 7)
    return LocTold(
        tag=tag.device.id,
        person=_wearer(tag, world),
        fresh=tag.fresh,
        age_s=_age(tag.placed_s, world.now_s),
        area=tag.area or "",
        x_m=tag.x_m,
        y_m=tag.y_m,
        z_m=tag.z_m,
        accuracy_m=tag.accuracy_m,
        lat=lat,
        lon=lon,
    )


def _wear(tag: Tag, world: World) -> WearTold:
    hook, air = (world.worn[item].get(tag.device.id) for item in (HARNESS, AIR))
    return WearTold(
        tag=tag.device.id,
        person=_wearer(tag, world),
        heard=tag.heard,
        age_s=_age(tag.heard_s, world.now_s),
        worn=tag.worn,
        sos=tag.sos,
        fall=tag.fall,
        still_s=_age(tag.moved_s, world.now_s),
        heart_rate_bpm=tag.heart_rate_bpm,
        battery_pct=tag.battery_pct,
        hook=None if hook is None else hook.state.value,
        hook_s=None if hook is None else _age(hook.since_s, world.now_s),
        breathing=None if air is None else air.state.value,
        breathing_s=None if air is None else _age(air.since_s, world.now_s),
    )


def _row(voice: Voice, leaf: str, told: Measured) -> Outgoing:
    return Outgoing(
        topic=messages.up_topic(voice.site, voice.unit, leaf),
        payload=msgspec.json.encode(told),
        priority=TELEMETRY,
    )
