"""The figures of the day: what is counted, what is not, and when a day is told."""

import pytest
from msgspec.structs import replace

from edge_agent.decide import figures, figures_told
from edge_agent.decide.state import Inputs, State
from edge_agent.decide.step import step
from edge_agent.domain.drill import Drill, DrillStep
from edge_agent.domain.figures import Day, Figures
from edge_agent.domain.observation import SeenPerson, Sighting, View, Worn
from edge_agent.domain.outcome import Event, Priority
from edge_agent.domain.request import Ask
from edge_agent.settings.site import Settings
from tests.scenarios.stories.telling import working
from tests.support.story import Story, scenario_site

WEEK_S = 7 * 86400


@pytest.fixture(scope="module")
def site() -> Settings:
    return scenario_site()


def day(told: Story) -> Day:
    return told.decisions[-1].state.figures.day


def events(told: Story, type_: str) -> list[Event]:
    return [event for decision in told.decisions for event in decision.events if event.type == type_]


def test_a_day_counts_starts_stops_and_answers(site: Settings) -> None:
    told = working(site, valid_from_utc=1_795_000_000.0)
    told.field.gas["gas-ch4"] = {"level": 12.0}
    told.run(5)
    told.ask(Ask.ACKNOWLEDGE, "li-na")
    told.run(2)
    now = day(told)
    assert (now.starts, now.starts_on_time) == (1, 1)
    assert now.stops_by_rule == {"gas_dangerous": 1}
    assert now.stops_by_blame == {"rule": 1}
    assert now.acknowledged.count >= 1
    assert now.acknowledged.longest_s == 5.0
    assert now.decided.count == 1


def test_a_late_start_is_no_start_on_time(site: Settings) -> None:
    late = day(working(site))  # valid since an hour
    assert (late.starts, late.starts_on_time) == (1, 0)


def test_near_misses_are_candidates(site: Settings) -> None:
    told = Story(site)
    told.ask(Ask.START, "wang-lei")
    told.begin_work()
    told.ask(Ask.START, "wang-lei")  # refused: it is under way
    told.field.gas["gas-o2"] = {"level": 21.4}
    told.run(13)
    told.field.guard = {"x_m": 24.0, "y_m": 0.5, "moving": True}
    told.run(6)
    told.field.guard = {"x_m": 6.5, "y_m": 0.5, "moving": True}
    told.run(6)
    told.ask(Ask.STOP, "zhou-qiang")
    told.step()
    assert day(told).near_misses.keys() >= {
        "gas_approached_its_limit", "guard_came_back_in_time", "somebody_stopped_the_work", "a_start_was_refused",
    }  # fmt: skip


def test_what_was_played_was_no_stop(site: Settings) -> None:
    told = working(site)
    leak = DrillStep(after_s=1, kind="gas", source="gas-ch4", level=15.0, unit="%LEL")
    told.ask(Ask.DRILL, "zhao-min", drill=Drill(name="leak", steps=(leak,), longest_s=10.0))
    told.run(15)
    assert day(told).stops_by_rule == {}
    assert day(told).drills == 1


def test_midnight_tells_the_day_once_and_an_untrusted_clock_none(site: Settings) -> None:
    told = working(site)
    began = day(told)
    assert began.date == "2026-11-18"
    told.trusted = False
    told.utc += 86400
    told.run(2)
    assert not events(told, "figures.day")
    told.trusted = True
    told.run(2)
    (event,) = events(told, "figures.day")
    assert event.data["date"] == "2026-11-18"
    assert event.data["starts"] == 1
    assert day(told).date == "2026-11-19"
    assert day(told).starts == 0


