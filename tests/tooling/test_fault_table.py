"""The table of faults names tests that are there: a renamed one would leave a promise that nobody keeps."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+) \|.*\| (?P<tests>[^|]+) \|$", re.MULTILINE)


def test_each_of_the_thirty_faults_is_played_by_a_test_that_exists() -> None:
    rows = ROW.findall((ROOT / "docs" / "faults.md").read_text("utf-8"))
    assert [int(number) for number, _ in rows] == list(range(1, 31))
    for number, tests in rows:
        named = re.findall(r"`([^`]+)`", tests)
        assert named, number
        for one in named:
            path, _, name = one.partition("::")
            assert (ROOT / path).exists(), one
            assert not name or f"def {name}(" in (ROOT / path).read_text("utf-8"), one
