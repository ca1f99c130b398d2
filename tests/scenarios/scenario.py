"""A scenario folder, read once: what went in, and what the box is expected to tell."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.state import Inputs, Start
from edge_agent.decide.state import State as Brain
from edge_agent.decide.step import begin, step
from edge_agent.ops.demo.plays import PLAYS
from edge_agent.ops.replay import line
from edge_agent.settings.site import Settings
from tests.scenarios.stories import site_of

HERE = Path(__file__).parent
BEFORE_THE_FIRST_STEP = -1


class Scenario:
    """One folder, read once, and what its replay as it stands has shown (rows_seen.seen)."""

    def __init__(self, folder: Path) -> None:
        first, *rest = (folder / "inputs.jsonl").read_bytes().splitlines()
        self.name = folder.name
        self.start = msgspec.json.decode(first, type=Start)
        self.steps = [msgspec.json.decode(line, type=Inputs) for line in rest]
        self.expected = (folder / "expected.jsonl").read_bytes().splitlines()
        self.first: dict[object, int] = {}  # a rule's name or a row of the machine -> its first step
        self.before: list[tuple[Brain, int]] = []  # of each step: the state, and how many events were told
        self.told: list[bytes] = []

    def note(self, at: int, asked: set[object]) -> None:
        """What a step asked the tables for."""
        for what in asked:
            self.first.setdefault(what, at)
        asked.clear()

    def notices(
        self, rules: Iterable[Rule], since: int = BEFORE_THE_FIRST_STEP, site: Settings | None = None
    ) -> bool:
        """Whether these rules (with the transitions and limits as they are now) decide otherwise from then on."""
        settings = site or site_of(self.name)
        told, steps = 0, self.steps
        if since == BEFORE_THE_FIRST_STEP:
            decision = begin(settings, self.start.instant, self.start.kept)
            if [line(event) for event in decision.events] != self.expected[: len(decision.events)]:
                return True
            state, told = decision.state, len(decision.events)
        else:
            (state, told), steps = self.before[since], self.steps[since:]
        for inputs in steps:
            decision = step(settings, state, inputs, rules)
            state = decision.state
            for event in decision.events:
                if told >= len(self.expected) or line(event) != self.expected[told]:
                    return True
                told += 1
        return told != len(self.expected)


def every_scenario() -> list[Scenario]:
    """Every folder but those of the demo plant, the short ones first: most mutants fall there."""
    folders = (path.parent for path in sorted(HERE.glob("*/inputs.jsonl")))
    told = [Scenario(folder) for folder in folders if folder.name not in PLAYS]
    return sorted(told, key=lambda scenario: len(scenario.steps))
