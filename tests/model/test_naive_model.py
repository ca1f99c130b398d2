"""The real step against the naive account: whatever the field, people and clocks do, what must hold holds."""

import zoneinfo
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from msgspec.structs import replace

from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import Kept
from edge_agent.decide.step import step
from edge_agent.domain.drill import Drill, DrillStep
from edge_agent.domain.observation import Quality, View
from edge_agent.domain.outcome import AlarmState
from edge_agent.domain.permit import State
from edge_agent.domain.person import Proof
from edge_agent.domain.request import Ask, Presence
from edge_agent.domain.ticket import Approval
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import ShadowTable
from tests.model.naive import BrokenError, Naive
from tests.support.story import GOOD_AIR, T0_UTC, Field, Story, scenario_site

SITE = scenario_site()
# Drawn from this list, so that most jobs live on after it: forward by a year is the end.
MOVES_S = (-31_536_000.0, -31_536_000.0, -3600.0, -3600.0, -5.0, -5.0, -1.0, 1.0, 5.0, 5.0, 60.0, 31_536_000.0)
HOUR_S = 3600.0
SHADOW_ENDS = "2026-11-18T11:20:00Z"  # some minutes after the stories begin
LEAK = DrillStep(after_s=2, kind="gas", source="gas-ch4", level=20.0, unit="%LEL")
GUARD_GOES = DrillStep(after_s=2, kind="guard_gone")
MAY_BE_LET_BE = (
    "guard_lost",
    "guard_tag_off",
    "guard_still_too_long",
    "guard_perhaps_too_far",
    "device_silent",
    "camera_required_not_monitored",
)
SAMPLES = settings(
    max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# Where clocks are put forward and back: Berlin, 2026-03-29 and 2026-10-25 at 01:00 UTC; else an ordinary day.
BEGINNINGS = (T0_UTC, 1774745400.0, 1792890000.0)
PEOPLE = ("wang-lei", "li-na", "zhao-min", "sun-yan", "zhou-qiang", "qian-wei", "feng-tao", "nobody")
LEVELS = {
    "gas-ch4": (0.0, 9.9, 10.0, 10.1, 60.0),
    "gas-o2": (5.0, 19.4, 19.5, 20.9, 23.5, 23.6),
    "gas-h2s": (0.0, 7.2, 7.3, 50.0),
    "gas-co": (0.0, 26.0, 27.0, 300.0),
}


class Watched(Story):
    """A story whose every step the naive account sees."""

    def __init__(
        self, site: Settings, *, rules: tuple[Rule, ...] = RULES, earlier: Naive | None = None, **more: Any
    ) -> None:
        super().__init__(site, **more)
        self._rules = rules
        self.naive = Naive(site.rulebook, "P-1", self.decisions[-1], earlier)

    def run(self, seconds: float, *, every_s: float = 1.0) -> None:
        left = seconds
        while left > 0:
            self.now_s += every_s
            self.utc += every_s
            left -= every_s
            inputs = self.inputs()
            self.decisions = [step(self.deciding(self.settings), self.decisions[-1].state, inputs, self._rules)]
            self._asked.clear()
            self.naive.see(inputs, self.decisions[-1])

    @staticmethod
    def deciding(site: Settings) -> Settings:
        """The settings that the step is given."""
        return site

    def restarted(self, *, utc: float | None = None, trusted: bool = True) -> "Watched":
        """The same job after the box came up again from what its store kept."""
        state = self.decisions[-1].state
        kept = Kept(
            permits=tuple(state.permits.values()),
            alarms=tuple(a for a in state.alarms.values() if a.state is not AlarmState.PENDING),
            persons=tuple(state.persons.values()),
            seq=state.seq,
        )
        woken_utc = self.utc + 30 if utc is None else utc
        again = Watched(
            self.settings, rules=self._rules, earlier=self.naive, utc=woken_utc, kept=kept, trusted=trusted
        )
        again.field = self.field
        again._count = self._count
        return again


def in_shadow(site: Settings) -> Settings:
    """The same site, on trial: everything is decided and nothing is done."""
    row = ShadowTable(scope="site", until=SHADOW_ENDS, by="zhao-min", reason="trial")
    return replace(site, site=replace(site.site, shadow=(row,)))


class Job(RuleBasedStateMachine):
    """One job at the tank. `told` drives the real step; every step is shown to the naive account."""

    def __init__(self) -> None:
        super().__init__()
        self.told: Watched

    @initialize(
        utc=st.sampled_from(BEGINNINGS),
        hours=st.sampled_from((0.05, 0.5, 3.0)),
        zone=st.booleans(),
        shadow=st.sampled_from((False, False, False, True)),
    )
    def it_begins(self, utc: float, hours: float, *, zone: bool, shadow: bool) -> None:
        local = replace(SITE.local_time, zone=zoneinfo.ZoneInfo("Europe/Berlin"))
        site = replace(SITE, local_time=local) if zone else SITE
        self.told = Watched(in_shadow(site) if shadow else site, utc=utc)
        approved = (Approval(role="area_owner", person="feng-tao", at_utc=utc - 1200),)
        self.told.begin_work(valid_from_utc=utc - 600, valid_to_utc=utc + hours * HOUR_S, approvals=approved)

    # --- time ---

    @rule(seconds=st.sampled_from((1, 2, 4, 9, 25, 45)))
    def time_passes(self, seconds: int) -> None:
        self.told.run(seconds)

    @rule()
    def it_is_a_long_break(self) -> None:
        self.told.run(1920, every_s=60.0)

    @rule(by_s=st.sampled_from(MOVES_S))
    def the_clock_is_moved(self, by_s: float) -> None:
        self.told.utc += by_s
        self.told.step()

    @rule()
    def the_clock_loses_or_finds_its_trust(self) -> None:
        self.told.trusted = not self.told.trusted
        self.told.step()

    @rule(trusted=st.booleans(), date=st.sampled_from(("kept", "1970", "later")))
    def the_box_restarts(self, *, trusted: bool, date: str) -> None:
        utc = {"kept": self.told.utc + 30, "1970": 60.0, "later": self.told.utc + 2 * HOUR_S}[date]
        self.told = self.told.restarted(utc=utc, trusted=trusted and date != "1970")
        self.told.step()

    # --- the field ---

    @rule(data=st.data(), source=st.sampled_from(sorted(LEVELS)))
    def the_air_changes(self, data: Any, source: str) -> None:
        self.told.field.gas[source] = {"level": data.draw(st.sampled_from(LEVELS[source]))}
        self.told.step()

    @rule(source=st.sampled_from(sorted(LEVELS)), quality=st.sampled_from(sorted(Quality)), alarm=st.booleans())
    def a_detector_says_otherwise(self, source: str, quality: Quality, *, alarm: bool) -> None:
        level = LEVELS[source][3] if source == "gas-o2" else 0.0
        number = quality in {Quality.GOOD, Quality.CAL_OVERDUE, Quality.SUSPECT}
        self.told.field.gas[source] = {
            "level": level if number else None,
            "quality": quality,
            "device_alarm": alarm and number,
        }
        self.told.step()

    @rule(source=st.sampled_from(("gas-ch4", "gas-o2", "tag-guard", "tag-worker-1", "relay-1", "cam-1")))
    def a_source_falls_silent(self, source: str) -> None:
        self.told.field.silent.add(source)
        self.told.step()

    @rule(
        away_m=st.sampled_from((0.0, 12.0, 40.0, 49.0, 52.0, 90.0)),
        accuracy_m=st.sampled_from((0.5, 5.0, 60.0, None)),
        worn=st.sampled_from((True, True, False, None)),
        moving=st.sampled_from((True, False)),
    )
    def the_guard_is_elsewhere(self, away_m: float, accuracy_m: float | None, worn: Any, moving: Any) -> None:
        self.told.field.guard = {
            "x_m": 6.5 + away_m,
            "y_m": 0.0,
            "accuracy_m": accuracy_m,
            "worn": worn,
            "moving": moving,
        }
        self.told.step()

    @rule(who=st.sampled_from(("guard", "worker")), what=st.sampled_from(("sos", "fall")))
    def somebody_is_in_trouble(self, who: str, what: str) -> None:
        getattr(self.told.field, who)[what] = True
        self.told.step()

    @rule(closed=st.sampled_from((True, False, None)), stuck=st.sampled_from((None, True, False)))
    def contacts_change(self, *, closed: bool | None, stuck: bool | None) -> None:
        self.told.field.stop_closed, self.told.field.stuck = closed, stuck
        self.told.step()

    @rule(view=st.sampled_from(sorted(View)))
    def the_picture_changes(self, view: View) -> None:
        self.told.field.view = view
        self.told.step()

    @rule()
    def everything_is_well_again(self) -> None:
        self.told.field = Field()
        self.told.run(8)

    # --- people ---

    @rule(
        ask=st.sampled_from(sorted(set(Ask) - {Ask.REVOKE, Ask.STOP})),
        person=st.sampled_from(PEOPLE),
        proof=st.sampled_from(sorted(Proof)),
        inside=st.sampled_from((None, 0, 2)),
        presence=st.sampled_from((None, None, Presence.CODE, Presence.BADGE)),
    )
    def somebody_asks(
        self, ask: Ask, person: str, proof: Proof, inside: int | None, presence: Presence | None
    ) -> None:
        samples = GOOD_AIR if ask is Ask.RETEST else ()
        self.told.ask(ask, person, proof=proof, people_inside=inside, samples=samples, presence=presence)
        self.told.step()

    @rule(ask=st.sampled_from((Ask.STOP, Ask.STOP, Ask.STOP, Ask.REVOKE)), proof=st.sampled_from(sorted(Proof)))
    def somebody_stops_or_withdraws_it(self, ask: Ask, proof: Proof) -> None:
        self.told.ask(ask, "zhao-min", proof=proof)
        self.told.step()

    @rule(
        rule=st.sampled_from((*MAY_BE_LET_BE, "gas_dangerous", "gas_not_good", "sos")),
        for_s=st.sampled_from((5, 60)),
    )
    def the_safety_officer_lets_a_rule_be(self, rule: str, for_s: float) -> None:
        self.told.ask(Ask.OVERRIDE, "zhao-min", rule=rule, for_s=for_s, reason="it is being mended")
        self.told.step()

    @rule(what=st.sampled_from((LEAK, GUARD_GOES)))
    def a_drill_is_played(self, what: DrillStep) -> None:
        self.told.ask(Ask.DRILL, "zhao-min", drill=Drill(name="drill", steps=(what,), longest_s=60.0))
        self.told.run(4)

    @rule()
    def somebody_goes_in(self) -> None:
        self.told.goes_in("zhou-qiang")

    @rule(who=st.sampled_from(("li-na", "wang-lei", "zhou-qiang")), denied=st.sampled_from(("barred", None)))
    def the_centre_bars_or_readmits(self, who: str, denied: str | None) -> None:
        known = self.told.decisions[-1].state.persons[who]
        self.told.bring(replace(known, denied=denied))
        self.told.step()

    @rule(gap_s=st.sampled_from((1, 1, 1, 70)), tested=st.sampled_from((True, True, True, False)))
    def everybody_does_what_a_resume_needs(self, gap_s: int, *, tested: bool) -> None:
        """The way back, so that the machine does not stay stopped; without a test, or too slowly, it may fail."""
        self.told.field, self.told.trusted = Field(), True
        self.told.comes_out()
        for who in ("li-na", "wang-lei", "zhou-qiang"):
            known = self.told.decisions[-1].state.persons[who]
            if known.denied is not None:
                self.told.bring(replace(known, denied=None))
        self.told.run(5)
        self.told.ask(Ask.CHECK_IN, "li-na")
        self.told.ask(Ask.ACKNOWLEDGE, "zhao-min")
        self.told.run(5)
        if tested:
            self.told.ask(Ask.RETEST, "sun-yan", samples=GOOD_AIR)
            self.told.step()
        for person in ("zhao-min", "qian-wei", "wang-lei", "li-na"):
            self.told.ask(Ask.RESUME if self._stopped() else Ask.START, person)
            self.told.run(gap_s)

    def _stopped(self) -> bool:
        permit = self.told.decisions[-1].state.permits.get("P-1")  # one that ended long ago is forgotten
        return permit is not None and permit.state in {State.PAUSED, State.SUSPENDED, State.RESUME_CHECK}


TestJob = Job.TestCase
TestJob.settings = SAMPLES


# --- the naive account can fail -------------------------------------------------------------------------


def gas(told: Watched) -> None:
    told.field.gas["gas-h2s"] = {"level": 9.0}


def silence(told: Watched) -> None:
    told.field.silent.add("gas-o2")


def guard_gone(told: Watched) -> None:
    told.field.guard = {"x_m": 70.0, "y_m": 0.0, "moving": True}


def guard_unsure(told: Watched) -> None:
    told.field.guard = {"x_m": 6.5, "y_m": 0.0, "moving": True, "accuracy_m": 90.0}


def tag_silent(told: Watched) -> None:
    told.field.silent.add("tag-guard")


def tag_off(told: Watched) -> None:
    told.field.guard["worn"] = False


def button(told: Watched) -> None:
    told.field.stop_closed = False


def relay_silent(told: Watched) -> None:
    told.field.silent.add("relay-1")


def camera_silent(told: Watched) -> None:
    told.field.silent.add("cam-1")


def guard_still(told: Watched) -> None:
    told.field.guard["moving"] = False


def untrusted(told: Watched) -> None:
    """Stopped by hand, and the clock is lost."""
    told.ask(Ask.STOP, "zhou-qiang", reason="a cable lies in the way")
    told.trusted = False
    told.run(6)
    for _ in range(10):
        told.ask(Ask.RESUME, "wang-lei")
        told.ask(Ask.RESUME, "li-na")
        told.step()


def sos(told: Watched) -> None:
    told.field.worker["sos"] = True


def barred(told: Watched) -> None:
    told.bring(replace(told.decisions[-1].state.persons["zhou-qiang"], denied="barred"))


@pytest.mark.parametrize(
    ("happens", "rules"),
    [
        (gas, {"gas_dangerous"}),
        (silence, {"gas_not_good"}),
        (guard_gone, {"guard_too_far", "guard_perhaps_too_far", "guard_off_site"}),
        (guard_unsure, {"guard_perhaps_too_far"}),
        (tag_silent, {"guard_lost"}),
        (tag_off, {"guard_tag_off"}),
        (button, {"stop_button"}),
        (relay_silent, {"device_silent"}),
        (camera_silent, {"camera_required_not_monitored"}),
        (guard_still, {"guard_still_too_long"}),
        (untrusted, {"clock_not_trusted"}),
        (sos, {"sos"}),
        (barred, {"person_unfit"}),
    ],
    ids=lambda part: part.__name__ if callable(part) else "",
)
def test_the_naive_account_sees_what_a_missing_rule_lets_pass(
    happens: Callable[[Watched], None], rules: set[str]
) -> None:
    for left_out in (set(), rules):
        told = Watched(SITE, rules=tuple(rule for rule in RULES if rule.name not in left_out))
        told.begin_work()
        told.run(5)
        assert told.state is State.ACTIVE
        if left_out:
            with pytest.raises(BrokenError):
                _then_wait(told, happens)
        else:
            _then_wait(told, happens)
            assert told.state in {State.PAUSED, State.SUSPENDED}


def _then_wait(told: Watched, happens: Callable[[Watched], None]) -> None:
    happens(told)
    told.run(50)


def test_the_way_back_leads_to_permitted_work_again() -> None:
    """Or the machine above would prove things about stopped work only."""
    job = Job()
    job.it_begins(utc=T0_UTC, hours=3.0, zone=False, shadow=False)
    assert job.told.state is State.ACTIVE
    job.told.field.gas["gas-h2s"] = {"level": 9.0}
    job.told.run(3)
    assert job.told.state is State.PAUSED
    job.everybody_does_what_a_resume_needs(gap_s=1, tested=False)
    assert job.told.state is not State.ACTIVE
    job.everybody_does_what_a_resume_needs(gap_s=1, tested=True)
    assert job.told.state is State.ACTIVE
