"""Every folder here is one mistake somebody can make, and what the box says about it, word for word.

`edits.toml` names what was done to a copy of the demo site ([[edit]] file, find, replace; `delete`);
any other file is laid over the copy. `expected.txt` holds every fault as it is printed.
`python -m tests.bad_settings.write` writes expected.txt anew: read the difference before committing.
"""

from pathlib import Path

import pytest

from tests.bad_settings.write import CASES, printed


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_fault_is_named_with_its_remedy(case: Path, tmp_path: Path) -> None:
    assert printed(case, tmp_path) == (case / "expected.txt").read_text(encoding="utf-8")


def test_there_are_cases() -> None:
    assert len(CASES) >= 25
