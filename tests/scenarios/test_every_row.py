"""Every row of the table has a scenario that raises it, and one that is just short of it.

Raised: its alarm is on, or somebody's request is refused for it.

Just short is what it says of a row:

- With an on-delay: in some scenario its finding stands against work under way for at least half of that delay (or
  for all of it but two seconds), and is gone again without an alarm, while the permit stays as it is.
- Without one: between two steps of some scenario, in which the permit stands where it stood, the finding comes or
  goes, and the inputs of the two differ in one thing at most: one source says something else, one request, one
  record, one ticket; or in nothing but the second that has passed. All the rest of what the row asks for is there.

How near the figures come is held elsewhere: `make limits` moves every limit a little, `make mutate` every delay by
a second.
"""

from collections import defaultdict
from itertools import pairwise

import pytest
from msgspec import Struct

from edge_agent.decide.rules.rule import Rule, at_once
from edge_agent.decide.rules.table import RULES
from tests.scenarios.rows_seen import Standing, seen, turned
from tests.scenarios.test_mutants import every_scenario

ENOUGH_PCT = 50.0  # of its delay
NEARLY_S = 2.0


class Shown(Struct, frozen=True):
    """Which scenarios show what of each row, by its name."""

    raised: dict[str, set[str]]
    short: dict[str, set[str]]


@pytest.fixture(scope="module")
def shown() -> Shown:
    raised, short = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    delayed = {rule.name for rule in RULES if rule.on_delay is not at_once}
    for scenario in every_scenario():
        standing, steps = Standing(), list(seen(scenario, RULES))
        for step in steps:
            for key in step.active | step.refused:
                raised[step.verdicts[key].rule].add(scenario.name)
            for name, stood_s, delay_s in standing.gone(step):
                if _just_short(stood_s, delay_s):
                    short[name].add(scenario.name)
        for before, now in pairwise(steps):
            for name in turned(before, now):
                if name not in delayed:
                    short[name].add(scenario.name)
    return Shown(raised, short)


def _just_short(stood_s: float, delay_s: float) -> bool:
    return stood_s < delay_s and (delay_s - stood_s <= NEARLY_S or stood_s >= delay_s * ENOUGH_PCT / 100)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_scenario_raises_it(rule: Rule, shown: Shown) -> None:
    assert shown.raised[rule.name]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_scenario_is_just_short_of_it(rule: Rule, shown: Shown) -> None:
    assert shown.short[rule.name]
