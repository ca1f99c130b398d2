"""Every limit of the rulebook matters: moved a little either way, it must change what some scenario decides.

So every limit has a scenario just short of it and one just beyond it. Gases, kinds of work and rows of the matrix
share their code: of each limit that they have, one of them must be met. `make limits` runs it: it takes its time,
most of all where no scenario that comes near notices: then all of them are asked, with the whole kind moved.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide import drill_report
from edge_agent.decide.asking import drill
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import Draft
from edge_agent.decide.step import begin, step
from edge_agent.domain.book_keys import every_limit, steps
from edge_agent.domain.limit import Limit
from edge_agent.domain.outcome import Priority
from edge_agent.ops.rules_page.used import limits_of
from edge_agent.settings.site import Settings
from tests.scenarios.limits_seen import Seen, under
from tests.scenarios.mutants import watched
from tests.scenarios.scenario import Scenario, every_scenario
from tests.scenarios.stories import site_of
from tests.support.story import scenario_site

BOOK = scenario_site().rulebook
A_LITTLE_PCT = 5.0
TRIED = 15
COUNTED = frozenset({"count", "counts", "presses", "permits", "stops", "times", "alarms"})
BOOK_LIMITS = dict(every_limit(BOOK))
CUT_BY = {  # a window is so many whole buckets
    "trend.window_s": "trend.bucket_s",
    "trend.long_window_s": "trend.long_bucket_s",
}
SHARED = ("gases", "works")  # a row per gas and kind of work


def a_little(key: str, limit: Limit) -> float:
    """By how much a limit is moved: a step of the scenarios, one of what is counted, else a part of its value."""
    if key in CUT_BY:
        return BOOK_LIMITS[CUT_BY[key]].value
    return 1.0 if limit.unit == "s" or limit.unit in COUNTED else limit.value * A_LITTLE_PCT / 100


def kind(key: str) -> str:
    """What limits of one kind have in common: "gases.*.stop_high", "conflicts[*].within_m"."""
    first, *rest = steps(re.sub(r"\[#\d+\]", "[*]", key))
    return ".".join([first, "*", *rest[1:2]] if first in SHARED else [first, *rest])


# How a siren sounds is an action; stories are told in events. tests/decide/test_outputs.py holds these.
HEARD = {"alarm.siren_on_s", "alarm.siren_off_s"}
KINDS = sorted({kind(key) for key, _ in every_limit(BOOK)} - HEARD)


class Near:
    """Which scenarios come near a limit, nearest first: from below, and from above."""

    def __init__(self, scenarios: list[Scenario]) -> None:
        """Plays them all once, watched."""
        self._met: dict[tuple[str, bool], dict[str, float]] = defaultdict(dict)
        self.scenarios = {scenario.name: scenario for scenario in scenarios}
        self._found: dict[str, set[str]] = {}  # by scenario: the rules that find something
        self._playing = ""
        for scenario in scenarios:
            self._playing, found = scenario.name, set[object]()
            site = under(site_of(scenario.name), lambda key, limit: replace(limit, value=self._seen(key, limit)))
            rules = watched(found)
            decision = begin(site, scenario.start.instant, scenario.start.kept)
            for inputs in scenario.steps:
                decision = step(site, decision.state, inputs, rules)
            self._found[scenario.name] = {str(name) for name in found}

    def _seen(self, key: str, limit: Limit) -> Seen:
        return Seen(limit.value, (key,), self._note)

    def _note(self, key: str, above: float) -> None:
        """What stands exactly at a limit is near it from both sides."""
        for upper in (above >= 0, above > 0):
            before = self._met[key, upper].get(self._playing, abs(above))
            self._met[key, upper][self._playing] = min(before, abs(above))

    def of(self, kind_: str, *, upper: bool) -> Iterator[tuple[str, Scenario]]:
        """Limits of this kind with scenarios that come nearest, and the shortest whose rules look at them."""
        keys = sorted(of_kind(kind_))
        found = sorted((by_m, key, name) for key in keys for name, by_m in self._met[key, upper].items())
        rules = {rule.name for rule in RULES if any(key in keys for key, _ in limits_of(rule, BOOK))}
        users = [name for name in self.scenarios if rules & self._found[name]]
        tried = [(key, name) for _, key, name in found[:TRIED]]
        tried += [(key, name) for name in users[:TRIED] for key in keys]
        yield from ((key, self.scenarios[name]) for key, name in dict.fromkeys(tried))


def of_kind(kind_: str) -> frozenset[str]:
    """All limits of one kind."""
    return frozenset(key for key, _ in every_limit(BOOK) if kind(key) == kind_)


def _event(draft: Draft, type_: str, subject: str, priority: Priority, data: dict[str, Any]) -> None:
    """An event tells plain numbers: what is written down is compared with nothing any more."""
    told = {name: float(value) if isinstance(value, Seen) else value for name, value in data.items()}
    EVENT(draft, type_, subject, priority, told)


EVENT = Draft.event


@pytest.fixture(scope="module")
def near() -> Near:
    with pytest.MonkeyPatch.context() as patch:
        for module in (
            drill,
            drill_report,
        ):  # the steps of a drill are computed from limits; nobody reads them here
            patch.setattr(module, "to_builtins", lambda _: None)
        patch.setattr(Draft, "event", _event)
        return Near(every_scenario())


def moved(site: Settings, keys: frozenset[str], sign: int) -> Settings:
    """The site with these limits a little higher, or lower."""
    return under(
        site,
        lambda at, limit: replace(limit, value=limit.value + sign * a_little(at, limit)) if at in keys else limit,
    )


def test_the_limits_as_they_stand_are_not_moved(near: Near) -> None:
    """What follows from a site's limits is what its stories were told with: else each limit would seem noticed."""
    same = [one for one in near.scenarios.values() if _noticed(one, frozenset(), 0)]
    assert [one.name for one in same] == []


@pytest.mark.parametrize("sign", [-1, 1], ids=["lower", "higher"])
@pytest.mark.parametrize("kind_", KINDS)
def test_a_moved_limit_is_noticed(kind_: str, sign: int, near: Near) -> None:
    nearest = near.of(kind_, upper=sign > 0)
    assert any(_noticed(scenario, frozenset({key}), sign) for key, scenario in nearest) or any(
        _noticed(scenario, of_kind(kind_), sign) for scenario in near.scenarios.values()
    )


def _noticed(scenario: Scenario, keys: frozenset[str], sign: int) -> bool:
    return scenario.notices(RULES, site=moved(site_of(scenario.name), keys, sign))
