"""How a level is written: three digits, never a power of ten, none where there is none; and what it may be."""

import pytest

from edge_agent.decide.rules.gas_words import allowed, figure
from edge_agent.domain.gas_limits import GasLimits
from edge_agent.domain.limit import Limit
from edge_agent.domain.words import NOTHING, Words


@pytest.mark.parametrize(
    ("level", "written"),
    [
        (None, "?"),
        (0.0, "0"),
        (0.34, "0.34"),
        (99.96, "100"),
        (99.94, "99.9"),
        (100.4, "100"),
        (1234.5, "1234"),
        (-250.0, "-250"),
    ],
)
def test_a_level_in_words(level: float | None, written: str) -> None:
    assert figure(level) == written


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, 7.2, Words("不超过 7.2 %vol", "at most 7.2 %vol")),
        (19.5, None, Words("不低于 19.5 %vol", "at least 19.5 %vol")),
        (19.5, 23.5, Words("19.5 至 23.5 %vol", "19.5 to 23.5 %vol")),
        (0.0, 0.5, Words("0 至 0.5 %vol", "0 to 0.5 %vol")),
        (None, None, NOTHING),
    ],
)
def test_what_is_allowed_in_words(low: float | None, high: float | None, words: Words) -> None:
    def limit(value: float | None) -> Limit | None:
        return None if value is None else Limit(value=value, unit="%vol", clause="GB 30871-2022 5.3.2")

    assert allowed(GasLimits(name=Words("氧气", "oxygen"), stop_low=limit(low), stop_high=limit(high))) == words
