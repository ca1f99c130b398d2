"""The report of shadow mode, from what a real store kept."""

from pathlib import Path

from msgspec.structs import replace

from edge_agent.ops import shadow_report
from edge_agent.settings.site_itself import ShadowTable
from tests.agent.test_brain import Bench
from tests.support.story import Story, scenario_site


def test_the_report_counts_what_the_box_would_have_done(tmp_path: Path) -> None:
    site = scenario_site()
    row = ShadowTable(scope="site", until="2026-11-18T13:00:00Z", by="zhao-min", reason="trial")
    dark = replace(site, site=replace(site.site, shadow=(row,)))
    folders = replace(dark.site.folders, state=str(tmp_path))
    told = Story(dark)
    told.begin_work()
    for _ in range(2):
        told.field.gas["gas-ch4"] = {"level": 12.0}
        told.run(7)
        told.field.gas["gas-ch4"] = {"level": 0.0}
        told.run(20)
    told.field.silent.add("relay-1")  # still silent at the end
    told.run(20)
    bench = Bench(tmp_path, dark)
    bench.play(told.lines[1:])
    bench.close()
    events = shadow_report.kept(replace(dark, site=replace(dark.site, folders=folders)))
    gas = [spell for spell in shadow_report.spells(events) if spell.rule == "gas_dangerous"]
    assert len(gas) == 2
    assert all(spell.until_utc is not None and spell.until_utc - spell.from_utc >= 7 for spell in gas)
    text = "\n".join(shadow_report.page(events, dark.local_time))
    assert "- 会暂停作业 would have paused: 3" in text
    assert "气体危险 撤离 Dangerous gas: evacuate (`gas_dangerous`) | 2 |" in text
    assert "1 未结束 not ended" in text


def test_a_restart_ends_what_nobody_saw_the_end_of() -> None:
    site = scenario_site()
    told = Story(site)
    told.begin_work()
    begun = next(e for d in told.decisions for e in d.events if e.type == "unit.started")
    raised = replace(
        begun, type=shadow_report.RAISED, data={"rule": "r", "source": "s", "title": {"zh": "", "en": ""}}
    )
    returned = replace(raised, type=shadow_report.RETURNED)
    (spell,) = shadow_report.spells([begun, raised, begun, returned])
    assert spell.until_utc is None
