"""Checks of [gas] and [gauges]: what its profile cannot know the site says, and nothing that it does know."""

from collections.abc import Iterator
from typing import Any

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_lines import FIELD_BROKER
from edge_agent.settings.site_sensors import SensorTable

SITE = "site"
FROM_NAMEPLATE = Words("请按铭牌填写", "enter what the nameplate says")
REMOVE = Words("请删去此键", "remove this key")


def detectors(bundle: Bundle) -> Iterator[Fault]:
    """Channel, range and unit of each detector, as its profile wants them."""
    for kind in ("gas", "gauges"):
        for name, table in getattr(bundle.site, kind).items():
            for check in (_channel, _range, _unit):
                yield from judged(check(bundle, dotted(kind, name), table, gas_profile(bundle, table)))


def gas_profile(bundle: Bundle, table: SensorTable) -> dict[str, Any] | None:
    """The raw profile of a detector or gauge, from the folder of those that are spoken where it hangs."""
    if table.bus == FIELD_BROKER:
        return bundle.mqtt_profiles.get(table.profile)
    known = bundle.opcua_profiles if table.bus in bundle.site.opcua else bundle.gas_profiles
    return known.get(table.profile)


def _channel(bundle: Bundle, key: str, table: SensorTable, profile: Any) -> Iterator[Fault]:
    channels = (profile or {}).get("channels")
    if profile is None or not (channels is None or isinstance(channels, int)):
        return
    file = bundle.names.site
    if channels is None and table.channel is not None:
        problem = Words(f"配置 {table.profile} 没有多个通道", f'the profile "{table.profile}" has no channels')
        yield fault(file, f"{key}.channel", table.channel, problem, REMOVE)
    elif channels is not None and table.channel is None:
        problem = Words("缺少：此设备有多个通道", "missing: this device has several channels")
        yield fault(
            file, f"{key}.channel", None, problem, Words(f"应为 1 到 {channels}", f"name one, 1 to {channels}")
        )
    elif channels is not None and table.channel is not None and table.channel > channels:
        problem = Words("没有这个通道", "no such channel")
        yield fault(
            file, f"{key}.channel", table.channel, problem, Words(f"最多 {channels}", f"{channels} at most")
        )


def _range(bundle: Bundle, key: str, table: SensorTable, profile: Any) -> Iterator[Fault]:
    full_scale = (profile or {}).get("full_scale")
    if full_scale == SITE and table.range is None:
        problem = Words("缺少：线路上不说明量程", "missing: the wire does not say the range")
        yield fault(bundle.names.site, f"{key}.range", None, problem, FROM_NAMEPLATE)
    if isinstance(full_scale, (int, float)) and table.range is not None and table.range != full_scale:
        problem = Words(f"配置文件的量程是 {full_scale:g}", f"the profile says {full_scale:g}")
        remedy = Words("请删去此键，或换用该型号的配置", "remove this key, or take a profile of this model")
        yield fault(bundle.names.site, f"{key}.range", table.range, problem, remedy)


def _unit(bundle: Bundle, key: str, table: SensorTable, profile: Any) -> Iterator[Fault]:
    unit = (profile or {}).get("unit")
    if unit == SITE and table.unit is None:
        problem = Words("缺少：线路上不说明单位", "missing: the wire does not say the unit")
        yield fault(bundle.names.site, f"{key}.unit", None, problem, FROM_NAMEPLATE)
    elif unit is not None and unit != SITE and table.unit is not None:
        problem = Words("单位由检测仪或配置文件给出", "the unit is told by the detector or its profile")
        yield fault(bundle.names.site, f"{key}.unit", table.unit, problem, REMOVE)


CHECKS = (detectors,)
