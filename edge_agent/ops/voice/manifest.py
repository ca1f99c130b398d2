"""manifest.json of the voices: which words each piece says, how long it lasts, and the hash of its files."""

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from edge_agent.domain.words import Words

NAME = "manifest.json"


class Piece(Struct, frozen=True, kw_only=True):
    """One piece, in each language."""

    words: Words
    duration_s: dict[str, float]
    sha256: dict[str, str]


def read(folder: Path) -> dict[str, Piece]:
    """Every piece of the folder."""
    return msgspec.json.decode((folder / NAME).read_bytes(), type=dict[str, Piece])


def write(folder: Path, pieces: Mapping[str, Piece]) -> None:
    """One line for each piece, so that a change shows as one."""
    lines = [f"{json.dumps(name)}: {msgspec.json.encode(piece).decode()}" for name, piece in pieces.items()]
    (folder / NAME).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
