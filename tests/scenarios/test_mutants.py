"""Every rule row and every transition row matters: drop or alter one, and a scenario must notice.

A row that can be changed without any scenario failing is a row that nobody would miss.
"""

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.decide import permit_machine
from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import Inputs, Start
from edge_agent.decide.step import begin, step
from edge_agent.domain.outcome import Effect
from edge_agent.domain.permit import PauseClass, State
from edge_agent.ops.demo.plays import PLAYS
from edge_agent.ops.replay import line
from tests.scenarios.stories import site_of

HERE = Path(__file__).parent


class Scenario:
    """One folder, read once."""

    def __init__(self, folder: Path) -> None:
        first, *rest = (folder / "inputs.jsonl").read_bytes().splitlines()
        self.name = folder.name
        self.start = msgspec.json.decode(first, type=Start)
        self.steps = [msgspec.json.decode(line, type=Inputs) for line in rest]
        self.words = (folder / "expected.jsonl").read_bytes()
        self.expected = self.words.splitlines()

    def notices(self, rules: tuple[Rule, ...]) -> bool:
        """Whether these rules (and the transition table as it is now) decide anything differently."""
        settings = site_of(self.name)
        expected = iter(self.expected)
        decision = begin(settings, self.start.instant, self.start.kept)
        for inputs in chain([None], self.steps):
            if inputs is not None:
                decision = step(settings, decision.state, inputs, rules)
            for event in decision.events:
                if line(event) != next(expected, None):
                    return True
        return next(expected, None) is not None


@pytest.fixture(scope="module")
def scenarios() -> list[Scenario]:
    folders = (path.parent for path in sorted(HERE.glob("*/inputs.jsonl")))
    told = [Scenario(folder) for folder in folders if folder.name not in PLAYS]  # those of the demo plant aside
    return sorted(told, key=lambda scenario: len(scenario.steps))  # the short ones first: most mutants fall there


def altered(rule: Rule) -> Iterator[tuple[str, Rule | None]]:
    """The mutants of one row."""
    yield "dropped", None
    if rule.before_start:  # while work goes on it finds nothing, so delays, latches and a pause say nothing
        yield from (
            ("effect NOTE", replace(rule, effect=Effect.NOTE)),
            ("ever", replace(rule, before_start=False)),
        )
        return
    for effect in Effect:
        if effect is not rule.effect:
            yield f"effect {effect.name}", replace(rule, effect=effect)
    if rule.effect >= Effect.PAUSE:
        for pause_class in PauseClass:
            if pause_class is not rule.pause_class:
                yield f"class {pause_class.value}", replace(rule, pause_class=pause_class)
        yield "retest", replace(rule, retest=not rule.retest)
    yield "latch", replace(rule, latch=not rule.latch)
    on, off = rule.on_delay, rule.off_delay
    yield "slower", replace(rule, on_delay=lambda book, work: on(book, work) + 1)
    if on.__name__ != "at_once":
        yield "hastier", replace(rule, on_delay=lambda book, work: on(book, work) - 1)
    yield "lingering", replace(rule, off_delay=lambda book, work: off(book, work) + 2)
    if off.__name__ != "at_once":
        yield "forgetful", replace(rule, off_delay=lambda book, work: off(book, work) - 1)


def test_the_rules_as_they_stand_are_no_mutant(scenarios: list[Scenario]) -> None:
    assert not [scenario.name for scenario in scenarios if scenario.notices(RULES)]


# The demo's rulebook does not ask for it; its row is tested in tests/decide/test_gate.py.
NOT_IN_THE_DEMO = {"no_daily_class"}
ROWS = [(rule.name, what) for rule in RULES for what, _ in altered(rule) if rule.name not in NOT_IN_THE_DEMO]
if os.environ.get("MUTANTS") != "all":  # `make mutate` plays them all, which takes its time
    ROWS = [(name, what) for name, what in ROWS if what == "dropped"]


def test_what_is_asked_before_the_start_only_blocks_it() -> None:
    asked = [rule for rule in RULES if rule.before_start]
    assert [
        rule.name for rule in asked if rule.effect is not Effect.BLOCK_START or rule.latch or rule.retest
    ] == []


@pytest.mark.parametrize(("name", "what"), ROWS, ids=lambda part: part.replace(" ", "-"))
def test_a_changed_rule_is_noticed(name: str, what: str, scenarios: list[Scenario]) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    mutant = dict(altered(rule))[what]
    rules = tuple(mutant if row is rule else row for row in RULES if row is not rule or mutant is not None)
    likely = sorted(scenarios, key=lambda scenario: name.encode() not in scenario.words)
    assert any(scenario.notices(rules) for scenario in likely)


@pytest.mark.parametrize("row", list(permit_machine.TRANSITIONS), ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_dropped_transition_is_noticed(
    row: tuple[State, permit_machine.Trigger],
    scenarios: list[Scenario],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(permit_machine.TRANSITIONS, row)
    assert any(scenario.notices(RULES) for scenario in scenarios)


@pytest.mark.parametrize("row", list(permit_machine.TRANSITIONS), ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_diverted_transition_is_noticed(
    row: tuple[State, permit_machine.Trigger],
    scenarios: list[Scenario],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = permit_machine.TRANSITIONS[row]
    monkeypatch.setitem(
        permit_machine.TRANSITIONS, row, State.CLOSED if right is not State.CLOSED else State.REVOKED
    )
    assert any(scenario.notices(RULES) for scenario in scenarios)
