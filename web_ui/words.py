"""The board's words: one table per language, read from words/<language>.toml when it starts."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from edge_agent.domain.words import Words

DEFAULT = "zh"
LANGUAGES = ("zh", "en")

Table = Mapping[str, Mapping[str, str]]


def _read(language: str) -> Table:
    return tomllib.loads((Path(__file__).parent / "words" / f"{language}.toml").read_text(encoding="utf-8"))


TABLES: Mapping[str, Table] = {language: _read(language) for language in LANGUAGES}


def say(section: str, key: str, **values: object) -> Words:
    """One sentence in both languages with its placeholders filled in. KeyError if there is none."""
    return Words(zh=TABLES["zh"][section][key], en=TABLES["en"][section][key]).filled(**values)


def other(language: str) -> str:
    """The language that the switch leads to."""
    return "en" if language == "zh" else "zh"
