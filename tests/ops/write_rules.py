"""Writes docs/RULES.md, the rules as they run on real sites: python -m tests.ops.write_rules."""

from functools import cache
from pathlib import Path

from edge_agent.ops.rules_page.page import page
from edge_agent.settings.one_book import one_book

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "zones" / "rulebooks" / "gb30871-2022.toml"
PAGE = ROOT / "docs" / "RULES.md"


@cache
def text() -> str:
    """The page as it should stand in docs/."""
    return "\n".join(page(one_book(BOOK, ROOT))) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
