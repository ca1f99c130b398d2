"""Writes docs/RULES.md, the rules as they run on real sites: python -m tests.ops.write_rules."""

import tomllib
from pathlib import Path

import msgspec

from edge_agent.domain.rulebook import Rulebook
from edge_agent.ops.rules_page import page

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "zones" / "rulebooks" / "gb30871-2022.toml"
PAGE = ROOT / "docs" / "RULES.md"


def text() -> str:
    """The page as it should stand in docs/."""
    book = msgspec.convert(tomllib.loads(BOOK.read_text("utf-8")), Rulebook)
    return "\n".join(page(book)) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
