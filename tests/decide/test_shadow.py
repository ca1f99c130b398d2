"""Shadow mode: what it lets through, what it never hides, and how it ends."""

import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.decide import shadow
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.shadow import Shadows
from edge_agent.decide.state import Inputs, Start
from edge_agent.decide.step import begin, step
from edge_agent.domain.outcome import Effect, Event, Finding, Output, Verdict
from edge_agent.domain.permit import PauseClass, Permit, State
from edge_agent.domain.words import NOTHING
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import ShadowTable
from tests.support.story import T0_UTC, Story, scenario_site, ticket

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("*/inputs.jsonl"))
SOME = SCENARIOS[:: 1 if os.environ.get("MUTANTS") == "all" else 8]  # every one with `make mutate`
UNTIL = "2026-11-18T13:00:00Z"  # two hours after a story begins
PAST = "2026-11-01T00:00:00Z"
LONG_S = ShadowTable(scope="site", until=UNTIL, by="zhao-min", reason="-").until_utc - T0_UTC


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def shadowed(site: Settings, scope: str = "site", what: str = "", until: str = UNTIL) -> Settings:
    row = ShadowTable(scope=scope, what=what, until=until, by="zhao-min", reason="trial")  # type: ignore[arg-type]
    return replace(site, site=replace(site.site, shadow=(row,)))


def events(told: Story, type_: str = "") -> list[Event]:
    found = [event for decision in told.decisions for event in decision.events]
    return [event for event in found if event.type.startswith(type_)]


def energised(told: Story) -> bool:
    actions = (action for decision in told.decisions for action in decision.actions)
    return any(action.on for action in actions)


@pytest.mark.parametrize("scope", [("site", ""), ("kind", "confined_space")])
def test_a_job_in_shadow_is_never_energised_alarmed_or_paused(site: Settings, scope: tuple[str, str]) -> None:
    told = Story(shadowed(site, *scope))
    told.field.gas["gas-co"] = {"level": None, "quality": "fault"}  # the start would have been refused
    told.begin_work()
    told.field.gas["gas-co"] = {"level": 1.0}
    told.run(5)
    told.field.gas["gas-ch4"] = {"level": 12.0}
    told.run(5)
    told.field.gas["gas-ch4"] = {"level": 0.0}
    told.run(20)
    assert told.state is State.ACTIVE
    assert not energised(told)
    assert not events(told, "alarm.raised")
    assert not events(told, "permit.paused")
    (refused,) = events(told, "permit.would_have_been_refused")
    assert "gas_not_good" in refused.data["rules"]
    (paused,) = [e for e in events(told, "permit.would_have_paused") if "gas_dangerous" in e.data["rules"]]
    assert paused.data["shadow"] is True
    assert paused.data["authorised"] is False
    spoken = [e for e in events(told) if e.subject == "P-1" and e.type != "permit.received"]
    assert not {e.type for e in spoken if e.data.get("shadow") is not True}
    assert {e.data["rule"] for e in events(told, "alarm.would_have_returned")} >= {"gas_dangerous"}


def test_when_its_date_comes_the_work_is_stopped_and_protected(site: Settings) -> None:
    told = Story(shadowed(site))
    told.begin_work()
    told.utc = T0_UTC + LONG_S - 1
    told.run(3)
    assert told.state is State.PAUSED
    permit = told.decisions[-1].state.permits["P-1"]
    assert not permit.shadow
    assert [cause.rule for cause in permit.causes] == ["shadow_ended"]
    assert any(action.on for action in told.decisions[-1].actions if action.output is Output.BEACON)
    told.utc -= 365 * 86400  # a clock set back does not bring the shadow back
    told.bring(ticket(id="P-2", valid_from_utc=0.0))
    told.field.gas["gas-ch4"] = {"level": 12.0}
    told.run(2)
    assert events(told, "alarm.raised")
    assert not any(p.shadow for p in told.decisions[-1].state.permits.values())


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.RECEIVED, State.RECEIVED),
        (State.READY, State.RECEIVED),
        (State.PAUSED, State.PAUSED),
        (State.RESUME_CHECK, State.PAUSED),
        (State.CLOSED, State.CLOSED),
    ],
)
def test_a_clock_that_loses_its_trust_ends_the_shadow(site: Settings, state: State, after: State) -> None:
    told = Story(shadowed(site))
    told.begin_work()
    was = told.decisions[-1].state
    permit = replace(was.permits["P-1"], state=state)
    told.trusted = False
    told.run(1)
    decision = step(told.settings, replace(was, permits={"P-1": permit}), told.inputs())
    assert decision.state.permits["P-1"].state is after
    assert decision.state.permits["P-1"].shadow is (state is State.CLOSED)


