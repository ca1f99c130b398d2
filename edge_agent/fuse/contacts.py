"""Dry contacts that say whether it is safe: interlocks, sirens' lines, mains. Not readable is the unsafe side."""

from collections.abc import Mapping

from msgspec import Struct

from edge_agent.domain.observation import Contact
from edge_agent.domain.words import Words
from edge_agent.settings.site_relays import RelayTable

SPOKEN_OF = frozenset({"feedback", "hook", "breathing", "backup"})  # judged beside output, wearer, mains


class NotWell(Struct, frozen=True, gc=False):
    """A contact that is not as it should be; `seen`: it was read, and is on its unsafe side."""

    channel: str
    kind: str
    name: Words
    seen: bool
    area: str = ""  # where it stands, of a cabinet


def not_well(table: RelayTable, contacts: Mapping[str, Contact]) -> tuple[NotWell, ...]:
    """Contacts that are not as they should be, could not be read, or were never heard; but for SPOKEN_OF."""
    return tuple(
        NotWell(name, row.kind, row.name or Words(name, name), closed is not None, row.area or "")
        for name, row in table.contacts.items()
        if row.kind not in SPOKEN_OF and not row.well(closed := read(contacts, name))
    )


def read(contacts: Mapping[str, Contact], name: str) -> bool | None:
    """What a contact last said; None where it could not be read, or was never heard."""
    found = contacts.get(name)
    return None if found is None else found.closed
