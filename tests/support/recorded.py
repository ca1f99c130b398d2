"""A box whose real brain has recorded a job with gas: its journal and its records, in a site folder of its own."""

import shutil
from pathlib import Path

from edge_agent.ops.incident.journals import Span
from edge_agent.settings.load import load
from tests.agent.test_brain import Bench
from tests.support.story import ROOT, Story


class Unit:
    """A box with what its brain recorded of one job with gas."""

    def __init__(self, folder: Path) -> None:
        ignored = shutil.ignore_patterns("state", "runtime", "web")
        shutil.copytree(ROOT / "zones" / "demo-tank", folder, ignore=ignored)
        self.settings = load(folder, ROOT)
        self.settings.state_folder.mkdir()
        self.story = Story(self.settings)
        self.bench = Bench(self.settings.state_folder, self.settings)
        self._played = 1
        self.story.begin_work()
        self.story.run(20)
        self.gas_utc = self.story.utc + 1
        self.story.field.gas["gas-h2s"] = {"level": 15.0}
        self.story.run(20)
        self.story.field.gas["gas-h2s"] = {"level": 0.0}
        self.story.run(40)
        self.record()

    def record(self) -> None:
        self.bench.play(self.story.lines[self._played :])
        self._played = len(self.story.lines)
        self.bench.journal.flush()

    @property
    def around(self) -> Span:
        return Span(from_utc=self.gas_utc - 15, to_utc=self.gas_utc + 40)
