"""What ends a ticket for good, and what was only played."""

from edge_agent.decide.life import voided
from edge_agent.domain.outcome import Alarm, AlarmState
from tests.support.story import Story, scenario_site
from tests.support.verdict import verdict

STORY = Story(scenario_site())
STORY.begin_work()
PERMIT = STORY.decisions[-1].state.permits["P-1"]


def alarm(**more: object) -> Alarm:
    return Alarm(verdict=verdict(**more), state=AlarmState.UNACK_ACTIVE, first_seen_s=0.0, last_seen_s=0.0)


def test_only_a_real_final_alarm_ends_the_ticket() -> None:
    assert voided(PERMIT, (alarm(),)) is PERMIT
    assert voided(PERMIT, (alarm(final=True, drill=True),)) is PERMIT
    assert voided(PERMIT, (alarm(), alarm(final=True))).void is not None


def test_the_first_reason_stays() -> None:
    first = voided(PERMIT, (alarm(final=True),))
    assert voided(first, (alarm(final=True, key="another"),)) is first
