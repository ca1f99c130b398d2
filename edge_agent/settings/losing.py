"""What people at work would lose by other settings: which of their guards, and where.

Judged by what is known to be harmless: a name, an address, who speaks behind an id. Whatever else is another is a
loss, everywhere where nothing says where: a table that nobody has thought of here must not pass for harmless.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from msgspec import Struct

from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.settings_change import Loss
from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, Names
from edge_agent.settings.fault import dotted
from edge_agent.settings.site import Settings
from edge_agent.settings.site_cameras import CameraTable
from edge_agent.settings.site_relays import RelayTable
from edge_agent.settings.site_sensors import GasTable, GaugeTable
from edge_agent.settings.tightening import tightening

EVERYWHERE = ""
# Another one of these guards nobody less: the way to others, what is kept, and what is vouched for of devices,
# which is judged anew when the box is up again.
HARMLESS = frozenset(
    {
        "schema", "downlink", "rulebook_keys", "uplink", "second_uplink", "short_messages", "field_broker",
        "field_http", "sparkplug", "upload", "fetch", "backup", "board", "buses", "opcua", "privacy", "nvrs",
        "records",
        "shifts",
    }
)  # fmt: skip
# Of an entry under its id: how it is reached and what it is called. Until it speaks, and is good, nobody resumes.
REACHED = frozenset(
    {"name", "bus", "unit_id", "at", "profile", "channel", "range", "unit", "timeout_s", "principle"}
)
FREE: Mapping[str, frozenset[str]] = {
    "gas": REACHED | {"serial"},
    "gauges": REACHED - {"range"},
    "weather": REACHED,
    "relays": frozenset({"name", "host", "port", "unit_id", "chip", "timeout_s"}),
    "wearables": frozenset({"name", "provider_id", "battery_life_h"}),
    "cameras": frozenset({"name", "url", "login", "gb28181"}),
}
FREE_OF_SITE = frozenset({"name"})
FREE_OF_AREA = frozenset({"name"})


def losses(old: Settings, new: Settings) -> tuple[Loss, ...]:
    """Everything that is no more, or another, of what guards people."""
    return (*_tables(old, new), *_areas(old, new), *_limits(old, new))


def _tables(old: Settings, new: Settings) -> Iterator[Loss]:
    for name in old.site.__struct_fields__:
        before, after = getattr(old.site, name), getattr(new.site, name)
        if before == after or name in HARMLESS:
            continue
        if name in FREE:
            yield from _entries(name, before, after)
        elif name == "site":
            yield from _site(before, after)
        else:
            yield _another(EVERYWHERE, name)


def _site(before: Any, after: Any) -> Iterator[Loss]:
    for name in before.__struct_fields__:
        # The rulebook is judged by what it asks, not by what it is called.
        if name not in FREE_OF_SITE | {"rulebook"} and getattr(before, name) != getattr(after, name):
            yield _another(EVERYWHERE, dotted("site", name))


def _entries(table: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Loss]:
    for id_, old in before.items():
        new = after.get(id_)
        key = dotted(table, id_)
        if new is None:
            for area in PLACES.get(table, _nowhere)(old):
                yield Loss(area=area, words=Words(f"{key} 被删除", f"{key} would be no more"))
            continue
        for name in old.__struct_fields__:
            if name not in FREE[table] and getattr(old, name) != getattr(new, name):
                for area in PLACES.get(table, _nowhere)(old):
                    yield _another(area, dotted(key, name))


def _another(area: str, key: str) -> Loss:
    return Loss(area=area, words=Words(f"{key} 将改变", f"{key} would be another"))


def _nowhere(_: Any) -> tuple[str, ...]:
    return (EVERYWHERE,)


def _one_area(row: GasTable | GaugeTable) -> tuple[str, ...]:
    return (row.area,)


def _of_relay(row: RelayTable) -> tuple[str, ...]:
    """A relay may cut the power of any tool of the site: only its sirens have a place."""
    return (EVERYWHERE,) if row.outputs or row.contacts else row.areas or (EVERYWHERE,)


def _of_camera(row: CameraTable) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.area for one in row.areas)) or (EVERYWHERE,)


PLACES: Mapping[str, Callable[[Any], tuple[str, ...]]] = {
    "gas": _one_area,
    "gauges": _one_area,
    "relays": _of_relay,
    "cameras": _of_camera,
}


def _areas(old: Settings, new: Settings) -> Iterator[Loss]:
    after = {one.id: one for one in new.areas}
    for area in old.areas:
        now = after.get(area.id)
        if now is None:
            yield Loss(area=area.id, words=Words(f"区域 {area.id} 被删除", f"the area {area.id} would be no more"))
        elif _differs(area, now, FREE_OF_AREA):
            yield _another(area.id, f"areas[{area.id}]")
    before = {one.id for one in old.areas}
    if [id_ for id_ in after if id_ in before] != [one.id for one in old.areas if one.id in after]:
        yield _another(EVERYWHERE, "areas")  # where they overlap, the first one counts


def _differs(old: Struct, new: Struct, free: frozenset[str]) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in old.__struct_fields__ if name not in free)


def _limits(old: Settings, new: Settings) -> Iterator[Loss]:
    """Where the rulebook would be looser than the one that people began their work by."""
    if old.rulebook == new.rulebook:
        return
    if (old.rulebook.standard, old.rulebook.loosened) != (new.rulebook.standard, new.rulebook.loosened):
        yield _another(EVERYWHERE, "rulebook")
    books = _Books(base=old.rulebook, rulebook=new.rulebook)
    for fault in tightening(cast("Bundle", books)):
        yield Loss(
            area=EVERYWHERE, words=Words(f"{fault.key}：{fault.problem.zh}", f"{fault.key}: {fault.problem.en}")
        )


class _Books(Struct, frozen=True, kw_only=True):
    """Of a bundle, what two books are compared by."""

    base: Rulebook
    rulebook: Rulebook
    names: Names = Names(site="", areas="", persons="", rulebook="")
