"""Dry contacts that say whether it is safe: interlocks and mains. Open, or not readable, is the unsafe side."""

from collections.abc import Mapping

from edge_agent.domain.observation import Contact
from edge_agent.settings.site_devices import RelayTable


def not_closed(table: RelayTable, contacts: Mapping[str, Contact], kind: str) -> tuple[str, ...]:
    """Contacts of this kind that are open, could not be read, or were never heard."""
    return tuple(
        name
        for name, contact in table.contacts.items()
        if contact.kind == kind and (name not in contacts or contacts[name].closed is not True)
    )
