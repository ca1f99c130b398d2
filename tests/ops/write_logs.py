"""docs/observability/logs.md, made from the table of codes: `python -m tests.ops.write_logs`."""

from pathlib import Path

from edge_agent.ops.log_codes import ENTRIES

PAGE = Path(__file__).parents[2] / "docs" / "observability" / "logs.md"
HEAD = """# Codes of the log

Every entry from WARNING up bears one (`[L-208]`), which never changes its meaning; `journalctl -u
edge-agent -g L-2` finds a family. With `EDGE_AGENT_LOG=json` in the unit's environment each entry is one
JSON object (`time`, `level`, `logger`, `code`, `message`, `trace`). Alarms and events have codes of their
own: docs/RULES.md, docs/upstream. Made by `python -m tests.ops.write_logs`.

| code | from | says | what to do |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = (f"| {one.code} | {one.of} | {one.says} | {one.next.zh} {one.next.en} |\n" for one in ENTRIES)
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
