"""What is another in new texts of the settings, in words and line by line; never a secret."""

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from edge_agent.decide.commissioning_items import items
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area
from edge_agent.settings.bundle import AreasFile
from edge_agent.settings.fault import IN_URL, SECRET, dotted, shown
from edge_agent.settings.reader import item_key
from edge_agent.settings.site import Settings

MOST_CHANGES = 60  # told one by one; a whole file from a backup may have hundreds
MOST_LINES = 150
LONGEST_LINE = 160
MOST_IN_ALL = 90  # of all the files that are taken together
LARGEST_DIFF = 24 * 1024  # bytes: the pages hear at most 64 kB, and hear more than this
AROUND = 2  # lines of context
AREAS = "areas.toml"

_PARTS = {
    "name": Words("名称", "its name"),
    "corners": Words("边界", "its outline"),
    "floor_m": Words("底面高度", "its floor"),
    "ceiling_m": Words("顶面高度", "its ceiling"),
    "ppe": Words("劳保要求", "what is worn there"),
    "authorised_only": Words("人员限制", "who may be there"),
}


def changes(name: str, before: bytes, after: bytes) -> tuple[Words, ...]:
    """In words, the most important first; both texts are TOML."""
    told = list(_of_areas(before, after)) if name == AREAS else list(_of_tables(_table(before), _table(after)))
    if len(told) > MOST_CHANGES:
        more = len(told) - MOST_CHANGES
        told = [*told[:MOST_CHANGES], Words(f"另有 {more} 处", f"and {more} more")]
    if not told and before != after:
        told = [Words(f"{name}：注释或书写方式", f"{name}: remarks, or how it is written")]
    return tuple(told)


def bounded(told: Iterable[Words]) -> tuple[Words, ...]:
    """As many as an answer and a record hold; what is left out is counted."""
    every = tuple(told)
    more = len(every) - MOST_IN_ALL
    return every if more <= 0 else (*every[:MOST_IN_ALL], Words(f"另有 {more} 处", f"and {more} more"))


def fitting(diff: Iterable[str]) -> tuple[str, ...]:
    """As many lines as an answer has room for, whichever alphabet they are in; then "..."."""
    found: list[str] = []
    left = LARGEST_DIFF
    for line in diff:
        left -= len(line.encode()) + 3  # with its quotes and comma
        if left < 0:
            return (*found, "...")
        found.append(line)
    return tuple(found)


def voids(old: Settings, new: Settings) -> tuple[Words, ...]:
    """Trials of the commissioning that would have been made of something else."""
    before, after = items(old), items(new)
    changed = [one for key, one in after.items() if key in before and before[key].covers != one.covers]
    return tuple(
        Words(f"投运测试作废：{one.name.zh}", f"this voids the commissioning trial: {one.name.en}")
        for one in changed
    )


def lines(name: str, before: bytes, after: bytes) -> tuple[str, ...]:
    """A unified diff."""
    old, new = (text.decode(errors="replace").splitlines() for text in (before, after))
    found = difflib.unified_diff(old, new, name, name, lineterm="", n=AROUND)
    return tuple(_masked(one)[:LONGEST_LINE] for one in list(found)[:MOST_LINES])


def _masked(line: str) -> str:
    key = line[1:].partition("=")[0].strip()
    return f"{line[:1]}{key} = ..." if SECRET.search(key) else IN_URL.sub("//...@", line)


def areas(before: bytes, after: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which areas are new or another, and which are no more."""
    old, new = _areas(before), _areas(after)
    return (
        tuple(id_ for id_, area in new.items() if old.get(id_) != area),
        tuple(id_ for id_ in old if id_ not in new),
    )


def _areas(text: bytes) -> dict[str, Area]:
    read = msgspec.convert(tomllib.loads(text.decode()), AreasFile)
    return {area.id: area for area in read.areas}


def _of_areas(before: bytes, after: bytes) -> Iterator[Words]:
    old, new = _areas(before), _areas(after)
    for id_, area in new.items():
        was = old.get(id_)
        if was is None:
            yield Words(f"新增区域 {id_}（{area.name.zh}）", f"new area {id_} ({area.name.en})")
            continue
        parts = [_PARTS[name] for name in _PARTS if getattr(was, name) != getattr(area, name)]
        if parts:
            zh, en = "、".join(one.zh for one in parts), ", ".join(one.en for one in parts)
            yield Words(f"区域 {id_}：{zh}", f"area {id_}: {en}")
    for id_ in old:
        if id_ not in new:
            yield Words(f"删除区域 {id_}", f"the area {id_} is no more")
    order = [id_ for id_ in new if id_ in old]
    if order != [id_ for id_ in old if id_ in new]:
        yield Words("区域的先后次序", "which area counts first where they overlap")


def _table(text: bytes) -> dict[str, Any]:
    return tomllib.loads(text.decode()) if text else {}


def _of_tables(old: Any, new: Any, key: str = "") -> Iterator[Words]:
    """Each key that has come, gone, or has another value."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            yield from _of_key(old.get(name), new.get(name), dotted(key, name))
    elif _listed(old) and _listed(new):
        before = {item_key(key, at, one): one for at, one in enumerate(old)}
        after = {item_key(key, at, one): one for at, one in enumerate(new)}
        for name in dict.fromkeys((*before, *after)):
            yield from _of_key(before.get(name), after.get(name), name)
    elif old != new:
        yield Words(
            f"{key}：{_short(old, key)} → {_short(new, key)}", f"{key}: {_short(old, key)} → {_short(new, key)}"
        )


def _of_key(old: Any, new: Any, key: str) -> Iterator[Words]:
    if old is None:
        told = "" if isinstance(new, (dict, list)) else f" = {_short(new, key)}"
        yield Words(f"新增 {key}{told}", f"new: {key}{told}")
    elif new is None:
        yield Words(f"删除 {key}", f"no more: {key}")
    else:
        yield from _of_tables(old, new, key)


def _listed(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _short(value: Any, key: str) -> str:
    if SECRET.search(key):
        return "..."
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)[:80]
    return shown(value, key)
