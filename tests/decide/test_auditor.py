"""An auditor, also one from outside, reads: nothing that he asks moves a permit, an alarm or a person's record."""

import pytest
from msgspec.structs import replace

from edge_agent.domain.person import Person, Role
from edge_agent.domain.request import Ask
from tests.support.story import GOOD_AIR, Story, scenario_site

READS = {
    Ask.STOP,
    Ask.REPORT,
    Ask.FILM,
    Ask.PICTURE,
}  # open to more; the last two go on record


@pytest.mark.parametrize("ask", [ask for ask in Ask if ask not in READS])
def test_an_auditor_changes_nothing(ask: Ask) -> None:
    told = Story(scenario_site())
    told.bring(Person(id="outside", name="Auditor", roles=(Role.AUDITOR, Role.VIEWER)))
    told.begin_work()
    told.field.gas["gas-h2s"] = {"level": 15.0}
    told.run(2)
    before = told.decisions[-1].state
    more = {"about": ("zhou-qiang",), "samples": GOOD_AIR, "alarm": next(iter(before.alarms)), "reason": "look"}
    told.ask(ask, "outside", rule="gas_dangerous", for_s=60.0, **more)
    told.step()
    after = told.decisions[-1]
    assert not after.answers[-1].accepted
    assert after.state.permits["P-1"].state is before.permits["P-1"].state
    assert after.state.persons == before.persons
    assert not any(one.shelf for one in after.state.alarms.values())
    assert replace(after.state.permits["P-1"], causes=()).signatures == before.permits["P-1"].signatures
