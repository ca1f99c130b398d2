"""What a restart keeps, what starts as unknown, and that ARCHITECTURE.md says so of every field."""

import re

import pytest
from msgspec.structs import replace

from edge_agent.decide import figures, figures_told
from edge_agent.decide.state import Inputs, Kept, State
from edge_agent.decide.step import begin, step
from edge_agent.domain.figures import Counts, Day, Figures
from edge_agent.domain.outcome import UNTOLD, Event
from edge_agent.domain.permit import Confirmed, Inside, Permit
from edge_agent.domain.permit import State as PermitState
from edge_agent.domain.ticket import Measure, MeasureKind
from edge_agent.domain.words import Words
from edge_agent.fuse.memory import Memory
from edge_agent.settings.site import Settings
from edge_agent.settings.site_itself import ShadowTable
from tests.scenarios.stories.telling import working
from tests.support.story import ROOT, T0_UTC, Story, scenario_site

DOWN_S = 180.0


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def kept_of(told: Story) -> Kept:
    """What the store and the journal would hand back of a story's last state."""
    state = told.decisions[-1].state
    return Kept(
        permits=tuple(state.permits.values()),
        alarms=tuple(alarm for alarm in state.alarms.values() if alarm.state not in UNTOLD),
        counts=figures.kept(state),
        seq=state.seq,
        alive_utc=told.utc,
    )


def again(told: Story, *, down_s: float = DOWN_S, trusted: bool = True) -> Story:
    """The same site after the box was down for a while; its monotonic clock began anew."""
    return Story(told.settings, kept=kept_of(told), utc=told.utc + down_s, trusted=trusted)


def events(told: Story, type_: str) -> list[Event]:
    return [event for decision in told.decisions for event in decision.events if event.type == type_]


def test_architecture_says_of_every_field_what_a_restart_does_to_it() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    table = page.split("## What a restart keeps", 1)[1].split("\n## ", 1)[0]
    firsts = re.findall(r"^\|([^|]*)\|", table, re.MULTILINE)
    named = {name for row in firsts for name in re.findall(r"`(\w+)`", row)}
    assert named == {*State.__struct_fields__, *Memory.__struct_fields__} - {"memory"}


def test_the_day_goes_on_and_says_what_it_has_missed(site: Settings) -> None:
    before = working(site)
    before.field.gas["gas-ch4"] = {"level": 12.0}
    before.run(5)
    before.comes_out()
    was = before.decisions[-1].state
    told = again(before)
    told.step()
    now = told.decisions[-1].state
    assert now.figures.repeats.items() >= was.figures.repeats.items()
    assert now.figures.day.stops_by_rule == {"gas_dangerous": 1}
    assert now.figures.day.starts == 1
    assert (now.figures.day.restarts, now.figures.day.down_s) == (1, DOWN_S)
    words = figures_told.told(now.figures.day)["words"]
    assert words == {
        "zh": "2026-11-18：开工 1 次（准时 0），停止 1 次，未遂候选 0 项，自 19:06 起统计，"
        "期间主机重启 1 次，至少 3 分钟未统计",
        "en": "2026-11-18: 1 starts (0 on time), 1 stops, 0 near-miss candidates — counted since 19:06 — "
        "1 restarts since, at least 3 min not counted",
    }


def test_a_day_that_ended_while_the_box_was_down_is_told_all_the_same(site: Settings) -> None:
    told = again(working(site), down_s=86400.0)
    told.step()
    (event,) = events(told, "figures.day")
    assert (event.data["date"], event.data["starts"]) == ("2026-11-18", 1)
    midnight_utc = T0_UTC - 19 * 3600 - 6 * 60 - 40 + 86400
    assert event.data["down_s"] == pytest.approx(midnight_utc - (told.utc - 86401), abs=1)
    assert told.decisions[-1].state.figures.day.date == "2026-11-19"


def test_without_a_journal_or_a_clock_the_time_down_is_not_known(site: Settings) -> None:
    before = working(site)
    kept = kept_of(before)
    for alive_utc, trusted in ((None, True), (before.utc, False)):
        told = Story(site, kept=replace(kept, alive_utc=alive_utc), utc=before.utc + DOWN_S, trusted=trusted)
        day = told.decisions[-1].state.figures.day
        assert (day.restarts, day.down_s) == (1, 0.0)


