"""Checks of what site.toml names outside its folder: detector and relay profiles, a library."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.gas_units import in_unit
from edge_agent.domain.outcome import POWERS
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault, no_such
from edge_agent.settings.detectors import SITE, gas_profile
from edge_agent.settings.devices import POLLS
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged
from edge_agent.settings.site_relays import RelayTable
from edge_agent.settings.site_sensors import GasTable


def gas(bundle: Bundle) -> Iterator[Fault]:
    """The rulebook knows each detector's gas, the profile can measure it, and reaches beyond its limits."""
    for name, table in bundle.site.gas.items():
        for check in (_known_gas, _measures, _reaches, _poll, _in_grace):
            yield from judged(check(bundle, dotted("gas", name), table))


def _known_gas(bundle: Bundle, key: str, table: GasTable) -> Iterator[Fault]:
    known = bundle.rulebook.gases
    if table.gas not in known:
        book = bundle.rulebook.name
        what = Words(f"气体限值（规则手册 {book}）", f'gas in the rulebook "{book}"')
        yield no_such(bundle.names.site, f"{key}.gas", table.gas, what, known)


def _measures(bundle: Bundle, key: str, table: GasTable) -> Iterator[Fault]:
    profile = gas_profile(bundle, table)
    codes, named = _codes(profile, "gas"), (profile or {}).get("gases")
    if codes is None and not isinstance(named, list):
        return
    gases = {one for listed in (codes or {}).values() if isinstance(listed, list) for one in listed} | {
        *(named or ())
    }
    if table.gas not in gases and table.gas in bundle.rulebook.gases:
        listed = ", ".join(sorted(gases))
        problem = Words(f"配置 {table.profile} 不能测", f'the profile "{table.profile}" cannot measure it')
        remedy = Words(
            f"请换配置；它能测：{listed}", f"name the detector's own profile; this one measures: {listed}"
        )
        yield fault(bundle.names.site, f"{key}.gas", table.gas, problem, remedy)


def _reaches(bundle: Bundle, key: str, table: GasTable) -> Iterator[Fault]:
    """A stop limit above the range would never be crossed: the detector goes over range first, or not at all."""
    limits = bundle.rulebook.gases.get(table.gas)
    if limits is None or limits.stop_high is None:
        return
    spans = _ranges(gas_profile(bundle, table), table)
    if spans and all(_short(span, limits) for span in spans):
        high, (top, unit) = limits.stop_high, spans[0]
        problem = Words(
            f"停工限值 {high.value:g} {high.unit} 高于量程 {top:g} {unit}",
            f"limit above range: stops above {high.value:g} {high.unit}, measures up to {top:g} {unit}",
        )
        remedy = Words("请换用量程更大的检测仪或配置", "use a detector (and profile) with a wider range")
        yield fault(bundle.names.site, f"{key}.profile", table.profile, problem, remedy)


def _short(span: tuple[float, str], limits: GasLimits) -> bool:
    """Whether a range ends at or below the stop limit; what cannot be compared is judged elsewhere."""
    high = limits.stop_high
    top = None if high is None else in_unit(span[0], span[1], high.unit, limits)
    return high is not None and top is not None and top <= high.value


def _poll(bundle: Bundle, key: str, table: GasTable) -> Iterator[Fault]:
    least = (gas_profile(bundle, table) or {}).get("min_poll_s", 0.0)
    if isinstance(least, (int, float)) and table.poll_s < least:
        problem = Words("比检测仪允许的更快", "asks more often than the detector allows")
        remedy = Words(f"应 >= {least:g} s", f"must be >= {least:g}")
        yield fault(bundle.names.site, f"{key}.poll_s", table.poll_s, problem, remedy)


def _in_grace(bundle: Bundle, key: str, table: GasTable) -> Iterator[Fault]:
    """A slow poll must not stretch the grace: silence is only seen after three polls."""
    most = bundle.rulebook.gas.not_good_pause_s.value / POLLS
    if table.poll_s > most:
        problem = Words("太慢，静默发现得太晚", "too slow: silence would be found too late")
        remedy = Words(f"应 <= {most:g} s", f"must be <= {most:g}, a third of the rulebook's gas.not_good_pause_s")
        yield fault(bundle.names.site, f"{key}.poll_s", table.poll_s, problem, remedy)


