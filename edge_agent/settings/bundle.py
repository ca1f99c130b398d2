"""Everything the checks compare with each other, as far as it could be read."""

from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from edge_agent.domain.person import Person
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.domain.zone import Area
from edge_agent.settings.fault import Fault, nearest, shown
from edge_agent.settings.site import Site


class AreasFile(Struct, frozen=True, kw_only=True):
    """areas.toml as written, smallest area first."""

    schema: Literal[1]
    areas: tuple[Area, ...]


class PersonsFile(Struct, frozen=True, kw_only=True):
    """persons.toml as written."""

    schema: Literal[1]
    persons: tuple[Person, ...]


class Names(Struct, frozen=True, kw_only=True):
    """The files as people see them."""

    site: str
    areas: str
    persons: str
    rulebook: str


class Bundle(Struct, frozen=True, kw_only=True):
    """The read files. Any value in here may be a hole (hole.py): the checks run through `judged`.

    Profiles are the raw tables of firmware_configs/, by id, None where the file is broken;
    `models` is the manifest.
    """

    folder: Path
    root: Path
    names: Names
    site: Site
    areas: tuple[Area, ...]
    persons: tuple[Person, ...]
    rulebook: Rulebook
    base: Rulebook | None  # what the rulebook may not be looser than, beside the ceilings
    gas_profiles: dict[str, dict[str, Any] | None]
    relay_profiles: dict[str, dict[str, Any] | None]
    weather_profiles: dict[str, dict[str, Any] | None]
    mqtt_profiles: dict[str, dict[str, Any] | None]
    opcua_profiles: dict[str, dict[str, Any] | None]
    wearable_profiles: dict[str, dict[str, Any] | None]
    models: dict[str, Any]


def fault(file: str, key: str, value: Any, problem: Words, remedy: Words) -> Fault:
    """A fault of a value that was read (None: there is no value to show)."""
    now = "" if value is None else shown(value, key)
    return Fault(file=file, key=key, value=now, problem=problem, remedy=remedy)


def no_such(file: str, key: str, value: str, what: Words, known: Any) -> Fault:
    """A name that stands for nothing, with the nearest that does."""
    return fault(file, key, value, Words(f"没有这个{what.zh}", f"no such {what.en}"), nearest(value, known))
