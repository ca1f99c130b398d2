"""Mains and back-up supply: how long the back-up took to come in, measured each time that the mains go.

By two contacts of one module, so that the same reading stamps both: a module's contacts tell it to 0.1 s, those of
the board to 0.05 s.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.fuse.contacts import read
from edge_agent.fuse.memory import Memory
from edge_agent.settings.site_relays import RelayTable


class Switchover(Struct, frozen=True, kw_only=True):
    """The last time that the mains went. `delay_s`: until the back-up carried the load; None: it did not."""

    lost_s: float
    lost_utc: float
    delay_s: float | None = None
    over: bool = False  # the mains are back


def switchovers(
    before: Mapping[str, Switchover], relays: Mapping[str, RelayTable], memory: Memory, instant: Instant
) -> Mapping[str, Switchover]:
    """By module that watches both supplies; the very same while nothing new is known."""
    news = {
        id_: now
        for id_, mains, backup in _watched(relays)
        if (now := _after(before.get(id_), (id_, mains, backup), memory, instant)) is not None
        and now != before.get(id_)
    }
    return {**before, **news} if news else before


def _watched(relays: Mapping[str, RelayTable]) -> Iterator[tuple[str, str, str]]:
    for id_, table in relays.items():
        by_kind = {row.kind: name for name, row in table.contacts.items()}
        if "mains" in by_kind and "backup" in by_kind:
            yield id_, by_kind["mains"], by_kind["backup"]


def _after(
    before: Switchover | None, at: tuple[str, str, str], memory: Memory, instant: Instant
) -> Switchover | None:
    id_, mains, backup = at
    contacts, since_s = memory.contacts.get(id_, {}), memory.switched_s.get(id_, {})
    has_mains, carries = read(contacts, mains), read(contacts, backup)
    if has_mains is not False:
        return replace(before, over=True) if before is not None and has_mains else before
    lost_s = since_s[mains]
    now = before
    if now is None or now.lost_s != lost_s:
        now = Switchover(lost_s=lost_s, lost_utc=instant.utc - (instant.now_s - lost_s))
    if now.delay_s is None and carries:
        return replace(now, delay_s=max(0.0, since_s[backup] - lost_s))
    return now
