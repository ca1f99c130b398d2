"""Gauges: what each measures now, judged by the site's own limits. Silence and doubt are never within a limit."""

import math
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.domain.device import Device
from edge_agent.domain.gauge import INTERLOCKED, GaugeLimits
from edge_agent.domain.observation import Quality, Reading, Weather, has_number
from edge_agent.domain.words import NOTHING, Words
from edge_agent.fuse.gas import ALARM_IS_NONE, incomparable, is_stale
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.same import Same
from edge_agent.settings.site import Site
from edge_agent.settings.site_sensors import GaugeTable

NOT_SAID = Words("气象站没有给出此值", "the weather station does not say it")


class Gauge(Struct, frozen=True, kw_only=True, gc=False):
    """One gauge now. `level` is in the unit of its limits, None wherever the quality carries no number.

    `beyond`: the danger limit that it has crossed ("high_high", "low_low"); `near`: the other ("high", "low");
    "" for none. Over its range it is beyond its highest limit, whatever the number. A danger stands until a good
    value ends it: one that falls silent beyond its limit has not come back.
    """

    device: Device
    table: GaugeTable
    level: float | None
    unit: str
    quality: Quality
    said_s: float | None
    detail: Words
    beyond: str = ""
    near: str = ""
    own_alarm: bool = False

    @property
    def known(self) -> bool:
        """Whether anything good is known of it now: only that satisfies its interlock."""
        return self.quality is Quality.GOOD

    @property
    def unlocked(self) -> bool:
        """Whether its danger trips nothing although an interlock is to be expected, and nobody says why."""
        table = self.table
        lacks = table.trips is None and table.without_trip is None
        return lacks and table.limits.dangerous and table.measures in INTERLOCKED

    @property
    def blind(self) -> bool:
        """Whether it says nothing that could be compared; what is over its range says enough."""
        return not self.known and not self.beyond


def gauges(site: Site, memory: Memory, devices: Mapping[str, Device], now_s: float) -> dict[str, Gauge]:
    """Every gauge of the site, in the order of its settings."""
    found: dict[str, Gauge] = {}
    for id_, table in site.gauges.items():
        reading = _reading(id_, table, memory)
        stale, stood = is_stale(devices[id_], reading, now_s), memory.beyond.get(id_, "")
        found[id_] = _judged(id_, devices[id_], table, reading, stale, stood)
    return found


def standing(site: Site, memory: Memory, devices: Mapping[str, Device], now_s: float) -> dict[str, str]:
    """The danger limit that each gauge is beyond, or was when something was last known of it."""
    return {id_: one.beyond for id_, one in gauges(site, memory, devices, now_s).items() if one.beyond}


def _reading(id_: str, table: GaugeTable, memory: Memory) -> Reading | None:
    """Its own last word, or that of the station which it is read off."""
    station = memory.weather.get(table.bus)
    return memory.readings.get(id_) if station is None else _off_station(id_, station, table)


def off_station(said: Weather, table: GaugeTable) -> Reading:
    """What a gauge says that is read off a weather station."""
    level = said.temperature_c if table.measures == "temperature" else said.humidity_pct
    lacks = level is None and said.quality is Quality.GOOD
    return Reading(
        source=said.source,
        at_s=said.at_s,
        channel=table.measures,
        level=level,
        unit=table.limits.unit,
        quality=Quality.FAULT if lacks else said.quality,
        detail=NOT_SAID if lacks else said.detail,
    )


_off_station = Same(off_station)


@Same
def _judged(
    device: Device,
    table: GaugeTable,
    reading: Reading | None,
    stale: bool,  # noqa: FBT001 (with the others in `Same`)
    stood: str,
) -> Gauge:
    now = judged(device, table, reading, stale=stale)
    return replace(now, beyond=stood, near="") if stood and not now.known and not now.beyond else now


def judged(device: Device, table: GaugeTable, reading: Reading | None, *, stale: bool) -> Gauge:
    """What its last word is worth. Silence is MISSING or STALE, never a value."""
    limits, unit = table.limits, table.limits.unit
    if reading is None:
        return Gauge(
            device=device, table=table, level=None, unit=unit, quality=Quality.MISSING, said_s=None, detail=NOTHING
        )
    quality, level, detail = reading.quality, None, reading.detail
    if stale:
        quality = Quality.STALE
    elif has_number(quality):
        level = reading.level if reading.unit == unit and math.isfinite(reading.level or 0.0) else None
        if level is None:
            quality, detail = Quality.FAULT, incomparable(reading, unit)
    own_alarm = reading.device_alarm and quality not in ALARM_IS_NONE
    beyond, near = crossed(limits, quality, level)
    return Gauge(
        device=device,
        table=table,
        level=level,
        unit=unit,
        quality=quality,
        said_s=reading.at_s - reading.age_s,
        detail=detail,
        beyond=beyond,
        near=near,
        own_alarm=own_alarm,
    )


def crossed(limits: GaugeLimits, quality: Quality, level: float | None) -> tuple[str, str]:
    """The danger limit and the warning limit that are crossed, "" for none. A limit itself is still permitted."""
    if quality is Quality.OVERRANGE:
        return (
            ("high_high", "") if limits.high_high is not None else ("", "high" if limits.high is not None else "")
        )
    if quality is Quality.UNDERRANGE:
        return ("low_low", "") if limits.low_low is not None else ("", "low" if limits.low is not None else "")
    if level is None:
        return "", ""
    over = {name for name, limit in limits.all if name.startswith("high") and level > limit.value}
    under = {name for name, limit in limits.all if name.startswith("low") and level < limit.value}
    beyond = next((name for name in ("high_high", "low_low") if name in over | under), "")
    return beyond, "" if beyond else next((name for name in ("high", "low") if name in over | under), "")
