"""Words for people: remarks joined, and an error that a person can read in both languages."""

import pytest

from edge_agent.domain.words import NOTHING, Words, WordsError, joined


def test_remarks_are_joined_and_those_that_say_nothing_left_out() -> None:
    one, other = Words("风大", "strong wind"), Words("下雨", "rain")
    assert joined([]) == NOTHING
    assert joined([NOTHING, one]) == one
    assert joined([one, NOTHING, other]) == Words("风大；下雨", "strong wind; rain")


def test_an_error_says_in_english_what_the_log_shows_and_keeps_both_languages() -> None:
    words = Words("没有此文件", "no such file")
    with pytest.raises(WordsError, match="no such file") as caught:
        raise WordsError(words)
    assert caught.value.words == words
