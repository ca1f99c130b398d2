"""Checks of site.toml: detectors, weather stations and gauges, and the buses on which they hang."""

from collections.abc import Iterator
from typing import Any

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_lines import FIELD_BROKER
from edge_agent.settings.site_sensors import GasTable, GaugeTable, SensorTable, WeatherTable
from edge_agent.settings.wired import REMOVE, refers, stands_in

WILDCARDS = frozenset("+#")  # of MQTT topic filters
KINDS = {GasTable: "gas", GaugeTable: "gauge", WeatherTable: "weather"}
OFF_STATION = ("temperature", "humidity")  # what a weather station measures beside the wind, for anybody to limit
UNIT_ID = Words("请填写：整数,应在 0..247 之间", "add it: a whole number, like 5, must be 0..247")
ITS_NAME = Words(
    "请填写它在主题中的名称，或服务器上的节点",
    "add it: its name within the topic, or its node on the server",
)


def gas(bundle: Bundle) -> Iterator[Fault]:
    """Every detector and weather station is somewhere, alone at its place, read by a profile that exists."""
    taken: dict[tuple[str, object], str] = {}
    for name, table in bundle.site.gas.items():
        key = dotted("gas", name)
        yield from judged(_bus(bundle, key, table))
        yield from judged(stands_in(bundle, f"{key}.area", table.area))
        yield from judged(_profile(bundle, key, table, bundle.gas_profiles))
        yield from judged(_alone(bundle, key, table, taken))
    for name, station in bundle.site.weather.items():
        key = dotted("weather", name)
        yield from judged(_bus(bundle, key, station))
        yield from judged(_profile(bundle, key, station, bundle.weather_profiles))
        yield from judged(_alone(bundle, key, station, taken))
    for name, gauge in bundle.site.gauges.items():
        yield from judged(_gauge(bundle, dotted("gauges", name), gauge, taken))


def _gauge(bundle: Bundle, key: str, table: GaugeTable, taken: dict[tuple[str, object], str]) -> Iterator[Fault]:
    yield from judged(stands_in(bundle, f"{key}.area", table.area))
    if table.bus in bundle.site.weather:
        yield from judged(_off_station(bundle, key, table))
        return
    yield from judged(_bus(bundle, key, table))
    yield from judged(_profile(bundle, key, table, bundle.gas_profiles))
    yield from judged(_alone(bundle, key, table, taken))


def _off_station(bundle: Bundle, key: str, table: GaugeTable) -> Iterator[Fault]:
    """What is read off a weather station is read by the station's own profile."""
    if table.measures not in OFF_STATION:
        problem = Words("气象站不测这个量", "a weather station does not measure it")
        listed = ", ".join(OFF_STATION)
        remedy = Words(f"应为 {listed}", f"name one of {listed}, or its own sensor")
        yield fault(bundle.names.site, f"{key}.measures", table.measures, problem, remedy)
    for name in ("profile", "unit_id", "at", "channel", "range", "unit", "timeout_s"):
        if getattr(table, name):
            problem = Words(f"由气象站 {table.bus} 读取", f"it is read off the station {table.bus}")
            yield fault(bundle.names.site, f"{key}.{name}", getattr(table, name), problem, REMOVE)


def _bus(bundle: Bundle, key: str, table: SensorTable | WeatherTable) -> Iterator[Fault]:
    """A bus has unit ids; a broker and a server have names of their own for what is found there."""
    site = bundle.site
    if table.bus in site.buses:
        needs, other, what = "unit_id", "at", UNIT_ID
    elif table.bus in site.opcua or table.bus == FIELD_BROKER:
        needs, other, what = "at", "unit_id", ITS_NAME
    else:
        known = (*site.buses, *site.opcua)
        yield no_such(bundle.names.site, f"{key}.bus", table.bus, Words("总线", "bus"), known)
        return
    if getattr(table, needs) is None:
        yield fault(bundle.names.site, f"{key}.{needs}", None, Words("缺少", "missing"), what)
    if table.bus == FIELD_BROKER and table.at is not None and set(table.at) & WILDCARDS:
        problem = Words("含有通配符", "holds a wildcard")
        remedy = Words("一台设备一个主题，不用 + 和 #", "one device, one topic: no + and no #")
        yield fault(bundle.names.site, f"{key}.at", table.at, problem, remedy)
    value = getattr(table, other)
    if value is not None:
        problem = Words(f"对 {table.bus} 没有意义", f"means nothing at {table.bus}")
        yield fault(bundle.names.site, f"{key}.{other}", value, problem, Words("请删去此键", "remove this key"))


def _profile(
    bundle: Bundle, key: str, table: SensorTable | WeatherTable, of_buses: dict[str, Any]
) -> Iterator[Fault]:
    """A profile of the kind that is spoken there."""
    known = of_buses
    if table.bus == FIELD_BROKER:
        known = bundle.mqtt_profiles
    elif table.bus in bundle.site.opcua:
        known = bundle.opcua_profiles
    yield from refers(bundle, f"{key}.profile", table.profile, Words("配置", "profile"), known)
    profile = known.get(table.profile) or {}
    measures, kind = profile.get("measures"), KINDS[type(table)]
    # What is gas by the nameplate alone may as well be any other figure.
    plain = kind == "gauge" and measures == "gas" and profile.get("unit") == "site" and "gas" not in profile
    if isinstance(measures, str) and measures != kind and not plain:
        problem = Words(f"配置测量的是 {measures}", f"this profile measures {measures}")
        remedy = Words(f"请用测量 {kind} 的配置", f"name a profile that measures {kind}")
        yield fault(bundle.names.site, f"{key}.profile", table.profile, problem, remedy)


def _alone(
    bundle: Bundle, key: str, table: SensorTable | WeatherTable, taken: dict[tuple[str, object], str]
) -> Iterator[Fault]:
    name = "unit_id" if table.at is None else "at"
    place = getattr(table, name)
    # A device may have several channels, and one message speak of several gases, each by a profile of its own.
    channel = table.channel if isinstance(table, SensorTable) else None
    at = (table.bus, (place, channel) if name == "unit_id" else (place, table.profile))
    if place is None:
        return
    if at in taken:
        problem = Words(
            f"此地址已属于 {taken[at]}（总线 {at[0]}）", f"is already the unit of {taken[at]} on bus {at[0]}"
        )
        remedy = Words("每台设备用不同的地址", "give each device its own unit id")
        yield fault(bundle.names.site, f"{key}.{name}", place, problem, remedy)
    taken.setdefault(at, key)
