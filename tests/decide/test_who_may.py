"""Who may not, where nobody looks at first: a guard who is named no more, and those who only read."""

import pytest
from msgspec.structs import replace

from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from tests.scenarios.stories.gate import CLEARED
from tests.support.story import Story, scenario_site, ticket


def refused(told: Story) -> list[str]:
    told.step()
    (answer,) = told.decisions[-1].answers
    return [words.en for words in answer.reasons]


def test_a_guard_whom_the_ticket_names_no_more_is_co_signed_by_nobody() -> None:
    told = Story(scenario_site())
    told.begin_work()
    told.ask(Ask.STOP, "li-na")
    told.field.guard |= {"x_m": None, "y_m": None}
    told.step()
    told.ask(Ask.CHECK_IN, "li-na")
    assert "must co-sign on site" in refused(told)[-1]
    told.bring(ticket(version=2, guards=("chen-jie",)))
    assert refused(told) == []
    told.ask(Ask.CHECK_IN, "qian-wei", about=("li-na",))
    assert refused(told) == ["not a guard of this permit"]
    assert told.decisions[-1].state.permits["P-1"].guard is None


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.VIEWER])
def test_who_only_reads_confirms_no_measure(role: Role) -> None:
    site = scenario_site()
    reader = Person(id="reader", name="审", roles=(role,), pin_hash="$reader")
    told = Story(replace(site, persons=(*site.persons, reader)))
    told.bring(ticket(measures=(CLEARED,)))
    told.step()
    told.ask(Ask.CONFIRM, "reader", about=("cleared",))
    assert refused(told) == ["an auditor or viewer confirms no measure: they read only"]
    assert not told.decisions[-1].state.permits["P-1"].confirmed
