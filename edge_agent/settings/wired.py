"""Whether a reference in site.toml leads somewhere: what the checks of every kind of device ask."""

from collections.abc import Iterator
from typing import Any

from edge_agent.domain.words import Words
from edge_agent.settings.bundle import Bundle, no_such
from edge_agent.settings.fault import Fault

AREA = Words("区域", "area")
REMOVE = Words("请删去此键", "remove this key")


def refers(bundle: Bundle, key: str, value: str, what: Words, known: Any) -> Iterator[Fault]:
    """Something that is not known, with what is like it."""
    if value not in known:
        yield no_such(bundle.names.site, key, value, what, known)


def stands_in(bundle: Bundle, key: str, value: str) -> Iterator[Fault]:
    """An area that is not on the plan."""
    known = {area.id for area in bundle.areas}
    if value not in known:
        yield no_such(bundle.names.site, key, value, AREA, known)