def _codes(profile: Any, key: str) -> dict[str, Any] | None:
    """The code table of a profile's field, None where the profile has none (or is faulty: sense says how)."""
    field = (profile or {}).get(key)
    codes = field.get("codes") if isinstance(field, dict) else None
    return codes if isinstance(codes, dict) else None


def _ranges(profile: Any, table: GasTable) -> list[tuple[float, str]]:
    """The ranges that profile and site give for this gas, with unit; none if they come over the wire."""
    top, unit = (profile or {}).get("full_scale"), (profile or {}).get("unit")
    top, unit = (table.range if top == SITE else top), (table.unit if unit == SITE else unit)
    if isinstance(top, (int, float)) and isinstance(unit, str):
        return [(float(top), unit)]
    if isinstance(top, (int, float)):  # told as text; all of a profile's units are one (sense/sampled/profile.py)
        told = {str(one.get("unit")) for one in (_codes(profile, "unit") or {}).values() if isinstance(one, dict)}
        return [(float(top), one) for one in sorted(told)]
    tops, units, gases = (_codes(profile, key) for key in ("full_scale", "unit", "gas"))
    if tops is None or units is None or gases is None or not _same_field(profile):
        return []
    return [
        (float(tops[code]), str(units[code]["unit"]))
        for code, listed in gases.items()
        if table.gas in listed and code in tops and code in units
    ]


def _same_field(profile: dict[str, Any]) -> bool:
    """Whether range, unit and gas are all told by one sensor type code."""
    places = {
        tuple(profile[key].get(part) for part in ("register", "shift", "bits"))
        for key in ("full_scale", "unit", "gas")
    }
    return len(places) == 1


def relays(bundle: Bundle) -> Iterator[Fault]:
    """What gives power falls by itself when the box dies."""
    for name, table in bundle.site.relays.items():
        for check in (_has_watchdog, _dog_time):
            yield from judged(check(bundle, dotted("relays", name), table))


def _has_watchdog(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    """A siren that goes on when the box dies is safe; power that does is not."""
    profile = bundle.relay_profiles.get(table.profile)
    gives_power = any(one.does in POWERS for one in table.outputs.values())
    if profile is not None and "watchdog" not in profile and gives_power:
        problem = Words(
            "此模块没有看门狗，主机失效时不会断电", "this module has no watchdog: it would hold when the box dies"
        )
        remedy = Words(
            "请换用带看门狗的模块，此模块只用于警报和触点",
            "use a module whose profile has a [watchdog]; this one is fit for sirens and contacts",
        )
        yield fault(bundle.names.site, f"{key}.profile", table.profile, problem, remedy)


def _dog_time(bundle: Bundle, key: str, table: RelayTable) -> Iterator[Fault]:
    dog = (bundle.relay_profiles.get(table.profile) or {}).get("watchdog")
    least_s = dog.get("least_s") if isinstance(dog, dict) else None
    if isinstance(least_s, (int, float)) and table.watchdog_s < least_s:
        problem = Words("短于此模块看门狗的下限", "is less than the watchdog of this module can be set to")
        remedy = Words(f"应 >= {least_s:g} s", f"must be >= {least_s:g}")
        yield fault(bundle.names.site, f"{key}.watchdog_s", table.watchdog_s, problem, remedy)


def opcua(bundle: Bundle) -> Iterator[Fault]:
    """What speaks OPC UA is no part of the plain installation."""
    if bundle.site.opcua and find_spec("asyncua") is None:
        problem = Words("本机未安装 asyncua", "asyncua is not installed on this box")
        remedy = Words('请用 pip 安装 "edge-agent[opcua]"', 'pip install "edge-agent[opcua]"')
        yield fault(bundle.names.site, "opcua", None, problem, remedy)


CHECKS = (gas, opcua, relays)
