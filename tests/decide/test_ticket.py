"""A ticket with several faults is refused with every one of them, whatever they are."""

from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.ticket import faults
from edge_agent.domain.ticket import Approval, Measure, MeasureKind, Point, Ticket
from edge_agent.domain.words import Words
from edge_agent.settings.site import Settings
from tests.support.story import T0_S, T0_UTC, scenario_site, ticket

NOW = Instant(now_s=T0_S, utc=T0_UTC, trusted=True)
LATE = Approval(role="area_owner", person="feng-tao", at_utc=T0_UTC + 3600)
BLIND = Measure(id="m-1", kind=MeasureKind.AI, words=Words("看", "looks"))

# Each fault leaves what the others spoil alone, so that any of them may stand together.
PLANTED: dict[str, Callable[[Ticket], Ticket]] = {
    "no kind of work welding": lambda t: replace(t, type="welding"),
    "no area nowhere": lambda t: replace(t, area="nowhere"),
    "no device gas-xx": lambda t: replace(t, devices=(*t.devices, "gas-xx")),
    "the device relay-1 is named twice": lambda t: replace(t, devices=(*t.devices, "relay-1")),
    "nobody is not on this site": lambda t: replace(t, holder="nobody"),
    "zhou-qiang cannot be guard and worker": lambda t: replace(t, guards=(*t.guards, "zhou-qiang")),
    "the guard li-na is named twice": lambda t: replace(t, guards=(*t.guards, "li-na")),
    "the worker wu-gang is named twice": lambda t: replace(t, workers=(*t.workers, "wu-gang")),
    "linked to itself": lambda t: replace(t, linked=(*t.linked, t.id)),
    "the linked ticket P-9 is named twice": lambda t: replace(t, linked=(*t.linked, "P-9", "P-9")),
    "its end is not after its start": lambda t: replace(t, valid_from_utc=t.valid_to_utc),
    "feng-tao's signature lies in the future": lambda t: replace(t, approvals=(*t.approvals, LATE)),
    "m-1 names no device": lambda t: replace(t, measures=(*t.measures, BLIND)),
    "its gas interval must be above 0": lambda t: replace(t, gas_interval_s=0.0),
}


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def reasons(asked: Ticket, site: Settings) -> list[str]:
    persons = {person.id: person for person in site.persons}
    return [reason.en for reason in faults(asked, None, site, persons, NOW)]


@given(names=st.sets(st.sampled_from(sorted(PLANTED))))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_planted_fault_is_named(names: set[str], site: Settings) -> None:
    asked = ticket()
    for name in sorted(names):
        asked = PLANTED[name](asked)
    told = reasons(asked, site)
    assert [name for name in names if not any(name in reason for reason in told)] == []
    assert len(told) >= len(names)
    assert bool(told) == bool(names)


def test_a_point_at_the_guards_reach_is_taken_and_one_beyond_it_is_not(site: Settings) -> None:
    reach_m = 4.0 + site.rulebook.guard.post_warn_m.value  # the tank's wall is 4 m from its middle
    assert reasons(ticket(point=Point(reach_m - 0.1, 0.0)), site) == []
    told = reasons(ticket(point=Point(reach_m + 0.1, 0.0)), site)
    assert told == ["its point lies 15 m outside of tank-inside (at most 15 m)"]


def test_one_guard_of_two_is_too_few(site: Settings) -> None:
    book = site.rulebook
    work = replace(book.works["confined_space"], guards=2)
    strict = replace(site, rulebook=replace(book, works={**book.works, "confined_space": work}))
    assert reasons(ticket(), strict) == ["it names 1 of 2 guards"]
    assert reasons(ticket(guards=("li-na", "chen-jie")), strict) == []


def test_an_interval_as_long_as_the_rulebooks_is_taken(site: Settings) -> None:
    assert reasons(ticket(gas_interval_s=1800.0), site) == []
    assert reasons(ticket(gas_interval_s=1801.0), site) == [
        "its gas interval of 1801 s is looser than the rulebook's 1800 s"
    ]
