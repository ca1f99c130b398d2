"""The naive account catches what must never be broken: each of these is broken on purpose, in the running code.

What it sees in a missing row of the table stands in test_naive_model.py.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from edge_agent.decide import consent, guarding, life, outputs, permit_machine, permit_moves, restart
from edge_agent.decide.letting_be import GROUNDS
from edge_agent.decide.permit_machine import Trigger
from edge_agent.decide.rules.rule import Rule, at_once
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.book_keys import found, with_limit
from edge_agent.domain.drill import Drill, DrillStep
from edge_agent.domain.outcome import Finding
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask, Presence
from edge_agent.fuse import gas_follow
from edge_agent.fuse.gas import Channel
from edge_agent.fuse.world import World
from edge_agent.settings.site import Settings
from tests.model.naive import BrokenError
from tests.model.test_naive_model import SITE, Watched, in_shadow
from tests.support.story import GOOD_AIR, T0_UTC

Patch = pytest.MonkeyPatch
OFFICER, HOLDER, GUARD = "zhao-min", "wang-lei", "li-na"


# --- what happens; sound code lets all of it pass ---


def working(rules: tuple[Rule, ...], site: Settings = SITE, **changes: Any) -> Watched:
    told = Watched(site, rules=rules)
    told.begin_work(**changes)
    told.run(2)
    return told


def everybody_hurries_back(
    told: Watched, *, tested: bool = True, who: tuple[str, ...] = (OFFICER, HOLDER, GUARD)
) -> None:
    """Every second everybody asks for the resume again."""
    told.ask(Ask.CHECK_IN, GUARD)
    if tested:
        told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
    for _ in range(15):
        for person in who:
            told.ask(Ask.RESUME, person)
        told.step()


def gas_for_a_second(rules: tuple[Rule, ...]) -> Watched:
    told = working(rules)
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.comes_out()
    told.field.gas["gas-h2s"] = {"level": 0.0}
    return told


def gas_and_back(rules: tuple[Rule, ...]) -> None:
    everybody_hurries_back(gas_for_a_second(rules))


def gas_and_back_untested(rules: tuple[Rule, ...]) -> None:
    everybody_hurries_back(gas_for_a_second(rules), tested=False)


def gas_and_back_while_somebody_is_inside(rules: tuple[Rule, ...]) -> None:
    told = working(rules)
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.step()
    told.field.gas["gas-h2s"] = {"level": 0.0}
    everybody_hurries_back(told)


def gas_that_nobody_acknowledges(rules: tuple[Rule, ...]) -> None:
    gas_for_a_second(rules).run(30)


def gas_that_hardly_falls(rules: tuple[Rule, ...]) -> None:
    told = gas_for_a_second(rules)
    told.field.gas["gas-h2s"] = {"level": 7.0}
    everybody_hurries_back(told)


def gas_that_the_officer_would_let_be(rules: tuple[Rule, ...]) -> None:
    told = working(rules)
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.comes_out()
    told.ask(Ask.OVERRIDE, OFFICER, rule="gas_dangerous", for_s=60, reason="it is only a little")
    told.step()
    everybody_hurries_back(told)


def gas_during_a_drill(rules: tuple[Rule, ...]) -> None:
    told = working(rules)
    later = DrillStep(after_s=50, kind="guard_gone")
    told.ask(Ask.DRILL, OFFICER, drill=Drill(name="drill", steps=(later,), longest_s=60.0))
    told.step()
    told.field.gas["gas-h2s"] = {"level": 9.0}
    told.run(3)


def stopped_by_hand(rules: tuple[Rule, ...]) -> Watched:
    told = working(rules)
    told.ask(Ask.STOP, "zhou-qiang", reason="a cable lies in the way")
    told.run(5)
    return told


def one_of_two_signs(rules: tuple[Rule, ...]) -> None:
    everybody_hurries_back(stopped_by_hand(rules), who=(HOLDER,))


def the_second_signs_too_late(rules: tuple[Rule, ...]) -> None:
    told = stopped_by_hand(rules)
    told.ask(Ask.RESUME, HOLDER)
    told.run(70)
    told.ask(Ask.RESUME, GUARD)
    told.step()


def a_long_break(rules: tuple[Rule, ...]) -> None:
    told = stopped_by_hand(rules)
    told.comes_out()
    told.run(1920, every_s=60.0)
    everybody_hurries_back(told, tested=False)


def blind_for_a_while(rules: tuple[Rule, ...]) -> None:
    told = working(rules)
    told.field.silent.add("gas-h2s")
    told.run(15)
    told.field.silent.clear()
    told.run(5)
    everybody_hurries_back(told, tested=False)


def the_guards_strap_breaks_and_he_does_not_check_in(rules: tuple[Rule, ...]) -> None:
    told = working(rules)
    told.field.guard["worn"] = False
    told.run(6)
    told.field.guard["worn"] = True
    told.run(5)
    for _ in range(5):
        told.ask(Ask.RESUME, HOLDER)
        told.ask(Ask.RESUME, GUARD)
        told.step()


def somebody_presses_for_the_guard(rules: tuple[Rule, ...]) -> None:
    """Her wearable gives no place, then one too far away, then it is off: a code of the screen shows the first."""
    told = working(rules)
    told.field.guard |= {"x_m": None, "y_m": None}
    told.step()
    for presence in (None, Presence.CODE):
        told.ask(Ask.HERE, GUARD, presence=presence)
        told.step()
    told.field.guard |= {"x_m": 6.5, "y_m": 30.0, "accuracy_m": 1.0}
    told.step()
    told.ask(Ask.HERE, GUARD, presence=Presence.CODE)
    told.step()
    told.field.guard |= {"x_m": 6.5, "y_m": 0.5, "worn": False}
    told.step()
    told.ask(Ask.HERE, GUARD)
    told.step()


def the_clock_is_set_back_before_the_end(rules: tuple[Rule, ...]) -> None:
    told = working(rules, valid_to_utc=T0_UTC + 70)
    told.utc -= 3600
    told.run(90)


def the_box_restarts(rules: tuple[Rule, ...]) -> None:
    told = working(rules).restarted()
    told.run(5)


def the_box_restarts_and_everybody_hurries_back(rules: tuple[Rule, ...]) -> None:
    told = working(rules)
    told.comes_out()
    told = told.restarted()
    told.run(5)
    everybody_hurries_back(told, tested=False)


def the_box_restarts_after_the_end(rules: tuple[Rule, ...]) -> None:
    told = working(rules, valid_to_utc=T0_UTC + 30)
    told.run(30)
    assert told.state is State.EXPIRED
    told.restarted(utc=T0_UTC).run(2)


def a_trial(rules: tuple[Rule, ...]) -> None:
    working(rules, in_shadow(SITE)).run(3)


# --- what is broken ---


def row(name: str, **changes: Any) -> Callable[[Patch], tuple[Rule, ...]]:
    """One row of the table is changed."""
    return lambda _patch: tuple(replace(one, **changes) if one.name == name else one for one in RULES)


def code(module: Any, name: str, broken: Any) -> Callable[[Patch], tuple[Rule, ...]]:
    """One function, or one thing of a module, is another."""

    def breaks(patch: Patch) -> tuple[Rule, ...]:
        patch.setattr(module, name, broken)
        return RULES

    return breaks


def let_be(name: str) -> Callable[[Patch], tuple[Rule, ...]]:
    """A safety officer may let this rule be for any work."""

    def breaks(patch: Patch) -> tuple[Rule, ...]:
        patch.setitem(GROUNDS, name, replace(GROUNDS[name], may=lambda _: True))
        return RULES

    return breaks


def limit(key: str, value: float) -> Callable[[Patch], tuple[Rule, ...]]:
    """The step looks at another limit than the book's."""

    def breaks(patch: Patch) -> tuple[Rule, ...]:
        book = with_limit(SITE.rulebook, key, replace(found(SITE.rulebook, key), value=value))
        patch.setattr(Watched, "deciding", staticmethod(lambda site: replace(site, rulebook=book)))
        return RULES

    return breaks