def test_a_box_that_counted_nothing_yet_has_missed_nothing(site: Settings) -> None:
    assert Story(site).decisions[-1].state.figures == Figures()
    whole = figures_told.told(Day(date="2026-11-18", since="00:00"))["words"]
    assert whole == {
        "zh": "2026-11-18：开工 0 次（准时 0），停止 0 次，未遂候选 0 项",
        "en": "2026-11-18: 0 starts (0 on time), 0 stops, 0 near-miss candidates",
    }


def test_how_often_a_gas_alarmed_in_an_area_is_remembered(site: Settings) -> None:
    before = working(site)
    before.field.gas["gas-ch4"] = {"level": 12.0}
    before.run(3)
    counted = before.decisions[-1].state.memory.gas_alarms
    assert counted
    assert again(before).decisions[-1].state.memory.gas_alarms == counted
    assert figures.kept(before.decisions[-1].state) == Counts(
        figures=replace(
            before.decisions[-1].state.figures, day=replace(before.decisions[-1].state.figures.day, ppe_s=None)
        ),
        gas_alarms=counted,
    )


def test_a_clock_set_back_by_a_restart_brings_no_shadow_back(site: Settings) -> None:
    row = ShadowTable(scope="site", until="2026-11-18T12:00:00Z", by="zhao-min", reason="trial")
    shadowed = replace(site, site=replace(site.site, shadow=(row,)))
    for alive_utc, over in ((row.until_utc, (0,)), (row.until_utc - 1, ()), (None, ())):
        told = Story(shadowed, kept=Kept(alive_utc=alive_utc), utc=row.until_utc - 3600)
        assert told.decisions[-1].state.shadow_over == over


def waiting(site: Settings) -> Permit:
    """Stopped work with somebody inside, a measure confirmed, all of an earlier boot."""
    before = working(site)
    permit = before.decisions[-1].state.permits["P-1"]
    return replace(
        permit,
        since_s=5000.0,
        since_utc=T0_UTC,
        stopped_s=4700.0,
        stopped_utc=T0_UTC - 300,
        inside=(Inside(person="wu-gang", since_s=4000.0, since_utc=T0_UTC - 1000, heard_s=4900.0),),
        confirmed=(Confirmed(measure="m", person="li-na", at_s=4950.0, at_utc=T0_UTC - 50),),
    )


@pytest.mark.parametrize(("utc", "trusted"), [(T0_UTC + 100, True), (0.0, False)])
def test_what_was_measured_goes_on_being_measured_by_date(site: Settings, utc: float, *, trusted: bool) -> None:
    """Also with a clock that came up in 1970: the journal knows of a later second."""
    kept = Kept(permits=(waiting(site),), alive_utc=T0_UTC + 100)
    told = Story(site, kept=kept, utc=utc, trusted=trusted)
    permit, now_s = told.decisions[0].state.permits["P-1"], told.now_s
    (inside,), (confirmed,) = permit.inside, permit.confirmed
    assert now_s - (permit.stopped_s or now_s) == 400
    assert now_s - inside.since_s == 1100
    assert now_s - inside.heard_s == 200
    assert now_s - confirmed.at_s == 150


def test_a_confirmation_of_an_earlier_boot_grows_old(site: Settings) -> None:
    measure = Measure(id="m", kind=MeasureKind.MANUAL, words=Words("盲板已加", "blinds are in place"))
    permit = waiting(site)
    permit = replace(permit, state=PermitState.READY, ticket=replace(permit.ticket, measures=(measure,)))
    fresh_s = site.rulebook.people.confirmed_fresh_s.value
    instant = Story(site, utc=T0_UTC + fresh_s).instant
    state = begin(site, instant, Kept(permits=(permit,))).state
    alarms = step(site, state, Inputs(instant=instant)).state.alarms.values()
    assert "measure_not_confirmed" in {alarm.verdict.rule for alarm in alarms}
