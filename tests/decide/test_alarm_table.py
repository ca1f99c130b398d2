"""The whole alarm table, row by row: codes, words, time to act, a mapping, a card for every role, who is told."""

import re

import pytest

from edge_agent.decide.alarm_codes import SUBS, TYPES, mapped
from edge_agent.decide.cards import CARDS, card
from edge_agent.decide.escalation import BY_PRIORITY, LADDER, climb
from edge_agent.decide.letting_be import GROUNDS
from edge_agent.decide.notify import CONCERNED, whom
from edge_agent.decide.rules.rule import Rule
from edge_agent.decide.rules.table import RULES
from edge_agent.domain.outcome import Effect, Priority

ROLES = {"worker", "guard", "holder", "safety_officer"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_row_says_what_an_alarm_must_say(rule: Rule) -> None:
    for words in (rule.text.title, rule.text.cause, rule.text.consequence, rule.text.action):
        assert words.zh.strip()
        assert words.en.strip()
    assert rule.act_within_s > 0
    kind, sub, severity = mapped(rule.code, rule.priority).split("-")
    assert (len(kind), len(sub), severity) == (2, 2, str(int(rule.priority)))
    assert rule.code.split("-")[0] in TYPES
    assert set(card(rule.effect)) == ROLES


def test_codes_are_unique_and_no_mapping_is_left_over() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert SUBS.keys() <= set(codes)


def test_what_third_parties_call_it() -> None:
    assert mapped("GRD-06", Priority.HIGH) == "31-01-2"
    assert mapped("SIM-01", Priority.CRITICAL) == "40-04-1"
    assert mapped("GAS-01", Priority.CRITICAL) == "01-00-1"
    assert mapped("NEW-01", Priority.LOW) == "60-00-4"  # told all the same


@pytest.mark.parametrize("effect", Effect)
def test_every_effect_has_a_card_in_both_languages_and_names_whom_to_tell(effect: Effect) -> None:
    for words in CARDS[effect].values():
        assert words.zh
        assert words.en
    if effect >= Effect.PAUSE:
        assert set(whom(effect)) >= set(CONCERNED)


def test_a_graver_alarm_calls_at_least_as_many() -> None:
    rungs = [BY_PRIORITY[priority].rungs for priority in Priority]
    assert rungs == sorted(rungs, reverse=True)
    for priority in Priority:
        assert climb(Effect.PAUSE, priority).rungs == len(LADDER), "what stops work is told up to the manager"
        assert climb(Effect.WARN, priority).rungs == BY_PRIORITY[priority].rungs


@pytest.mark.parametrize("name", ["guard_still_long", "near_end", "uplink_down", "papers_end_soon", "ppe_missing"])
def test_nobody_far_away_is_called_for_a_warning(name: str) -> None:
    (rule,) = [rule for rule in RULES if rule.name == name]
    assert climb(rule.effect, rule.priority).rungs <= 1


HALF_WIDTH = re.compile(r"[\u4e00-\u9fff）]\s?[,;:?!]|[,;:?!(]\s?[\u4e00-\u9fff]")


def test_chinese_sentences_have_chinese_punctuation() -> None:
    said = [words.zh for rule in RULES for words in (rule.text.title, rule.text.cause, rule.text.consequence)]
    said += [rule.text.action.zh for rule in RULES]
    said += [words.zh for told in CARDS.values() for words in told.values()]
    said += [one.why.zh for one in GROUNDS.values()]
    assert [sentence for sentence in said if HALF_WIDTH.search(sentence)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_time_to_act_fits_what_is_asked(rule: Rule) -> None:
    """Leaving is a matter of seconds, stopping of a minute; papers and devices before a start are not."""
    if rule.effect is Effect.EVACUATE:
        assert rule.act_within_s <= 30
    elif rule.effect is Effect.PAUSE:
        assert rule.act_within_s <= 60
    elif rule.before_start and not rule.code.startswith("PPL"):  # people are called out at once
        assert rule.act_within_s >= 600
