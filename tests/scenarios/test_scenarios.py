"""Every scenario folder decides as expected, and every row of the tables is needed by one and nearly met by one.

The same inputs give the same decisions, byte for byte. All folders are played once, watched, for everything that
is asked of them here:

A row of the rules that can be dropped without any scenario deciding otherwise is a row that nobody would miss; so
is a row of the permit's machine that can be dropped or diverted. `make mutate` alters every part of each row.

A scenario raises each row: its alarm is on, or somebody's request is refused for it. And one is just short of it,
which is what it says of a row:

- With an on-delay: in some scenario its finding stands against work under way for at least half of that delay (or
  for all of it but two seconds), and is gone again without an alarm, while the permit stays as it is.
- Without one: between two steps of some scenario, in which the permit stands where it stood, the finding comes or
  goes, and the inputs of the two differ in one thing at most: one source says something else, one request, one
  record, one ticket; or in nothing but the second that has passed. All the rest of what the row asks for is there.

How near the figures come is held elsewhere: `make limits` moves every limit a little, `make mutate` every delay by
a second.
"""

import os
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from edge_agent.decide import permit_machine
from edge_agent.decide.rules.rule import Rule, at_once
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.outcome import Effect
from edge_agent.domain.permit import State
from edge_agent.ops.demo.plays import PLAYS
from edge_agent.ops.replay import decisions, line
from tests.scenarios.mutants import Table, altered, watched
from tests.scenarios.rows_seen import Seen, Standing, just_short, seen, turned
from tests.scenarios.scenario import HERE, every_scenario
from tests.scenarios.stories import site_of

DELAYED = {rule.name for rule in RULES if rule.on_delay is not at_once}
FOLDERS = sorted(path.parent for path in HERE.glob("*/inputs.jsonl"))


class Played:
    """Every scenario, played once: what it tells; which rows of the tables it needs, raises and nearly raises."""

    def __init__(self, asked: set[object]) -> None:
        self.scenarios = every_scenario()
        self.told = {scenario.name: scenario.told for scenario in self.scenarios}
        self.raised, self.short = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        rules = watched(asked)
        for scenario in self.scenarios:
            self._play(scenario.name, list(seen(scenario, rules, asked)))

    def _play(self, name: str, steps: list[Seen]) -> None:
        standing = Standing()
        for step in steps:
            for key in step.active | step.refused:
                self.raised[step.verdicts[key].rule].add(name)
            for rule, stood_s, delay_s in standing.gone(step):
                if just_short(stood_s, delay_s):
                    self.short[rule].add(name)
        for before, now in pairwise(steps):
            for rule in turned(before, now):
                if rule not in DELAYED:
                    self.short[rule].add(name)

    def notice(self, needed: object, rules: Iterable[Rule] = RULES) -> bool:
        """Whether one of those that need this row of a table decides otherwise now."""
        concerned = (scenario for scenario in self.scenarios if needed in scenario.first)
        return any(scenario.notices(rules, scenario.first[needed]) for scenario in concerned)


@pytest.fixture(scope="module")
def played() -> Played:
    asked: set[object] = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(permit_machine, "TRANSITIONS", Table(asked))
        return Played(asked)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_box_decides_as_expected(folder: Path, played: Played) -> None:
    if folder.name in PLAYS:
        lines = (folder / "inputs.jsonl").read_bytes().splitlines()
        told = [line(event) for decision in decisions(site_of(folder.name), lines) for event in decision.events]
    else:
        told = played.told[folder.name]
    assert told == (folder / "expected.jsonl").read_bytes().splitlines()


def test_there_are_scenarios() -> None:
    assert len(FOLDERS) > 40


def test_the_rules_as_they_stand_are_no_mutant(played: Played) -> None:
    longest = played.scenarios[-1]
    assert not longest.notices(RULES)
    assert not longest.notices(RULES, len(longest.steps) // 2)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_scenario_raises_it(rule: Rule, played: Played) -> None:
    assert played.raised[rule.name]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_scenario_is_just_short_of_it(rule: Rule, played: Played) -> None:
    assert played.short[rule.name]


ROWS = [(rule.name, what) for rule in RULES for what, _ in altered(rule)]
if os.environ.get("MUTANTS") != "all":  # `make mutate` plays them all, which takes its time
    ROWS = [(name, what) for name, what in ROWS if what == "dropped"]


def test_what_is_asked_before_the_start_only_blocks_it_and_at_once() -> None:
    asked = [rule for rule in RULES if rule.before_start]
    delayed = [rule.name for rule in asked if {rule.on_delay, rule.off_delay} != {at_once}]
    more = [rule.name for rule in asked if rule.effect is not Effect.BLOCK_START or rule.latch or rule.retest]
    assert (delayed, more) == ([], [])


@pytest.mark.parametrize(("name", "what"), ROWS, ids=lambda part: part.replace(" ", "-"))
def test_a_changed_rule_is_noticed(name: str, what: str, played: Played) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    mutant = dict(altered(rule))[what]
    rules = tuple(mutant if row is rule else row for row in RULES if row is not rule or mutant is not None)
    assert played.notice(name, rules)


@pytest.mark.parametrize("row", list(permit_machine.TRANSITIONS), ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_dropped_transition_is_noticed(
    row: tuple[State, permit_machine.Trigger],
    played: Played,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(permit_machine.TRANSITIONS, row)
    assert played.notice(row)


@pytest.mark.parametrize("row", list(permit_machine.TRANSITIONS), ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_diverted_transition_is_noticed(
    row: tuple[State, permit_machine.Trigger],
    played: Played,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = permit_machine.TRANSITIONS[row]
    monkeypatch.setitem(
        permit_machine.TRANSITIONS, row, State.CLOSED if right is not State.CLOSED else State.REVOKED
    )
    assert played.notice(row)
