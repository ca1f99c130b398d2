"""Writes the scenario folders from the stories: python -m tests.scenarios.write [NAME ...]."""

import sys
from pathlib import Path

from edge_agent.ops.replay import line
from tests.scenarios.stories import STORIES
from tests.scenarios.stories.telling import SITES
from tests.support.story import ROOT, scenario_site

HERE = Path(__file__).parent


def write(name: str) -> None:
    """One folder: what the field said, and what the box decides about it now."""
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    site = SITES.get(name, scenario_site)()
    story = STORIES[name](site)
    elsewhere = story.settings.folder
    if elsewhere != site.folder and not (folder / "site").exists():
        (folder / "site").symlink_to(Path("../../..") / elsewhere.relative_to(ROOT))
    (folder / "inputs.jsonl").write_bytes(b"\n".join(story.lines) + b"\n")
    events = [event for decision in story.decisions for event in decision.events]
    (folder / "expected.jsonl").write_bytes(b"".join(line(event) + b"\n" for event in events))


if __name__ == "__main__":
    for name in sys.argv[1:] or STORIES:
        write(name)
