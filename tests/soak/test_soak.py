"""A small soak with fresh dice: ordinary work goes on, each danger is found, and without its rule it is not."""

import math
import secrets

import pytest

from edge_agent.decide.rules.table import RULES
from edge_agent.domain.outcome import Effect
from tests.soak import dangers, ordinary
from tests.soak.draw import WRISTBAND_GAPS, dice, wristband_gap_s
from tests.soak.kinds import DANGERS, Danger
from tests.soak.report import Report, upper_bound, verdict

FRESH = secrets.token_hex(4)
UNFOUND = ("still at work", "no alarm", "put down to something else")
# Pausing rows that no danger can be planted for while work is under way, and why.
NOT_PLANTED: dict[str, str] = {
    "outside_window": "work cannot be under way before its time",
    "device_unbound": "settings do not change while the box runs",
    "stranger_seen_inside": "no camera of the yard is laid on the plan, so its people stand nowhere (scenarios)",
    "power_taken": "each job of the yard has a module of its own (scenarios)",
    "supply_unknown_for_long": "the yard's supply speaks by a contact, so no UPS there falls silent (scenarios)",
}


@pytest.mark.parametrize(("seed", "most"), [("first", 0), (FRESH, 1)], ids=["first", "fresh"])
def test_ordinary_work_goes_on(seed: str, most: int) -> None:
    """At the budget's own rate two false pauses in a fresh hour come up once in 20,000 runs."""
    done = ordinary.play(seed, 1.0)
    assert done.hours >= 1.0
    assert not done.not_begun, seed
    assert len(done.pauses) <= most, (seed, done.pauses)


@pytest.mark.parametrize("danger", DANGERS, ids=lambda danger: danger.name)
def test_no_danger_is_missed(danger: Danger) -> None:
    done = dangers.play_many([(danger, FRESH)])
    assert done.played == 1
    assert not done.missed


@pytest.mark.parametrize("danger", [d for d in DANGERS if d.rule], ids=lambda danger: danger.name)
def test_without_its_rule_a_danger_is_missed(danger: Danger) -> None:
    """With the same dice each time: with fresh ones, another rule finds it for its own reasons once in a while."""
    rules = tuple(rule for rule in RULES if rule.name != danger.rule)
    assert len(rules) == len(RULES) - 1, "the rule that it names exists"
    done = dangers.play_many([(danger, "first")], rules)
    assert [missed.why.startswith(UNFOUND) for missed in done.missed] == [True], done.missed


def test_every_pausing_rule_has_a_danger() -> None:
    planted = {danger.rule for danger in DANGERS}
    pausing = {rule.name for rule in RULES if rule.effect >= Effect.PAUSE}
    assert pausing - planted == NOT_PLANTED.keys()


def test_the_same_seed_gives_the_same_soak() -> None:
    assert ordinary.play("again", 0.3) == ordinary.play("again", 0.3)


def test_gaps_follow_the_traced_wristband() -> None:
    rng = dice("1")
    gaps = sorted(wristband_gap_s(rng) for _ in range(20_000))
    for share, seconds in WRISTBAND_GAPS[1:-1]:
        assert gaps[int(share * len(gaps))] == pytest.approx(seconds, rel=0.15)
    assert gaps[-1] <= WRISTBAND_GAPS[-1][1]


@pytest.mark.parametrize(("count", "bound"), [(0, 2.9957), (1, 4.7439), (4, 9.1535), (10, 16.9622)])
def test_the_bound_is_the_exact_one(count: int, bound: float) -> None:
    # tables of the chi-squared law: half of its 0.95 quantile with 2 (count + 1) degrees of freedom
    assert upper_bound(count) == pytest.approx(bound, abs=1e-4)


def test_five_false_pauses_in_a_thousand_hours_are_too_many_and_so_are_seven_alarms_in_one() -> None:
    def report(count: int) -> Report:
        done = Report(seed="", workers=1, version="", machine=[], hours=1000.0)
        done.pauses = [("", None)] * count  # type: ignore[list-item]
        return done

    noisy = report(0)
    noisy.box_hours, noisy.alarms = 1.0, {"GRD-05": 7}
    assert not verdict(noisy)
    noisy.alarms = {"GRD-05": 5, "GRD-08": 1}
    assert verdict(noisy)
    assert verdict(report(4))
    assert not verdict(report(5))
    assert Report(seed="", workers=1, version="", machine=[]).most_per_hour == math.inf
