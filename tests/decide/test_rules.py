"""Rules that no scenario can reach by itself: a rule that crashes, and words for every quality."""

import pytest
from msgspec.structs import replace

from edge_agent.decide import alarms
from edge_agent.decide.consent import against_start, named
from edge_agent.decide.rules.gas_words import quality_words
from edge_agent.decide.rules.rule import Rule, run
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.step import step
from edge_agent.domain.observation import Quality
from edge_agent.domain.outcome import Effect, Finding
from edge_agent.domain.permit import State
from edge_agent.fuse import world as fuse
from edge_agent.fuse.gas import channel
from edge_agent.fuse.world import World
from tests.support.story import Story, scenario_site, ticket


def working() -> Story:
    story = Story(scenario_site())
    story.begin_work()
    return story


def breaks(_world: World) -> list[Finding]:
    raise ZeroDivisionError("planted")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_that_crashes_pauses_the_work(rule: Rule) -> None:
    story = working()
    last = story.decisions[-1]
    broken = tuple(replace(row, find=breaks) if row is rule else row for row in RULES)
    inputs = story.inputs()
    after = step(story.settings, last.state, inputs, broken)
    assert after.state.permits["P-1"].state is State.PAUSED
    assert any(a.verdict.rule == f"{rule.name}.crashed" for a in after.state.alarms.values())
    assert not any(action.on for action in after.actions if action.output.value == "permissive")


def test_a_crash_is_told_where_nobody_works_by_a_permit() -> None:
    """Or nobody would know that gas in an area is watched no more."""
    story = Story(scenario_site())
    story.step()
    broken = tuple(replace(row, find=breaks) if row is RULES[0] else row for row in RULES)
    after = step(story.settings, story.decisions[-1].state, story.inputs(), broken)
    raised = [one for one in after.events if one.type == "alarm.raised"]
    assert f"{RULES[0].name}.crashed" in {one.data["rule"] for one in raised}


def test_every_quality_has_words_in_both_languages() -> None:
    site = scenario_site()
    device = next(device for device in site.devices if device.id == "gas-co")
    said = set()
    for quality in Quality:
        heard = working().inputs().observations[3]
        judged = channel(device, "co", heard, site.rulebook.gases["co"], heard.at_s)  # type: ignore[arg-type]
        words = quality_words(replace(judged, quality=quality), heard.at_s)
        said.add((words.zh, words.en))
    assert len(said) == len(Quality)


def test_names_of_rules_are_unique_and_rows_are_complete() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        for words in (rule.text.title, rule.text.cause, rule.text.consequence, rule.text.action):
            assert words.zh
            assert words.en
        assert rule.clause
        assert rule.ledger


def test_capacities_are_named_even_if_a_rulebook_invents_one() -> None:
    assert named(("holder", "fire_brigade")).en == "the holder, fire_brigade"


def world_of(story: Story) -> World:
    state = story.decisions[-1].state
    known = fuse.Known(permits=state.permits, persons=state.persons, outputs=state.outputs)
    return fuse.build(story.settings, state.memory, known, story.instant)


def test_what_stands_against_a_start_is_told_in_full() -> None:
    story = Story(scenario_site())
    story.field.silent = {"gas-ch4", "gas-o2", "cam-1", "relay-1"}
    story.bring(ticket())
    story.step()
    state = story.decisions[-1].state
    reasons = against_start(state.permits["P-1"], state.alarms.values(), world_of(story))
    assert len(reasons) >= 5
    assert not alarms.pausing(state.alarms.values(), "P-1")


def test_verdicts_about_the_whole_unit_concern_every_permit() -> None:
    story = working()
    world = world_of(story)
    whole = replace(RULES[0], find=lambda _world: [Finding("", "unit", RULES[0].text.title)])
    (verdict,) = run((whole,), world)
    assert verdict.effect is Effect.EVACUATE
    held = alarms.advance({}, [verdict], story.instant, story.settings.rulebook.alarm).alarms
    assert alarms.pausing(held.values(), "P-1")