def test_one_rule_in_shadow_stops_nothing_and_every_other_rule_does(site: Settings) -> None:
    told = Story(shadowed(site, "rule", "camera_required_not_monitored"))
    told.begin_work()
    told.field.silent.add("cam-1")
    told.run(80)
    assert told.state is State.ACTIVE
    (would,) = events(told, "permit.would_have_paused")
    assert would.data["rules"] == ["camera_required_not_monitored"]
    told.field.silent.add("gas-co")
    told.run(40)
    assert told.state is State.PAUSED
    causes = {cause.rule for cause in told.decisions[-1].state.permits["P-1"].causes}
    assert "gas_not_good" in causes
    assert "camera_required_not_monitored" not in causes


@pytest.mark.parametrize("rule", ["gas_dangerous", "sos", "stop_button", "isolation_failed"])
def test_what_is_grave_is_never_in_shadow_alone(rule: str) -> None:
    (row,) = [row for row in RULES if row.name == rule]
    assert shadow.grave(row.effect, row.pause_class)


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.parent.name)
def test_without_shadow_nothing_changes(site: Settings, path: Path) -> None:
    """Recorded days again, beside rows whose date has passed: the same events, byte for byte."""
    over = shadowed(shadowed(site, "rule", "gas_not_good", PAST), until=PAST)
    first, *rest = path.read_bytes().splitlines()
    start = msgspec.json.decode(first, type=Start)
    plain, dark = (begin(settings, start.instant, start.kept) for settings in (site, over))
    for line in rest:
        inputs = msgspec.json.decode(line, type=Inputs)
        plain = step(site, plain.state, inputs)
        dark = step(over, dark.state, inputs)
        assert (plain.events, plain.actions, plain.answers) == (dark.events, dark.actions, dark.answers)
        assert not dark.state.shadow


def _verdict(rule: str, permit: str, effect: Effect, pause_class: PauseClass) -> Verdict:
    return Verdict(
        key=f"{rule}|{permit}|x",
        rule=rule,
        code="X-1",
        finding=Finding(permit, "x", NOTHING),
        effect=effect,
        pause_class=pause_class,
        priority=RULES[0].priority,
        latch=True,
        retest=False,
        on_delay_s=0,
        off_delay_s=0,
        act_within_s=1,
        blame=RULES[0].blame,
        title=NOTHING,
        cause=NOTHING,
        consequence=NOTHING,
        action=NOTHING,
    )


VERDICTS = st.lists(
    st.builds(
        _verdict,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["", "P-1", "P-2"]),
        st.sampled_from(list(Effect)),
        st.sampled_from(list(PauseClass)),
    )
)


@given(
    verdicts=VERDICTS,
    rules=st.frozensets(st.sampled_from(["a", "b", "c"])),
    whole=st.booleans(),
    dark=st.frozensets(st.sampled_from(["P-1", "P-2"])),
)
def test_the_filter_hides_exactly_what_is_in_shadow(
    verdicts: list[Verdict], rules: frozenset[str], whole: object, dark: frozenset[str]
) -> None:
    permits = [
        Permit(ticket=ticket(id=id_), state=State.ACTIVE, since_s=0, since_utc=0, end_at_s=9, shadow=id_ in dark)
        for id_ in ("P-1", "P-2")
    ]
    acting, hidden = shadow.split(verdicts, Shadows(site=bool(whole), rules=rules), permits)
    assert sorted(map(id, acting + hidden)) == sorted(map(id, verdicts))
    for verdict in acting:
        assert verdict.finding.permit not in dark
    for verdict in hidden:
        own, unit = (
            verdict.finding.permit in dark,
            bool(whole) and dark == {"P-1", "P-2"} and not verdict.finding.permit,
        )
        alone = verdict.rule in rules and not shadow.grave(verdict.effect, verdict.pause_class)
        assert own or unit or alone


def test_a_job_in_shadow_that_runs_out_is_nobodys_to_look_after(site: Settings) -> None:
    told = Story(shadowed(site))
    told.begin_work(valid_to_utc=T0_UTC + 40)
    told.run(60)
    ended = told.decisions[-1].state.permits["P-1"]
    assert ended.state is State.EXPIRED
    assert not ended.watched


def test_a_site_in_shadow_sounds_no_siren_where_nobody_works(site: Settings) -> None:
    told = Story(shadowed(site))
    told.field.gas["gas-h2s"] = {"level": 60.0}
    told.run(3)
    assert not energised(told)
    real = Story(site)
    real.field.gas["gas-h2s"] = {"level": 60.0}
    real.run(3)
    assert energised(real)
