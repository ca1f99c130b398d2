"""Somebody as the pages may know them: nothing that proves anybody."""

from msgspec import Struct

from edge_agent.domain.person import Language, Person


class Who(Struct, frozen=True, kw_only=True):
    """Somebody's name, what they may do and where (`areas` empty: on the whole site), and their language."""

    id: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    language: Language


def who(person: Person) -> Who:
    """This person as the pages may know them."""
    return Who(
        id=person.id,
        name=person.name,
        roles=tuple(role.value for role in person.roles),
        areas=person.areas,
        language=person.language,
    )
