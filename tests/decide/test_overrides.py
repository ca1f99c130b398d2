"""No override, however it came about, lets anything be that may never be let be; and each one ends."""

import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from edge_agent.clock import Instant
from edge_agent.decide import overrides
from edge_agent.decide.letting_be import GROUNDS, NOT_CONSIDERED, ground
from edge_agent.decide.rules.rule import Rule, crashed
from edge_agent.decide.rules.table import RULES
from edge_agent.decide.state import Kept
from edge_agent.decide.step import begin, step
from edge_agent.domain.observation import View
from edge_agent.domain.outcome import AlarmState, Effect, Finding, Output
from edge_agent.domain.permit import UNDER_WAY, Override, Permit, State
from edge_agent.domain.request import Ask
from edge_agent.domain.rulebook import Rulebook
from edge_agent.domain.words import Words
from edge_agent.domain.work_limits import UNKNOWN_WORK
from tests.support.story import ROOT, Story, scenario_site

SITE = scenario_site()
PAUSING = tuple(rule for rule in RULES if rule.effect >= Effect.PAUSE and not rule.after_end)
SAID = Words("测试", "planted")


def working() -> Story:
    story = Story(SITE)
    story.begin_work()
    story.run(2)
    return story


WORKING = working()


def override(rule: str, until_s: float = 1e9) -> Override:
    return Override(
        rule=rule, code="X", title=SAID, by="zhao-min", reason="r", at_s=0.0, at_utc=0.0, until_s=until_s
    )


def overridden(permit: Permit, rules: frozenset[str], until_s: float = 1e9) -> Permit:
    return replace(permit, overrides=tuple(override(rule, until_s) for rule in sorted(rules)))


def finds(rule: Rule) -> Rule:
    """The same row, finding something at once."""
    return replace(rule, find=lambda _world: [Finding("P-1", "planted", SAID)], on_delay=lambda _book, _work: 0.0)


@given(st.frozensets(st.sampled_from([rule.name for rule in RULES])), st.sampled_from(PAUSING))
@settings(max_examples=60, deadline=None)
def test_with_any_set_of_overrides_a_rule_pauses_unless_it_is_one_that_may_be_let_be(
    names: frozenset[str], rule: Rule
) -> None:
    last = WORKING.decisions[-1].state
    permit = last.permits["P-1"]
    state = replace(last, permits={"P-1": overridden(permit, names)})
    rules = tuple(finds(row) if row is rule else row for row in RULES)
    after = step(SITE, state, WORKING.inputs(), rules)
    work = SITE.rulebook.works[permit.ticket.kind]
    may = rule.name in names and ground(rule.name, rule.effect).may(work)
    assert after.state.permits["P-1"].state is (State.ACTIVE if may else State.PAUSED)


BOOK = msgspec.toml.decode((ROOT / "zones/rulebooks/gb30871-2022.toml").read_bytes(), type=Rulebook)
WORKS = {**BOOK.works, "unknown": UNKNOWN_WORK}


def let_be_in(kind: str) -> set[str]:
    """Every rule that a safety officer may let be in this kind of work."""
    return {rule.name for rule in RULES if ground(rule.name, rule.effect).may(WORKS[kind])}


def test_the_table_names_every_rule_that_stands_against_work_and_no_other() -> None:
    assert {rule.name for rule in RULES if rule.effect >= Effect.BLOCK_START} == set(GROUNDS)
    for one in GROUNDS.values():
        assert one.why.zh
        assert one.why.en


@pytest.mark.parametrize("kind", WORKS)
def test_what_may_be_let_be_in_each_kind_of_work(kind: str) -> None:
    """The whole table as a safety engineer signs it."""
    unheard = {
        "guard_without_wearable",
        "guard_perhaps_too_far",
        "guard_lost",
        "guard_tag_off",
        "guard_post_unsure_too_long",
    }
    if kind in {"unknown", "hot.special"}:
        assert let_be_in(kind) == set()
    elif WORKS[kind].confined or WORKS[kind].watched:
        assert let_be_in(kind) == {"camera_required_not_monitored"}
    else:
        assert let_be_in(kind) == {"camera_required_not_monitored", "gas_not_good", *unheard}


