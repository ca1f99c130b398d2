"""Every entry from WARNING up has a code that stands in the table and on the page, and the log shows it."""

import ast
import json
import logging
import subprocess
import sys
from collections import Counter
from pathlib import Path

from edge_agent.ops.log_codes import CODES, ENTRIES
from tests.ops.write_logs import PAGE, page

ROOT = Path(__file__).parents[2]
LEVELS = {"warning", "error", "critical", "exception"}
NOT_A_BOX = ("edge_agent/simulate", "edge_agent/ops/demo", "edge_agent/ops/model", "web_ui/front")


def entries() -> set[tuple[str, str]]:
    """Where something is written, and its words, by the programs' own text."""
    found = set()
    for path in [*(ROOT / "edge_agent").rglob("*.py"), *(ROOT / "web_ui").rglob("*.py")]:
        name = path.relative_to(ROOT)
        if str(name).startswith(NOT_A_BOX):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS:
                if getattr(node.func.value, "id", "") != "log":
                    continue
                words = node.args[0]
                assert isinstance(words, ast.Constant), (
                    f"{name}:{node.lineno}: its words must stand there as they are"
                )
                found.add((".".join(name.with_suffix("").parts), words.value))
    return found


def test_every_entry_has_a_code_and_every_code_an_entry() -> None:
    written = entries()
    assert len(written) > 50
    assert written - set(CODES) == set(), "give it a code in edge_agent/ops/log_codes.py"
    assert set(CODES) - written == set(), "nobody writes this any more: its number is not used again"
    assert max(Counter(one.code for one in ENTRIES).values()) == 1


def test_every_code_is_documented() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.ops.write_logs"


SAYS = """
import logging, sys
from edge_agent.ops import log_lines
log_lines.begin(logging.INFO, "%(levelname)s %(name)s: %(message)s")
logging.getLogger("edge_agent.agent.keeper").critical("records are not kept: %s", "full\\nforged")
logging.getLogger("edge_agent.agent.keeper").info("by the way")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("web_ui.lanes").exception("a request ended by a crash")
"""


def said(**environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SAYS], capture_output=True, text=True, check=True, env=environment, cwd=ROOT
    )
    return done.stderr.splitlines()


def test_the_log_shows_it_in_words_and_as_json() -> None:
    first, second, third, *trace = said()
    assert first == r"CRITICAL edge_agent.agent.keeper: [L-208] records are not kept: full\nforged"
    assert second == "INFO edge_agent.agent.keeper: by the way"
    assert third == "ERROR web_ui.lanes: [L-502] a request ended by a crash"
    assert all(line.startswith("  | ") for line in trace)
    told = [json.loads(line) for line in said(EDGE_AGENT_LOG="json")]
    assert [one["code"] for one in told] == ["L-208", "", "L-502"]
    assert told[0]["message"] == "records are not kept: full\nforged"
    assert told[0]["level"] == "CRITICAL"
    assert "ZeroDivisionError" in told[2]["trace"]
    assert logging.getLevelName(told[1]["level"]) == logging.INFO
