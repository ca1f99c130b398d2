"""The ledger has exactly the rows that were asked for, with their marks and the messages promised."""

import csv
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
COLUMNS = ["row", "mark", "done_in", "test", "message", "field"]
ROW = re.compile(r"^\| (\d-\d\d) \|.*\| \*\*(IN|EDGE-PART|CENTRAL)\*\* \| (.*) \|$", re.MULTILINE)


def asked_for() -> list[tuple[str, str, str]]:
    return ROW.findall((ROOT / "docs" / "requirements.md").read_text("utf-8"))


def ledger() -> list[dict[str, str]]:
    with (ROOT / "docs" / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert all(list(row) == COLUMNS for row in rows), f"a row has not exactly the columns {COLUMNS}"
    assert not any(None in row.values() for row in rows)
    return rows


def test_the_ledger_has_the_rows_of_the_requirements_in_order() -> None:
    wanted = [(row, mark) for row, mark, _ in asked_for()]
    assert len(wanted) == 206
    assert [(row["row"], row["mark"]) for row in ledger()] == wanted


def test_the_marks_add_up_to_the_counts_on_the_page() -> None:
    assert Counter(mark for _, mark, _ in asked_for()) == {"IN": 53, "EDGE-PART": 65, "CENTRAL": 88}


def test_no_message_that_was_promised_is_missing() -> None:
    promised = {row: set(re.findall(r"\b(?:up|dn)/[a-z_]+", text)) for row, _, text in asked_for()}
    for row in ledger():
        entered = {"/".join(message.split("/")[:2]) for message in row["message"].split()}
        assert promised[row["row"]] <= entered, row["row"]


def test_a_row_that_is_done_names_a_test_that_exists() -> None:
    for row in ledger():
        assert bool(row["done_in"]) == bool(row["test"]), f"{row['row']}: done_in and test go together"
        for test in row["test"].split():
            path, _, name = test.partition("::")
            assert (ROOT / path).exists(), f"{row['row']}: no {path}"
            assert f"def {name}(" in (ROOT / path).read_text("utf-8") if name else True, f"{row['row']}: no {test}"