def test_the_third_time_at_one_place_is_told_more_urgently(site: Settings) -> None:
    told = working(site, video_required=False)
    for _ in range(4):
        told.field.view = View.DARK
        told.run(400)
        told.field.view = View.CLEAR
        told.run(200)
    raised = [e for e in events(told, "alarm.raised") if e.data["rule"] == "camera_not_monitored"]
    first, *_, last = [Priority(event.data["priority"]) for event in raised]
    assert len(raised) == 4
    assert last == first - 1
    camera = [e for e in events(told, "alarm.escalated") if e.data["rule"] == "camera_not_monitored"]
    assert {event.data["rung"] for event in camera} == {"local"}, "and calls nobody further away"
    assert [event.at_s for event in events(told, "alarm.repeated")] == [event.at_s for event in raised[2:]]
    old = replace(told.decisions[-1].state.figures)
    verdicts = [alarm.verdict for alarm in told.decisions[20].state.alarms.values()]
    limits, permits = site.rulebook.figures, told.decisions[-1].state.permits
    assert figures.risen(verdicts, old, permits, limits, told.utc + 2 * WEEK_S) == verdicts


HELMETS = ("helmet", "vest")


def asking(site: Settings) -> Settings:
    """The site, of whose tank mouth everybody is asked to wear helmet and vest."""
    areas = tuple(replace(area, ppe=HELMETS if area.id == "tank-mouth" else ()) for area in site.areas)
    return replace(site, areas=areas)


def seen(told: Story, state: State, *persons: SeenPerson, view: View = View.CLEAR, pictures: int = 1) -> State:
    for _ in range(pictures - 1):
        state = seen(told, state, *persons, view=view)
    told.now_s += 1
    told.utc += 1
    sighting = Sighting(source="cam-1", at_s=told.now_s, view=view, persons=persons)
    return step(told.settings, state, Inputs(instant=told.instant, observations=(sighting,))).state


def person(track: int = 1, area: str = "tank-mouth", **ppe: Worn) -> SeenPerson:
    return SeenPerson(track=track, box=(0, 0, 1, 1), score=0.9, zones=(area,), ppe=ppe)


def test_equipment_is_counted_once_a_minute_and_what_is_hidden_is_not_worn(site: Settings) -> None:
    told = Story(asking(site))
    told.step()
    state = told.decisions[-1].state
    people = (
        person(1, helmet=Worn.WORN, vest=Worn.WORN, gloves=Worn.MISSING),
        person(2, helmet=Worn.WORN, vest=Worn.UNSURE),
        person(3, helmet=Worn.MISSING, vest=Worn.UNSURE),
        person(4),
        person(5, "yard", helmet=Worn.MISSING, vest=Worn.MISSING),  # nothing is asked of him there
    )
    state = seen(told, state, *people, pictures=4)
    told.now_s += 50
    state = seen(told, state, *people, pictures=5)
    assert not figures_told.told(state.figures.day)["ppe"], "the minute is not over"
    state = seen(told, state, *people, pictures=2)  # ... and a second later: the same people
    (row,) = figures_told.told(state.figures.day)["ppe"]  # type: ignore[misc, attr-defined]
    assert row["camera"] == "cam-1"
    assert row["shift"].startswith("2026-11-18/")
    assert (row["compliant"], row["should_check"], row["not_assessable"]) == (1, 2, 2)
    assert row["compliant_pct"] == 50.0
    told.now_s += 60
    assert seen(told, state, *people, view=View.DARK).figures.day.ppe == state.figures.day.ppe


def test_the_figures_are_bounded(monkeypatch: pytest.MonkeyPatch, site: Settings) -> None:
    monkeypatch.setattr(figures, "MOST_KEYS", 2)
    assert figures._more({"a": 1, "b": 1}, "c") == {"a": 1, "b": 1}
    assert figures._bounded({"a": (3.0,), "b": (1.0,), "c": (2.0,)}) == {"a": (3.0,), "c": (2.0,)}
    told = Story(asking(site))
    told.step()
    full = replace(
        day(told), ppe={"x|": figures.Ppe(camera="x", shift=""), "y|": figures.Ppe(camera="y", shift="")}
    )
    state = replace(told.decisions[-1].state, figures=Figures(day=full))
    told.now_s += 60
    assert seen(told, state, person(helmet=Worn.WORN)).figures.day.ppe.keys() == {"x|", "y|"}
