"""What stands in the cells of a look back: times, lengths, shares, people, alarms and deeds by name."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.words import NOTHING, Words, same

UNKNOWN = Words("不详", "not known")


class Called(Struct, frozen=True, kw_only=True):
    """The site's clock, and what people call those and that of which the records have the id."""

    local: LocalTime
    people: Mapping[str, str]
    devices: Mapping[str, Words]
    events: Mapping[str, Words]  # by type
    alarms: Mapping[str, Words]  # by code


def person(id_: Any, called: Called) -> Words:
    """By name and id: two people may have one name. Of somebody who left the roster the id alone is known."""
    name = called.people.get(f"{id_}", "")
    return same(f"{name} ({id_})") if name else text(id_)


def heads(*both: str) -> tuple[Words, ...]:
    """A table's columns, each "中文 | English"."""
    return tuple(Words(*(one.strip() for one in column.split("|"))) for column in both)


def moment(utc: float | None, local: LocalTime) -> Words:
    """The site's own date and time."""
    return UNKNOWN if utc is None else same(f"{local.local(utc):%Y-%m-%d %H:%M:%S}")


def minutes(spell_s: float | None) -> Words:
    """In minutes, to a tenth; None: it had not ended."""
    return (
        Words("未结束", "not ended")
        if spell_s is None
        else Words(f"{spell_s / 60:.1f} 分钟", f"{spell_s / 60:.1f} min")
    )


def share(pct: float | None) -> Words:
    """None: there was nothing of which it could be a share."""
    return same("-" if pct is None else f"{pct:.1f} %")


def words(said: Any) -> Words:
    """As an event carries them."""
    return msgspec.convert(said, Words) if isinstance(said, Mapping) else NOTHING


def text(said: Any) -> Words:
    """An id, a name, a number: the same in both languages."""
    return same("-" if said in {None, ""} else f"{said}")
