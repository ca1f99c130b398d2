"""Contacts that say whether somebody wears what he must, and since when: the hook of his harness, his air."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from edge_agent.domain.device import Device
from edge_agent.domain.observation import Worn
from edge_agent.domain.words import Words
from edge_agent.fuse.memory import Memory
from edge_agent.settings.site_relays import ContactTable, RelayTable

# The item that each kind of contact speaks of (domain/work_limits.py: PpeItem).
ITEMS = {"hook": "harness", "breathing": "scba"}


class Hook(Struct, frozen=True, kw_only=True, gc=False):
    """What is known of one wearer's hooks, or apparatus. `since_s`: since when it is so; None: nobody can tell."""

    id: str  # module and contact
    name: Words
    state: Worn
    since_s: float | None = None

    def so_for_s(self, now_s: float) -> float:
        """For how long it has been so; for ever, where nobody knows since when."""
        return float("inf") if self.since_s is None else now_s - self.since_s


def hooks(
    relays: Mapping[str, RelayTable], devices: Mapping[str, Device], memory: Memory, now_s: float
) -> Mapping[str, Mapping[str, Hook]]:
    """By item, by wearable. Of two contacts one is enough: whoever climbs past a post unhooks them in turn."""
    found: dict[str, dict[str, Hook]] = {item: {} for item in ITEMS.values()}
    for id_, table in relays.items():
        for name, row in table.contacts.items():
            if row.kind in ITEMS and row.tag is not None:
                one, worn = (
                    _hook(id_, name, row, memory, now_s - devices[id_].stale_after_s),
                    found[ITEMS[row.kind]],
                )
                worn[row.tag] = _surer(worn[row.tag], one) if row.tag in worn else one
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


ORDER = (Worn.WORN, Worn.UNSURE, Worn.MISSING)  # worn by one; else one that may be; else by none


def _surer(one: Hook, other: Hook) -> Hook:
    """Of the contacts of one wearer the one that counts; of two that say the same, who has said it for longer.

    Who hangs on neither has done so only since the later one was opened.
    """
    if one.state is not other.state:
        return min(one, other, key=lambda hook: ORDER.index(hook.state))
    pair = sorted((one, other), key=_since)
    return pair[-1] if one.state is Worn.MISSING else pair[0]


def _since(hook: Hook) -> float:
    return hook.since_s or 0.0


def all_hooked_up(tags: Iterator[str | None], known: Mapping[str, Hook]) -> bool:
    """Whether each of these wearers has a contact that speaks for him."""
    return all(tag is not None and tag in known for tag in tags)
