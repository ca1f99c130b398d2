"""Permits that have ended: the siren goes on for those who are still there, and what is long over is forgotten."""

import pytest

from edge_agent.decide.life import SHOWN_S
from edge_agent.decide.state import Kept
from edge_agent.domain.outcome import Output
from edge_agent.domain.permit import Permit, State
from edge_agent.domain.request import Ask
from tests.support.story import T0_S, T0_UTC, Story, scenario_site, ticket


def on(told: Story, output: Output) -> bool:
    return any(action.on for action in told.decisions[-1].actions if action.output is output)


def test_the_siren_of_a_release_goes_on_when_the_permit_runs_out() -> None:
    told = Story(scenario_site())
    told.begin_work(valid_to_utc=T0_UTC + 40)
    told.field.gas["gas-h2s"] |= {"level": 60.0}
    told.run(60)
    assert told.state is State.EXPIRED
    assert on(told, Output.SIREN)
    assert on(told, Output.BEACON)
    assert not on(told, Output.PERMISSIVE)
    told.comes_out()
    told.ask(Ask.CLOSE, "wang-lei", people_inside=0)
    told.run(told.settings.rulebook.gas.danger_off_s.value + 2)
    assert on(told, Output.SIREN)  # nobody works there any more, and whoever passes is told to keep out
    told.field.gas["gas-h2s"] |= {"level": 0.0}
    told.run(told.settings.rulebook.gas.danger_off_s.value + 2)
    assert not on(told, Output.SIREN)
    assert not on(told, Output.BEACON)


def ended(id_: str, ago_s: float, *, leaving: bool = False) -> Permit:
    return Permit(
        ticket=ticket(id=id_),
        state=State.EXPIRED,
        since_s=T0_S,
        since_utc=T0_UTC - ago_s,
        end_at_s=T0_S,
        leaving=leaving,
    )


@pytest.mark.parametrize("trusted", [True, False])
def test_what_ended_long_ago_is_forgotten_unless_somebody_is_missing(trusted: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    kept = (ended("P-old", SHOWN_S + 1), ended("P-new", SHOWN_S - 60), ended("P-left", SHOWN_S + 1, leaving=True))
    told = Story(scenario_site(), kept=Kept(permits=kept), trusted=trusted)
    told.run(2)
    left = set(told.decisions[-1].state.permits)
    assert left == ({"P-new", "P-left"} if trusted else {"P-old", "P-new", "P-left"})
