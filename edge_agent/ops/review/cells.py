"""What stands in the cells of a look back: times, lengths, shares, people."""

from collections.abc import Mapping
from typing import Any

import msgspec

from edge_agent.domain.local_time import LocalTime
from edge_agent.domain.words import NOTHING, Words, same

UNKNOWN = Words("不详", "not known")


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
        else Words(f"{spell_s / 60:.1f} 分", f"{spell_s / 60:.1f} min")
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
