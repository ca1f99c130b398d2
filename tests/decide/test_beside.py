"""What a box tells its neighbours: its own alarms that sound, and nothing that is second-hand or played."""

from functools import cache

from edge_agent.decide.beside import MOST, Ours, ours
from edge_agent.decide.state import Decision
from edge_agent.domain.outcome import AlarmState
from edge_agent.ops.replay import decisions
from tests.scenarios.scenario import HERE
from tests.scenarios.stories import site_of


@cache
def played(name: str) -> tuple[Decision, ...]:
    lines = (HERE / name / "inputs.jsonl").read_bytes().splitlines()
    return tuple(decisions(site_of(name), lines))


def told(name: str) -> list[Ours]:
    return [ours(decision.state) for decision in played(name)]


def test_a_leak_is_told_with_its_place_and_who_must_leave() -> None:
    said = {
        (alarm.code, alarm.area, alarm.permit, alarm.leave)
        for one in told("chlorine_release")
        for alarm in one.alarms
    }
    assert any(leave and permit and area for _, area, permit, leave in said), "a job's own alarm, at its area"
    assert any(leave and not permit and area for _, area, permit, leave in said), "an area's, at its area"
    assert all(
        one.alarms == tuple(sorted(one.alarms, key=lambda a: not a.leave)) for one in told("chlorine_release")
    )


def test_an_alarm_that_is_over_is_told_no_more() -> None:
    assert any(one.alarms for one in told("a_quiet_job")) is False
    assert not told("people_leave_at_the_other_box_and_here_with_them")[-1].alarms


def test_what_another_box_said_is_never_passed_on() -> None:
    name = "people_leave_at_the_other_box_and_here_with_them"
    sounding = [
        alarm.verdict.rule
        for decision in played(name)
        for alarm in decision.state.alarms.values()
        if alarm.state is AlarmState.UNACK_ACTIVE
    ]
    assert {"peer_evacuates", "peer_clears"} <= set(sounding)
    assert not any(alarm.leave for one in told(name) for alarm in one.alarms)


def test_what_is_only_played_is_not_told() -> None:
    name = "a_drill_in_which_everybody_comes_out_in_time"
    assert any(alarm.verdict.drill for decision in played(name) for alarm in decision.state.alarms.values())
    assert not any(alarm.leave for one in told(name) for alarm in one.alarms)


def test_every_open_permit_is_claimed() -> None:
    assert {claim.permit for one in told("chlorine_release") for claim in one.claims}
    assert MOST >= 20
