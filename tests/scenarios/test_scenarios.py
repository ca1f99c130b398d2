"""Every scenario folder: the same inputs give the same decisions, byte for byte."""

from pathlib import Path

import pytest

from edge_agent.ops.replay import decisions, line
from tests.scenarios.stories import site_of

HERE = Path(__file__).parent
FOLDERS = sorted(path.parent for path in HERE.glob("*/inputs.jsonl"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_box_decides_as_expected(folder: Path) -> None:
    settings = site_of(folder.name)
    lines = (folder / "inputs.jsonl").read_bytes().splitlines()
    decided = [line(e) for d in decisions(settings, lines) for e in d.events]
    assert decided == (folder / "expected.jsonl").read_bytes().splitlines()


def test_there_are_scenarios() -> None:
    assert len(FOLDERS) > 40
