"""Every rule row and every transition row matters: drop or alter one, and a scenario must notice.

A row that can be changed without any scenario failing is a row that nobody would miss.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from edge_agent.decide import permit_machine
from edge_agent.decide.rules.rule import Rule, at_once
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import Inputs, Start
from edge_agent.decide.state import State as Brain
from edge_agent.decide.step import begin, step
from edge_agent.domain.outcome import Effect, Finding, Priority
from edge_agent.domain.permit import Blame, PauseClass, State
from edge_agent.fuse.jobs import Job
from edge_agent.fuse.world import World
from edge_agent.ops.demo.plays import PLAYS
from edge_agent.ops.replay import line
from edge_agent.settings.site import Settings
from tests.scenarios.stories import site_of

HERE = Path(__file__).parent


BEFORE_THE_FIRST_STEP = -1


class Scenario:
    """One folder, read once, and what of the tables each of its steps asks for."""

    def __init__(self, folder: Path) -> None:
        first, *rest = (folder / "inputs.jsonl").read_bytes().splitlines()
        self.name = folder.name
        self.start = msgspec.json.decode(first, type=Start)
        self.steps = [msgspec.json.decode(line, type=Inputs) for line in rest]
        self.expected = (folder / "expected.jsonl").read_bytes().splitlines()
        self.first: dict[
            object, int
        ] = {}  # a rule's name, or a row of the machine -> the step that first needs it
        self._before: list[tuple[Brain, int]] = []  # of each step: the state, and how many events were told

    def watch(self, rules: Iterable[Rule], asked: set[object]) -> bool:
        """Replays it as it stands; notes the first use of everything. Whether it decides as expected."""
        asked.clear()
        decision = begin(site_of(self.name), self.start.instant, self.start.kept)
        told = list(decision.events)
        for at, inputs in enumerate(self.steps):
            self._note(at - 1, asked)
            self._before.append((decision.state, len(told)))
            decision = step(site_of(self.name), decision.state, inputs, rules)
            told += decision.events
        self._note(len(self.steps) - 1, asked)
        return [line(event) for event in told] == self.expected

    def _note(self, at: int, asked: set[object]) -> None:
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
            (state, told), steps = self._before[since], self.steps[since:]
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


class Table(dict[tuple[State, permit_machine.Trigger], State]):
    """The machine's table, noting which rows are asked for."""

    def __init__(self, asked: set[object]) -> None:
        super().__init__(permit_machine.TRANSITIONS)
        self.asked = asked

    def get(self, key: Any, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def watched(rule: Rule, asked: set[object]) -> Rule:
    """The rule, noting when it finds something, or would if what is asked before the start were asked for ever."""

    def find(world: World) -> tuple[Finding, ...]:
        found = tuple(rule.find(world))
        if found or (rule.before_start and any(rule.find(always_waiting(world)))):
            asked.add(rule.name)
        return found

    return replace(rule, find=find)


class Told(NamedTuple):
    """All scenarios, and those that decide otherwise than their folder says."""

    scenarios: list[Scenario]
    wrong: list[str]

    def notice(self, needed: object, rules: Iterable[Rule] = RULES) -> bool:
        """Whether one of those that need this row of a table decides otherwise now."""
        concerned = (scenario for scenario in self.scenarios if needed in scenario.first)
        return any(scenario.notices(rules, scenario.first[needed]) for scenario in concerned)


@pytest.fixture(scope="module")
def told() -> Told:
    asked: set[object] = set()
    rules = [watched(rule, asked) for rule in RULES]
    every = every_scenario()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(permit_machine, "TRANSITIONS", Table(asked))
        wrong = [scenario.name for scenario in every if not scenario.watch(rules, asked)]
    return Told(every, wrong)


def _told_otherwise(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """What people are told, what it is put down to, and what it warns of."""
    others = [priority for priority in Priority if priority is not rule.priority]
    yield "priority", replace(rule, priority=others[0])
    yield "blame", replace(rule, blame=next(blame for blame in Blame if blame is not rule.blame))
    for herald in rule.heralds:
        yield f"no herald of {herald}", replace(rule, heralds=tuple(one for one in rule.heralds if one != herald))
    if rule.signal:
        yield "no signal", replace(rule, signal=())


class Waiting(Job, frozen=True, kw_only=True, gc=False):
    """A job whose work never begins."""

    @property
    def waiting(self) -> bool:
        return True


def always_waiting(world: World) -> World:
    """The same World, seen so that no work has begun: what is asked before the start is asked for ever."""
    jobs = {
        job.permit.ticket.id: Waiting(**{name: getattr(job, name) for name in Job.__struct_fields__})
        for job in world.jobs
    }
    in_areas = {area: tuple(jobs[job.permit.ticket.id] for job in there) for area, there in world.jobs_in.items()}
    every = tuple(jobs.values())
    return replace(world, jobs=every, waiting=every, jobs_in=in_areas)


def of_a_stop(rule: Rule) -> Iterator[tuple[str, Rule | None]]:
    """What a resume asks for, of a row that stops work; after the end nothing is resumed."""
    if rule.effect >= Effect.PAUSE:
        for pause_class in PauseClass:
            if pause_class is not rule.pause_class:
                yield f"class {pause_class.value}", replace(rule, pause_class=pause_class)
        if not rule.after_end:  # nothing is resumed after the end
            yield "retest", replace(rule, retest=not rule.retest)
        if rule.final:
            yield "not final", replace(rule, final=False)


def altered(rule: Rule) -> Iterator[tuple[str, Rule | None]]:
    """The mutants of one row."""
    yield "dropped", None
    if rule.before_start:  # while work goes on it finds nothing, so delays, latches and a pause say nothing
        yield from (
            ("effect NOTE", replace(rule, effect=Effect.NOTE)),
            ("ever", replace(rule, before_start=False, find=lambda world: rule.find(always_waiting(world)))),
        )
        return
    for effect in Effect:
        if effect is not rule.effect:
            yield f"effect {effect.name}", replace(rule, effect=effect)
    yield from _told_otherwise(rule)
    yield from of_a_stop(rule)
    yield "latch", replace(rule, latch=not rule.latch)
    on, off = rule.on_delay, rule.off_delay
    yield "slower", replace(rule, on_delay=lambda book, work: on(book, work) + 1)
    if on.__name__ != "at_once":
        yield "hastier", replace(rule, on_delay=lambda book, work: on(book, work) - 1)
    yield "lingering", replace(rule, off_delay=lambda book, work: off(book, work) + 2)
    if off.__name__ != "at_once":
        yield "forgetful", replace(rule, off_delay=lambda book, work: off(book, work) - 1)


def test_the_rules_as_they_stand_are_no_mutant(told: Told) -> None:
    assert not told.wrong
    longest = told.scenarios[-1]
    assert not longest.notices(RULES)
    assert not longest.notices(RULES, len(longest.steps) // 2)


ROWS = [(rule.name, what) for rule in RULES for what, _ in altered(rule)]
if os.environ.get("MUTANTS") != "all":  # `make mutate` plays them all, which takes its time
    ROWS = [(name, what) for name, what in ROWS if what == "dropped"]


def test_what_is_asked_before_the_start_only_blocks_it_and_at_once() -> None:
    asked = [rule for rule in RULES if rule.before_start]
    delayed = [rule.name for rule in asked if {rule.on_delay, rule.off_delay} != {at_once}]
    more = [rule.name for rule in asked if rule.effect is not Effect.BLOCK_START or rule.latch or rule.retest]
    assert (delayed, more) == ([], [])


@pytest.mark.parametrize(("name", "what"), ROWS, ids=lambda part: part.replace(" ", "-"))
def test_a_changed_rule_is_noticed(name: str, what: str, told: Told) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    mutant = dict(altered(rule))[what]
    rules = tuple(mutant if row is rule else row for row in RULES if row is not rule or mutant is not None)
    assert told.notice(name, rules)


@pytest.mark.parametrize("row", list(permit_machine.TRANSITIONS), ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_dropped_transition_is_noticed(
    row: tuple[State, permit_machine.Trigger],
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(permit_machine.TRANSITIONS, row)
    assert told.notice(row)


@pytest.mark.parametrize("row", list(permit_machine.TRANSITIONS), ids=lambda row: f"{row[0]}-{row[1]}")
def test_a_diverted_transition_is_noticed(
    row: tuple[State, permit_machine.Trigger],
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = permit_machine.TRANSITIONS[row]
    monkeypatch.setitem(
        permit_machine.TRANSITIONS, row, State.CLOSED if right is not State.CLOSED else State.REVOKED
    )
    assert told.notice(row)
