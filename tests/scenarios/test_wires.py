"""Folders whose field speaks on the wire are what the box reads today: a reader that changed is noticed."""

from pathlib import Path

import pytest

from tests.scenarios.stories import STORIES, site_of, source_wires, wearable_wires

HERE = Path(__file__).parent
MODULES = {wearable_wires.__name__, source_wires.__name__}
WIRED = sorted(name for name, tell in STORIES.items() if tell.__module__ in MODULES)


@pytest.mark.parametrize("name", WIRED)
def test_a_story_told_on_the_wire_is_read_as_its_folder_says(name: str) -> None:
    told = STORIES[name](site_of(name))
    assert told.lines == (HERE / name / "inputs.jsonl").read_bytes().splitlines()
