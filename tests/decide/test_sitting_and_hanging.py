"""A guard who sits is left in peace, a badge on a rail is found: measured over many seeded hours and badges.

Gaps between fixes are those of a real wristband (edge_agent/simulate/tag.py, docs/domain.md 2.5 G3), the
limits those of the default rulebook.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide.guarding import press
from edge_agent.decide.rules.guard import still_long, still_too_long, tag_off
from edge_agent.decide.state import Draft, State
from edge_agent.domain.observation import Position
from edge_agent.domain.permit import Permit
from edge_agent.domain.permit import State as PermitState
from edge_agent.fuse import world as fuse
from edge_agent.fuse.memory import Memory, absorb
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings
from edge_agent.simulate.dice import dice
from edge_agent.simulate.tag import real_gap_s
from tests.support.story import T0_UTC, scenario_site, ticket, with_rulebook

HOURS = 100
BADGES = 1000


@pytest.fixture(scope="module")
def site() -> Settings:
    return with_rulebook(scenario_site(), "gb30871-2022")


GUARDED = Permit(
    ticket=ticket(),
    state=PermitState.ACTIVE,
    since_s=0.0,
    since_utc=T0_UTC,
    end_at_s=1e9,
    guard="li-na",
    checked_in_s=0.0,
)


@dataclass
class Watch:
    """One guarded permit and what its guard's wearable has said."""

    site: Settings
    memory: Memory = field(default_factory=lambda: Memory(booted_s=0.0))
    permit: Permit = GUARDED

    def hear(self, fix: Position) -> World:
        """The world after one more fix."""
        self.memory = absorb(self.memory, (fix,))
        persons = {person.id: person for person in self.site.persons}
        known = fuse.Known(permits={"P-1": self.permit}, persons=persons, outputs={})
        instant = Instant(now_s=fix.at_s, utc=T0_UTC + fix.at_s, trusted=True)
        return fuse.build(self.site, self.memory, known, instant)

    def press(self, world: World) -> None:
        """He presses "I'm here"; where that no longer counts he checks in again at the point."""
        draft = Draft(State(memory=self.memory, permits={"P-1": self.permit}), world.instant)
        refused = press(draft, self.permit, world.tags["tag-guard"], world)
        again = replace(self.permit, checked_in_s=world.now_s, here_s=None, here_presses=0)
        self.permit = again if refused else draft.permits["P-1"]


def fixes(chance: random.Random, until_s: float) -> Iterator[float]:
    now_s = 0.0
    while now_s < until_s:
        now_s += real_gap_s(chance)
        yield now_s


def jittered(chance: random.Random, at_s: float, accuracy_m: float, **more: object) -> Position:
    """A fix of somebody who does not walk; nine in ten lie within half the accuracy, and some jump."""
    spread_m = accuracy_m * (0.25 if chance.random() < 0.9 else 0.45)
    return Position(
        source="tag-guard",
        at_s=at_s,
        x_m=6.5 + chance.gauss(0, spread_m),
        y_m=0.5 + chance.gauss(0, spread_m),
        accuracy_m=accuracy_m,
        **more,  # type: ignore[arg-type]
    )


def test_a_sitting_guard_is_asked_at_most_twice_an_hour_and_never_stopped(site: Settings) -> None:
    asked_per_hour = []
    for hour in range(HOURS):
        chance, watch = dice(hour, "sitting"), Watch(site)
        asked, answers_s = 0, None
        stirs_s = chance.expovariate(1 / 20)  # a sitting man moves an arm about three times a minute
        for now_s in fixes(chance, 3600):
            felt = stirs_s <= now_s
            while stirs_s <= now_s:
                stirs_s += chance.expovariate(1 / 20)
            world = watch.hear(jittered(chance, now_s, 2.0, moving=felt, worn=True))
            assert not list(still_too_long(world)), f"hour {hour}: a false stop at {now_s:.0f} s"
            if list(still_long(world)) and answers_s is None:
                asked, answers_s = asked + 1, now_s + chance.uniform(5, 60)
            if answers_s is not None and now_s >= answers_s:
                watch.press(world)
                answers_s = None
        asked_per_hour.append(asked)
    assert max(asked_per_hour) <= 2
    assert sum(asked_per_hour) > 0, "nobody was ever asked: this test asks nothing"


HUNG = {
    "off the wrist, in the wind": lambda chance: {"worn": False, "moving": chance.random() < 0.5},
    "no wear flag, in the wind": lambda chance: {"worn": None, "moving": chance.random() < 0.5},
    "says it is worn, lies still": lambda _: {"worn": True, "moving": False},
    "says it is worn, no IMU": lambda _: {"worn": True, "moving": None},
}


@pytest.mark.parametrize("how", HUNG)
def test_a_badge_on_a_rail_is_found(how: str, site: Settings) -> None:
    """All within the limit and one gap, also where the first fix was an outlier."""
    limit_s = site.rulebook.guard.still_pause_s.value
    count = BADGES // len(HUNG)
    needed_s = [_hung_s(Watch(site), how, badge) for badge in range(count)]
    assert max(needed_s) < limit_s, "a badge was found too late, or never"


def _hung_s(watch: Watch, how: str, badge: int) -> float:
    """How long a hung badge had been heard by the last fix before it was found."""
    chance = dice(badge, how)
    accuracy_m = chance.choice((1.0, 3.0, 8.0))
    first_s = last_s = None
    for now_s in fixes(chance, 3600):
        world = watch.hear(jittered(chance, now_s, accuracy_m, **HUNG[how](chance)))
        if first_s is not None and last_s is not None and (list(still_too_long(world)) or list(tag_off(world))):
            return last_s - first_s
        first_s, last_s = now_s if first_s is None else first_s, now_s
    return math.inf


def test_a_badge_that_says_it_is_worn_on_a_rail_that_shakes_is_found_within_the_hour(site: Settings) -> None:
    limit_s = site.rulebook.guard.seated_pause_s.value
    for badge in range(20):
        chance, watch = dice(badge, "shaken"), Watch(site)
        found_s = None
        for now_s in fixes(chance, limit_s + 300):
            world = watch.hear(jittered(chance, now_s, 3.0, moving=chance.random() < 0.7, worn=True))
            if list(still_too_long(world)):
                found_s = now_s
                break
        assert found_s is not None
        assert found_s <= limit_s + 110, "the limit and one gap"
