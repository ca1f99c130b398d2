"""How many beacons a fix was made of: a single one tells a zone and no metres (docs/domain.md 2.5 G3). Pure."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from edge_agent.domain.words import NOTHING, Words
from edge_agent.sense.wearables.fields import UNSENT, Beacons, number, parsed, sent, text_of

UNREAD = Words("信标列表无法识别，不采用其位置", "the list of beacons cannot be read: the place is not used")


class Single(Struct, frozen=True, kw_only=True):
    """Too few beacons for metres: the strongest by name, or why the list says nothing."""

    name: str | None = None
    wrong: Words = NOTHING


def single(message: Any, field: Beacons | None) -> Single | None:
    """The one beacon of a fix that has too few; None where metres may be believed: enough of them, or none at all.

    A fix without beacons was made otherwise (by satellites). A list that cannot be read may have been of one.
    """
    found = None if field is None else sent(message, field.key)
    if field is None or found is None or (isinstance(found, str) and found.strip().lower() in UNSENT):
        return None
    listed = parsed(found) if isinstance(found, str) else found
    if isinstance(listed, Mapping):
        listed = [listed]
    if not isinstance(listed, list):
        return Single(wrong=UNREAD)
    heard = [_named(one, field) for one in listed]
    if len({name for name, _ in heard if name}) >= field.least or not heard:
        return None
    name = max(heard, key=lambda one: (one[0] is not None, one[1]))[0]
    return Single(wrong=UNREAD) if name is None else Single(name=name)


def _named(beacon: Any, field: Beacons) -> tuple[str | None, float]:
    """A beacon's name and strength; an unknown strength is the weakest."""
    one = parsed(beacon) if isinstance(beacon, str) else beacon
    parts = [text_of(sent(one, key)) for key in field.id]
    strength = number(sent(one, field.rssi))
    name = None if any(part is None for part in parts) else "-".join(part or "" for part in parts)
    return name, float("-inf") if strength is None else strength
