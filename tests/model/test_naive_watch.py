"""The real step against the naive account of embers: whatever people do, nothing begins beside unwatched ones."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from edge_agent.decide import fire_watch
from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import Kept
from edge_agent.decide.step import step
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from tests.model.naive import BrokenError
from tests.model.naive_watch import NaiveWatch
from tests.support.story import HOT, T0_UTC, Story, scenario_site, ticket

SITE = scenario_site()
SAMPLES = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
GUARDS = ("li-na", "chen-jie")


class Watched(Story):
    """A story whose every step the naive account sees."""

    def __init__(self, *, rules: tuple[Rule, ...] = RULES, earlier: NaiveWatch | None = None, **more: Any) -> None:
        super().__init__(SITE, **more)
        self._rules = rules
        self.naive = NaiveWatch(SITE.rulebook, ticket().point, self.now_s, earlier)
        self.field.also["tag-guard-2"] = {"x_m": 6.0, "y_m": 1.0, "moving": True}

    def run(self, seconds: float, *, every_s: float = 1.0) -> None:
        for _ in range(int(seconds / every_s)):
            self.now_s += every_s
            self.utc += every_s
            inputs = self.inputs()
            self.decisions.append(step(SITE, self.decisions[-1].state, inputs, self._rules))
            self._asked.clear()
            if "P-1" in self.decisions[-1].state.permits:
                self.naive.see(inputs, self.decisions[-1])

    def woken(self) -> "Watched":
        """The same site after a restart."""
        state = self.decisions[-1].state
        kept = Kept(permits=tuple(state.permits.values()), alarms=tuple(state.alarms.values()), seq=state.seq)
        again = Watched(rules=self._rules, earlier=self.naive, kept=kept, utc=self.utc + 30)
        again.field, again._count = self.field, self._count
        return again


def burning(rules: tuple[Rule, ...] = RULES, *, ends: str = "withdrawn") -> Watched:
    """Hot work that has ended, all of its people out, and the next job's ticket there."""
    told = Watched(rules=rules)
    told.begin_work(**HOT, **({"valid_to_utc": T0_UTC + 20} if ends == "expired" else {}))
    told.bring(ticket(id="P-2", guards=GUARDS))
    if ends == "withdrawn":
        told.ask(Ask.REVOKE, "zhao-min", reason="paint")
    told.run(2 if ends == "withdrawn" else 14)
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.step()
    return told


def they_try(told: Watched, guard: str) -> None:
    told.ask(Ask.CHECK_IN, guard, permit="P-2")
    told.ask(Ask.RETEST, "sun-yan", permit="P-2", samples=told.samples)
    told.run(2)
    for person in ("wang-lei", guard):
        told.ask(Ask.START, person, permit="P-2")
        told.step()


class Embers(RuleBasedStateMachine):
    """Hot work has ended. `told` drives the real step; every step is shown to the naive account."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Watched

    @initialize(ends=st.sampled_from(("withdrawn", "expired")))
    def it_ends(self, ends: str) -> None:
        self.told = burning(ends=ends)

    @rule(seconds=st.sampled_from((1, 3, 6, 9, 21)))
    def time_passes(self, seconds: int) -> None:
        self.told.run(seconds)

    @rule(
        who=st.sampled_from(("guard", "tag-guard-2")),
        away_m=st.sampled_from((0.0, 12.0, 52.0)),
        worn=st.sampled_from((True, True, False)),
        moving=st.booleans(),
    )
    def a_guard_goes(self, who: str, away_m: float, *, worn: bool, moving: bool) -> None:
        where = {"x_m": 6.5 + away_m, "y_m": 0.0, "worn": worn, "moving": moving}
        if who == "guard":
            self.told.field.guard = where
        else:
            self.told.field.also[who] = where
        self.told.step()

    @rule(who=st.sampled_from(("tag-guard", "tag-guard-2")))
    def a_tag_falls_silent_or_speaks_again(self, who: str) -> None:
        self.told.field.silent ^= {who}
        self.told.step()

    @rule(
        ask=st.sampled_from((Ask.CHECK_IN, Ask.CHECK_IN, Ask.CHECK_OUT, Ask.HERE, Ask.CLOSE)),
        person=st.sampled_from((*GUARDS, "zhao-min", "wang-lei")),
        permit=st.sampled_from(("P-1", "P-1", "P-2")),
    )
    def somebody_asks(self, ask: Ask, person: str, permit: str) -> None:
        self.told.ask(ask, person, permit=permit, people_inside=0)
        self.told.step()

    @rule(guard=st.sampled_from(GUARDS))
    def the_next_job_tries_to_begin(self, guard: str) -> None:
        they_try(self.told, guard)

    @rule()
    def the_box_restarts(self) -> None:
        self.told = self.told.woken()
        self.told.step()


TestEmbers = Embers.TestCase
TestEmbers.settings = SAMPLES


# --- the naive account can fail -------------------------------------------------------------------------


def at_once(rules: tuple[Rule, ...]) -> Watched:
    told = burning(rules)
    they_try(told, "li-na")
    return told


def after_nobody_watched(rules: tuple[Rule, ...]) -> Watched:
    told = burning(rules)
    told.field.guard["worn"] = False
    told.run(20)
    they_try(told, "chen-jie")
    return told


def taken_over_and_left(rules: tuple[Rule, ...]) -> Watched:
    """The next guard has taken the watch over, and has let it go again."""
    told = burning(rules)
    for ask in (Ask.CHECK_IN, Ask.CHECK_OUT):
        told.ask(ask, "chen-jie", permit="P-2" if ask is Ask.CHECK_IN else "P-1")
        told.ask(ask, "chen-jie")
        told.step()
    they_try(told, "chen-jie")
    return told


def without(name: str) -> Callable[[pytest.MonkeyPatch], tuple[Rule, ...]]:
    return lambda _: tuple(one for one in RULES if one.name != name)


def nothing_owed(patch: pytest.MonkeyPatch) -> tuple[Rule, ...]:
    patch.setattr(fire_watch, "owed", lambda _draft, _before, _work: None)
    return RULES


@pytest.mark.parametrize(
    ("happens", "breaks"),
    [
        (at_once, without("embers_beside")),
        (at_once, nothing_owed),
        (after_nobody_watched, without("embers_unwatched")),
        (taken_over_and_left, without("embers_beside")),
    ],
)
def test_the_naive_account_of_embers_sees_what_is_broken(
    happens: Callable[[tuple[Rule, ...]], Watched],
    breaks: Callable[[pytest.MonkeyPatch], tuple[Rule, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound = happens(RULES)
    assert sound.decisions[-1].state.permits["P-2"].state is not State.ACTIVE
    with pytest.raises(BrokenError):
        happens(breaks(monkeypatch))


def test_the_next_job_can_begin() -> None:
    """Or the machine above would prove nothing."""
    told = burning()
    told.ask(Ask.CHECK_IN, "chen-jie", permit="P-2")
    told.step()
    told.ask(Ask.CHECK_IN, "chen-jie")
    told.step()
    they_try(told, "chen-jie")
    assert told.decisions[-1].state.permits["P-2"].state is State.ACTIVE
