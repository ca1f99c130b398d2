"""The pages' words: one table per language, read from words/<language>/<topic>.toml when it starts."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from edge_agent.domain.words import Words

DEFAULT = "zh"
LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent / "words"

Table = Mapping[str, Mapping[str, str]]


def read(folder: Path) -> Table:
    """All topics of one language in one table. ValueError when two topics define one section."""
    table: dict[str, Mapping[str, str]] = {}
    for topic in sorted(folder.glob("*.toml")):
        sections = tomllib.loads(topic.read_text(encoding="utf-8"))
        if twice := sorted(table.keys() & sections.keys()):
            raise ValueError(f"{topic}: another topic has a section of this name: {', '.join(twice)}; rename it")
        table |= sections
    return table


TABLES: Mapping[str, Table] = {language: read(FOLDER / language) for language in LANGUAGES}


def say(section: str, key: str, **values: object) -> Words:
    """One sentence in both languages with its placeholders filled in. KeyError if there is none."""
    return Words(zh=TABLES["zh"][section][key], en=TABLES["en"][section][key]).filled(**values)


def other(language: str) -> str:
    """The language that the switch leads to."""
    return "en" if language == "zh" else "zh"