def test_what_nobody_has_thought_about_and_what_has_crashed_is_never_let_be() -> None:
    for rule in RULES:
        row = crashed(rule)
        assert ground(row.name, row.effect) is NOT_CONSIDERED
    assert not NOT_CONSIDERED.may(BOOK.works["hot.2"])


def test_an_override_that_is_over_lets_nothing_be() -> None:
    permit = overridden(WORKING.decisions[-1].state.permits["P-1"], frozenset({"a"}), until_s=10.0)
    assert overrides.let_be([permit], 9.9) == {("a", "P-1")}
    assert overrides.let_be([permit], 10.0) == frozenset()


def test_a_restart_ends_every_override_and_says_so() -> None:
    permit = overridden(WORKING.decisions[-1].state.permits["P-1"], frozenset({"guard_lost"}))
    came_up = begin(SITE, Instant(now_s=5.0, utc=WORKING.utc + 60, trusted=True), Kept(permits=(permit,)))
    assert came_up.state.permits["P-1"].overrides == ()
    assert [event.type for event in came_up.events].count("permit.override_ended") == 1


def test_while_a_rule_is_let_be_the_amber_light_is_on_the_siren_silent_and_the_alarm_seen() -> None:
    relay = SITE.site.relays["relay-1"]
    lamp = replace(next(iter(relay.outputs.values())), coil=7, does="amber")
    table = replace(relay, outputs={**relay.outputs, "amber": lamp})
    site = replace(SITE, site=replace(SITE.site, relays={**SITE.site.relays, "relay-1": table}))
    story = Story(site)
    story.begin_work()
    story.field.view = View.DARK
    story.run(6)
    assert not on(story, Output.AMBER)
    assert on(story, Output.SIREN)
    story.ask(Ask.OVERRIDE, "zhao-min", rule="camera_required_not_monitored", for_s=60, reason="lens is wet")
    story.run(2)
    assert on(story, Output.AMBER)
    assert not on(story, Output.SIREN)
    alarms = story.decisions[-1].state.alarms.values()
    assert any(alarm.verdict.overridden for alarm in alarms)
    story.run(61)
    assert not on(story, Output.AMBER)
    assert on(story, Output.SIREN)


def test_when_an_override_ends_its_own_alarm_calls_and_no_other() -> None:
    story = Story(SITE)
    story.begin_work()
    story.field.view = View.DARK
    story.field.gas["gas-h2s"] = {"level": 6.0}
    story.run(6)
    story.ask(Ask.OVERRIDE, "zhao-min", rule="camera_required_not_monitored", for_s=20, reason="lens is wet")
    story.ask(Ask.ACKNOWLEDGE, "li-na")
    story.run(2)
    story.run(20)
    states = {one.verdict.rule: one.state for one in story.decisions[-1].state.alarms.values()}
    assert states["camera_required_not_monitored"] is AlarmState.UNACK_ACTIVE
    assert states["gas_warning"] is AlarmState.ACK_ACTIVE


def on(story: Story, output: Output) -> bool:
    return any(action.on for action in story.decisions[-1].actions if action.output is output)


def test_every_stop_of_running_work_is_put_down_to_something() -> None:
    story = working()
    for view in (View.DARK, View.CLEAR):
        story.field.view = view
        story.run(8)
    story.resume()
    story.ask(Ask.STOP, "wu-gang", reason="tea")
    story.run(2)
    permit = story.decisions[-1].state.permits["P-1"]
    assert [(stop.blame.value, stop.pause_class.value) for stop in permit.stops] == [
        ("device", "B"),
        ("person", "D"),
    ]
    assert permit.state in UNDER_WAY
    assert [a.at_s < b.at_s for a, b in itertools.pairwise(permit.stops)] == [True]
