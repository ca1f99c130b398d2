"""The centre and a SCADA are told apart, and neither stops anything."""

import pytest

from edge_agent.domain.words import Words
from tests.support.story import Story, scenario_site

WHY = Words("路由器断电", "the router has no power")


@pytest.mark.parametrize(
    ("lost", "called"), [("uplink", "centre"), ("scada", "SCADA"), ("upload", "centre's store")]
)
def test_a_way_that_is_lost_is_told_and_work_goes_on(lost: str, called: str) -> None:
    told = Story(scenario_site())
    told.begin_work()
    told.field.unwell[lost] = WHY
    told.run(told.settings.rulebook.device.uplink_warn_s.value + 2)
    state = told.decisions[-1].state
    (alarm,) = (one for one in state.alarms.values() if one.verdict.rule == "uplink_down")
    detail = alarm.verdict.finding.detail
    assert called in detail.en
    assert WHY.en in detail.en
    assert WHY.zh in detail.zh
    assert state.permits["P-1"].state.value == "active"
