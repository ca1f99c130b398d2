"""Harness hooks: a contact on each says whether its wearer hangs on, and since when; by the wearable he wears."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from edge_agent.domain.device import Device
from edge_agent.domain.observation import Worn
from edge_agent.domain.words import Words
from edge_agent.fuse.memory import Memory
from edge_agent.settings.site_devices import ContactTable, RelayTable


class Hook(Struct, frozen=True, kw_only=True, gc=False):
    """What is known of one wearer's hooks. `since_s`: since when it is so; None where nobody can tell."""

    id: str  # module and contact
    name: Words
    state: Worn
    since_s: float | None = None

    def so_for_s(self, now_s: float) -> float:
        """For how long it has been so; for ever, where nobody knows since when."""
        return float("inf") if self.since_s is None else now_s - self.since_s


def hooks(
    relays: Mapping[str, RelayTable], devices: Mapping[str, Device], memory: Memory, now_s: float
) -> Mapping[str, Hook]:
    """By wearable. Of two hooks one is enough: whoever climbs past a post unhooks them in turn."""
    found: dict[str, Hook] = {}
    for id_, table in relays.items():
        for name, row in table.contacts.items():
            if row.kind == "hook" and row.tag is not None:
                one = _hook(id_, name, row, memory, now_s - devices[id_].stale_after_s)
                found[row.tag] = _surer(found[row.tag], one) if row.tag in found else one
    return found


def _hook(module: str, name: str, row: ContactTable, memory: Memory, oldest_s: float) -> Hook:
    """One hook; not read, or not lately, or by a module that is not well, is neither hooked nor unhooked."""
    said, health = memory.contacts.get(module, {}).get(name), memory.health.get(module)
    called = row.name or Words(name, name)
    unwell = health is not None and not health.ok
    if unwell or said is None or said.closed is None or said.at_s < oldest_s:
        return Hook(id=f"{module}/{name}", name=called, state=Worn.UNSURE)
    state = Worn.WORN if row.well(said.closed) else Worn.MISSING
    return Hook(id=f"{module}/{name}", name=called, state=state, since_s=memory.switched_s[module][name])


ORDER = (Worn.WORN, Worn.UNSURE, Worn.MISSING)  # hooked by one; else one that may be; else by none


def _surer(one: Hook, other: Hook) -> Hook:
    """Of the hooks of one wearer the one that counts; of two that say the same, who has said it for longer.

    Who hangs on neither has done so only since the later one was opened.
    """
    if one.state is not other.state:
        return min(one, other, key=lambda hook: ORDER.index(hook.state))
    pair = sorted((one, other), key=_since)
    return pair[-1] if one.state is Worn.MISSING else pair[0]


def _since(hook: Hook) -> float:
    return hook.since_s or 0.0


def all_hooked_up(tags: Iterator[str | None], known: Mapping[str, Hook]) -> bool:
    """Whether each of these wearers has a hook that speaks for him."""
    return all(tag is not None and tag in known for tag in tags)
