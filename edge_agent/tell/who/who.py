"""Somebody as the pages may know them: nothing that proves anybody."""

from msgspec import Struct

from edge_agent.domain.person import Certificate, Language, Person, SignsAs


class Who(Struct, frozen=True, kw_only=True):
    """Somebody's name, what they may do and where (`areas` empty: on the whole site), and their language."""

    id: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...]
    language: Language


class Qualification(Struct, frozen=True, kw_only=True):
    """What lets somebody work, sign and be found: for those who administer the box or answer for the work."""

    tag: str | None
    certificates: tuple[Certificate, ...]
    training_ok_until_utc: float | None
    daily_class_utc: float | None
    signs_as: tuple[SignsAs, ...]
    contractor: str
    team: str


def who(person: Person) -> Who:
    """This person as the pages may know them."""
    return Who(
        id=person.id,
        name=person.name,
        roles=tuple(role.value for role in person.roles),
        areas=person.areas,
        language=person.language,
    )


def qualification(person: Person) -> Qualification:
    """What this person's record says he may do."""
    return Qualification(
        tag=person.tag,
        certificates=person.certificates,
        training_ok_until_utc=person.training_ok_until_utc,
        daily_class_utc=person.daily_class_utc,
        signs_as=person.signs_as,
        contractor=person.contractor,
        team=person.team,
    )
