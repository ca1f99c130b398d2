"""How a level is written: three digits, never a power of ten, and never a number where there is none."""

import pytest

from edge_agent.decide.rules.gas_words import figure


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
