"""Checks of site.toml: ids and cameras, and the checks of all other devices: every reference leads somewhere."""

from collections.abc import Iterable, Iterator
from typing import Any

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, fault
from edge_agent.settings.fault import Fault, dotted
from edge_agent.settings.hole import judged, readable
from edge_agent.settings.wired import stands_in
from edge_agent.settings.wiring_gas import gas
from edge_agent.settings.wiring_relays import relays
from edge_agent.settings.wiring_worn import wearables


def ids(bundle: Bundle) -> Iterator[Fault]:
    """One id, one thing: an event or an alarm that names an id must not be able to mean two."""
    site, names = bundle.site, bundle.names
    first: dict[str, str] = {}
    for kind in ("buses", "opcua", "gas", "weather", "gauges", "relays", "wearables", "cameras"):
        yield from judged(_once(names.site, kind, getattr(site, kind), first))
    # An id that stands twice in its own list is faulted there, with the places of both (places, people).
    listed = {one.id for one in bundle.areas if readable(one) and readable(one.id)}
    yield from judged(_once(names.areas, "areas", sorted(listed), first))
    listed = {one.id for one in bundle.persons if readable(one) and readable(one.id)}
    yield from judged(_once(names.persons, "persons", sorted(listed), first))


def _once(file: str, kind: str, found: Iterable[str], first: dict[str, str]) -> Iterator[Fault]:
    for one in found:
        key = f"{kind}[{one}].id" if kind in ("areas", "persons") else dotted(kind, one)
        if one in first:
            there = first[one]
            problem = Words(f"编号 {one} 已用于 {there}", f'the id "{one}" is already that of {there}')
            yield fault(file, key, None, problem, Words("请改用另一个编号", "give one of them another id"))
        else:
            first[one] = f"{file}: {key}"


def cameras(bundle: Bundle) -> Iterator[Fault]:
    """Every camera's areas exist on the plan, and each picture area has its own id."""
    for name, table in bundle.site.cameras.items():
        key = f"{dotted('cameras', name)}.areas"
        yield from judged(_picture_areas(bundle, key, table))
        for one in table.openings:
            yield from judged(stands_in(bundle, f"{dotted('cameras', name)}.openings[{one.id}].area", one.area))
        for area in () if table.ptz is None else table.ptz.presets:
            yield from judged(stands_in(bundle, f"{dotted('cameras', name)}.ptz.presets", area))


def _picture_areas(bundle: Bundle, key: str, table: Any) -> Iterator[Fault]:
    seen: set[str] = set()
    for area in table.areas:
        yield from judged(_picture_area(bundle, key, area, seen))


def _picture_area(bundle: Bundle, key: str, area: Any, seen: set[str]) -> Iterator[Fault]:
    if area.id in seen:
        problem = Words("此摄像机已有同名画面区域", "this camera has another picture area of this id")
        yield fault(bundle.names.site, f"{key}[{area.id}].id", area.id, problem, Words("请改名", "rename one"))
    seen.add(area.id)
    yield from judged(stands_in(bundle, f"{key}[{area.id}].area", area.area))


CHECKS = (ids, gas, relays, wearables, cameras)
