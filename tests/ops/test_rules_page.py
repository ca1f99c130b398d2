"""docs/RULES.md is what the box does: generated from the rows and the rulebook, and current."""

from edge_agent.decide.rules.table import RULES
from tests.ops.write_rules import PAGE, text


def test_the_page_in_docs_is_current() -> None:
    assert PAGE.read_text("utf-8") == text(), "run python -m tests.ops.write_rules"


def test_every_limit_stands_on_the_page_with_its_source() -> None:
    for key in (
        "gases.o2.stop_low",
        "guard.still_pause_s",
        "guard.post_pause_m",
        "works.confined_space.longest_s",
    ):
        (row,) = [line for line in text().splitlines() if line.startswith(f"| `{key}` |")]
        assert row.split("|")[3].strip()


def test_every_rule_stands_on_the_page() -> None:
    for rule in RULES:
        assert f"(`{rule.name}`)" in text()
        assert rule.text.title.zh in text()
