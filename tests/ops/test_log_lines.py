"""One entry of the log is one line, whatever it quotes."""

import io
import logging
from collections.abc import Iterator

import pytest

from edge_agent.ops.log_lines import BAR, Lines

FORGED = "\n2026-11-26 CRITICAL forged\r\x1b[2J\u202e"
WIDE = "储罐 3: 气体"


@pytest.fixture
def told() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines("%(levelname)s %(name)s: %(message)s"))
    log = logging.getLogger("field")
    log.propagate = False
    log.addHandler(handler)
    yield log, out
    log.removeHandler(handler)
    log.propagate = True


def test_what_a_message_quotes_stays_in_its_line(told: tuple[logging.Logger, io.StringIO]) -> None:
    log, out = told
    log.warning("%s says %s", WIDE, FORGED)
    assert out.getvalue() == (f"WARNING field: {WIDE} says \\n2026-11-26 CRITICAL forged\\r\\x1b[2J\\u202e\n")


def test_what_a_fault_quotes_stays_behind_the_bar(told: tuple[logging.Logger, io.StringIO]) -> None:
    log, out = told
    try:
        int(FORGED)
    except ValueError:
        log.exception("a message broke the reader")
    first, *rest = out.getvalue().splitlines()
    assert first == "ERROR field: a message broke the reader"
    assert any("ValueError" in line for line in rest)
    assert all(line.startswith(BAR) for line in rest)
    assert "\x1b" not in out.getvalue()
