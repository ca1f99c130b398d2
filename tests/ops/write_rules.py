"""Writes docs/RULES.md, the rules as they run on real sites, and which rule reads which limit, for the pages.

python -m tests.ops.write_rules
"""

from functools import cache
from pathlib import Path

from edge_agent.decide.rules.table import RULES
from edge_agent.ops.rules_page.page import page
from edge_agent.ops.rules_page.used import limits_of
from edge_agent.settings.one_book import one_book

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "zones" / "rulebooks" / "gb30871-2022.toml"
PAGE = ROOT / "docs" / "RULES.md"
USED = ROOT / "web_ui" / "fields" / "limits_used.toml"


@cache
def text() -> str:
    """The page as it should stand in docs/."""
    return "\n".join(page(one_book(BOOK, ROOT))) + "\n"


@cache
def used() -> str:
    """By limit, the rules that compare with it: code and title."""
    book, rules = one_book(BOOK, ROOT), dict[str, list[str]]()
    for rule in RULES:
        title = rule.text.title
        row = ", ".join(f'"{part}"' for part in (rule.code, title.zh, title.en))
        for key, _ in limits_of(rule, book):
            rules.setdefault(key, []).append(f"  [{row}],\n")
    head = "# Which rule compares with which limit: code, zh, en. Written by python -m tests.ops.write_rules.\n"
    return head + "".join(f'\n"{key}" = [\n{"".join(rows)}]\n' for key, rows in sorted(rules.items()))


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
    USED.write_text(used(), "utf-8")