def came_up_as(before: State, after: State | None) -> Callable[[Patch], tuple[Rule, ...]]:
    """A restart leads elsewhere; None: nowhere."""

    def breaks(patch: Patch) -> tuple[Rule, ...]:
        patch.setattr(restart, "TERMINAL", frozenset())
        if after is None:
            patch.delitem(permit_machine.TRANSITIONS, (before, Trigger.RESTART))
        else:
            patch.setitem(permit_machine.TRANSITIONS, (before, Trigger.RESTART), after)
        return RULES

    return breaks


CONDITIONS, WANTED, FACTS, KEPT = consent.resume_conditions, outputs.wanted, permit_moves.facts, life._kept
DANGEROUS = next(one for one in RULES if one.name == "gas_dangerous")


def not_while_drilling(world: World) -> Iterator[Finding]:
    if all(job.permit.drill is None for job in world.jobs):
        yield from DANGEROUS.find(world)


def end_by_the_date(draft: Any, permit: Any) -> Any:
    end_s = draft.instant.now_s + permit.ticket.valid_to_utc - draft.instant.utc
    return KEPT(draft, replace(permit, end_at_s=end_s))


def at_its_limit(channel: Channel, _percent: float, *, warning: bool) -> bool:
    return not (channel.beyond_warn if warning else channel.beyond_stop)


