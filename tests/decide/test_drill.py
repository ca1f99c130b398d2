"""Drills: unscripted ones from their seed, everything marked, and the real decided as without them."""

import itertools
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import drill, drill_overlay
from edge_agent.decide.drill_dice import numbers, resolved
from edge_agent.decide.state import Draft
from edge_agent.domain.drill import Drill, DrillStep, Playing, StepKind
from edge_agent.domain.permit import State
from edge_agent.domain.request import Ask
from edge_agent.fuse.memory import Memory
from edge_agent.fuse.world import Known, build
from tests.scenarios.stories.drills import LEAK, drilling
from tests.scenarios.stories.telling import working
from tests.support.story import scenario_site

SITE = scenario_site()
SCENARIOS = Path(__file__).parents[1] / "scenarios"
KINDS: list[StepKind] = ["gas", "silence", "guard_gone", "uplink_cut", "power_cut"]


def test_the_numbers_are_splitmix64() -> None:
    """The first outputs for seed 1234567, as published with the reference implementation."""
    assert list(itertools.islice(numbers(1234567), 3)) == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_unscripted_drills_play_everything_that_a_job_can_suffer() -> None:
    told = working(SITE)
    state = told.decisions[-1].state
    known = Known(permits=state.permits, persons=state.persons, outputs=state.outputs)
    (job,) = build(SITE, state.memory, known, told.instant).jobs
    seen: set[str] = set()
    for seed in range(200):
        steps = resolved(Drill(name="x", seed=seed, longest_s=100.0), job)
        assert steps == resolved(Drill(name="x", seed=seed, longest_s=100.0), job)
        assert all(0 <= step.after_s <= 50 for step in steps)
        seen |= {step.kind for step in steps}
    assert seen == set(KINDS)


STEPS = st.builds(
    DrillStep,
    after_s=st.floats(0, 20),
    kind=st.sampled_from(KINDS),
    source=st.sampled_from(["gas-ch4", "relay-1", "cam-1"]),
    level=st.floats(0, 100),
    unit=st.just("%LEL"),
).filter(lambda step: step.kind != "gas" or step.source == "gas-ch4")


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(STEPS, min_size=1, max_size=5))
def test_what_is_real_is_decided_as_without_the_drill(steps: list[DrillStep]) -> None:
    """A real danger in the middle of any drill: raised in the same second, unmarked, and the drill is over."""
    plain, played = working(SITE), working(SITE)
    played.ask(Ask.DRILL, "zhao-min", drill=Drill(name="x", steps=tuple(steps), longest_s=60.0))
    for told in (plain, played):
        told.run(15)
        told.field.gas["gas-h2s"] = {"level": 50.0}
        told.run(2)
        raised = [e for d in told.decisions for e in d.events if e.data.get("rule") == "gas_dangerous"]
        real = [e for e in raised if e.type == "alarm.raised" and not e.data.get("drill")]
        assert [(e.data["source"], e.at_s) for e in real] == [("gas-h2s", told.now_s - 1)]
    assert any(event.type == "drill.overtaken" for decision in played.decisions for event in decision.events)
    permit = played.decisions[-1].state.permits["P-1"]
    assert permit.drill is None
    assert permit.state is State.PAUSED
    assert any(not cause.drill for cause in permit.causes)


def test_everything_that_a_drill_causes_is_marked() -> None:
    told = drilling(SITE, LEAK)
    told.run(5)
    events = [e for d in told.decisions[-6:] for e in d.events]
    assert {e.type for e in events} >= {"drill.began", "alarm.raised", "permit.paused"}
    assert all(e.data.get("drill") is True for e in events)
    assert not told.powered


@pytest.mark.parametrize("kind", KINDS)
def test_a_drill_of_what_was_never_heard_invents_no_source(kind: StepKind) -> None:
    told = drilling(SITE, DrillStep(after_s=0, kind=kind, source="gas-ch4", level=1.0, unit="%LEL"))
    permit = told.decisions[-1].state.permits["P-1"]
    after = drill_overlay.overlaid(Memory(booted_s=0.0), permit, SITE, Instant(now_s=1e9, utc=2e9, trusted=True))
    assert (after.readings, after.tags, after.sightings, after.contacts) == ({}, {}, {}, {})


def test_a_silent_wearable_keeps_its_last_word_and_grows_old() -> None:
    told = working(SITE)
    state = told.decisions[-1].state
    silence = DrillStep(after_s=0, kind="silence", source="tag-guard")
    playing = Playing(drill=Drill(name="x", steps=(silence,)), by="zhao-min", at_s=told.now_s - 5, at_utc=told.utc)
    permit = replace(state.permits["P-1"], drill=playing)
    tag = drill_overlay.overlaid(state.memory, permit, SITE, told.instant).tags["tag-guard"]
    assert tag.heard_s == tag.placed_s == told.now_s - 5
    assert tag.position == state.memory.tags["tag-guard"].position


def test_the_same_danger_in_earnest_is_a_cause_of_its_own() -> None:
    told = drilling(SITE, LEAK)
    told.run(5)
    told.field.gas["gas-ch4"] = {"level": 12.0}
    told.run(2)
    causes = told.decisions[-1].state.permits["P-1"].causes
    assert [(cause.rule, cause.subject, cause.drill) for cause in causes] == [
        ("gas_dangerous", "gas-ch4", True),
        ("gas_dangerous", "gas-ch4", False),
    ]
    (added,) = [e for d in told.decisions for e in d.events if e.type == "permit.cause_added"]
    assert "drill" not in added.data


def test_without_a_drill_nothing_is_pretended() -> None:
    told = working(SITE)
    state = told.decisions[-1].state
    assert drill_overlay.overlaid(state.memory, state.permits["P-1"], SITE, told.instant) is state.memory


def test_every_act_in_a_report_names_who_it_was() -> None:
    """All kinds of acts, as the events of the scenarios carry them."""
    lines = (line for path in SCENARIOS.glob("*/expected.jsonl") for line in path.read_bytes().splitlines())
    told = [event for event in map(msgspec.json.decode, lines) if event["type"] in drill.ACTS]
    assert {event["type"] for event in told} == set(drill.ACTS)
    assert all(isinstance(drill.ACTS[event["type"]](event["data"]), str) for event in told)


def test_a_report_is_bounded() -> None:
    told = drilling(SITE, LEAK)
    told.run(3)
    state = told.decisions[-1].state
    permit = state.permits["P-1"]
    assert permit.drill is not None
    full = replace(permit.drill, marks=permit.drill.marks * drill.MOST_MARKS)
    draft = Draft(replace(state, permits={"P-1": replace(permit, drill=full)}), told.instant)
    assert list(drill._acts(draft, permit, full)) == []