def nobody_inside(permit: Any, world: World) -> Any:
    return CONDITIONS(replace(permit, inside=()), world)


def as_if_in_earnest(settings: Settings, permits: Any, *told: Any, **how: Any) -> Any:
    return WANTED(settings, [replace(permit, shadow=False) for permit in permits], *told, **how)


def authorised_in_shadow(permit: Any) -> Any:
    return FACTS(permit) | {"authorised": permit.state is State.ACTIVE}


Break = Callable[[Patch], tuple[Rule, ...]]
Happens = Callable[[tuple[Rule, ...]], None]
BROKEN: dict[str, tuple[Break, Happens]] = {
    "a danger is over as soon as it is gone": (row("gas_dangerous", off_delay=at_once), gas_and_back),
    "a danger latches no alarm": (row("gas_dangerous", latch=False), gas_that_nobody_acknowledges),
    "a danger needs no test after it": (row("gas_dangerous", retest=False), gas_and_back_untested),
    "a danger may be let be": (let_be("gas_dangerous"), gas_that_the_officer_would_let_be),
    "a danger is resumed without the officer": (
        code(consent, "resume_signers", lambda *_: ("holder", "guard")),
        gas_and_back,
    ),
    "a danger is resumed with people inside": (
        code(consent, "resume_conditions", nobody_inside),
        gas_and_back_while_somebody_is_inside,
    ),
    "a danger ends at its limit": (
        code(gas_follow, "back_inside", at_its_limit),
        gas_that_hardly_falls,
    ),
    "a drill hides a danger": (row("gas_dangerous", find=not_while_drilling), gas_during_a_drill),
    "one signature is enough": (code(consent, "resume_signers", lambda *_: ("holder",)), one_of_two_signs),
    "signatures never lapse": (
        code(life, "_lapsed", lambda _draft, permit, _book: permit),
        the_second_signs_too_late,
    ),
    "a short calm is enough": (limit("resume.clean_s", 1.0), gas_and_back),
    "a long break needs no test": (code(consent, "needs_retest", lambda *_: False), a_long_break),
    "a blind detector needs no test": (limit("gas.blind_retest_s", 1e6), blind_for_a_while),
    "the guard need not check in": (
        code(consent, "needs_check_in", lambda _permit: False),
        the_guards_strap_breaks_and_he_does_not_check_in,
    ),
    "a press counts that nothing shows": (
        code(guarding, "not_shown", lambda *_: ()),
        somebody_presses_for_the_guard,
    ),
    "a press counts from anywhere": (code(guarding, "elsewhere", lambda *_: ()), somebody_presses_for_the_guard),
    "the end follows the clock": (
        code(life, "_end_agreed", end_by_the_date),
        the_clock_is_set_back_before_the_end,
    ),
    "work goes on after a restart": (came_up_as(State.ACTIVE, None), the_box_restarts),
    "a restart needs no test": (
        code(consent, "needs_retest", lambda *_: False),
        the_box_restarts_and_everybody_hurries_back,
    ),
    "a restart brings an ended ticket back": (
        came_up_as(State.EXPIRED, State.RECEIVED),
        the_box_restarts_after_the_end,
    ),
    "a trial has power": (code(outputs, "wanted", as_if_in_earnest), a_trial),
    "a trial is told as permitted work": (code(permit_moves, "facts", authorised_in_shadow), a_trial),
}


@pytest.mark.parametrize("what", BROKEN, ids=lambda what: what.replace(" ", "-"))
def test_the_naive_account_sees_what_is_broken(what: str, monkeypatch: Patch) -> None:
    breaks, happens = BROKEN[what]
    happens(RULES)
    rules = breaks(monkeypatch)
    with pytest.raises(BrokenError):
        happens(rules)
